"""Conditions that Django has no word for."""

from typing import Any

from django.db.models import BooleanField, Lookup


class AnyOf(Lookup):
    """`AnyOf(F("heads__path"), few)`: the column is among the values of a subquery, which is read first; each of
    them is then looked up by the column's index. For few values out of a large table: with `__in` PostgreSQL
    guesses how many there are, and now and then reads the table with all that hangs on it."""

    output_field = BooleanField()
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        values, params = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{values})", (*given, *params)
