"""The evaluation of a person in a period, how it came about, and the objection against it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EvaluationState, ObjectionState, Predikat, Rating
from evaluations.models.cycles import Participant, Period, Posting
from evaluations.models.logs import LogStep
from evaluations.models.plans import Plan
from kepegawaian.employees.models import Employee
from kepegawaian.lib.models import Base

_MATRIX = {
    ("above", "below"): Predikat.KURANG,
    ("above", "expected"): Predikat.BAIK,
    ("above", "above"): Predikat.SANGAT_BAIK,
    ("expected", "below"): Predikat.KURANG,
    ("expected", "expected"): Predikat.BAIK,
    ("expected", "above"): Predikat.BAIK,
    ("below", "below"): Predikat.SANGAT_KURANG,
    ("below", "expected"): Predikat.BUTUH_PERBAIKAN,
    ("below", "above"): Predikat.BUTUH_PERBAIKAN,
}
"""The nine cells once more, for PostgreSQL to refuse what differs; a test compares them with rules/matrix.py."""
_TOLD = (EvaluationState.FINAL, EvaluationState.REPLACED)


def _fits_matrix() -> Q:
    condition = Q(predikat="")
    for (results, behaviour), predikat in _MATRIX.items():
        condition |= Q(results_rating=results, behaviour_rating=behaviour, predikat=predikat)
    return condition


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: Any) -> "EvaluationQuerySet":
        """Of visible people. Before it is assessed it is a draft, for its assessor alone; the assessed person sees
        it once it is final."""
        rows = self.filter(participant__in=Participant.objects.visible_to(user))
        return rows._not_ones_own(user).filter(~Q(state=EvaluationState.OPEN) | Q(assessor__user_id=user.pk))

    def compared_by(self, user: Any) -> "EvaluationQuerySet":
        """Whose ratings a leader sees beside each other: nobody's drafts, not his own before it is signed."""
        return self.counting()._not_ones_own(user).exclude(state=EvaluationState.OPEN)

    def _not_ones_own(self, user: Any) -> "EvaluationQuerySet":
        return self.filter(~Q(participant__employee__user_id=user.pk) | Q(state__in=_TOLD))

    def told(self) -> "EvaluationQuerySet":
        """Among one's own, what one sees."""
        return self.filter(state__in=_TOLD)

    def counting(self) -> "EvaluationQuerySet":
        return self.exclude(state=EvaluationState.REPLACED)


class Evaluation(Base):
    """One per person and period that counts. An objection that changes it makes a new row that `replaces` the
    original, which stays visible. `received_at`: the person has read it, and the 14 days run from there."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="evaluations")
    period = models.ForeignKey(Period, models.PROTECT, related_name="evaluations")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="evaluations")
    assessor = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="evaluations_made")
    capacity = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=EvaluationState, default=EvaluationState.OPEN)
    results_rating = models.CharField(_("rating hasil kerja"), max_length=10, choices=Rating, blank=True)
    results_reason = models.TextField(_("alasan rating hasil kerja"), max_length=2000, blank=True)
    behaviour_rating = models.CharField(_("rating perilaku kerja"), max_length=10, choices=Rating, blank=True)
    behaviour_reason = models.TextField(_("alasan rating perilaku"), max_length=2000, blank=True)
    predikat = models.CharField(_("predikat kinerja"), max_length=16, choices=Predikat, blank=True)
    recommendation = models.TextField(_("catatan/rekomendasi"), max_length=2000, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    assessed_at = models.DateTimeField(_("dinilai"), null=True)
    signed_at = models.DateTimeField(_("ditandatangani"), null=True)
    received_at = models.DateTimeField(_("diterima pegawai"), null=True)
    late = models.BooleanField(_("terlambat"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("evaluasi kinerja")
        verbose_name_plural = _("evaluasi kinerja")
        indexes = [
            models.Index(fields=["period", "state"], name="evaluation_of_period"),
            models.Index(fields=["assessor", "state"], name="evaluation_of_assessor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "period"],
                condition=~Q(state=EvaluationState.REPLACED),
                name="one_evaluation_a_person_and_period",
            ),
            models.CheckConstraint(condition=Q(state__in=EvaluationState.values), name="evaluation_state_known"),
            models.CheckConstraint(condition=_fits_matrix(), name="predikat_follows_the_matrix"),
            models.CheckConstraint(
                condition=Q(state=EvaluationState.OPEN) | (~Q(predikat="") & Q(plan__isnull=False)),
                name="no_rating_without_plan",
            ),
            models.CheckConstraint(
                condition=Q(state=EvaluationState.OPEN) | (~Q(results_reason="") & ~Q(behaviour_reason="")),
                name="rating_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[EvaluationState.OPEN, EvaluationState.ASSESSED])
                | Q(signed_at__isnull=False, assessor__isnull=False),
                name="final_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.predikat}"

    @property
    def status(self) -> EvaluationState:
        return EvaluationState(self.state)

    @property
    def post(self) -> Posting | Participant:
        """Where the person was when it was earned: unit and position of the SKP that it is rated against."""
        posting = self.plan.posting if self.plan is not None else None
        return posting if posting is not None and posting.unit is not None else self.participant

    @property
    def ruling(self) -> "Objection | None":
        """The objection whose decision this is. Its decider set the result; the assessor stays the assessor."""
        return getattr(self.replaces, "objection", None)

    def keeps(self, reason: str) -> bool:
        """Whether that field still holds the reason for the rating before the objection."""
        return self.replaces is not None and getattr(self.replaces, reason) == getattr(self, reason)


class ResultMark(Base):
    """What the assessor thinks of one result (`origin`), with feedback on the evidence."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="marks")
    result = models.UUIDField()
    mark = models.CharField(max_length=10, choices=Rating, blank=True)
    feedback = models.TextField(_("umpan balik berdasarkan bukti dukung"), max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "result"], name="one_mark_a_result")]

    def __str__(self) -> str:
        return f"{self.result} {self.mark}"


