"""During the year: progress with evidence, and feedback whose author anonymity keeps out of the data."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import FeedbackRelation, Value
from evaluations.models.cycles import Participant, Period
from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models import Employee
from kepegawaian.lib.models import Base


class Progress(Base):
    """*Realisasi* of one indicator in one period. `indicator` is the indicator's `origin`: a new version of the
    plan keeps what was done. The latest text counts; every earlier one is in the audit trail."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="progress")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    indicator = models.UUIDField()
    text = models.TextField(_("realisasi berdasarkan bukti dukung"), max_length=2000)
    percent = models.PositiveSmallIntegerField(_("capaian (%)"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("realisasi")
        verbose_name_plural = _("realisasi")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "period", "indicator"], name="one_progress_an_indicator"
            ),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__lte=999), name="progress_in_bounds"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Evidence(Base):
    """A file or a link behind a progress row."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    url = models.URLField(_("tautan"), max_length=500, blank=True)
    label = models.CharField(_("keterangan"), max_length=150, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("bukti dukung")
        verbose_name_plural = _("bukti dukung")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, url="") | (Q(file=None) & ~Q(url="")),
                name="evidence_is_file_or_link",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.url


class FeedbackInvitation(Base):
    """Who may give feedback about whom in a period, and whether it was given; never what, never when.

    The only place where a giver of anonymous feedback is named: it has no column that a `Feedback` row shares
    beyond subject, period and relation, so a join gives the whole group and never one of it.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="invitations")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=FeedbackRelation)
    giver = models.ForeignKey(Employee, models.PROTECT, related_name="feedback_invitations")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    question = models.CharField(_("yang ingin diketahui"), max_length=500, blank=True)
    given = models.BooleanField(default=False)
    declined = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("permintaan umpan balik")
        verbose_name_plural = _("permintaan umpan balik")
        indexes = [models.Index(fields=["giver", "period"], name="invitation_giver")]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "period", "giver"], name="one_invitation_a_giver_and_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.participant_id}"


class FeedbackBox(Base):
    """Anonymous texts about a person by one relation while the period still takes feedback.

    One sealed list for all givers, shuffled and sealed anew at each gift, so that no row, no transaction number
    and no place on disk belongs to one of them. Emptied into `Feedback` in one go when the period closes.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=FeedbackRelation)
    sealed = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "period", "relation"], name="one_box_a_group")
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.participant_id}"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: Any) -> "FeedbackQuerySet":
        """About people one may see; whether a group is large enough to be shown is for the selectors to say."""
        return self.filter(participant__in=Participant.objects.visible_to(user))


class Feedback(models.Model):
    """Continuous feedback about a value, a result or the whole. Anonymous rows carry a random key (no time in it),
    no giver and no time; they are shown from the end of the period on, in groups of the threshold or more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="feedback")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=FeedbackRelation)
    value = models.CharField(max_length=24, choices=Value, blank=True)
    result = models.UUIDField(null=True, help_text=_("Hasil kerja yang dimaksud (origin)."))
    text = models.TextField(_("umpan balik"), max_length=2000)
    anonymous = models.BooleanField(default=False)
    giver = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="feedback_given")
    given_at = models.DateTimeField(null=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("umpan balik kinerja")
        verbose_name_plural = _("umpan balik kinerja")
        indexes = [models.Index(fields=["participant", "period", "relation"], name="feedback_of_participant")]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonymous=True, giver=None, given_at=None)
                | Q(anonymous=False, giver__isnull=False, given_at__isnull=False),
                name="anonymous_feedback_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False)
                | Q(
                    relation__in=[FeedbackRelation.PEER, FeedbackRelation.SUBORDINATE, FeedbackRelation.TEAM_LEAD]
                ),
                name="only_groups_are_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
