"""A running year of performance in the world of tests: everybody takes part. Each part of the app brings its own
module `tests/support/evaluations_<part>.py` with `objects(world)` (route -> arguments) and `GROWTH`."""

import datetime
import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evaluations.enums import AssessorSource, CycleState, DeadlineKind
from evaluations.models import AssessorAssignment, Cycle, Deadline, Participant, Period
from evaluations.services.cycles_opening import add_batch
from tests.evaluations.factories import make_cycle

PARTS = ("plans", "execution", "ratings", "follow_up", "api")


@dataclass
class Performance:
    """`me` is the part of `employee`, whose assessor is `superior`."""

    gov: Any
    users: dict
    cycle: Cycle
    me: Participant
    quarter: Period


def make_performance(gov, users) -> Performance:
    cycle = make_cycle(2026)
    quarter = cycle.periods.get(kind="quarter", number=1)
    for kind, period, due in (
        (DeadlineKind.PLAN_AGREE, None, (1, 31)),
        (DeadlineKind.PROGRESS, quarter, (4, 5)),
        (DeadlineKind.ASSESS, quarter, (4, 10)),
    ):
        Deadline.objects.create(cycle=cycle, period=period, kind=kind, due_on=datetime.date(2026, *due))
    with transaction.atomic():
        add_batch(cycle)
    return Performance(gov, users, cycle, cycle.participants.get(employee=gov.employee), quarter)


def _modules() -> list:
    names = [f"tests.support.evaluations_{part}" for part in PARTS]
    return [importlib.import_module(name) for name in names if importlib.util.find_spec(name)]


def evaluations_objects(gov, users) -> dict:
    world = make_performance(gov, users)
    years = ("cycle", "cycle_calendar", "cycle_population", "cycle_discard", "cycle_open", "cycle_close")
    found = {f"evaluations:{name}": {"pk": world.cycle.pk} for name in years}
    found |= {f"evaluations:{name}": {"pk": world.me.pk} for name in ("assessor", "assessor_by_line")}
    found["evaluations:unit"] = {"pk": gov.section.pk}
    for module in _modules():
        found |= module.objects(world)
    return found


# --- More of everything -----------------------------------------------------------------------------
def grow_participants(world, count: int) -> None:
    """Whoever came since takes part; the employee had many assessors; there are many years."""
    cycle = Cycle.objects.get(year=2026)
    with transaction.atomic():
        add_batch(cycle)
    me = cycle.participants.get(employee=world.gov.employee)
    last = datetime.date(2026, 1, 1)
    AssessorAssignment.objects.bulk_create(
        AssessorAssignment(
            participant=me,
            assessor=world.gov.section_head,
            source=AssessorSource.PROPOSED,
            valid_from=last,
            valid_to=last,
        )
        for _ in range(count)
    )
    first = max(Cycle.objects.values_list("year", flat=True)) + 1
    Cycle.objects.bulk_create(Cycle(year=first + number, state=CycleState.PREPARING) for number in range(count))


GROWTH = (grow_participants, *(grow for module in _modules() for grow in getattr(module, "GROWTH", ())))
