"""The verbs of the trail. `record` is a plain insert in the transaction of the write it tells of."""

import hashlib
import json
import uuid
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from kepegawaian.audit.models import Event
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.readonly import allow_writes


def digest_of(event: Event) -> str:
    parts = [
        str(event.id),
        event.at.isoformat(),
        str(event.actor_id or ""),
        str(event.on_behalf_of_id or ""),
        event.verb,
        event.subject_type,
        event.subject_id,
        json.dumps(event.data, sort_keys=True, default=str),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _plain(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """As JSON gives it back from the database. A float becomes text: jsonb may write it in another way."""
    if data is None:
        return None
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str), parse_float=str)
    return plain


def build(
    verb: str,
    subject: models.Model | tuple[str, uuid.UUID | str],
    *,
    actor: Any = None,
    on_behalf_of: Any = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """An unsaved event, for verbs that insert many at once. `subject` is a row or (label, id)."""
    label, key = (subject._meta.label_lower, subject.pk) if isinstance(subject, models.Model) else subject
    event = Event(
        id=uuid7(),
        actor_id=getattr(actor, "pk", None),
        on_behalf_of_id=getattr(on_behalf_of, "pk", None),
        verb=verb,
        subject_type=label,
        subject_id=str(key),
        data=_plain(data),
    )
    event.digest = digest_of(event)
    return event


def record(
    verb: str,
    subject: models.Model | tuple[str, uuid.UUID | str],
    *,
    actor: Any = None,
    on_behalf_of: Any = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one event. No actor for anonymous people. Call it inside the transaction of the write."""
    event = build(verb, subject, actor=actor, on_behalf_of=on_behalf_of, data=data)
    with allow_writes():
        event.save(force_insert=True, using="default")
    return event


@transaction.atomic
def erase_payload(*, event: Event, actor: Any, reason: str) -> None:
    """Remove what an event says, as the law on personal data may demand; that it happened stays provable."""
    Event.objects.filter(pk=event.pk, erased_at=None).update(data=None, erased_at=timezone.now())
    record("audit.erased", event, actor=actor, data={"reason": reason})
