"""A GET may only read: any write while answering one raises, except what is named here.

The one write let through is the audit of reads of restricted data (`allow_writes`), and Django's own
session and message bookkeeping.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|CREATE|DROP)\b", re.IGNORECASE)
_BOOKKEEPING = re.compile(r'"(django_session|usersessions_usersession|knox_authtoken|accounts_accesstoken)"')
_allowed: ContextVar[bool] = ContextVar("writes_allowed", default=False)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class WriteDuringRead(RuntimeError):
    """A view answering GET tried to change data."""


@contextmanager
def allow_writes() -> Iterator[None]:
    """Let writes through inside a GET: for audit rows of reads, and named flows of foreign packages."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def _guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not _allowed.get() and _WRITES.match(sql) and not _BOOKKEEPING.search(sql):
        raise WriteDuringRead(f"a GET may not write: {sql[:80]}")
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Guards every GET outside the admin and the sign-in package, which keep their own books."""

    exempt = ("/admin/", "/akun/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE or request.path.startswith(self.exempt):
            return self.get_response(request)
        with connection.execute_wrapper(_guard):
            return self.get_response(request)
