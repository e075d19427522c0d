"""Several reads in one statement, for pages that gather a little from many tables.

    plans, steps, days = read_together(
        Plan.objects.filter(participant=one).select_related("posting"),
        PlanStep.objects.filter(plan__participant=one),
        Deadline.objects.filter(cycle=year).values_list("kind", "due_on"),
    )

Each queryset comes back as the list that it would have given: rows of its model with what `select_related` and
`annotate` add, or the tuples of `values_list`. PostgreSQL packs the rows of each as JSON. One that has
`prefetch_related` still pays for that; `attach` hangs rows that were read together on their parents instead.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import FlatValuesListIterable, ValuesListIterable, prefetch_related_objects

from kepegawaian.lib.prepared import Compiled

Decode = Callable[[Any], Any]
_DECODERS: dict[str, Decode] = {
    "UUIDField": uuid.UUID,
    "DateField": datetime.date.fromisoformat,
    "DateTimeField": datetime.datetime.fromisoformat,
    "TimeField": datetime.time.fromisoformat,
    "DecimalField": Decimal,
    "FloatField": float,
    "JSONField": lambda value: json.dumps(value, default=float),
}
"""From what JSON knows to what the driver would have given; the field's own converters come after it."""
_UNKNOWN = frozenset({"BinaryField", "DurationField"})


def read_together(*querysets: "models.QuerySet[Any]") -> list[list[Any]]:
    """The rows of each, in the order of the arguments. Those that can have no rows are not asked."""
    parts = [_part(queryset) for queryset in querysets]
    asked = [part for part in parts if part is not None]
    texts = iter(_packed(asked))
    found: list[list[Any]] = []
    for queryset, part in zip(querysets, parts, strict=True):
        rows = part.unpacked(next(texts)) if part is not None else []
        if rows and queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            prefetch_related_objects(rows, *queryset._prefetch_related_lookups)  # type: ignore[attr-defined]
        found.append(rows)
    return found


def attach(parents: Iterable[Any], name: str, children: Iterable[Any]) -> None:
    """What `prefetch_related(name)` does for a reverse foreign key, with children that are known already: they
    keep their order, and those of other parents are left out."""
    by_key: dict[Any, list[Any]] = {}
    for parent in parents:
        manager = getattr(parent, name)
        field, known = manager.field, manager.get_queryset()
        if not by_key:
            for child in children:
                by_key.setdefault(getattr(child, field.attname), []).append(child)
        known._result_cache, known._prefetch_done = by_key.get(parent.pk, []), True
        for child in known._result_cache:
            setattr(child, field.name, parent)
        parent.__dict__.setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = known


# --- One statement --------------------------------------------------------------------------------
class _Part(Compiled):
    """A queryset whose rows arrive as JSON."""

    def __init__(self, queryset: "models.QuerySet[Any]") -> None:
        super().__init__(queryset)
        iterable = queryset._iterable_class
        if self.model is None and not issubclass(iterable, ValuesListIterable | FlatValuesListIterable):
            raise TypeError("read_together takes rows of a model or values_list")
        self.flat = issubclass(iterable, FlatValuesListIterable)
        self.decoders = [_decoder(column.output_field) for column in self.columns]
        names = ", ".join(f"c{number}" for number in range(len(self.columns)))
        self.packed = f"(SELECT json_agg(part)::text FROM ({self.sql}) AS part ({names}))"  # noqa: S608

    def unpacked(self, text: str | None) -> list[Any]:
        found = json.loads(text, parse_float=Decimal) if text else []
        rows = self.made([self._decoded(list(row.values())) for row in found])
        return [row[0] for row in rows] if self.flat else list(rows)

    def _decoded(self, row: list[Any]) -> tuple[Any, ...]:
        pairs = zip(self.decoders, row, strict=False)
        return tuple(decode(value) if decode and value is not None else value for decode, value in pairs)


def _decoder(field: Any) -> Decode | None:
    while field.remote_field:
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "ArrayField":
        inner = _decoder(field.base_field)
        return (lambda values: [inner(value) for value in values]) if inner else None
    if kind in _UNKNOWN:
        raise TypeError(f"read_together cannot read {kind}")
    return _DECODERS.get(kind)


def _part(queryset: "models.QuerySet[Any]") -> _Part | None:
    try:
        return _Part(queryset)
    except EmptyResultSet:
        return None


def _packed(parts: Sequence[_Part]) -> Sequence[str | None]:
    if not parts:
        return ()
    with connections[parts[0].alias].cursor() as cursor:
        sql = "SELECT " + ", ".join(part.packed for part in parts)
        cursor.execute(sql, [param for part in parts for param in part.params])
        found: Sequence[str | None] = cursor.fetchone()
    return found
