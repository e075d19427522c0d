"""Whom the reporting line makes assessor: `employees.reporting.superior_of` for thousands of people at once.

The same line (up the unit tree, the secretariat between an office and the government), the same turn within a unit
(Plh, definitive, Plt), the same delegates; a test compares the two person by person. PostgreSQL ranks the heads
above each unit once, and people of one unit share the result.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kepegawaian.employees.enums import ACTIVE_STATES

LINE = """
heads AS MATERIALIZED (
    SELECT holding.employee_id AS holder_id, holding.heads_id, unit.path, length(unit.path) AS depth,
        unit.kind = 'government' AS above_all, post.name AS post,
        CASE holding.kind WHEN 'plh' THEN 0 WHEN 'definitive' THEN 1 ELSE 2 END AS turn,
        CASE holding.kind WHEN 'plh' THEN 'Plh. ' WHEN 'plt' THEN 'Plt. ' ELSE '' END AS acting,
        person.legal_state = ANY(%(able)s) AND coalesce(account.is_active, false) AS able,
        delegate.id AS delegate_id
    FROM employees_positionholding holding
    JOIN units_unit unit ON unit.id = holding.heads_id
    JOIN employees_position post ON post.id = holding.position_id
    JOIN employees_employee person ON person.id = holding.employee_id
    LEFT JOIN accounts_user account ON account.id = person.user_id
    LEFT JOIN LATERAL (
        SELECT deputy.id FROM employees_delegation delegation
        JOIN employees_employee deputy ON deputy.id = delegation.delegate_id
        JOIN accounts_user own ON own.id = deputy.user_id
        WHERE delegation.principal_id = holding.employee_id AND delegation.ended_at IS NULL
            AND delegation.valid_from <= %(on)s
            AND (delegation.valid_to IS NULL OR delegation.valid_to >= %(on)s)
            AND deputy.legal_state = ANY(%(able)s) AND own.is_active
        ORDER BY delegation.valid_from DESC, delegation.id DESC LIMIT 1
    ) delegate ON true
    WHERE holding.superseded_at IS NULL AND holding.valid_from <= %(on)s
        AND (holding.valid_to IS NULL OR holding.valid_to >= %(on)s)
        AND (unit.closed_on IS NULL OR unit.closed_on > %(on)s)
),
starts AS (SELECT DISTINCT unit_id, path FROM batch),
above AS (
    SELECT unit_id, starts.path, left(starts.path, step) AS higher
    FROM starts CROSS JOIN LATERAL generate_series(5, length(starts.path), 5) step
    UNION
    SELECT unit_id, starts.path, unit.path FROM starts, units_unit unit WHERE unit.function = 'secretariat'
),
ranked AS MATERIALIZED (
    SELECT above.unit_id, heads.*, row_number() OVER (
        PARTITION BY above.unit_id
        ORDER BY above_all, NOT starts_with(above.path, heads.path), depth DESC, turn
    ) AS place
    FROM above JOIN heads ON heads.path = above.higher
),
nearest AS (SELECT DISTINCT ON (unit_id) * FROM ranked WHERE able ORDER BY unit_id, place),
led AS MATERIALIZED (
    SELECT batch.employee_id, batch.unit_id, max(same.place) AS place FROM batch
    JOIN ranked own ON own.unit_id = batch.unit_id AND own.holder_id = batch.employee_id
    JOIN ranked same ON same.unit_id = own.unit_id AND same.heads_id = own.heads_id
    GROUP BY batch.employee_id, batch.unit_id
),
line AS (
    SELECT batch.employee_id, nearest.holder_id, nearest.delegate_id, nearest.acting, nearest.post
    FROM batch JOIN nearest ON nearest.unit_id = batch.unit_id
    WHERE NOT EXISTS (SELECT 1 FROM led WHERE led.employee_id = batch.employee_id)
    UNION ALL
    (SELECT DISTINCT ON (led.employee_id)
        led.employee_id, ranked.holder_id, ranked.delegate_id, ranked.acting, ranked.post
    FROM led JOIN ranked ON ranked.unit_id = led.unit_id AND ranked.able AND ranked.place > led.place
    ORDER BY led.employee_id, ranked.place)
),
proposal AS (
    SELECT employee_id,
        CASE WHEN delegate_id <> employee_id THEN delegate_id ELSE holder_id END AS assessor_id,
        left(CASE WHEN delegate_id <> employee_id THEN 'a.n. ' ELSE '' END || acting || post, 120) AS capacity
    FROM line
)
"""
"""Needs a CTE `batch` (employee_id, unit_id, path) of people with their definitive post; gives `proposal`."""

POST = """
employees_positionholding post ON post.employee_id = {person} AND post.superseded_at IS NULL
    AND post.kind = 'definitive' AND post.valid_from <= %(on)s
    AND (post.valid_to IS NULL OR post.valid_to >= %(on)s)
"""
"""The definitive post in force, to be joined."""
_OF_PEOPLE = f"""
WITH batch AS MATERIALIZED (
    SELECT person.id AS employee_id, post.unit_id, unit.path FROM employees_employee person
    JOIN {POST.format(person="person.id")} JOIN units_unit unit ON unit.id = post.unit_id
    WHERE %(everybody)s OR person.id = ANY(%(people)s)
), {LINE}
SELECT employee_id, assessor_id, capacity FROM proposal
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Proposed:
    assessor_id: uuid.UUID
    capacity: str


def parameters(on: datetime.date) -> dict[str, Any]:
    """What `LINE` and `POST` are given."""
    return {"on": on, "able": [str(state) for state in ACTIVE_STATES]}


def proposed(on: datetime.date, people: Sequence[uuid.UUID] | None = None) -> Mapping[uuid.UUID, Proposed]:
    """The assessor of each of these people (None: of everybody with a post); who has none is left out."""
    given = {**parameters(on), "everybody": people is None, "people": list(people or ())}
    with connection.cursor() as cursor:
        cursor.execute(_OF_PEOPLE, given)
        return {person: Proposed(assessor, capacity) for person, assessor, capacity in cursor.fetchall()}
