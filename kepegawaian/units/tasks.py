"""Names and parents that begin on a date to come."""

from celery import shared_task

from kepegawaian.units import services


@shared_task(name="units.apply_due")
def apply_due() -> int:
    """Bring them into the tree when their day has come; safe to run twice."""
    return services.apply_due()
