"""Numbers that take reading everybody: of many people kept for a minute, of few always those of now."""

import datetime
import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.utils import timezone

T = TypeVar("T")
KEPT_SECONDS, MANY = 60, 5_000


def kept(
    name: str, asked: object, read: Callable[[], T], people: Callable[[T], int]
) -> tuple[T, datetime.datetime | None]:
    """What `read` gives for `asked`, which must name all that the numbers depend on, and when it was counted where
    it is kept for everybody who asks the same: a page says so."""
    key = f"evaluations.{name}:{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    known: tuple[T, datetime.datetime] | None = cache.get(key)
    if known is not None:
        return known
    found = read()
    if people(found) < MANY:
        return found, None
    fresh = (found, timezone.now())
    cache.set(key, fresh, KEPT_SECONDS)
    return fresh
