"""A team on one page in a constant number of statements, its matrix, and a person's history over years."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from evaluations.enums import (
    LIVE_PLANS,
    UNSIGNED,
    DeadlineKind,
    EvaluationState,
    PeriodKind,
    PlanState,
    Predikat,
    ResultKind,
)
from evaluations.models import Cycle, Deadline, Evaluation, Indicator, Participant, Period, Plan, PlanResult
from evaluations.selectors.periods import is_late
from evaluations.selectors.readers import Anybody
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import PreparedCounts, Slots
from kepegawaian.lib.together import Together
from kepegawaian.lib.ui.pages import CAP, DEEPEST

_SUBMITTED = Exists(Plan.objects.filter(participant=OuterRef("pk"), state=PlanState.SUBMITTED))
_ORDER = ("-waits", "employee__name", "pk")


def team_of(user: Any, cycle: Any) -> QuerySet[Participant]:
    """Who is assessed by `user`."""
    return Participant.objects.assessed_by(user).filter(cycle=cycle)


def _in_order(rows: QuerySet[Participant], user: Any) -> QuerySet[Participant]:
    """What waits for that assessor first: a submitted plan, an evaluation to be signed. Then by name.

    Evaluations are opened by the hour once their period is over; asked by assessor they are few, and a team of
    thousands is sorted as fast as by plans alone."""
    mine = Evaluation.objects.filter(assessor__user_id=user.pk, state__in=UNSIGNED, period__cycle__closed_at=None)
    to_sign = Q(excused_reason="", pk__in=mine.order_by().values("participant"))
    waits = Case(When(Q(_SUBMITTED) | to_sign, then=Value(True)), default=Value(False))
    return rows.annotate(waits=waits).order_by(*_ORDER)


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


class Rated(NamedTuple):
    state: str = ""
    predikat: str = ""
    by: Any = None


class Task(NamedTuple):
    """A period that is over and waits for its rating or signature."""

    period: uuid.UUID
    kind: str
    number: int
    start: datetime.date
    assessed: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team as a row."""

    pk: uuid.UUID
    name: str
    position: str
    plan: ShownPlan | None
    """The one that asks for attention: in the making, else the agreed one."""
    marks: Sequence[Mark]
    tasks: Sequence[Task]

    @property
    def readable(self) -> bool:
        """Drafts of others stay with their author."""
        return self.plan is not None and self.plan.state != PlanState.DRAFT


_NAME = ("employee__name", "employee__title_front", "employee__title_back")
_MEMBER = ("pk", "position", "excused_reason", *_NAME)
_PLAN = ("plan_id", "plan__state", "plan__late")


