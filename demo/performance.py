"""Three years of performance: two closed books, and this year as far as it has come."""

import datetime
import random
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from demo import performance_follow_up, performance_plans, performance_ratings, performance_transfer
from demo.moments import moment
from demo.people import Person
from evaluations.enums import CycleState, EvaluationState, PeriodKind
from evaluations.models import Cycle, Participant
from evaluations.services import cycles
from evaluations.services.cycles_opening import add_batch
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today

FIRST_WORKING_WEEK = (1, 5)
LOOKED_AT = 900
"""People of a government that somebody walks through; of larger ones the quarters of closed years and the year
before the last are left out, which would take as long to load as everything else together."""
READ = ("employees_positionholding", "employees_position", "employees_employee", "units_unit", "accounts_user")


def load(chosen: dict[str, Person], rng: random.Random) -> int:
    """How many participants there are in all."""
    hr = User.objects.get(pk=chosen[Role.HR_CENTRAL].user_id)
    with connection.cursor() as cursor:
        for table in READ:  # just written: without numbers about them the planner guesses
            cursor.execute(f"ANALYZE {table}")
    this_year, people = today().year, 0
    for year in (this_year - 1, this_year):
        cycle = _open(hr, year)
        people += cycle.participants.count()
        agreed = [chosen[name].id for name in ("employee", "superior")]
        performance_plans.load(
            cycle,
            rng,
            all_agreed=year < this_year,
            agreed=agreed,
            drafts=[chosen[Role.HR_UNIT].id],
            without=[chosen[Role.INSPECTOR].id],
        )
        if year < this_year:
            _close(cycle)
    performance_ratings.load(rng, _shown(chosen))
    if cycle.participants.count() <= LOOKED_AT:
        people += _look_back(hr, this_year - 2)
        performance_ratings.fill_quarters()
    performance_follow_up.load(rng, shown=[chosen["employee"].id])
    performance_transfer.load(cycle, [person.id for person in chosen.values()])
    return people


def _shown(chosen: dict[str, Person]) -> dict[uuid.UUID, EvaluationState | None]:
    """The employee has read the last result; the rest of the superior's team still waits for it."""
    employee, superior = chosen["employee"].id, chosen["superior"].id
    team = Participant.objects.filter(cycle__year=today().year, assessor_id=superior)
    waiting: dict[uuid.UUID, EvaluationState | None] = dict.fromkeys(team.values_list("employee_id", flat=True))
    return waiting | {employee: EvaluationState.FINAL}


def _look_back(hr: User, year: int) -> int:
    """The year before the last, so that somebody's history is more than a point; drawn apart from the others."""
    cycle = _open(hr, year)
    performance_plans.load(cycle, random.Random(year), all_agreed=True)
    _close(cycle)
    performance_ratings.look_back(cycle)
    return cycle.participants.count()


def _close(cycle: Cycle) -> None:
    """A year that is over is a closed book: nobody is asked for anything in it."""
    end_of_january = datetime.datetime(cycle.year + 1, 1, 31, 9, tzinfo=datetime.UTC)
    Cycle.objects.filter(pk=cycle.pk).update(
        state=CycleState.CLOSED, closed_at=min(end_of_january, timezone.now())
    )


def _open(hr: Any, year: int) -> Cycle:
    """Opened in the first week of its year, or today where that is still to come."""
    opened = min(datetime.datetime(year, *FIRST_WORKING_WEEK, 2, tzinfo=datetime.UTC), timezone.now())
    with moment(opened):
        cycle = cycles.prepare_cycle(actor=hr, year=year, period_kind=PeriodKind.QUARTER)
        last = None
        while True:
            last, added, _assessed = add_batch(cycle, after=last)
            if not added:
                break
    Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.OPEN, opened_at=opened, opened_by=hr)
    cycle.refresh_from_db()
    return cycle
