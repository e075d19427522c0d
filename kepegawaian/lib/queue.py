"""Hand a task to the broker without ever letting the broker fail or hold up the user.

A task that could not be handed over is not lost: each of them works off rows of the database, and a sweeper
finds those rows again (`kepegawaian.schedule`).
"""

import time
from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger("queue")
PAUSE_SECONDS = 5.0
"""After a failure the process does not try again for so long: a bulk action then waits once, not per row."""
_silent_until = 0.0


def publish(task: Task, *args: Any) -> bool:
    """Queue `task(*args)` now. False when the broker is away; raises nothing for that."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        task.apply_async(args=args, retry=False)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("broker away", task=task.name, error=type(error).__name__)
        return False
    return True


def publish_on_commit(task: Task, *args: Any) -> None:
    """Queue once the transaction around this call is in the database; not at all when it rolls back."""

    def hand_over() -> None:
        publish(task, *args)

    transaction.on_commit(hand_over, robust=True)
