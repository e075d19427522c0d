"""How a background job runs: claimed by one worker, fenced against a second one, resumed after a crash.

Features use `kepegawaian.work.jobs`.
"""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.heartbeat import Heartbeat
from kepegawaian.work.models import Job, JobState

logger = structlog.get_logger("jobs")
SILENT_FOR = datetime.timedelta(minutes=2)
"""A running job whose heart has not beaten for so long has lost its worker."""
QUEUED_FOR = datetime.timedelta(minutes=1)
MAX_ATTEMPTS = 5


class JobLost(Exception):
    """Another worker has taken this job over; whatever the handler has open must be rolled back."""


class JobRun:
    """What a handler sees of its job."""

    def __init__(self, job: Job, heartbeat: Heartbeat) -> None:
        self.job = job
        self.arguments: dict[str, Any] = job.arguments
        self.cursor: dict[str, Any] = job.cursor
        self._heartbeat = heartbeat

    def progress(self, done: int, total: int, phase: str | Promise = "") -> None:
        """Say how far it is. Costs no statement: the heartbeat writes it, so it shows inside a transaction too."""
        self._heartbeat.report(done, total, str(phase)[:80])

    def save_cursor(self, cursor: Mapping[str, Any]) -> None:
        """Remember where to go on after a crash; call it in the transaction of the work. Raises JobLost."""
        self.cursor = dict(cursor)
        if not _mine(self.job).update(cursor=self.cursor, heartbeat_at=timezone.now()):
            raise JobLost(str(self.job.pk))


Handler = Callable[[JobRun], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """`allowed(user, job)`: who besides the owner may see it. `done_url(job)`: where its result is looked at.
    `said(job)`: what came of it, in one sentence."""

    kind: str
    handler: Handler
    label: str | Promise
    allowed: Callable[[Any, Job], bool] | None = None
    done_url: Callable[[Job], str] | None = None
    done_label: str | Promise = ""
    said: Callable[[Job], str] | None = None


_kinds: dict[str, JobKind] = {}


def register_job(
    kind: str,
    handler: Handler,
    *,
    label: str | Promise = "",
    allowed: Callable[[Any, Job], bool] | None = None,
    done_url: Callable[[Job], str] | None = None,
    done_label: str | Promise = "",
    said: Callable[[Job], str] | None = None,
) -> None:
    _kinds[kind] = JobKind(kind, handler, label or kind, allowed, done_url, done_label, said)


def find_kind(kind: str) -> JobKind:
    try:
        return _kinds[kind]
    except KeyError:
        raise ImproperlyConfigured(f"no handler is registered for jobs of kind {kind!r}") from None


def run(job_id: str | uuid.UUID) -> bool:
    """Claim the job and run its handler. False when there is nothing to do or somebody else does it."""
    job = _claim(job_id)
    if job is None:
        return False
    with translation.override(job.owner.language if job.owner else None):
        return _run(job)


def _run(job: Job) -> bool:
    heartbeat = Heartbeat(job)
    try:
        with heartbeat:
            result = find_kind(job.kind).handler(JobRun(job, heartbeat))
    except JobLost:
        logger.warning("job taken over", job=str(job.pk), attempt=job.attempts)
        return False
    except (OperationalError, InterfaceError) as error:
        # The database went away or chose us as the victim of a deadlock: the sweeper starts it again.
        _mine(job).update(state=JobState.WAITING, queued_at=None, error=type(error).__name__)
        logger.warning("job interrupted", job=str(job.pk), error=type(error).__name__)
        return False
    except ApplicationError as error:
        return _end(job, heartbeat, JobState.FAILED, error=str(error.message)[:300])
    except Exception as error:
        logger.exception("job failed", job=str(job.pk), kind=job.kind, error=type(error).__name__)
        return _end(job, heartbeat, JobState.FAILED, error=_("Ada galat di sistem. Kode: %s") % job.pk)
    return _end(job, heartbeat, JobState.DONE, result=dict(result or {}))


def take_lost(now: datetime.datetime | None = None) -> list[str]:
    """Ids of jobs that wait without a task or whose worker has died; they count as queued from now."""
    now = now or timezone.now()
    dead = Q(state=JobState.RUNNING, heartbeat_at__lt=now - SILENT_FOR)
    forgotten = Q(state=JobState.WAITING) & (Q(queued_at=None) | Q(queued_at__lt=now - QUEUED_FOR))
    ids = list(Job.objects.filter(dead | forgotten).order_by("id").values_list("id", flat=True)[:500])
    Job.objects.filter(id__in=ids).update(queued_at=now)
    return [str(key) for key in ids]


def _claim(job_id: str | uuid.UUID) -> Job | None:
    now = timezone.now()
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - SILENT_FOR)
    exhausted = Job.objects.filter(free, id=job_id, attempts__gte=MAX_ATTEMPTS)
    exhausted.update(
        state=JobState.FAILED,
        finished_at=now,
        error=_("Terhenti %(n)d kali dan tidak dilanjutkan.") % {"n": MAX_ATTEMPTS},
    )
    claimed = Job.objects.filter(free, id=job_id).update(
        state=JobState.RUNNING, heartbeat_at=now, attempts=F("attempts") + 1
    )
    return Job.objects.select_related("owner").get(id=job_id) if claimed else None


def _mine(job: Job) -> Any:
    """The row as long as it is this run's; `attempts` tells one run from the next."""
    return Job.objects.filter(id=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _end(job: Job, heartbeat: Heartbeat, state: JobState, **values: Any) -> bool:
    done, total, phase = heartbeat.last
    return bool(
        _mine(job).update(
            state=state,
            finished_at=timezone.now(),
            done=done,
            total=total,
            phase=phase,
            **({"error": ""} | values),
        )
    )
