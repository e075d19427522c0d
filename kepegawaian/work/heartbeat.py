"""Shows that a job's worker is alive, and how far it is, on a connection of its own.

A handler may sit in one long statement or transaction; its own connection could say nothing meanwhile.
"""

import threading
import time
from types import TracebackType
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from kepegawaian.work.models import Job, JobState

logger = structlog.get_logger("jobs")
SHOW_EVERY = 1.0
BEAT_EVERY = 15.0
# SKIP LOCKED: while the handler's own transaction holds the row (`save_cursor`), a beat is left out.
_BEAT = """
UPDATE work_job SET done = %(done)s, total = %(total)s, phase = %(phase)s, heartbeat_at = %(now)s
WHERE id = (
    SELECT id FROM work_job
    WHERE id = %(id)s AND attempts = %(attempts)s AND state = %(running)s
    FOR UPDATE SKIP LOCKED
)
"""


class Heartbeat(threading.Thread):
    """`with Heartbeat(job) as beat:` beats until the block ends. No connection is opened for short jobs."""

    def __init__(self, job: Job) -> None:
        super().__init__(name=f"heartbeat-{job.pk}", daemon=True)
        self._job = job
        self._stop_now = threading.Event()
        self.last: tuple[int, int, str] = (job.done, job.total, job.phase)

    def report(self, done: int, total: int, phase: str) -> None:
        self.last = (done, total, phase)

    def __enter__(self) -> "Heartbeat":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_now.set()
        self.join()

    def run(self) -> None:
        shown, beaten = self.last, time.monotonic()
        try:
            while not self._stop_now.wait(SHOW_EVERY):
                if self.last != shown or time.monotonic() - beaten >= BEAT_EVERY:
                    shown, beaten = self.last, time.monotonic()
                    self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        done, total, phase = self.last
        values: dict[str, Any] = {
            "done": done,
            "total": total,
            "phase": phase,
            "now": timezone.now(),
            "id": self._job.pk,
            "attempts": self._job.attempts,
            "running": JobState.RUNNING.value,
        }
        try:
            with connection.cursor() as cursor:
                cursor.execute(_BEAT, values)
        except (DatabaseError, InterfaceError) as error:
            # The next beat tries again with a new connection; the job itself goes on.
            logger.warning("heartbeat missed", job=str(self._job.pk), error=type(error).__name__)
            connection.close()
