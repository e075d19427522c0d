"""The objection of who asked for public information, and the dispute after it (UU 14/2008; reference 6.2)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import ObjectionGround
from feedback.models.cases import Case
from feedback.models.threads import CaseAnswer, CaseMessage
from kepegawaian.lib.models import Base


class InformationObjection(Base):
    """Written to the superior of the PPID, once a request; `message` holds the words. `answer`: what the superior
    decided. `disputed_on`: when it was taken to the Komisi Informasi, as whoever asked says."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    ground = models.CharField(_("alasan keberatan"), max_length=16, choices=ObjectionGround)
    message = models.OneToOneField(CaseMessage, models.PROTECT, related_name="+")
    filed_on = models.DateField()
    answer = models.OneToOneField(CaseAnswer, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    disputed_on = models.DateField(_("tanggal sengketa diajukan"), null=True)
    dispute_number = models.CharField(_("nomor register sengketa"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("keberatan informasi")
        verbose_name_plural = _("keberatan informasi")
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=ObjectionGround.values), name="objection_ground_known"),
            models.CheckConstraint(
                condition=Q(answer=None, answered_on=None)
                | Q(answer__isnull=False, answered_on__gte=F("filed_on")),
                name="objection_answered_after_filing",
            ),
            models.CheckConstraint(
                condition=Q(disputed_on=None, dispute_number="") | Q(disputed_on__gte=F("filed_on")),
                name="dispute_after_objection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.case_id}"
