"""Every periodic job, in one list. Beat reads it; a test checks that each entry is a registered task."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {}
__all__ = ["SCHEDULE", "crontab"]
