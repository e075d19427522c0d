"""The work of opening a year: participants, postings and assessors by INSERT ... SELECT, batch after batch.

Each batch is one transaction with its cursor, so a worker that dies in the middle leaves whole batches; the next
one goes on behind them, and who is a participant already is never made one again. The same statements take in who
joins during the year.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from evaluations.enums import AssessorSource, CycleState
from evaluations.models import Cycle
from evaluations.selectors.proposing import LINE
from evaluations.services.cycles_population import PEOPLE, Population
from kepegawaian.work.jobs import JobRun

JOB = "evaluations.open_cycle"
BATCH = 5000
_NEW_ID = """
encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
52, 1), 53, 1), 'hex')::uuid
"""
"""A UUIDv7 as `lib.ids` makes them, so that the index of a hundred thousand rows stays compact."""
_CHOOSE = f"""
CREATE TEMPORARY TABLE joining ON COMMIT DROP AS
WITH chosen AS MATERIALIZED (
    SELECT * FROM ({PEOPLE}) people
    WHERE (%(last)s::uuid IS NULL OR employee_id > %(last)s::uuid)
        AND (%(only)s::uuid[] IS NULL OR employee_id = ANY(%(only)s::uuid[]))
        AND NOT EXISTS (
            SELECT 1 FROM evaluations_participant known
            WHERE known.cycle_id = %(cycle)s AND known.employee_id = people.employee_id
        )
    ORDER BY employee_id LIMIT %(size)s
),
batch AS MATERIALIZED (SELECT employee_id, unit_id, path FROM chosen WHERE excused = ''), {LINE}
SELECT {_NEW_ID} AS id, chosen.*, proposal.assessor_id, proposal.capacity
FROM chosen LEFT JOIN proposal ON proposal.employee_id = chosen.employee_id
"""  # noqa: S608
_PARTICIPANTS = """
INSERT INTO evaluations_participant (id, cycle_id, employee_id, unit_id, path, position, heads_id, assessor_id,
    excused_reason, joined_on, version)
SELECT id, %(cycle)s, employee_id, unit_id, path, position, heads_id, assessor_id, excused, %(first)s, 1
FROM joining ORDER BY id
ON CONFLICT (cycle_id, employee_id) DO NOTHING
"""
_POSTINGS = f"""
WITH held AS (
    SELECT joining.id AS participant_id, post.valid_from, post.unit_id, post.heads_id, joining.rank,
        name.name AS position, name.kind AS position_kind,
        lag(ROW(post.unit_id, name.name)) OVER person IS DISTINCT FROM ROW(post.unit_id, name.name) AS another
    FROM joining
    JOIN evaluations_participant made ON made.id = joining.id
    JOIN employees_positionholding post ON post.employee_id = joining.employee_id
        AND post.superseded_at IS NULL AND post.kind = 'definitive' AND post.valid_from <= %(on)s
        AND (post.valid_to IS NULL OR post.valid_to >= %(first)s)
    JOIN employees_position name ON name.id = post.position_id
    WINDOW person AS (PARTITION BY joining.id ORDER BY post.valid_from)
)
INSERT INTO evaluations_posting (id, participant_id, number, unit_id, position, position_kind, rank, heads_id,
    valid_from, valid_to)
SELECT {_NEW_ID}, participant_id, row_number() OVER person, unit_id, position, position_kind, rank, heads_id,
    greatest(valid_from, %(first)s), lead(valid_from) OVER person - 1
FROM held WHERE another
WINDOW person AS (PARTITION BY participant_id ORDER BY valid_from)
"""  # noqa: S608
"""Every post held in the year until today is a posting of its own, unless neither unit nor post changed."""
_ASSESSORS = f"""
INSERT INTO evaluations_assessorassignment
    (id, participant_id, assessor_id, capacity, source, reason, valid_from, at)
SELECT {_NEW_ID}, joining.id, joining.assessor_id, joining.capacity, %(source)s, '', %(first)s, now()
FROM joining JOIN evaluations_participant made ON made.id = joining.id
WHERE joining.assessor_id IS NOT NULL
"""  # noqa: S608
_SINCE = """
UPDATE evaluations_participant joined SET joined_on = first.day
FROM joining, LATERAL (
    SELECT min(valid_from) AS day FROM evaluations_posting WHERE participant_id = joining.id
) first
WHERE joined.id = joining.id AND first.day > joined.joined_on
"""
_COUNT = f"SELECT count(*) FROM ({PEOPLE}) people"  # noqa: S608
_SAID = "SELECT max(employee_id::text), count(*), count(assessor_id) FROM joining"


def open_for_all(run: JobRun) -> dict[str, Any]:
    """The background job; cursor `{"last": employee, "people": n}`."""
    cycle = Cycle.objects.get(pk=run.arguments["cycle"])
    total = _count(cycle)
    last, people = run.cursor.get("last"), int(run.cursor.get("people", 0))
    while True:
        with transaction.atomic():
            last, added, _assessed = add_batch(cycle, after=last)
            people += added
            if not added:
                break
            run.save_cursor({"last": last, "people": people})
        run.progress(people, total, gettext_lazy("Memasukkan peserta"))
    Cycle.objects.filter(pk=cycle.pk, state=CycleState.OPENING).update(state=CycleState.OPEN)
    _analyze()
    return {"people": people, "without_assessor": _without_assessor(cycle)}


def add_batch(
    cycle: Cycle, *, after: str | uuid.UUID | None = None, only: list[uuid.UUID] | None = None, size: int = BATCH
) -> tuple[str | None, int, int]:
    """Take in who fits the filter and is not in yet: (last employee, how many, how many with an assessor).

    Call it in a transaction. `only`: nobody but these employees."""
    given = {**_given(cycle), "last": str(after) if after else None, "only": only, "size": size}
    with connection.cursor() as cursor:
        for statement in (_CHOOSE, _PARTICIPANTS, _POSTINGS, _ASSESSORS, _SINCE, _SAID):
            cursor.execute(statement, given)
        last, people, assessed = cursor.fetchone()
        cursor.execute("DROP TABLE joining")
    return last, people, assessed


def _given(cycle: Cycle) -> Mapping[str, Any]:
    given = Population.of(cycle).parameters(cycle)
    return {
        **given,
        "cycle": cycle.pk,
        "first": given["on"].replace(month=1, day=1),
        "source": str(AssessorSource.PROPOSED),
    }


def _count(cycle: Cycle) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _given(cycle))
        return int(cursor.fetchone()[0])


def _without_assessor(cycle: Cycle) -> int:
    return int(cycle.participants.filter(excused_reason="", assessor=None).count())


def _analyze() -> None:
    """The planner has never seen the year's rows; without this the first lists would be read in full."""
    with connection.cursor() as cursor:
        for table in ("participant", "posting", "assessorassignment"):
            cursor.execute(f"ANALYZE evaluations_{table}")
