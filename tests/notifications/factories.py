"""Messages for tests: the reminder of `work`, which every installation has."""

import datetime

from django.utils import timezone

from kepegawaian.notifications.models import Delivery
from kepegawaian.notifications.services import notify
from kepegawaian.work.notifications import ItemDue

DUE = datetime.date(2026, 3, 16)
CONTEXT = {"title": "Usul cuti Siti", "line": "5 hari kerja", "due_on": DUE, "opened_at": timezone.now()}


def tell(*people, key="a", url="/pekerjaan/", **context):
    return notify(ItemDue, people, key=key, context={**CONTEXT, **context}, url=url)


def told(user, **fields) -> Delivery:
    """A message to `user` with its delivery, whose task nobody has run."""
    tell(user, key=fields.pop("key", "a"))
    delivery = Delivery.objects.select_related("message").get(message__recipient=user, message__key="a")
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    delivery.refresh_from_db()
    return delivery
