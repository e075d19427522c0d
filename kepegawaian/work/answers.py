"""Answers to POSTs that carried an `Idempotency-Key`, kept so that a repeated POST gets the same answer.

The record is written in the transaction of the verb itself. Either both are there or neither is: after a crash the
client may simply repeat. A second POST with the same key waits at the unique constraint until the first is done.
"""

import datetime
import hashlib
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ids import uuid7
from kepegawaian.work.models import IdempotencyRecord

KEEP_FOR = datetime.timedelta(days=2)
MAX_KEY = 200
_CLAIM = """
INSERT INTO work_idempotencyrecord (id, user_id, key, route, digest, content_type, body, created_at)
VALUES (%s, %s, %s, %s, %s, '', '', %s)
ON CONFLICT (user_id, key) DO NOTHING
"""


def checked_key(key: str) -> str:
    """Raises ApplicationError (400) for a key that is empty, too long or not printable ASCII."""
    if not key or len(key) > MAX_KEY or not key.isascii() or not key.isprintable():
        raise ApplicationError(_("Idempotency-Key berisi 1 sampai 200 karakter ASCII."), status=400)
    return key


def claim(*, user: Any, key: str, route: str, body: bytes) -> IdempotencyRecord:
    """This POST's record: without `status` it is ours to answer, with one it was answered before.

    Call it in the transaction of the verb. Raises ApplicationError (422) when the key belongs to another request.
    """
    digest = hashlib.sha256(route.encode() + b"\x1f" + body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [uuid7(), user.pk, key, route[:200], digest, timezone.now()])
    record = IdempotencyRecord.objects.get(user=user, key=key)
    if record.digest != digest:
        raise ApplicationError(_("Idempotency-Key ini sudah dipakai untuk permintaan lain."), status=422)
    return record


def keep(record: IdempotencyRecord, *, status: int, content_type: str, body: str) -> None:
    IdempotencyRecord.objects.filter(pk=record.pk).update(status=status, content_type=content_type, body=body)


def purge(now: datetime.datetime | None = None) -> int:
    old = IdempotencyRecord.objects.filter(created_at__lt=(now or timezone.now()) - KEEP_FOR)
    return old.delete()[0]
