"""The cache while its server is away."""

import socket

import pytest
from django.core.cache.backends.locmem import LocMemCache

from kepegawaian.lib import cache as lib_cache
from kepegawaian.lib.cache import SteadyRedisCache


@pytest.fixture
def away():
    """A cache whose server refuses every connection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    yield SteadyRedisCache(f"redis://127.0.0.1:{port}/0", {"OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.2}})
    SteadyRedisCache.away_until = 0.0
    LocMemCache("stand-in", {}).clear()


def test_it_remembers_by_itself_while_the_server_is_away(away):
    away.set("a", [1, 2], 60)
    assert away.get("a") == [1, 2]
    assert away.get_many(["a", "b"]) == {"a": [1, 2]}
    away.delete("a")
    assert away.get("a", "gone") == "gone"


def test_a_mark_is_set_once_only(away):
    assert away.add("used", "y", 60) is True
    assert away.add("used", "y", 60) is False


def test_the_server_is_not_asked_again_at_once(away, monkeypatch):
    away.get("a")
    monkeypatch.setattr(lib_cache.RedisCache, "get", lambda *args: pytest.fail("asked again"))
    away.get("a")


def test_the_server_is_asked_again_after_a_pause(away, monkeypatch):
    away.get("a")
    SteadyRedisCache.away_until = 0.0
    monkeypatch.setattr(lib_cache.RedisCache, "get", lambda *args: "back")
    assert away.get("a") == "back"
