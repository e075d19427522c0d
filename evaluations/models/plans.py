"""The SKP: what is expected of a person in a year, agreed by both, never overwritten but followed by a version."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import LIVE_PLANS, Appendix, Approach, Aspect, PlanState, ResultKind, Value
from evaluations.models.cycles import Participant, Posting
from evaluations.models.logs import LogStep
from kepegawaian.employees.models import Employee
from kepegawaian.lib.models import Base


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Any) -> "PlanQuerySet":
        """Plans of visible people; drafts of others stay with their author until they are submitted."""
        rows = self.filter(participant__in=Participant.objects.visible_to(user))
        return rows.filter(~Q(state=PlanState.DRAFT) | Q(participant__employee__user_id=user.pk))


class Plan(Base):
    """*Sasaran Kinerja Pegawai* for one posting (reference sections 4 and 5). Locked once agreed.

    A change makes the next `version` as a draft; the agreed one holds until the new one is agreed. `identity`
    keeps the header (name, NIP, rank, post, unit of both) as it was on agreement, for print.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="plans")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("versi"), default=1)
    state = models.CharField(_("keadaan"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    approach = models.CharField(_("pendekatan"), max_length=12, choices=Approach, default=Approach.QUANTITATIVE)
    leader_form = models.BooleanField(
        _("bentuk JPT"), default=False, help_text=_("Perspektif menggantikan aspek; tanpa hasil atasan.")
    )
    change_reason = models.TextField(_("alasan perubahan"), max_length=1000, blank=True)
    identity = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    assessor = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", help_text=_("Yang menyepakati.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(_("tersimpan"), default=timezone.now)
    submitted_at = models.DateTimeField(_("diajukan"), null=True)
    agreed_at = models.DateTimeField(_("disepakati"), null=True)
    late = models.BooleanField(_("terlambat"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("SKP")
        verbose_name_plural = _("SKP")
        indexes = [models.Index(fields=["participant", "state"], name="plan_of_participant")]
        constraints = [
            models.UniqueConstraint(fields=["posting", "number"], name="one_plan_of_a_version"),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(state__in=LIVE_PLANS), name="one_plan_in_the_making"
            ),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(state=PlanState.AGREED), name="one_agreed_plan_a_posting"
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(condition=Q(approach__in=Approach.values), name="plan_approach_known"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_PLANS) | Q(agreed_at__isnull=False, assessor__isnull=False),
                name="agreed_plan_has_both",
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(change_reason=""), name="new_version_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} v{self.number}"


class PlanResult(Base):
    """*Rencana hasil kerja* (RHK). `intervenes`: the superior's result it serves; may be linked later, and
    `intervened_text` stands in for it where the superior has no plan in the portal. `serves`: the very indicator
    of that result, where the matrix of roles and results gave it (reference 4)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="results")
    origin = models.UUIDField(db_index=True, help_text=_("Tetap sama dari versi ke versi."))
    kind = models.CharField(max_length=10, choices=ResultKind, default=ResultKind.MAIN)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("rencana hasil kerja"), max_length=1000)
    intervenes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="served_by")
    serves = models.ForeignKey("Indicator", models.SET_NULL, null=True, blank=True, related_name="served_by")
    intervened_text = models.TextField(_("hasil kerja pimpinan yang diintervensi"), max_length=1000, blank=True)
    assigned_by = models.CharField(_("pemberi tugas"), max_length=200, blank=True)
    perspective = models.CharField(_("perspektif"), max_length=80, blank=True)

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "number"],
                name="one_result_of_a_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["plan", "origin"], name="one_result_of_an_origin"),
            models.CheckConstraint(
                condition=Q(intervenes=None) | ~Q(intervenes=F("id")), name="result_serves_another"
            ),
            models.CheckConstraint(
                condition=Q(serves=None) | Q(intervenes__isnull=False), name="indicator_served_with_its_result"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Indicator(Base):
    """*Indikator kinerja individu* with its target. In the qualitative form `text` holds both and `target` is
    empty. `origin` stays the same from version to version, so progress is never lost."""

    result = models.ForeignKey(PlanResult, models.CASCADE, related_name="indicators")
    origin = models.UUIDField(db_index=True)
    number = models.PositiveSmallIntegerField()
    aspect = models.CharField(_("aspek"), max_length=10, choices=Aspect, blank=True)
    text = models.TextField(_("indikator kinerja individu"), max_length=1000)
    target = models.CharField(_("target"), max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "number"],
                name="one_indicator_of_a_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["result", "origin"], name="one_indicator_of_an_origin"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class BehaviourExpectation(Base):
    """*Ekspektasi khusus pimpinan* for one of the seven values."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="expectations")
    value = models.CharField(max_length=24, choices=Value)
    text = models.TextField(_("ekspektasi khusus pimpinan"), max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "value"], name="one_expectation_a_value")]

    def __str__(self) -> str:
        return self.value


class AppendixLine(Base):
    """A line of one of the three appendices: resources, accountability, consequences."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="appendix")
    kind = models.CharField(max_length=12, choices=Appendix)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "number"],
                name="one_line_of_a_number",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PlanStep(LogStep):
    """The log of a plan; agreement is proved by it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.action} {self.plan_id}"


class PlanComment(Base):
    """Dialogue about one line of a plan, or about the whole of it (`line` empty): the `origin` of a result or an
    indicator. `asks_change` is a request for change that the author of the plan answers by doing or by words."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="comments")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="comments")
    line = models.UUIDField(null=True)
    text = models.TextField(_("tanggapan"), max_length=2000)
    asks_change = models.BooleanField(_("minta diubah"), default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["plan", "line"], name="comment_of_line")]

    def __str__(self) -> str:
        return self.text[:60]


class PlanTemplate(Base):
    """Lines that a colleague shares for the same kind of post; copying starts a draft, nothing more."""

    title = models.CharField(_("judul"), max_length=150)
    position = models.CharField(_("untuk jabatan"), max_length=200, blank=True)
    approach = models.CharField(max_length=12, choices=Approach)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    shared_by = models.ForeignKey(Employee, models.PROTECT, related_name="shared_plans")
    path = models.CharField(max_length=255, help_text=_("Kantor yang dapat memakainya."))
    shared_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("contoh SKP")
        verbose_name_plural = _("contoh SKP")

    def __str__(self) -> str:
        return self.title
