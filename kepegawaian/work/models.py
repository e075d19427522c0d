"""What waits for whom, for all features in one table, and background jobs with progress."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.dates import today
from kepegawaian.lib.looks import Looks
from kepegawaian.lib.models import Base
from kepegawaian.work.registry import kind_of


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def waiting_for(self, user: Any) -> "WorkItemQuerySet":
        return self.filter(holder=user, closed_at=None)


class WorkItem(Base):
    """One thing that waits for one person. Opened and closed in the transaction of the feature's verb."""

    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="work_items")
    title = models.CharField(max_length=200)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["holder", "due_on", "id"], condition=models.Q(closed_at=None), name="work_waiting"
            ),
            models.Index(fields=["due_on"], condition=models.Q(closed_at=None), name="work_due"),
            models.Index(fields=["subject_type", "subject_id"], name="work_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=models.Q(closed_at=None), name="one_open_item_a_step"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def line(self) -> str:
        """The line under the title: what the holder should know before opening it."""
        line = kind_of(self.kind).line
        return line(self.context) if line else str(self.context.get("line", ""))

    @property
    def days_late(self) -> int:
        return max((today() - self.due_on).days, 0) if self.due_on else 0


_JOB_LOOK = {
    "waiting": ("wait", "clock"),
    "running": ("info", "arrow-path"),
    "done": ("success", "check-circle"),
    "failed": ("danger", "x-circle"),
}


class JobState(Looks, models.TextChoices, looks=_JOB_LOOK):
    WAITING = "waiting", _("Menunggu giliran")
    RUNNING = "running", _("Sedang berjalan")
    DONE = "done", _("Selesai")
    FAILED = "failed", _("Gagal")


class Job(Base):
    """A long piece of work: claimed by one worker, resumed by another from `cursor` when the first one died."""

    kind = models.CharField(_("jenis"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs", verbose_name=_("pemilik")
    )
    arguments = models.JSONField(_("masukan"), default=dict)
    state = models.CharField(_("keadaan"), max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("selesai"), default=0)
    total = models.PositiveIntegerField(_("seluruhnya"), default=0)
    phase = models.CharField(_("tahap"), max_length=80, blank=True)
    cursor = models.JSONField(_("titik lanjut"), default=dict)
    result = models.JSONField(_("hasil"), default=dict)
    error = models.CharField(_("kesalahan"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now)
    queued_at = models.DateTimeField(_("diantrekan pada"), null=True)
    heartbeat_at = models.DateTimeField(_("kabar terakhir"), null=True)
    finished_at = models.DateTimeField(_("selesai pada"), null=True)

    class Meta:
        verbose_name = _("pekerjaan latar")
        verbose_name_plural = _("pekerjaan latar")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_owner"),
            models.Index(fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="job_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def status(self) -> JobState:
        return JobState(self.state)

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class IdempotencyRecord(Base):
    """The answer to a POST that carried an `Idempotency-Key`; without `status` it is still being worked on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    route = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
