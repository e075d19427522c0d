"""An uploaded staff file and what became of each of its rows; nothing is saved to people before confirmation."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models.people import Employee
from kepegawaian.lib.models import Base
from kepegawaian.work.models import Job


class ImportState(models.TextChoices):
    READING = "reading", _("Sedang dibaca")
    PREVIEW = "preview", _("Menunggu konfirmasi")
    SAVING = "saving", _("Sedang disimpan")
    DONE = "done", _("Tersimpan")
    CANCELLED = "cancelled", _("Dibatalkan")
    FAILED = "failed", _("Tidak dapat dibaca")


class ImportBatch(Base):
    """`layout` is the recognised sheet layout ("siasn", "nominatif", "leave_opening")."""

    layout = models.CharField(max_length=20, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    header = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("impor")
        verbose_name_plural = _("impor")

    def __str__(self) -> str:
        return f"{self.layout} {self.created_at:%Y-%m-%d}"


class RowVerdict(models.TextChoices):
    NEW = "new", _("Baru")
    CHANGED = "changed", _("Berubah")
    UNCHANGED = "unchanged", _("Tetap")
    REFUSED = "refused", _("Ditolak")


class ImportRow(Base):
    """`number` as the sheet counts it (header is 1); `cells` as read; `values` as understood."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=RowVerdict)
    employee = models.ForeignKey(Employee, models.SET_NULL, null=True)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    difference = models.JSONField(default=list)
    issues = models.JSONField(default=list)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_a_number")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="import_rows")]

    def __str__(self) -> str:
        return f"{self.number}"
