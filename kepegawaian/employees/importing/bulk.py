"""Many rows in one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

CHUNK = 1000


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    if rows:
        model._default_manager.bulk_create(rows, batch_size=CHUNK)


def update(model: type[models.Model], rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """Write `columns` of the rows with these ids; PostgreSQL reads the values as the table's own types.

    Django's `bulk_update` builds one CASE per field and row, which takes seconds for a thousand people.
    """
    data = list(rows)
    if not data:
        return 0
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), [quote(name) for name in columns]
    targets, sources = ", ".join(names), ", ".join(f"given.{name}" for name in names)
    statement = (
        f"UPDATE {table} AS old SET ({targets}) = ROW({sources})"  # noqa: S608 - names of our own columns
        f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS given WHERE old.id = given.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(data, cls=DjangoJSONEncoder)])
        return int(cursor.rowcount)
