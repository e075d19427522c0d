"""Rows into PostgreSQL by COPY: the fastest honest way, with every constraint of the tables in force."""

import csv
import datetime
import io
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

_EPOCH_MS = int(datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC).timestamp() * 1000)


class Ids:
    """UUIDv7 values from a seeded generator: the same seed gives the same ids, ordered as they are made."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._count = 0

    def __call__(self) -> uuid.UUID:
        self._count += 1
        high = (_EPOCH_MS + self._count // 64) << 80 | 0x7 << 76 | (self._count % 64) << 64
        return uuid.UUID(int=high | 0b10 << 62 | self._rng.getrandbits(62))


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str)
    return str(value)


@dataclass
class _Table:
    """A model's columns, and the row that a call begins with: the fields' defaults."""

    columns: list[str]
    places: dict[str, int]
    defaults: list[str]
    made: list[tuple[int, Callable[[], Any]]]
    rows: list[list[str]] = field(default_factory=list)


def _makes(column: "models.Field[Any, Any]") -> bool:
    return column.has_default() and callable(column.default)


def _table(model: type[models.Model]) -> _Table:
    fields = list(model._meta.concrete_fields)
    made = [(place, each.default) for place, each in enumerate(fields) if _makes(each)]
    return _Table(
        columns=[str(each.column) for each in fields],
        places={each.attname: place for place, each in enumerate(fields)},
        defaults=["" if _makes(each) else _cell(each.get_default()) for each in fields],
        made=made,
    )


class Copier:
    """Collects rows per model and writes them in the order in which the models were first named."""

    def __init__(self, chunk: int = 5000) -> None:
        self._chunk = chunk
        self._tables: dict[type[models.Model], _Table] = {}
        self.counts: dict[str, int] = defaultdict(int)

    def add(self, model: type[models.Model], **values: Any) -> None:
        """One row; what is not given takes the field's default. Foreign keys are given as `<name>_id`."""
        table = self._tables.get(model)
        if table is None:
            table = self._tables[model] = _table(model)
        row = table.defaults.copy()
        for name, value in values.items():
            row[table.places[name]] = _cell(value)
        for place, make in table.made:
            row[place] = row[place] or _cell(make())
        table.rows.append(row)
        self.counts[model.__name__] += 1
        if len(table.rows) >= self._chunk and next(iter(self._tables)) is model:
            self.flush()

    def flush(self) -> None:
        """Write everything collected, parents before children."""
        for model, table in self._tables.items():
            rows, table.rows = table.rows, []
            if rows:
                _copy(model, table.columns, rows)


def _copy(model: type[models.Model], columns: list[str], rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    target = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {target} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", buffer)
