"""A team on one page in a constant number of statements, its matrix, and a person's history over years."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from evaluations.enums import LIVE_PLANS, EvaluationState, PeriodKind, PlanState, Predikat, ResultKind
from evaluations.models import Cycle, Evaluation, Participant, Plan, PlanResult
from evaluations.selectors.readers import Anybody
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.prepared import PreparedCounts, Slots
from kepegawaian.lib.together import Together
from kepegawaian.lib.ui.pages import CAP, DEEPEST

_WAITS = Exists(Plan.objects.filter(participant=OuterRef("pk"), state=PlanState.SUBMITTED))
_ORDER = ("-waits", "employee__name", "pk")


def team_of(user: Any, cycle: Any) -> QuerySet[Participant]:
    """Who is assessed by `user`; what waits for him first, then by name."""
    rows = Participant.objects.assessed_by(user).filter(cycle=cycle).annotate(waits=_WAITS)
    return rows.select_related("employee").order_by(*_ORDER)


class ShownPlan(NamedTuple):
    pk: uuid.UUID
    state: str
    late: bool
    submitted_at: datetime.datetime | None = None


class Mark(NamedTuple):
    kind: str
    number: int
    start: datetime.date
    predikat: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team as a row."""

    pk: uuid.UUID
    name: str
    position: str
    plan: ShownPlan | None
    """The one that asks for attention: in the making, else the agreed one."""
    marks: Sequence[Mark]

    @property
    def readable(self) -> bool:
        """Drafts of others stay with their author."""
        return self.plan is not None and self.plan.state != PlanState.DRAFT


_MEMBER = ("pk", "position", "employee__name", "employee__title_front", "employee__title_back")
_PLAN = ("plan_id", "plan__state", "plan__late")


@lru_cache(maxsize=DEEPEST)
def _members(first: int, last: int) -> Together:
    def build(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
        team = Participant.objects.filter(pk__in=slot.picked).annotate(waits=_WAITS).order_by(*_ORDER)
        making = Plan.objects.filter(participant__in=slot.picked, state__in=LIVE_PLANS)
        rated = Evaluation.objects.counting().filter(participant__in=slot.picked).exclude(predikat="")
        by_period = rated.order_by("period__start", "-period__number")
        return (
            team.values_list(*_MEMBER, *_PLAN),
            making.values_list("participant_id", "pk", "state", "late", "submitted_at"),
            by_period.values_list("participant_id", "period__kind", "period__number", "period__start", "predikat"),
        )

    return Together(build, pick=lambda slot: team_of(Anybody(), slot("cycle")).values("pk")[first:last])


_SIZE = PreparedCounts(lambda slot: [team_of(Anybody(), slot("cycle")).order_by().values("pk")[: CAP + 1]])


def team_lines(user: Any, cycle: Cycle, first: int, last: int) -> list[Member]:
    """A page of the team, in one statement."""
    people, making, rated = _members(first, last).all(user=user.pk, cycle=cycle.pk)
    live: dict[Any, list[ShownPlan]] = {}
    for key, *plan in making:
        live.setdefault(key, []).append(ShownPlan(*plan))
    marks: dict[Any, list[Mark]] = {}
    for key, *mark in rated:
        marks.setdefault(key, []).append(Mark(*mark))
    return [
        Member(key, full_name(*name), position, _shown(live.get(key, []), ShownPlan(*plan)), marks.get(key, ()))
        for key, position, *name, plan in ((*row[: len(_MEMBER)], row[len(_MEMBER) :]) for row in people)
    ]


def team_size(user: Any, cycle: Cycle) -> int:
    """Up to the cap of lists and one."""
    return _SIZE.all(user=user.pk, cycle=cycle.pk)[0]


def _shown(live: Sequence[ShownPlan], counting: ShownPlan) -> ShownPlan | None:
    agreed = counting if counting.state == PlanState.AGREED else None
    waiting = next((plan for plan in live if plan.state != PlanState.DRAFT), None)
    return waiting or agreed or next(iter(live), None)


# --- Roles and results ------------------------------------------------------------------------------
@dataclass(slots=True)
class MatrixRow:
    participant: Participant
    open: bool
    """Whether a cell may still be filled."""
    state: PlanState | None
    cells: dict[uuid.UUID, list[str]]
    """Own result -> what this person does for it; "" stands for a line of a draft, which only its author reads."""


def matrix_team(user: Any, cycle: Cycle | None) -> QuerySet[Participant]:
    """`team_of` with the names alone: all of it is sorted for a page."""
    return team_of(user, cycle).only("employee__name", "employee__title_front", "employee__title_back")


def matrix_rows(team: list[Participant], results: list[PlanResult]) -> list[MatrixRow]:
    """Two statements for the whole team. A result keeps its cells through versions of the superior's plan."""
    origins = {row.origin: row.pk for row in results}
    plans = Plan.objects.filter(
        participant__in=team, state__in=(*LIVE_PLANS, PlanState.AGREED), posting__valid_to=None
    )
    newest: dict[Any, Plan] = {plan.participant_id: plan for plan in plans.order_by("number")}
    served = PlanResult.objects.filter(
        plan__in=[plan.pk for plan in newest.values()], kind=ResultKind.MAIN, intervenes__origin__in=list(origins)
    ).select_related("intervenes")
    cells: dict[Any, dict[uuid.UUID, list[str]]] = {}
    by_plan = {plan.pk: plan for plan in newest.values()}
    for row in served.order_by("number"):
        plan = by_plan[row.plan_id]
        text = "" if plan.state == PlanState.DRAFT else row.text
        place = cells.setdefault(plan.participant_id, {})
        if row.intervenes is not None:
            place.setdefault(origins[row.intervenes.origin], []).append(text)
    rows = []
    for participant in team:
        found = newest.get(participant.pk)
        state = PlanState(found.state) if found else None
        fillable = state in (None, PlanState.DRAFT, PlanState.RETURNED)
        rows.append(MatrixRow(participant, fillable, state, cells.get(participant.pk, {})))
    return rows


# --- History ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class YearMark:
    year: int
    predikat: Predikat | None
    periods: tuple[tuple[str, Predikat], ...] = ()


def history_of(evaluations: Iterable[Evaluation]) -> list[YearMark]:
    """Final results of every year among rows that come by their periods, the oldest first."""
    final = [row for row in evaluations if row.state == EvaluationState.FINAL]
    rows = sorted(final, key=lambda row: (row.period.start, -row.period.number))
    years: dict[int, YearMark] = {}
    for row in rows:
        year, predikat = row.period.start.year, Predikat(row.predikat)
        known = years.get(year, YearMark(year, None))
        if row.period.kind == PeriodKind.YEAR:
            years[year] = YearMark(year, predikat, known.periods)
        else:
            name = short_name(row.period.kind, row.period.number, row.period.start)
            years[year] = YearMark(year, known.predikat, (*known.periods, (name, predikat)))
    return sorted(years.values(), key=lambda mark: mark.year)


def short_name(kind: str, number: int, start: datetime.date) -> str:
    """Of a period: a quarter as "Triwulan 2", a month as "Feb", the year as its number."""
    if kind == PeriodKind.YEAR:
        return str(start.year)
    if kind == PeriodKind.QUARTER:
        return _("Triwulan %(n)s") % {"n": number}
    return str(MONTHS_3[number]).capitalize()
