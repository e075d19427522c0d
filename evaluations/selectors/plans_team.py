"""A team on one page in a constant number of statements, its matrix, and a person's history over years."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from evaluations.enums import LIVE_PLANS, EvaluationState, PeriodKind, PlanState, Predikat, ResultKind
from evaluations.models import Cycle, Evaluation, Participant, Plan, PlanResult


def team_of(user: Any, cycle: Cycle) -> QuerySet[Participant]:
    """Who is assessed by `user`; what waits for him first, then by name."""
    waiting = Plan.objects.filter(participant=OuterRef("pk"), state=PlanState.SUBMITTED)
    rows = Participant.objects.assessed_by(user).filter(cycle=cycle)
    making = Plan.objects.filter(state__in=LIVE_PLANS).only(
        "participant_id", "state", "submitted_at", "late", "number"
    )
    rated = Evaluation.objects.counting().select_related("period").order_by("period__start", "-period__number")
    return (
        rows.annotate(waits=Exists(waiting))
        .select_related("employee__user", "plan")
        .prefetch_related(
            Prefetch("plans", queryset=making, to_attr="in_the_making"),
            Prefetch("evaluations", queryset=rated, to_attr="rated"),
        )
        .order_by("-waits", "employee__name", "pk")
    )


@dataclass(slots=True)
class Member:
    """A person of the team as a row."""

    participant: Participant
    plan: Plan | None
    """The one that asks for attention: in the making, else the agreed one."""
    agreed: bool
    rated: list[Evaluation] = field(default_factory=list)

    @property
    def state(self) -> PlanState | None:
        return PlanState(self.plan.state) if self.plan else None

    @property
    def readable(self) -> bool:
        """Drafts of others stay with their author."""
        return self.plan is not None and self.plan.state != PlanState.DRAFT

    @property
    def short_marks(self) -> list[tuple[str, Predikat]]:
        return [(short_name(row.period), Predikat(row.predikat)) for row in self.rated if row.predikat]


def member(participant: Participant) -> Member:
    live = list(participant.in_the_making)  # type: ignore[attr-defined]
    agreed = participant.plan if participant.plan and participant.plan.state == PlanState.AGREED else None
    shown = next((plan for plan in live if plan.state != PlanState.DRAFT), None) or agreed
    shown = shown or (live[0] if live else None)
    return Member(participant, shown, agreed is not None, participant.rated)  # type: ignore[attr-defined]


# --- Roles and results ------------------------------------------------------------------------------
@dataclass(slots=True)
class MatrixRow:
    participant: Participant
    open: bool
    """Whether a cell may still be filled."""
    state: PlanState | None
    cells: dict[uuid.UUID, list[str]]
    """Own result -> what this person does for it; "" stands for a line of a draft, which only its author reads."""


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
            years[year] = YearMark(year, known.predikat, (*known.periods, (short_name(row.period), predikat)))
    return sorted(years.values(), key=lambda mark: mark.year)


def short_name(period: Any) -> str:
    """A quarter as "Triwulan 2", a month as "Feb", the year as its number."""
    if period.kind == PeriodKind.YEAR:
        return str(period.start.year)
    if period.kind == PeriodKind.QUARTER:
        return _("Triwulan %(n)s") % {"n": period.number}
    return str(MONTHS_3[period.number]).capitalize()
