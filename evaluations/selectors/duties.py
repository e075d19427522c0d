"""Against which SKP a period is rated, and by whom.

A transfer gives a second SKP, and both are kept (reference section 2). A period that ended in the former post is
rated against what was agreed there, by whoever assessed there last; the year by the last assessor, who weighs the
earlier SKP. Where nothing was agreed in the former post, the SKP that counts now stands for it.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from evaluations.enums import PeriodKind, PlanState
from evaluations.models import AssessorAssignment, Participant, Period, Plan
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today


@dataclass(frozen=True, slots=True)
class Duty:
    """`plan`: once both have agreed on it. `on`: the day whose assessor that is."""

    plan: Plan | None
    assessor: Employee | None
    on: datetime.date


def duty_of(participant: Participant, period: Period) -> Duty:
    """One statement; of who was transferred since, two."""
    return duties([participant], period)[participant.pk]


def duties(people: Collection[Participant], period: Period) -> Mapping[Any, Duty]:
    former = {plan.participant_id: plan for plan in former_plans(period).filter(participant__in=people)}
    named = _assessors_then(former)
    return {one.pk: _duty(one, former.get(one.pk), named.get(one.pk)) for one in people}


def former_plans(period: Period) -> "QuerySet[Plan]":
    """The last one agreed for the posts that people held when the period ended and have left since, one each. The
    SKP of the new post supersedes it."""
    if period.kind == PeriodKind.YEAR:
        return Plan.objects.none()
    rows = Plan.objects.filter(posting__valid_from__lte=period.end, posting__valid_to__gte=period.end)
    agreed = rows.filter(state__in=[PlanState.AGREED, PlanState.SUPERSEDED]).select_related("posting__unit")
    return agreed.order_by("participant_id", "-agreed_at").distinct("participant_id")


def agreed_plan(participant: Participant, period: Period) -> Plan | None:
    return duty_of(participant, period).plan


def capacity_of(participant: Participant, assessor: Employee | None, on: datetime.date) -> str:
    """In which post somebody assesses that day: definitive, Plt., Plh.; "" where it was not written down."""
    rows = AssessorAssignment.objects.in_force(on).filter(participant=participant, assessor=assessor)
    return rows.values_list("capacity", flat=True).first() or ""


def able(assessor: str) -> Q:
    """Of the employee by that name: in service, with a live account."""
    return Q(**{f"{assessor}__legal_state__in": ACTIVE_STATES, f"{assessor}__user__is_active": True})


def _duty(participant: Participant, former: Plan | None, named: AssessorAssignment | None) -> Duty:
    counting = participant.plan
    if former is None:
        agreed = counting if counting is not None and counting.state == PlanState.AGREED else None
        return Duty(agreed, participant.assessor, today())
    if named is None:
        return Duty(former, participant.assessor, today())
    return Duty(former, named.assessor, former.posting.valid_to or today())


def _assessors_then(former: Mapping[Any, Plan]) -> dict[Any, AssessorAssignment]:
    """On the last day in the former post, as far as they still can act; else the assessor of today does."""
    if not former:
        return {}
    left = "participant__postings"
    rows = AssessorAssignment.objects.filter(
        able("assessor"),
        Q(valid_to=None) | Q(valid_to__gte=F(f"{left}__valid_to")),
        valid_from__lte=F(f"{left}__valid_to"),
        **{f"{left}__in": [plan.posting_id for plan in former.values()]},
    )
    return {row.participant_id: row for row in rows.select_related("assessor__user")}
