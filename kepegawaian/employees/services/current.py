"""The `current_*` columns of people, rebuilt from the dated rows in one statement."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection

from kepegawaian.lib.dates import today

_REFRESH = """
UPDATE employees_employee AS person SET
    current_nip = now.nip, current_unit_id = now.unit_id, current_path = now.path,
    current_position = now.position, current_position_kind = now.position_kind,
    current_scheme = now.scheme, current_golongan = now.golongan, current_rank_order = now.rank_order
FROM (
    SELECT employee.id, coalesce(number.value, '') AS nip, holding.unit_id, coalesce(unit.path, '') AS path,
        coalesce(position.name, '') AS position, coalesce(position.kind, '') AS position_kind,
        coalesce(rank.scheme, '') AS scheme, coalesce(rank.golongan, '') AS golongan,
        coalesce(rank."order", 0) AS rank_order
    FROM employees_employee AS employee
    LEFT JOIN employees_employeenumber AS number
        ON number.employee_id = employee.id AND number.valid_to IS NULL AND number.kind <> 'old_nip'
    LEFT JOIN employees_rankholding AS rank
        ON rank.employee_id = employee.id AND rank.superseded_at IS NULL
        AND rank.valid_from <= %(on)s AND (rank.valid_to IS NULL OR rank.valid_to >= %(on)s)
    LEFT JOIN employees_positionholding AS holding
        ON holding.employee_id = employee.id AND holding.superseded_at IS NULL AND holding.kind = 'definitive'
        AND holding.valid_from <= %(on)s AND (holding.valid_to IS NULL OR holding.valid_to >= %(on)s)
    LEFT JOIN employees_position AS position ON position.id = holding.position_id
    LEFT JOIN units_unit AS unit ON unit.id = holding.unit_id
    WHERE {which}
) AS now
WHERE person.id = now.id AND (
    person.current_nip, person.current_unit_id, person.current_path, person.current_position,
    person.current_position_kind, person.current_scheme, person.current_golongan, person.current_rank_order
) IS DISTINCT FROM (
    now.nip, now.unit_id, now.path, now.position, now.position_kind, now.scheme, now.golongan, now.rank_order
)
"""
_ALL = "true"
_THESE = "employee.id = ANY(%(ids)s)"
_BELOW = (
    "employee.id IN (SELECT employee_id FROM employees_positionholding JOIN units_unit ON unit_id = units_unit.id"
    " WHERE starts_with(units_unit.path, %(path)s))"
)


def _refresh(which: str, **parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH.format(which=which), parameters)
        return int(cursor.rowcount)


def refresh_current(employee_ids: Iterable[uuid.UUID] | None = None, *, on: datetime.date | None = None) -> int:
    """Make the mirror columns of these people (None: of everybody) say what their dated rows say on `on`.

    Gives the number of people that changed; rows already right are not written.
    """
    on = on or today()
    if employee_ids is None:
        return _refresh(_ALL, on=on)
    return _refresh(_THESE, on=on, ids=list(employee_ids))


def refresh_below(path: str) -> None:
    """After a unit was moved or renamed: everybody in its subtree."""
    _refresh(_BELOW, on=today(), path=path)
