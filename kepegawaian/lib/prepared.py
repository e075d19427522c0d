"""Querysets that are compiled once a process: building the SQL of a read costs more than the read itself.

    _OF_PERSON = Prepared(lambda slot: Bucket.objects.filter(account=slot("account"), year__gte=slot("since")))
    buckets = _OF_PERSON.all(account=account.pk, since=2024)

For reads that every click pays for. What fills a slot is handed to the database as it is (keys, dates, numbers,
texts), so give `pk`s, not rows; for `__in` take `slot.any("paths", "text")`, which is given a list. Everything
else in the queryset is fixed when it is first used: no `today()`, no scope of a user.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators

M = TypeVar("M")


class Slot(Expression):
    """The place of a value that is known only when the statement runs."""

    def __init__(self, name: str, sql: str = "%s", output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self.sql = sql

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self.sql, [self]


class Keys(Expression):
    """The rows that `Together` picked first."""

    def __init__(self) -> None:
        super().__init__(output_field=models.TextField())

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "(SELECT key FROM picked)", []


class Slots:
    """Handed to the function that builds the queryset."""

    def __call__(self, name: str) -> Any:
        return Slot(name)

    def value(self, name: str, sql_type: str) -> Any:
        """Where nothing beside it tells the type: in an annotation."""
        return Slot(name, f"%s::{sql_type}", models.TextField())

    def any(self, name: str, sql_type: str) -> Any:
        """For `field__in`: one value, a list of any length."""
        return Slot(name, f"(SELECT unnest(%s::{sql_type}[]))")

    @property
    def picked(self) -> Any:
        """For `field__in` in a `Together` that picks: its keys."""
        return Keys()


class Eyes:
    """Who reads, as far as a statement depends on it: whoever sees the same is equal, so that `lru_cache` keeps
    one statement for all of them. Its heirs say in `key` what that is."""

    key: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def filled(params: Iterable[Any], values: dict[str, Any]) -> list[Any]:
    """What the database is given: each slot's value in its place."""
    return [values[param.name] if isinstance(param, Slot) else param for param in params]


class Compiled:
    """The SQL of a queryset, and how its rows become what the queryset gives."""

    def __init__(self, queryset: "models.QuerySet[Any]") -> None:
        compiler = queryset.query.get_compiler(using=queryset.db)
        self.alias: str = queryset.db
        self.sql, self.params = compiler.as_sql()
        self.columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        self.converters = compiler.get_converters(self.columns)
        self.apply_converters = compiler.apply_converters
        self.model: Any = None
        if queryset._iterable_class is ModelIterable:
            self._read_classes(compiler)

    def _read_classes(self, compiler: Any) -> None:
        info = compiler.klass_info
        self.model = info["model"]
        self.start, self.end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in compiler.select[self.start : self.end]]
        self.populators = get_related_populators(info, compiler.select, self.alias)  # type: ignore[call-arg]
        self.annotations = list((compiler.annotation_col_map or {}).items())

    def rows(self, values: dict[str, Any]) -> Sequence[Any]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.sql, filled(self.params, values))
            return self.made(cursor.fetchall())

    def made(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Objects, or the tuples of `values_list`, of what the database gave."""
        if self.converters:
            rows = [tuple(row) for row in self.apply_converters(rows, self.converters)]
        return rows if self.model is None else [self._object(row) for row in rows]

    def _object(self, row: Sequence[Any]) -> Any:
        found = self.model.from_db(self.alias, self.names, row[self.start : self.end])
        for populator in self.populators:
            populator.populate(row, found)
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found


class Prepared(Generic[M]):
    """`build` gives a queryset of rows, or `values_list` of columns; it is called once."""

    def __init__(self, build: Callable[[Slots], Any]) -> None:
        self._build = build
        self._compiled: Compiled | None = None
        self._lock = threading.Lock()

    def all(self, **values: Any) -> list[M]:
        if self._compiled is None:
            with self._lock:
                try:
                    self._compiled = self._compiled or Compiled(self._build(Slots()))
                except EmptyResultSet:  # Django sees by itself that nothing fits
                    return []
        return list(self._compiled.rows(values))

    def first(self, **values: Any) -> M | None:
        """For a queryset that gives one row at most (`[:1]`, or a key)."""
        return next(iter(self.all(**values)), None)


class PreparedCounts:
    """How many rows each of several querysets has, in one statement. `build` gives them, capped by a slice; it is
    called once, and asks for keys alone in no order."""

    def __init__(self, build: Callable[[Slots], "Sequence[models.QuerySet[Any]]"]) -> None:
        self._build = build
        self._compiled: tuple[str, list[Any]] | None = None

    def all(self, **values: Any) -> list[int]:
        if self._compiled is None:
            self._compiled = self._compile()
        sql, given = self._compiled
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, filled(given, values))
            return list(cursor.fetchone())

    def _compile(self) -> tuple[str, list[Any]]:
        parts, params = [], []
        for queryset in self._build(Slots()):
            sql, given = queryset.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - compiled by Django
            params += given
        return f"SELECT {', '.join(parts)}", params
