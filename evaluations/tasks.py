"""Periodic tasks of performance; each is safe to run twice and looks at the rows, not at the clock."""

from celery import shared_task

from evaluations.services import reminders
from evaluations.services.cycles_following import follow_records as follow


@shared_task(name="evaluations.follow_records")
def follow_records() -> None:
    """Who joined, moved or left, and whose superior changed, by date alone."""
    follow()


@shared_task(name="evaluations.remind")
def remind() -> None:
    """Remind those whose turn it is before, at and after the deadlines of the running years."""
    reminders.remind()
