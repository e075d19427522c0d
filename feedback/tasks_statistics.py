"""Periodic task of the published statistics; safe to run twice."""

from celery import shared_task

from feedback.services.statistics import refresh_due


@shared_task(name="feedback.refresh_statistics")
def refresh_statistics() -> None:
    """Compute the sheets of this year and the last anew, and of older years that are a week old."""
    refresh_due()
