"""What a performance evaluation means for the person's record: one line a year, told by the app that evaluates."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.models.people import Employee
from kepegawaian.lib.models import Base


class PerformanceNote(Base):
    """The *predikat* of a year and what it is needed for. A changed result supersedes the row, which stays."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="performance_notes")
    year = models.PositiveSmallIntegerField(_("tahun"))
    label = models.CharField(_("predikat kinerja"), max_length=60)
    meaning = models.TextField(_("artinya"), blank=True, help_text=_("Syarat yang terpenuhi atau belum."))
    source = models.CharField(_("dasar"), max_length=300)
    evaluation = models.UUIDField(help_text=_("Evaluasi yang menjadi dasarnya."))
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-id"]
        verbose_name = _("catatan kinerja")
        verbose_name_plural = _("catatan kinerja")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "year"],
                condition=models.Q(superseded_at=None),
                name="one_performance_note_a_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.year} {self.label}"
