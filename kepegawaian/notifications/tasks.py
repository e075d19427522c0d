"""Tasks of messages; each takes ids and is safe to run twice."""

from celery import shared_task

from kepegawaian.lib.queue import publish
from kepegawaian.notifications import delivery

CHUNK = 20


@shared_task(name="notifications.deliver")
def deliver(delivery_ids: list[str]) -> None:
    """Send these deliveries, those that nobody else has claimed."""
    for delivery_id in delivery_ids:
        delivery.deliver(delivery_id)


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Queue again what the broker lost, what a killed worker held, and what is to be tried once more."""
    lost = delivery.take_lost()
    for start in range(0, len(lost), CHUNK):
        publish(deliver, lost[start : start + CHUNK])


@shared_task(name="notifications.send_digests")
def send_digests() -> None:
    """Send everybody who wants a daily summary what has come since the last one."""
    delivery.send_digests()
