"""What follows a rating: talent box, coaching, improvement chain, recommendations. Records, nothing automatic."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import (
    ChainState,
    CoachingKind,
    CoachingState,
    Potential,
    RecommendationKind,
    RecommendationState,
)
from evaluations.models.cycles import Cycle, Participant
from evaluations.models.ratings import Evaluation
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.models import Base
from kepegawaian.units.models import scope_paths


class TalentPlacement(Base):
    """A person's box in the nine-box of a year (reference section 13): performance by the year's *predikat*,
    potential as HR recorded it, with its reason. A later row of the same year replaces the earlier one."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="placements")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="talent")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+")
    potential = models.CharField(_("potensi"), max_length=8, choices=Potential)
    box = models.PositiveSmallIntegerField(_("kotak"))
    reason = models.TextField(_("dasar penilaian potensi"), max_length=2000)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("kotak talenta")
        verbose_name_plural = _("kotak talenta")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "employee"], condition=Q(superseded_at=None), name="one_box_a_person_and_year"
            ),
            models.CheckConstraint(condition=Q(box__range=(1, 9)), name="box_of_nine"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.box}"


class CoachingQuerySet(models.QuerySet["Coaching"]):
    def visible_to(self, user: Any) -> "CoachingQuerySet":
        """The person, the coach, the line of superiors and HR; no other role, whatever else it may see."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        paths = scope_paths(user, Right.MANAGE_PERFORMANCE)
        if paths is None:
            return self
        condition = (
            Q(participant__employee__user_id=user.pk)
            | Q(coach__user_id=user.pk)
            | Q(participant__assessor__user_id=user.pk)
        )
        for path in {*paths, *headed_paths(user)}:
            condition |= Q(participant__path__startswith=path)
        return self.filter(condition)


class Coaching(Base):
    """*Bimbingan kinerja* or *konseling kinerja* (reference section 12) with its sessions and outcome."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="coaching")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="coaching")
    kind = models.CharField(max_length=12, choices=CoachingKind)
    coach = models.ForeignKey(Employee, models.PROTECT, related_name="coaching_given")
    goal = models.TextField(_("yang hendak dicapai"), max_length=2000)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai"))
    state = models.CharField(max_length=10, choices=CoachingState, default=CoachingState.RUNNING)
    outcome = models.TextField(_("hasil"), max_length=2000, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CoachingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("pembinaan kinerja")
        verbose_name_plural = _("pembinaan kinerja")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="coaching_ends_after"),
            models.CheckConstraint(
                condition=Q(state=CoachingState.RUNNING) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="closed_coaching_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.participant_id}"


class CoachingSession(Base):
    """What was said on a day, and what was agreed. Never rewritten."""

    coaching = models.ForeignKey(Coaching, models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("tanggal"))
    notes = models.TextField(_("pokok pembicaraan"), max_length=4000)
    agreed = models.TextField(_("yang disepakati"), max_length=2000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["held_on", "id"]
        verbose_name = _("sesi pembinaan")
        verbose_name_plural = _("sesi pembinaan")

    def __str__(self) -> str:
        return f"{self.held_on}"


class CoachingReview(Base):
    """Form B.1.8: what the coached person says about the coaching, for the assessor's superior. Once."""

    coaching = models.OneToOneField(Coaching, models.PROTECT, related_name="review")
    answers = models.JSONField(default=dict)
    note = models.TextField(_("catatan"), max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("formulir B.1.8")
        verbose_name_plural = _("formulir B.1.8")

    def __str__(self) -> str:
        return f"{self.coaching_id}"


class CompetencyCheck(Base):
    """A line of form B.1.9: a competency after coaching, its score and why."""

    coaching = models.ForeignKey(Coaching, models.PROTECT, related_name="checks")
    competency = models.CharField(_("kompetensi"), max_length=150)
    score = models.PositiveSmallIntegerField(_("nilai (1 sampai 5)"))
    reason = models.TextField(_("alasan"), max_length=1000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("uji kompetensi")
        verbose_name_plural = _("uji kompetensi")
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="competency_one_to_five")]

    def __str__(self) -> str:
        return f"{self.competency} {self.score}"


class ImprovementChain(Base):
    """*Kurang* or *Sangat Kurang* of a PNS: six months to improve, then a competency test, then what the authority
    decides (PP 30/2019 Ps 57-58). The portal keeps dates and findings; each act is an official's own."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="chains")
    evaluation = models.OneToOneField(Evaluation, models.PROTECT, related_name="chain")
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai enam bulan"))
    state = models.CharField(max_length=12, choices=ChainState, default=ChainState.IMPROVING)
    finding = models.TextField(_("hasil sesudah enam bulan"), max_length=2000, blank=True)
    test_on = models.DateField(_("uji kompetensi"), null=True, blank=True)
    test_result = models.TextField(_("hasil uji kompetensi"), max_length=2000, blank=True)
    decision = models.TextField(_("keputusan pejabat berwenang"), max_length=2000, blank=True)
    decree_number = models.CharField(_("nomor keputusan"), max_length=120, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("masa perbaikan kinerja")
        verbose_name_plural = _("masa perbaikan kinerja")

    def __str__(self) -> str:
        return f"{self.participant_id} {self.ends_on}"


class Recommendation(Base):
    """A proposal for training or an award. Somebody with the power to do so accepts or refuses it, with reason."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="recommendations")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="recommendations")
    kind = models.CharField(max_length=10, choices=RecommendationKind)
    text = models.TextField(_("usul"), max_length=2000)
    state = models.CharField(max_length=10, choices=RecommendationState, default=RecommendationState.PROPOSED)
    answer = models.TextField(_("jawaban"), max_length=2000, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("usul tindak lanjut kinerja")
        verbose_name_plural = _("usul tindak lanjut kinerja")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RecommendationState.PROPOSED)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="answered_recommendation_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.participant_id}"
