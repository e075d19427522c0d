"""What the turn of a date brings: future rows begin, others end, and those who act for a post change."""

import datetime

from celery import shared_task

from kepegawaian.employees import services
from kepegawaian.employees.registry import holder_changed
from kepegawaian.lib.dates import today

LOOK_BACK = 7
"""Days that a missed night is made up for."""


@shared_task(name="employees.refresh_current")
def refresh_current(days: int = LOOK_BACK) -> int:
    """Bring the mirror columns up to today and tell who acts for other posts now; safe to run twice."""
    on = today()
    changed = services.refresh_current()
    holder_changed(services.due_changes(on - datetime.timedelta(days=days), on))
    return changed
