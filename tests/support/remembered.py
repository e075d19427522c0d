"""A small government of the tests is made by the verbs once a process; the tests after it get the same rows in one
statement, and a copy of what was made."""

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

T = TypeVar("T")
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")
FRESH = timedelta(minutes=30)
EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM units_unit) AND NOT EXISTS (SELECT 1 FROM accounts_user)"
"""What is made hangs on what is there: paths of units, numbers of people."""


@dataclass(slots=True)
class Recorder:
    """An `execute_wrapper` that keeps what is written, with its values."""

    written: list[bytes] = field(default_factory=list)
    undone: bool = False
    """Something was taken back to a savepoint, so the statements alone do not tell what is left."""

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        text = str(sql).lstrip().upper()
        self.undone = self.undone or text.startswith("ROLLBACK")
        if text.startswith(WRITES):
            cursor = context["cursor"].cursor
            self.written += [cursor.mogrify(sql, each) for each in (params if many else [params])]
        return result


@dataclass(frozen=True, slots=True)
class Memory:
    made_at: datetime
    sql: bytes
    gave: bytes

    @property
    def usable(self) -> bool:
        """Not of a later moment than now, which a test may have set, and of the same day."""
        now = timezone.localtime()
        return self.made_at <= now < self.made_at + FRESH and self.made_at.date() == now.date()


def remembered(make: Callable[..., T]) -> Callable[..., T]:
    """For a maker that begins with no unit and no user there. Where something is there already, and in tests that
    commit, it is called as it is."""
    memories: dict[str, Memory] = {}

    @functools.wraps(make)
    def maker(*args: Any, **kwargs: Any) -> T:
        if not connection.in_atomic_block or not _nobody_there():
            return make(*args, **kwargs)
        key = repr((args, sorted(kwargs.items())))
        known = memories.get(key)
        if known is not None and known.usable:
            with connection.cursor() as cursor:
                cursor.execute(known.sql.decode())
            return pickle.loads(known.gave)
        recorder, made_at = Recorder(), timezone.localtime()
        with connection.execute_wrapper(recorder):
            made = make(*args, **kwargs)
        if not recorder.undone:
            memories[key] = Memory(made_at, b";\n".join(recorder.written), pickle.dumps(made))
        return made

    return maker


def _nobody_there() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        return cursor.fetchone()[0]
