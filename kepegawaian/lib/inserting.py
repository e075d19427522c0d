"""Rows of several tables in one statement: a verb pays for each round trip to the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def insert_together(rows: Iterable[Model]) -> None:
    """Insert unsaved rows, table by table in the order in which the tables come up.

    One data-modifying WITH: constraints and triggers hold as for single inserts, row triggers fire at its end.
    """
    by_table: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    statements, params = [], []
    for model, objects in by_table.items():
        query = InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, objects)
        for sql, values in query.get_compiler(using=connection.alias).as_sql():
            statements.append(sql)
            params.extend(values)
    _run(statements, params)
    for objects in by_table.values():
        for row in objects:
            row._state.adding = False


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of a row that is in the database already, to be written as the row has them now."""

    row: Model
    names: Sequence[str]


def update_together(changes: Iterable[Change]) -> None:
    """Write changes of different rows. What is inserted beside them may ask for them, so they come first."""
    statements: list[str] = []
    params: list[Any] = []
    for change in changes:
        meta = change.row._meta
        fields: list[Any] = [meta.get_field(name) for name in change.names]
        columns = ", ".join(f'"{field.column}" = %s' for field in fields)
        statements.append(f'UPDATE "{meta.db_table}" SET {columns} WHERE "id" = %s')  # noqa: S608
        params += [field.get_db_prep_save(getattr(change.row, field.attname), connection) for field in fields]
        params.append(change.row.pk)
    _run(statements, params)


def _run(statements: Sequence[str], params: Sequence[Any]) -> None:
    """As one data-modifying WITH."""
    if not statements:
        return
    parts = [f"w{number} AS ({sql})" for number, sql in enumerate(statements[:-1])]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {statements[-1]}" if parts else statements[-1], params)
