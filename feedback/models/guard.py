"""Against abuse: challenges that were used, counters that expire, filings that a person looks at."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from kepegawaian.lib.models import Base


class SpentChallenge(models.Model):
    """A solved proof of work is good for one filing: kept until it would have expired anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class RateKey(models.Model):
    """How often something was done in a window. The key is a keyed hash that changes every day: it leads back to
    nobody, and the row goes with its window."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class ReviewEntry(Base):
    """A filing that came without proof of work (no JavaScript) or too fast: a person lets it pass or not."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Diloloskan")
        REFUSED = "refused", _("Bukan laporan")

    class Why(models.TextChoices):
        NO_PROOF = "no_proof", _("Tanpa JavaScript")
        TOO_FAST = "too_fast", _("Diisi terlalu cepat")
        HONEYPOT = "honeypot", _("Isian jebakan terisi")
        BUSY = "busy", _("Terlalu banyak laporan dari satu jaringan")
        CLIENT = "client", _("Dari klien Open311 yang kirimannya dilihat lebih dahulu")

    case = models.OneToOneField(Case, models.PROTECT, related_name="review")
    why = models.CharField(max_length=10, choices=Why)
    queued_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["queued_at"]
        indexes = [models.Index(fields=["queued_at"], condition=models.Q(outcome=""), name="review_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(decided_by__isnull=False), name="review_has_reviewer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.case_id}"
