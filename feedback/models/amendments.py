"""What citizens add to a proposal: papers and pictures of it, and better words that somebody else suggests."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import AmendmentState
from feedback.models.forums import Proposal
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.models import Base


class ProposalFile(Base):
    """Seen by whoever sees the proposal, made anew without traces of its maker. Taken away, the row stays."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="files")
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["proposal", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_by__isnull=False),
                name="proposal_file_removed_by",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.stored_id}"


class Amendment(Base):
    """The whole wording as somebody would have it. Whom it concerns decides; `version` is what it became."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="amendments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    base_version = models.PositiveIntegerField()
    title = models.CharField(_("judul"), max_length=150)
    text = models.TextField(_("isi usulan"), max_length=5000)
    location = models.CharField(_("lokasi"), max_length=300, blank=True)
    volume = models.CharField(_("volume dan satuan"), max_length=80, blank=True)
    why = models.CharField(_("alasan perubahan"), max_length=300)
    state = models.CharField(max_length=10, choices=AmendmentState, default=AmendmentState.WAITING)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["proposal", "id"]
        verbose_name = _("usul perubahan")
        verbose_name_plural = _("usul perubahan")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "author"],
                condition=Q(state=AmendmentState.WAITING),
                name="one_waiting_amendment_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(AmendmentState.WAITING, AmendmentState.WITHDRAWN))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="amendment_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=AmendmentState.REFUSED) | ~Q(decision=""), name="refused_amendment_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=AmendmentState.ACCEPTED, version__isnull=False)
                | (~Q(state=AmendmentState.ACCEPTED) & Q(version=None)),
                name="accepted_amendment_has_version",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(AmendmentState.ACCEPTED, AmendmentState.REFUSED))
                | ~Q(decided_by=models.F("author")),
                name="nobody_decides_his_amendment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.proposal_id}"
