"""Keys of programs: shown once, kept as a digest, counted while they are used, taken back at will."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import ApiClient
from kepegawaian.audit import services as audit
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError

KEY_BYTES = 32
PREFIX_LENGTH = 8
HOUR, DAY = 3600, 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Issued:
    """`key` can be read here and never again."""

    client: ApiClient
    key: str


def digest_of(key: str) -> str:
    """Plain SHA-256 is enough: the key is 256 random bits, so there is nothing to try out."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(*, client: ApiClient, actor: Any = None) -> Issued:
    """Give a new client its key. `client`: name, address and limits, not yet saved."""
    if not client.name.strip():
        raise ApplicationError(_("Isi nama klien."), status=422)
    key = _put_key(client)
    client.created_by = actor
    client.save(force_insert=True)
    audit.record("feedback.open311_issued", client, actor=actor, data=_facts(client))
    return Issued(client, key)


@transaction.atomic
def replace(*, client: ApiClient, actor: Any = None) -> Issued:
    """Another key for the same client; the old one ends at once."""
    client = _locked(client)
    if client.revoked_at is not None:
        raise ApplicationError(_("Kunci klien ini sudah dicabut. Buat klien baru."))
    key = _put_key(client)
    client.save(update_fields=["digest", "prefix"])
    audit.record("feedback.open311_replaced", client, actor=actor, data=_facts(client))
    return Issued(client, key)


@transaction.atomic
def revoke(*, client: ApiClient, actor: Any = None) -> ApiClient:
    """For good: its cases stay, it files no more. Doing it twice is doing it once."""
    client = _locked(client)
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at"])
        audit.record("feedback.open311_revoked", client, actor=actor, data=_facts(client))
    return client


@transaction.atomic
def change(*, client: ApiClient, actor: Any, fields: list[str]) -> None:
    """Save what an admin changed of a client: name, address, limits, review."""
    client.save(update_fields=fields)
    audit.record("feedback.open311_changed", client, actor=actor, data={**_facts(client), "fields": fields})


def _locked(client: ApiClient) -> ApiClient:
    return ApiClient.objects.select_for_update().get(pk=client.pk)


def _put_key(client: ApiClient) -> str:
    key = secrets.token_hex(KEY_BYTES)  # no "-" in front: people give its beginning to a command
    client.digest, client.prefix = digest_of(key), key[:PREFIX_LENGTH]
    return key


def _facts(client: ApiClient) -> dict[str, Any]:
    return {"prefix": client.prefix, "an_hour": client.an_hour, "a_day": client.a_day, "reviewed": client.reviewed}


# --- Use ------------------------------------------------------------------------------------------
def client_of(key: str) -> ApiClient | None:
    """Whose key this is, while it is in force."""
    key = key.strip()
    return ApiClient.objects.filter(digest=digest_of(key), revoked_at=None).first() if key else None


def spend(client: ApiClient) -> int:
    """Count one filing of this client. Seconds until the next is taken where a limit is reached, else 0."""
    now = int(timezone.now().timestamp())
    waits = [
        seconds - now % seconds
        for seconds, limit in ((HOUR, client.an_hour), (DAY, client.a_day))
        if _counted(f"open311:{client.pk}:{seconds}:{now // seconds}", seconds) > limit
    ]
    return max(waits, default=0)


def _counted(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # the cache went away or came back between the two
        return 1


def note_use(client: ApiClient) -> None:
    """The day of use: one write a day, however often a program files."""
    day = today()
    if client.last_used_on != day:
        ApiClient.objects.filter(pk=client.pk).update(last_used_on=day)
