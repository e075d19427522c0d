"""Periodic tasks of performance; each is safe to run twice and looks at the rows, not at the clock."""

from celery import shared_task

from evaluations.services import feedback, opening, reminders
from evaluations.services.cycles_following import follow_records as follow


@shared_task(name="evaluations.follow_records")
def follow_records() -> None:
    """Who joined, moved or left, and whose superior changed, by date alone."""
    follow()


@shared_task(name="evaluations.open_periods")
def open_periods() -> None:
    """Evaluations of periods that are over, for everybody whose plan is agreed upon."""
    opening.open_due()


@shared_task(name="evaluations.publish_feedback")
def publish_feedback() -> None:
    """Anonymous feedback of periods that take no more, all of a period at once."""
    feedback.publish_due()


@shared_task(name="evaluations.remind")
def remind() -> None:
    """Remind those whose turn it is before, at and after the deadlines of the running years."""
    reminders.remind()