@lru_cache(maxsize=DEEPEST)
def _members(first: int, last: int) -> Together:
    def build(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
        team = _in_order(Participant.objects.filter(pk__in=slot.picked), Anybody())
        making = Plan.objects.filter(participant__in=slot.picked, state__in=LIVE_PLANS)
        counting = Evaluation.objects.counting().filter(participant__in=slot.picked).order_by()
        due = Deadline.objects.filter(cycle=slot("cycle"), kind=DeadlineKind.ASSESS)
        return (
            team.values_list(*_MEMBER, *_PLAN),
            making.values_list("participant_id", "pk", "state", "late", "submitted_at"),
            counting.values_list("participant_id", "period_id", "state", "predikat", "assessor__user"),
            Period.objects.filter(cycle=slot("cycle")),
            due.values_list("period_id", "due_on"),
        )

    def pick(slot: Slots) -> QuerySet[Any, Any]:
        return _in_order(team_of(Anybody(), slot("cycle")), Anybody()).values("pk")[first:last]

    return Together(build, pick=pick)


_SIZE = PreparedCounts(lambda slot: [team_of(Anybody(), slot("cycle")).order_by().values("pk")[: CAP + 1]])


def team_lines(user: Any, cycle: Cycle, first: int, last: int) -> list[Member]:
    """A page of the team, in one statement. In a closed year nothing is rated any more."""
    people, making, rated, periods, due = _members(first, last).all(user=user.pk, cycle=cycle.pk)
    live: dict[Any, list[ShownPlan]] = {}
    for key, *plan in making:
        live.setdefault(key, []).append(ShownPlan(*plan))
    ratings: dict[Any, dict[Any, Rated]] = {}
    for key, period, *rating in rated:
        ratings.setdefault(key, {})[period] = Rated(*rating)
    year = _Year(periods, dict(due), cycle.closed_at is None, user.pk)
    return [_member(row, live, ratings, year) for row in people]


def _member(
    row: Sequence[Any],
    live: Mapping[Any, list[ShownPlan]],
    ratings: Mapping[Any, Mapping[uuid.UUID, Rated]],
    year: "_Year",
) -> Member:
    key, position, excused, *name = row[: len(_MEMBER)]
    counting, rated = ShownPlan(*row[len(_MEMBER) :]), ratings.get(key, {})
    tasks = year.tasks(rated) if year.open and not excused else ()
    return Member(key, full_name(*name), position, _shown(live.get(key, []), counting), year.marks(rated), tasks)


class _Year(NamedTuple):
    """The periods, until when each is to be signed, whether there is still something to sign, and who asks."""

    periods: list[Period]
    due: dict[uuid.UUID, datetime.date]
    open: bool
    reader: Any

    def marks(self, rated: Mapping[uuid.UUID, Rated]) -> list[Mark]:
        found = [(period, rated.get(period.pk, Rated()).predikat) for period in self.periods]
        return [Mark(one.kind, one.number, one.start, predikat) for one, predikat in found if predikat]

    def tasks(self, rated: Mapping[uuid.UUID, Rated]) -> list[Task]:
        found = [(period, rated.get(period.pk, Rated())) for period in self.periods]
        return [
            Task(
                *(one.pk, one.kind, one.number, one.start),
                assessed=row.state == EvaluationState.ASSESSED,
                late=is_late(today(), self.due.get(one.pk)),
            )
            for one, row in found
            if row.state in UNSIGNED and row.by in (None, self.reader)
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
class MatrixColumn:
    """`indicator` is None for what serves the result without naming one; nothing is written there."""

    result: PlanResult
    number: int
    indicator: Indicator | None

    @property
    def key(self) -> uuid.UUID:
        """Stays the same from version to version of the superior's plan."""
        return self.indicator.origin if self.indicator else self.result.origin


@dataclass(slots=True)
class MatrixRow:
    participant: Participant
    open: bool
    """Whether a cell may still be filled."""
    state: PlanState | None
    cells: dict[uuid.UUID, list[str]]
    """Key of the column -> what this person does for it; "" is a line of a draft, which only its author reads."""


def matrix_team(user: Any, cycle: Cycle | None) -> QuerySet[Participant]:
    """`team_of` with the names alone, submitted plans first: all of it is sorted for a page."""
    rows = team_of(user, cycle).annotate(waits=_SUBMITTED).select_related("employee").order_by(*_ORDER)
    return rows.only("employee__name", "employee__title_front", "employee__title_back")


def matrix_columns(indicators: Iterable[Indicator], rows: Sequence[MatrixRow]) -> list[MatrixColumn]:
    """One for each indicator; where a result is served as a whole, one more for it."""
    used = {key for row in rows for key in row.cells}
    columns = []
    for number, (result, own) in enumerate(groupby(indicators, key=lambda row: row.result), start=1):
        columns += [MatrixColumn(result, number, row) for row in own]
        if result.origin in used:
            columns.append(MatrixColumn(result, number, None))
    return columns


def matrix_rows(team: list[Participant], indicators: list[Indicator]) -> list[MatrixRow]:
    """Two statements for the whole team. Cells stay through versions of the superior's plan."""
    results, known = {row.result.origin for row in indicators}, {row.origin for row in indicators}
    plans = Plan.objects.filter(
        participant__in=team, state__in=(*LIVE_PLANS, PlanState.AGREED), posting__valid_to=None
    )
    newest: dict[Any, Plan] = {plan.participant_id: plan for plan in plans.order_by("number")}
    served = PlanResult.objects.filter(
        plan__in=[plan.pk for plan in newest.values()], kind=ResultKind.MAIN, intervenes__origin__in=list(results)
    ).select_related("intervenes", "serves")
    cells: dict[Any, dict[uuid.UUID, list[str]]] = {}
    by_plan = {plan.pk: plan for plan in newest.values()}
    for row in served.order_by("number"):
        plan = by_plan[row.plan_id]
        text = "" if plan.state == PlanState.DRAFT else row.text
        place = cells.setdefault(plan.participant_id, {})
        if row.intervenes is not None:
            exact = row.serves if row.serves and row.serves.origin in known else row.intervenes
            place.setdefault(exact.origin, []).append(text)
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
