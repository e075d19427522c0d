"""An uploaded staff file and what became of each of its rows; nothing is saved to people before confirmation."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models.people import Employee
from kepegawaian.lib.looks import Looks
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit, scope_paths
from kepegawaian.work.models import Job, JobState
from kepegawaian.work.verdicts import RowVerdict

_STATE_LOOK = {
    "reading": ("info", "clock"),
    "preview": ("wait", "eye"),
    "saving": ("info", "clock"),
    "done": ("success", "check-circle"),
    "cancelled": ("neutral", "minus-circle"),
    "failed": ("danger", "x-circle"),
}


class ImportState(Looks, models.TextChoices, looks=_STATE_LOOK):
    READING = "reading", _("Sedang dibaca")
    PREVIEW = "preview", _("Menunggu konfirmasi")
    SAVING = "saving", _("Sedang disimpan")
    DONE = "done", _("Tersimpan")
    CANCELLED = "cancelled", _("Dibatalkan")
    FAILED = "failed", _("Tidak dapat dibaca")


def holds_everywhere(user: Any, right: Right | str) -> bool:
    """Whether `user` holds `right` over the whole government: a file may name people of any unit."""
    paths = scope_paths(user, Right(right))
    return paths is None or any(len(path) == Unit.steplen for path in paths)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: Any) -> "ImportBatchQuerySet":
        return self.filter(right__in=[right for right in Right if holds_everywhere(user, right)])


class ImportBatch(Base):
    """`layout` is the recognised sheet layout ("siasn", "nominatif", "leave_opening"); `right` who may use it.

    `details` holds what saving needs to know of the file as a whole (`Layout.plan`).
    """

    layout = models.CharField(_("susunan kolom"), max_length=20, blank=True)
    right = models.CharField(_("hak"), max_length=20, default=Right.IMPORT_RECORDS)
    name = models.CharField(_("nama berkas"), max_length=150, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, verbose_name=_("berkas"))
    state = models.CharField(_("keadaan"), max_length=10, choices=ImportState, default=ImportState.READING)
    header = models.JSONField(_("kepala kolom"), default=list)
    details = models.JSONField(_("keterangan"), default=dict)
    counts = models.JSONField(_("jumlah"), default=dict)
    error = models.CharField(_("kesalahan"), max_length=300, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, verbose_name=_("pekerjaan latar"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dibuat oleh")
    )
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dikonfirmasi oleh")
    )
    confirmed_at = models.DateTimeField(_("dikonfirmasi pada"), null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("impor")
        verbose_name_plural = _("impor")

    def __str__(self) -> str:
        return f"{self.layout} {self.created_at:%Y-%m-%d}"

    @property
    def status(self) -> ImportState:
        return ImportState(self.state)

    @property
    def is_running(self) -> bool:
        return self.state in (ImportState.READING, ImportState.SAVING)

    @property
    def is_stuck(self) -> bool:
        """Its job has given up. Nothing was saved: saving is all or nothing."""
        return self.is_running and (self.job is None or self.job.state == JobState.FAILED)


class ImportRow(Base):
    """`number` as the sheet counts it (header is 1). `level` is that of its worst issue.

    `values` is the row as understood, whole where it is to be saved; `cells` is the row as read, kept where it
    has issues, so that it can be given back in an error sheet.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=RowVerdict)
    level = models.CharField(max_length=7, blank=True)
    employee = models.ForeignKey(Employee, models.SET_NULL, null=True)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    difference = models.JSONField(default=list)
    issues = models.JSONField(default=list)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_a_number")]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="import_rows"),
            models.Index(fields=["batch", "level", "number"], name="import_issues", condition=~models.Q(level="")),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def outcome(self) -> RowVerdict:
        return RowVerdict(self.verdict)
