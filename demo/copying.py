"""Rows into PostgreSQL by COPY: the fastest honest way, with every constraint of the tables in force."""

import csv
import datetime
import io
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
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


class Copier:
    """Collects rows per model and writes them in the order in which the models were first named."""

    def __init__(self, chunk: int = 5000) -> None:
        self._chunk = chunk
        self._rows: dict[type[models.Model], list[list[str]]] = defaultdict(list)
        self._columns: dict[type[models.Model], Any] = {}
        self.counts: dict[str, int] = defaultdict(int)

    def add(self, model: type[models.Model], **values: Any) -> None:
        """One row; what is not given takes the field's default. Foreign keys are given as `<name>_id`."""
        fields = self._columns.setdefault(model, list(model._meta.concrete_fields))
        row = []
        for field in fields:
            given = values.pop(field.attname, values.pop(field.name, models.NOT_PROVIDED))
            row.append(_cell(field.get_default() if given is models.NOT_PROVIDED else given))
        if values:
            raise TypeError(f"{model.__name__} has no {', '.join(values)}")
        self._rows[model].append(row)
        self.counts[model.__name__] += 1
        if len(self._rows[model]) >= self._chunk and next(iter(self._columns)) is model:
            self.flush()

    def flush(self) -> None:
        """Write everything collected, parents before children."""
        for model in self._columns:
            rows, self._rows[model] = self._rows[model], []
            if rows:
                _copy(model, self._columns[model], rows)


def _copy(model: type[models.Model], fields: "Iterable[models.Field[Any, Any]]", rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", buffer)
