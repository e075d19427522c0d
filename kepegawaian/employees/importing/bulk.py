"""Many rows in one statement."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

CHUNK = 1000


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """COPY into the table, with all its constraints in force. For models without `auto_now` fields."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    lines = ("\t".join(_text(field, getattr(row, field.attname)) for field in fields) for row in rows)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    # Django turns errors of its own cursor methods into its own exceptions; COPY is none of them.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", io.StringIO("\n".join(lines))
        )


def _text(field: Any, value: Any) -> str:
    """A value as COPY's text format wants it."""
    if value is None:
        return "\\N"
    if isinstance(field, models.JSONField):
        value = json.dumps(value, cls=DjangoJSONEncoder)
    elif isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


def analyze(*tables: type[models.Model]) -> None:
    """Tell the planner about what this transaction has written, before statements that join it."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


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
