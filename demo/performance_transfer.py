"""Somebody who moved within the year: two posts with an SKP each; a signed result stays with the former unit."""

import datetime
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.utils import timezone

from demo.moments import moment
from evaluations.enums import EvaluationState, PeriodKind, PlanState
from evaluations.models import Cycle, Evaluation, Participant, Period, Plan
from evaluations.services import plans_flow, plans_start
from kepegawaian.employees.models import PositionHolding
from kepegawaian.employees.services import add_position
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit


def load(cycle: Cycle, left_alone: Collection[uuid.UUID]) -> Participant | None:
    """On the day after the last quarter that is over; nobody where none is. `left_alone`: ids of employees whom
    somebody who signs in looks for."""
    over = cycle.periods.filter(kind=PeriodKind.QUARTER, end__lt=today()).order_by("-end").first()
    found = next(_movable(over, left_alone), None) if over else None
    if over is None or found is None:
        return None
    participant, holding, unit = found
    former = participant.plan
    since = over.end + datetime.timedelta(days=1)
    with moment(_at(since, 8)):
        add_position(
            employee=participant.employee,
            position=holding.position,
            unit=unit,
            valid_from=since,
            decree_number=f"800.1.3.3/214/{since.year}",
            decree_date=since - datetime.timedelta(days=9),
            signer="Wali Kota",
        )
    participant.refresh_from_db()
    if former is not None and participant.assessor is not None:
        _plan_anew(participant, former, participant.assessor.user, since)
    return participant


Move = tuple[Participant, PositionHolding, Unit]


def _movable(period: Period, left_alone: Collection[uuid.UUID]) -> Iterator[Move]:
    """Rated and signed people who head nothing, with the post that they hold and a unit beside theirs."""
    rows = Evaluation.objects.counting().filter(period=period, state=EvaluationState.FINAL)
    people = Participant.objects.filter(evaluations__in=rows, heads=None, plan__state=PlanState.AGREED)
    people = people.filter(postings__valid_to=None, postings__valid_from__lte=period.end)
    people = people.exclude(employee__in=left_alone).select_related("employee__user", "unit", "plan")
    for one in people.order_by("pk"):
        held = one.employee.holdings.filter(superseded_at=None, valid_to=None, kind="definitive")
        holding = held.filter(position__heads=None).first()
        beside = _beside(one, one.unit) if one.unit else None
        if holding is not None and beside is not None:
            yield one, holding, beside


def _beside(one: Participant, unit: Unit) -> Unit | None:
    """Of the same parent, with a head who assesses its people."""
    places = Participant.objects.filter(cycle=one.cycle_id, heads=None, assessor__user__isnull=False)
    siblings = Unit.objects.get_siblings(unit).filter(kind=unit.kind, pk__in=places.values("unit"))
    return siblings.exclude(pk=unit.pk).order_by("path").first()


def _plan_anew(participant: Participant, former: Plan, assessor: Any, since: datetime.date) -> None:
    """Written after the former one in three days, agreed in five."""
    source = plans_start.Source(plans_start.Origin.PLAN, former.pk)
    with moment(_at(since + datetime.timedelta(days=3), 9)):
        plan = plans_start.start(actor=participant.employee.user, participant=participant, source=source)
        plan = plans_flow.submit(actor=participant.employee.user, plan=plan)
    with moment(_at(since + datetime.timedelta(days=5), 10)):
        plans_flow.agree(actor=assessor, plan=plan)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    at = datetime.datetime.combine(day, datetime.time(hour), tzinfo=timezone.get_current_timezone())
    return min(at, timezone.now())
