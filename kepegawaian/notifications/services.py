"""The verbs of messages: tell people something, mark as read, choose how to be told."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.queue import publish_on_commit
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.context import encode
from kepegawaian.notifications.models import Channel, DeliveryState, Message
from kepegawaian.notifications.tasks import deliver

UNREAD_CAP = 99
# One statement, because every verb pays for it: messages that are new, and a delivery for each of them.
_TELL = """
WITH told AS (
    INSERT INTO notifications_message (id, recipient_id, kind, key, context, url, created_at)
    SELECT given.message, given.recipient, %(kind)s, %(key)s, %(context)s::jsonb, %(url)s, %(now)s
    FROM unnest(%(messages)s::uuid[], %(recipients)s::uuid[]) AS given (message, recipient)
    ON CONFLICT (recipient_id, kind, key) DO NOTHING
    RETURNING id
)
INSERT INTO notifications_delivery (id, message_id, channel, state, attempts, digest, due_at, error)
SELECT given.delivery, told.id, %(channel)s, %(pending)s, 0, false, %(now)s, ''
FROM told JOIN unnest(%(messages)s::uuid[], %(deliveries)s::uuid[]) AS given (message, delivery)
    ON given.message = told.id
RETURNING id
"""


def notify(
    notification: type[Notification],
    recipients: Iterable[Any],
    key: str,
    context: Mapping[str, Any],
    url: str = "",
) -> int:
    """Put a message into the inbox of each recipient and see to its e-mail; how many are new.

    Call it inside the transaction of the verb. Whoever already has a message of this kind and key gets
    nothing new, so `key` names the occasion ("<request id>:opinion:<step id>"). `url` is a path of ours.
    """
    people = list({user.pk: user for user in recipients if user is not None and user.is_active})
    if not people:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "kind": notification.kind,
                "key": key,
                "context": json.dumps(encode(dict(context))),
                "url": url,
                "now": timezone.now(),
                "messages": [uuid7() for _person in people],
                "deliveries": [uuid7() for _person in people],
                "recipients": people,
                "channel": Channel.EMAIL.value,
                "pending": DeliveryState.PENDING.value,
            },
        )
        new = [str(row[0]) for row in cursor.fetchall()]
        if new:
            publish_on_commit(deliver, new)
    return len(new)


def inbox(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(recipient=user).order_by("-id")


def unread_count(user: Any) -> int:
    """Unread messages, counted no further than one past `UNREAD_CAP`, so that the bell stays cheap."""
    unread = Message.objects.filter(recipient=user, read_at=None).order_by()
    return unread[: UNREAD_CAP + 1].count()
