"""Periodic tasks of feedback; each looks at the rows, not at the clock, and is safe to run twice."""

from celery import shared_task

from feedback.notifications_forums import send_digests
from feedback.services.cases.access import forget_expired
from feedback.services.cases.mailing import send_waiting
from feedback.services.cases.reminders import refresh_deadlines, tick
from feedback.services.defence import forget_spent
from feedback.services.staging import forget_staged
from feedback.services.statistics import refresh_due
from feedback.services.whistle import tell_officers


@shared_task(name="feedback.forget")
def forget() -> None:
    """Remove counters and challenges whose time is over, and files that were never sent."""
    forget_expired()
    forget_spent()
    forget_staged()


@shared_task(name="feedback.forum_digests")
def forum_digests() -> None:
    """Yesterday's news of the forums that people follow once a day."""
    send_digests()


@shared_task(name="feedback.recount")
def recount() -> None:
    """Count running deadlines again, as a decree may have changed the holidays."""
    refresh_deadlines()


@shared_task(name="feedback.refresh_statistics")
def refresh_statistics() -> None:
    """Compute the sheets of this year and the last anew, and of older years that are a week old."""
    refresh_due()


@shared_task(name="feedback.send_mail")
def send_mail() -> None:
    """Send what reporters without an account, or anonymous ones, are to be told."""
    send_waiting()


@shared_task(name="feedback.tick")
def run_clocks() -> None:
    """Remind, escalate, close after silence."""
    tick()


@shared_task(name="feedback.whistle_notices")
def whistle_notices() -> None:
    """Tell the officers of the protected channel that something waits."""
    tell_officers()
