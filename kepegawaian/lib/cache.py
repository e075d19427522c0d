"""A cache that is away must fail nobody: limits and one-time marks then live in the process for a while."""

import functools
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger("cache")
PAUSE_SECONDS = 5.0
"""After a failure the server is not asked again for so long, so that no page waits for it twice."""
STAND_IN_KEYS = 10_000


def _or_stand_in(name: str) -> Callable[..., Any]:
    @functools.wraps(getattr(RedisCache, name))
    def method(self: "SteadyRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SteadyRedisCache.away_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                SteadyRedisCache.away_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("cache away", error=type(error).__name__)
        return getattr(self.stand_in, name)(*args, **kwargs)

    return method


class SteadyRedisCache(RedisCache):
    """Redis or Valkey; while it is away, what this process can remember by itself.

    Sign-in counts failures and used codes here. Without a stand-in nobody could sign in during an outage
    (the counters refuse when they cannot count) or nothing would be counted.
    """

    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._ignore_exceptions = False  # so that an outage reaches us instead of looking like a miss
        self.stand_in = LocMemCache("stand-in", {"OPTIONS": {"MAX_ENTRIES": STAND_IN_KEYS}})

    add = _or_stand_in("add")
    get = _or_stand_in("get")
    set = _or_stand_in("set")
    touch = _or_stand_in("touch")
    delete = _or_stand_in("delete")
    incr = _or_stand_in("incr")
    has_key = _or_stand_in("has_key")
    get_many = _or_stand_in("get_many")
    set_many = _or_stand_in("set_many")
    delete_many = _or_stand_in("delete_many")
    clear = _or_stand_in("clear")
