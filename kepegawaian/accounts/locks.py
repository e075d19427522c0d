"""Sign-ins that too many failures closed for a while, so that an officer can see and lift them.

allauth counts the failures in the cache, under digests that tell no name. What is closed is therefore noted beside
them, for as long as it is closed: known and unknown sign-in names alike, so that neither costs more.
"""

import datetime
import time
from collections.abc import Iterator
from typing import Any

from allauth.core.internal.ratelimit import Rate, cache_lock, get_cache_key, get_rates
from django.core.cache import cache
from django.db.models import Q

from kepegawaian.accounts.models import User
from kepegawaian.lib.ids import as_uuid

SIGN_IN, ACTIVATE = "login_failed", "activate"
APP = "allauth.account"
NOTED = "accounts.locks"
AT_MOST = 1000
"""Noted at a time; beyond it the ones that open first are forgotten here, and stay closed all the same."""


def sign_in_key(login: str) -> str:
    """What failures of one sign-in name are counted under, whatever host they came in by."""
    return f"sign-in:{login.lower()}"


def second_factor_key(user: User) -> str:
    """As allauth.mfa.base.internal.flows names it."""
    return f"mfa-auth-user-{user.pk}"


def note(action: str, key: str, subject: str) -> None:
    """Remember `subject` (a sign-in name, or the id of a user) if `key` is closed now."""
    if until := _closed_until(action, key):
        with cache_lock(NOTED) as locked:
            if locked:
                rows = sorted({**_noted(), subject: until}.items(), key=lambda row: row[1])[-AT_MOST:]
                cache.set(NOTED, dict(rows), rows[-1][1] - time.time())


def closed() -> dict[str, datetime.datetime]:
    """Until when, by sign-in name or id of a user."""
    return {name: datetime.datetime.fromtimestamp(until, datetime.UTC) for name, until in _noted().items()}


def closed_users(prefix: str = "") -> Q:
    """Condition for the accounts closed now; `prefix` leads to the user, as in "user__"."""
    names = list(closed())
    ids = [found for name in names if (found := as_uuid(name))]
    return Q(**{f"{prefix}nip__in": names}) | Q(**{f"{prefix}email__in": names}) | Q(**{f"{prefix}pk__in": ids})


def subjects(user: User) -> list[str]:
    return [name for name in (user.nip, user.email, str(user.pk)) if name]


def until(user: User, rows: dict[str, datetime.datetime]) -> datetime.datetime | None:
    """When the account opens again, by the answer of `closed()`; None: it is open."""
    return max((rows[name] for name in subjects(user) if name in rows), default=None)


def lift(user: User) -> None:
    """Forget the failures of this person: password, second step and activation code."""
    names = [name for name in (user.nip, user.email) if name]
    keys = [(SIGN_IN, sign_in_key(name)) for name in names] + [(ACTIVATE, name) for name in names]
    keys.append((SIGN_IN, second_factor_key(user)))
    for action, key in keys:
        for _rate, name in _counters(action, key):
            cache.delete(name)
    with cache_lock(NOTED) as locked:
        if locked:
            gone = subjects(user)
            rest = {name: at for name, at in _noted().items() if name not in gone}
            cache.set(NOTED, rest, max(rest.values(), default=time.time()) - time.time())


def _noted() -> dict[str, float]:
    now = time.time()
    rows: dict[str, float] = cache.get(NOTED) or {}
    return {name: until for name, until in rows.items() if until > now}


def _counters(action: str, key: str) -> Iterator[tuple[Rate, str]]:
    """The counters of one person; those per address stay, as they concern everybody behind it."""
    nobody: Any = None  # the request is read only for counters per address or per session
    for rate in get_rates(app=APP, action=action):
        if rate.per == "key":
            yield rate, get_cache_key(nobody, app=APP, action=action, rate=rate, key=key)


def _closed_until(action: str, key: str) -> float | None:
    now = time.time()
    ends: list[float] = []
    for rate, name in _counters(action, key):
        recent = [at for at in cache.get(name, []) if at > now - rate.duration]
        if len(recent) >= rate.amount:
            ends.append(min(recent) + rate.duration)
    return max(ends, default=None)