class ValueNote(Base):
    """What the assessor writes about one of the seven values."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="value_notes")
    value = models.CharField(max_length=24)
    mark = models.CharField(max_length=10, choices=Rating, blank=True)
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "value"], name="one_note_a_value")]

    def __str__(self) -> str:
        return self.value


class EvaluationStep(LogStep):
    """The log of an evaluation and of its objection."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.action} {self.evaluation_id}"


class Objection(Base):
    """*Keberatan* (PP 30/2019 Ps 59): by the assessed person, once, in 14 days; the assessor's superior hears both
    sides and decides, and that is final. `due_on` is a target, no article sets it. Where nobody above the assessor
    can decide, HR of the whole government names somebody and says why (`named_by`)."""

    evaluation = models.OneToOneField(Evaluation, models.PROTECT, related_name="objection")
    state = models.CharField(max_length=10, choices=ObjectionState, default=ObjectionState.FILED)
    reasons = models.TextField(_("alasan keberatan"), max_length=4000)
    decider = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="objections_decided")
    capacity = models.CharField(max_length=120, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(_("pejabat yang memutus ditunjuk"), null=True)
    naming_reason = models.TextField(_("alasan penunjukan"), max_length=2000, blank=True)
    filed_at = models.DateTimeField(default=timezone.now)
    last_day = models.DateField(_("hari terakhir mengajukan"))
    due_on = models.DateField(_("target putusan"))
    employee_heard = models.TextField(_("keterangan pegawai"), max_length=4000, blank=True)
    assessor_heard = models.TextField(_("keterangan pejabat penilai"), max_length=4000, blank=True)
    heard_at = models.DateTimeField(_("kedua pihak didengar"), null=True)
    decision_reason = models.TextField(_("alasan putusan"), max_length=4000, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("keberatan atas hasil evaluasi")
        verbose_name_plural = _("keberatan atas hasil evaluasi")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ObjectionState.KEPT, ObjectionState.CHANGED])
                | (
                    Q(decided_at__isnull=False, decider__isnull=False)
                    & ~Q(decision_reason="")
                    & ~Q(employee_heard="")
                    & ~Q(assessor_heard="")
                ),
                name="both_sides_were_heard",
            ),
            models.CheckConstraint(
                condition=Q(named_by__isnull=True, named_at__isnull=True, naming_reason="")
                | (Q(named_by__isnull=False, named_at__isnull=False) & ~Q(naming_reason="")),
                name="named_decider_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.state}"
