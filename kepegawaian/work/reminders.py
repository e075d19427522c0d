"""Who holds something whose date has come is reminded, once for each date and holder."""

import datetime

from django.db import transaction

from kepegawaian.lib.dates import today
from kepegawaian.notifications.services import notify
from kepegawaian.work.models import WorkItem
from kepegawaian.work.notifications import ItemDue
from kepegawaian.work.registry import escalations

AT_MOST = 5000


def remind(on: datetime.date | None = None) -> int:
    """Remind the holders of items that are due on or before `on` (today); how many were reminded."""
    on = on or today()
    due = WorkItem.objects.filter(closed_at=None, due_on__lte=on, reminded_on=None, holder__isnull=False)
    items = list(due.select_related("holder").order_by("due_on", "id")[:AT_MOST])
    return sum(_remind(item, on) for item in items)


def _remind(item: WorkItem, on: datetime.date) -> bool:
    with transaction.atomic():
        # The holder is asked for again: an item that moved meanwhile is not the old holder's business.
        still = WorkItem.objects.filter(pk=item.pk, holder=item.holder_id, closed_at=None, reminded_on=None)
        if not still.update(reminded_on=on):
            return False
        notify(
            ItemDue,
            [item.holder],
            key=f"{item.pk}:{item.holder_id}:{item.due_on}",
            context={"title": item.title, "line": item.line, "due_on": item.due_on, "opened_at": item.opened_at},
            url=item.url,
        )
        for escalate in escalations(item.kind):
            escalate(item)
    return True
