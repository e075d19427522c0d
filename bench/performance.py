"""What performance evaluation measures: a team of fifty, the dashboard of five thousand, a year opened for all."""

import time
from dataclasses import dataclass

from django.db import connection, transaction

from bench.timing import Counter
from bench.world import World
from evaluations.enums import CycleState, PeriodKind
from evaluations.models import Cycle, Participant
from evaluations.services import cycles
from evaluations.services.cycles_opening import JOB
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit
from kepegawaian.work import running
from kepegawaian.work.models import Job

TEAM, UNIT = 50, 5000
_NEWEST = "SELECT id FROM evaluations_cycle WHERE state = 'open' ORDER BY year DESC LIMIT 1"
_TEAM_OF = f"""
SELECT boss.user_id, boss.id, count(*) FROM evaluations_participant joined
JOIN employees_employee boss ON boss.id = joined.assessor_id AND boss.user_id IS NOT NULL
WHERE joined.cycle_id = ({_NEWEST}) AND joined.excused_reason = '' AND joined.left_on IS NULL
GROUP BY 1, 2 HAVING count(*) <= %(size)s ORDER BY 3 DESC, 2 LIMIT 1
"""
_FILL = f"""
WITH own AS (
    SELECT cycle_id, path, assessor_id FROM evaluations_participant
    WHERE cycle_id = ({_NEWEST}) AND employee_id = %(boss)s
),
chosen AS (
    SELECT joined.id FROM evaluations_participant joined JOIN own USING (cycle_id)
    WHERE joined.heads_id IS NULL AND joined.excused_reason = '' AND joined.left_on IS NULL
        AND joined.employee_id <> %(boss)s AND joined.assessor_id <> %(boss)s
        AND joined.employee_id IS DISTINCT FROM own.assessor_id
    ORDER BY left(joined.path, 5) <> left(own.path, 5), joined.id LIMIT %(missing)s
),
history AS (
    UPDATE evaluations_assessorassignment SET assessor_id = %(boss)s
    WHERE valid_to IS NULL AND participant_id IN (SELECT id FROM chosen)
)
UPDATE evaluations_participant SET assessor_id = %(boss)s WHERE id IN (SELECT id FROM chosen)
"""
_UNIT_OF = f"""
SELECT left(path, step) FROM evaluations_participant, generate_series(5, length(path), 5) step
WHERE cycle_id = ({_NEWEST}) GROUP BY 1 ORDER BY abs(count(*) - %(size)s), 1 LIMIT 1
"""
_EMPTY = (
    "DELETE FROM evaluations_assessorassignment row USING evaluations_participant joined"
    " WHERE row.participant_id = joined.id AND joined.cycle_id = %s",
    "DELETE FROM evaluations_posting row USING evaluations_participant joined"
    " WHERE row.participant_id = joined.id AND joined.cycle_id = %s",
    "DELETE FROM evaluations_participant WHERE cycle_id = %s",
)


def assessor_of_fifty(world: World) -> User:
    """Whose team is the largest of up to fifty people, filled up to fifty; done once, it is there."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAM_OF, {"size": TEAM})
        user, boss, people = cursor.fetchone()
        if people < TEAM:
            cursor.execute(_FILL, {"boss": boss, "missing": TEAM - people})
            cursor.execute("ANALYZE evaluations_participant")
    return User.objects.get(pk=user)


def unit_path() -> str:
    """The unit whose people, with all below it, come nearest to five thousand."""
    with connection.cursor() as cursor:
        cursor.execute(_UNIT_OF, {"size": UNIT})
        (path,) = cursor.fetchone()
    return f"/kinerja/unit/{Unit.objects.get(path=path).pk}/"


@dataclass(frozen=True, slots=True)
class Done:
    """Work of a worker: on how many people, how long, how many statements and how long these took."""

    people: int
    milliseconds: float
    statements: int
    sql_ms: float


def open_year(world: World) -> Done:
    """The next year opened for everybody by the background job, and emptied again for the next run."""
    hr, year = world.hr(), today().year + 1
    cycle = Cycle.objects.filter(year=year).first()
    if cycle is None:
        cycle = cycles.prepare_cycle(actor=hr, year=year, period_kind=PeriodKind.QUARTER)
    _empty(cycle)
    job = cycles.open_cycle(actor=hr, cycle=cycle)
    counter, started = Counter(), time.perf_counter()
    with connection.execute_wrapper(counter):
        ran = running.run(job.pk)
    took = (time.perf_counter() - started) * 1000
    people = Participant.objects.filter(cycle=cycle).count()
    if not ran or not people:
        raise SystemExit(f"the year {year} was not opened: {Job.objects.get(pk=job.pk).error}")
    _empty(cycle)
    return Done(people, took, counter.statements, counter.seconds * 1000)


def _empty(cycle: Cycle) -> None:
    """As it was before it was opened, in three statements; what a run that was stopped left goes, too."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _EMPTY:
            cursor.execute(statement, [cycle.pk])
        Job.objects.filter(kind=JOB, arguments__cycle=str(cycle.pk)).delete()
        Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.PREPARING, opened_at=None, opened_by=None)
