"""The verbs of waiting: a feature opens an item for the person who must act, and closes it with the act."""

import datetime
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.utils import timezone

from kepegawaian.lib.ids import uuid7
from kepegawaian.work.models import WorkItem

Subject = models.Model | tuple[str, uuid.UUID]
# One statement: a verb that runs twice must not fail on the constraint `one_open_item_a_step`.
_OPEN = """
INSERT INTO work_workitem
    (id, kind, subject_type, subject_id, holder_id, title, context, url, opened_at, due_on)
VALUES (
    %(id)s, %(kind)s, %(type)s, %(subject)s, %(holder)s, %(title)s, %(context)s::jsonb, %(url)s, %(now)s, %(due)s
)
ON CONFLICT (kind, subject_id) WHERE closed_at IS NULL DO UPDATE SET
    holder_id = EXCLUDED.holder_id, title = EXCLUDED.title, context = EXCLUDED.context, url = EXCLUDED.url,
    due_on = EXCLUDED.due_on,
    reminded_on = CASE WHEN work_workitem.holder_id = EXCLUDED.holder_id THEN work_workitem.reminded_on END
RETURNING id, opened_at
"""
_CLOSE = """
UPDATE work_workitem SET closed_at = %s, closed_by_id = %s
WHERE subject_type = %s AND subject_id = %s AND closed_at IS NULL
"""


def open_item(
    *,
    kind: str,
    subject: Subject,
    holder: Any,
    title: str,
    url: str,
    due_on: datetime.date | None = None,
    context: Mapping[str, Any] | None = None,
) -> WorkItem:
    """Let `subject` wait for `holder`. Open already: the item gets these values and keeps its age.

    `holder=None` waits for nobody yet (a vacant post); `move_item` gives it to somebody. `context["line"]` is
    the line under the title in the inbox, the rest is the feature's own.
    """
    label, key = _identify(subject)
    item = WorkItem(
        id=uuid7(),
        kind=kind,
        subject_type=label,
        subject_id=key,
        holder_id=getattr(holder, "pk", None),
        title=title[:200],
        context=dict(context or {}),
        url=url,
        opened_at=timezone.now(),
        due_on=due_on,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "id": item.id,
                "kind": kind,
                "type": label,
                "subject": key,
                "holder": item.holder_id,
                "title": item.title,
                "context": json.dumps(item.context, default=str),
                "url": url,
                "now": item.opened_at,
                "due": due_on,
            },
        )
        item.id, item.opened_at = cursor.fetchone()
    item._state.adding = False
    return item


def close_item(*, kind: str, subject: Subject, by: Any = None) -> bool:
    """What was waited for has happened. False when nothing of this kind was open."""
    return bool(_open_items(subject).filter(kind=kind).update(**_closing(by)))


def close_items(*, subject: Subject, by: Any = None) -> int:
    """Close whatever is open for `subject`, of any kind: it was withdrawn or has ended."""
    label, key = _identify(subject)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [timezone.now(), getattr(by, "pk", None), label, key])
        return int(cursor.rowcount)


def move_item(*, kind: str, subject: Subject, holder: Any) -> bool:
    """Give an open item to somebody else; the new holder is reminded afresh."""
    waiting = _open_items(subject).filter(kind=kind)
    return bool(waiting.update(holder_id=getattr(holder, "pk", None), reminded_on=None))


def _identify(subject: Subject) -> tuple[str, uuid.UUID]:
    return (subject._meta.label_lower, subject.pk) if isinstance(subject, models.Model) else subject


def _open_items(subject: Subject) -> models.QuerySet[WorkItem]:
    label, key = _identify(subject)
    return WorkItem.objects.filter(subject_type=label, subject_id=key, closed_at=None)


def _closing(by: Any) -> dict[str, Any]:
    return {"closed_at": timezone.now(), "closed_by_id": getattr(by, "pk", None)}
