"""Many new rows of several tables in one statement: a verb pays for each round trip to the database."""

from collections.abc import Iterable

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
    if not statements:
        return
    parts = [f"w{number} AS ({sql})" for number, sql in enumerate(statements[:-1])]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {statements[-1]}" if parts else statements[-1], params)
    for objects in by_table.values():
        for row in objects:
            row._state.adding = False
