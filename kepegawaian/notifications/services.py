"""The verbs of messages: tell people something, mark as read, choose how to be told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Func, IntegerField, OuterRef, QuerySet
from django.utils import timezone

from kepegawaian.audit import services as audit
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.queue import publish_on_commit
from kepegawaian.notifications.base import Notification, categories
from kepegawaian.notifications.context import encode
from kepegawaian.notifications.models import Channel, Delivery, DeliveryState, Message, Preference
from kepegawaian.notifications.tasks import deliver

UNREAD_CAP = 99
# One statement, because every verb pays for it: messages that are new, and a delivery for each of them.
_TELL = """
WITH told AS (
    INSERT INTO notifications_message (id, recipient_id, kind, key, context, url, created_at)
    SELECT given.message, given.recipient, given.kind, given.key, given.context::jsonb, given.url, %(now)s
    FROM unnest(
        %(messages)s::uuid[], %(recipients)s::uuid[], %(kinds)s::text[], %(keys)s::text[], %(contexts)s::text[],
        %(urls)s::text[]
    ) AS given (message, recipient, kind, key, context, url)
    ON CONFLICT (recipient_id, kind, key) DO NOTHING
    RETURNING id
)
INSERT INTO notifications_delivery (id, message_id, channel, state, attempts, digest, due_at, error)
SELECT given.delivery, told.id, %(channel)s, %(pending)s, 0, false, %(now)s, ''
FROM told JOIN unnest(%(messages)s::uuid[], %(deliveries)s::uuid[]) AS given (message, delivery)
    ON given.message = told.id
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What `notify` is told: one message for each recipient."""

    notification: type[Notification]
    recipients: Iterable[Any]
    key: str
    context: Mapping[str, Any]
    url: str = ""


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
    return notify_together([Letter(notification, recipients, key, context, url)])


def notify_together(letters: Iterable[Letter]) -> int:
    """`notify` for several kinds of messages, in one statement and with one task; how many are new."""
    rows = [row for letter in letters for row in _rows(letter)]
    if not rows:
        return 0
    people, kinds, keys, contexts, urls = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "kinds": kinds,
                "keys": keys,
                "contexts": contexts,
                "urls": urls,
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


def _rows(letter: Letter) -> list[tuple[Any, str, str, str, str]]:
    """(recipient, kind, key, context, url) of each message."""
    people = list({user.pk: user for user in letter.recipients if user is not None and user.is_active})
    if not people:
        return []
    context = json.dumps(encode(dict(letter.context)))
    return [(person, letter.notification.kind, letter.key, context, letter.url) for person in people]


def inbox(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(recipient=user).order_by("-id")


def unread_count(user: Any) -> int:
    """Unread messages, counted no further than one past `UNREAD_CAP`, so that the bell stays cheap."""
    unread = Message.objects.filter(recipient=user, read_at=None).order_by()
    return unread[: UNREAD_CAP + 1].count()


def unread_along(on: Any) -> Func:
    """What `unread_count` gives, for the statement that loads the person of a request."""
    unread = Message.objects.filter(recipient=OuterRef("pk"), read_at=None).order_by()[: UNREAD_CAP + 1]
    return Func(ArraySubquery(unread.values("pk")), function="cardinality", output_field=IntegerField())


def mark_read(*, user: Any, message_id: Any) -> Message | None:
    """The person's own message, read from now on; None when it is not theirs."""
    message = Message.objects.filter(recipient=user, pk=message_id).first()
    if message is not None and message.read_at is None:
        message.read_at = timezone.now()
        Message.objects.filter(pk=message.pk, read_at=None).update(read_at=message.read_at)
    return message


def mark_all_read(*, user: Any, newest: Any) -> int:
    """Everything up to the newest message that the person has seen; what came meanwhile stays unread."""
    unread = Message.objects.filter(recipient=user, read_at=None, pk__lte=newest)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def choose_modes(*, user: Any, modes: Mapping[str, str]) -> None:
    """How the person wants e-mails: category code -> mode. What equals the default is forgotten."""
    for category in categories():
        mode = modes.get(category.code, category.default)
        rows = Preference.objects.filter(user=user, category=category.code, channel=Channel.EMAIL)
        if mode == category.default or mode not in category.modes:
            rows.delete()
        else:
            Preference.objects.update_or_create(
                user=user, category=category.code, channel=Channel.EMAIL, defaults={"mode": mode}
            )


def modes_of(user: Any) -> dict[str, str]:
    """Category code -> mode that holds for the person, chosen or default."""
    chosen = dict(
        Preference.objects.filter(user=user, channel=Channel.EMAIL).values_list("category", "mode").order_by()
    )
    return {
        category.code: mode if (mode := chosen.get(category.code)) in category.modes else category.default
        for category in categories()
    }


@transaction.atomic
def try_again(*, actor: Any, deliveries: QuerySet[Delivery]) -> int:
    """Give those that had been given up a new start; how many there were."""
    failed = list(deliveries.filter(state=DeliveryState.FAILED).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=failed, state=DeliveryState.FAILED).update(
        state=DeliveryState.PENDING, attempts=0, due_at=timezone.now(), queued_at=None
    )
    for key in failed:
        audit.record("notifications.tried_again", ("notifications.delivery", key), actor=actor)
    if failed:
        publish_on_commit(deliver, [str(key) for key in failed])
    return len(failed)
