"""The verbs of the trail. `record` is a plain insert in the transaction of the write it tells of."""

import hashlib
import json
import uuid
from typing import Any

from django.db import models

from kepegawaian.audit.models import Event
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.readonly import allow_writes


def _digest(event: Event) -> str:
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
        data=json.loads(json.dumps(data, default=str)) if data is not None else None,
    )
    event.digest = _digest(event)
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
