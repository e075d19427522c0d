"""Several reads in one statement, for pages that gather a little from many tables.

    plans, steps, days = read_together(
        Plan.objects.filter(participant=one).select_related("posting"),
        PlanStep.objects.filter(plan__participant=one),
        Deadline.objects.filter(cycle=year).values_list("kind", "due_on"),
    )

Each queryset comes back as the list that it would have given: rows of its model with what `select_related` and
`annotate` add, or the tuples of `values_list`. PostgreSQL packs the rows of each as JSON. One that has
`prefetch_related` still pays for that; `attach` hangs rows that were read together on their parents instead.

Compiling them takes longer than reading them. Where every click pays for it, the statement is compiled once a
process, with slots as in `kepegawaian/lib/prepared.py`:

    _OF_YEAR = Together(
        lambda slot: (
            Plan.objects.filter(participant=slot("participant")).select_related("posting"),
            Deadline.objects.filter(cycle=slot("cycle")).values_list("kind", "due_on"),
        )
    )
    plans, days = _OF_YEAR.all(participant=one.pk, cycle=one.cycle_id)

Where several reads are about the same page of a long list, `pick` gives a queryset of its keys. PostgreSQL sorts
the list once for them, with no more columns than the order needs; `slot.picked` stands for the keys:

    _PAGE = Together(
        lambda slot: (Plan.objects.filter(owner__in=slot.picked), Mark.objects.filter(owner__in=slot.picked)),
        pick=lambda slot: Participant.objects.filter(cycle=slot("cycle")).order_by("name").values("pk")[:25],
    )
"""

import datetime
import json
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import FlatValuesListIterable, ValuesListIterable, prefetch_related_objects

from kepegawaian.lib.prepared import Compiled, Slots, filled

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
    return _Statement(querysets).rows({})


class Together:
    """The same compiled once: `build` gives the querysets, and is called once. One that Django sees by itself to
    have no rows is never asked again."""

    def __init__(
        self,
        build: Callable[[Slots], "Iterable[models.QuerySet[Any]]"],
        *,
        pick: Callable[[Slots], "models.QuerySet[Any, Any]"] | None = None,
    ) -> None:
        self._build, self._pick = build, pick
        self._statement: _Statement | None = None
        self._lock = threading.Lock()

    def all(self, **values: Any) -> list[list[Any]]:
        if self._statement is None:
            with self._lock:
                self._statement = self._statement or self._compiled()
        return self._statement.rows(values)

    def _compiled(self) -> "_Statement":
        return _Statement(self._build(Slots()), self._pick(Slots()) if self._pick else None)


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
        self.prefetched = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        decoders = enumerate(_decoder(column.output_field) for column in self.columns)
        self.decoders = [(place, decode) for place, decode in decoders if decode is not None]
        names = ", ".join(f"c{number}" for number in range(len(self.columns)))
        self.packed = f"(SELECT json_agg(part)::text FROM ({self.sql}) AS part ({names}))"  # noqa: S608

    def unpacked(self, text: str | None) -> list[Any]:
        if not text:
            return []
        plain = [list(row.values()) for row in json.loads(text, parse_float=Decimal)]
        for place, decode in self.decoders:
            for row in plain:
                if row[place] is not None:
                    row[place] = decode(row[place])
        made = self.made(plain)
        if self.flat:
            return [row[0] for row in made]
        rows: list[Any] = list(made) if self.model is not None else [tuple(row) for row in made]
        if self.prefetched:
            prefetch_related_objects(rows, *self.prefetched)
        return rows


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


class _Statement:
    """All of them; None stands for one that has no rows whatever is asked."""

    def __init__(
        self, querysets: "Iterable[models.QuerySet[Any]]", keys: "models.QuerySet[Any, Any] | None" = None
    ) -> None:
        self.parts = [_part(queryset) for queryset in querysets]
        self.asked = [part for part in self.parts if part is not None]
        self.sql = "SELECT " + ", ".join(part.packed for part in self.asked)
        self.params = [param for part in self.asked for param in part.params]
        if keys is not None:
            picked = Compiled(keys)
            self.sql = f"WITH picked (key) AS MATERIALIZED ({picked.sql}) {self.sql}"
            self.params = [*picked.params, *self.params]

    def rows(self, values: dict[str, Any]) -> list[list[Any]]:
        texts = iter(self._texts(values))
        return [[] if part is None else part.unpacked(next(texts)) for part in self.parts]

    def _texts(self, values: dict[str, Any]) -> "Sequence[str | None]":
        if not self.asked:
            return ()
        with connections[self.asked[0].alias].cursor() as cursor:
            cursor.execute(self.sql, filled(self.params, values))
            found: Sequence[str | None] = cursor.fetchone()
        return found
