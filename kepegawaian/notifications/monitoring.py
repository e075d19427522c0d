"""Numbers about the outbox for `/health/ready/` and `/metrics`."""

import datetime

from django.db.models import Count, Min
from django.utils import timezone

from kepegawaian.notifications.models import Delivery, DeliveryState

LATE = datetime.timedelta(minutes=15)
OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


def wait() -> float:
    """Seconds that the oldest due delivery has been waiting."""
    now = timezone.now()
    due = Delivery.objects.filter(state__in=OPEN, due_at__lte=now)
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else 0.0


def deliveries_late() -> str:
    seconds = wait()
    return f"oldest waits {int(seconds)} s" if seconds > LATE.total_seconds() else ""


def deliveries_by_state() -> dict[str, float | int]:
    """What waits, and what was given up in the last week; the sent ones are history, not a gauge."""
    since = timezone.now() - datetime.timedelta(days=7)
    waiting = Delivery.objects.filter(state__in=OPEN).values_list("state").annotate(Count("id")).order_by()
    failed = Delivery.objects.filter(state=DeliveryState.FAILED, due_at__gte=since).count()
    return {"pending": 0, "sending": 0, **dict(waiting), "failed": failed}
