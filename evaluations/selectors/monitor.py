"""Progress of a year in numbers: per unit in one statement whatever its size, and the people behind them."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from evaluations.enums import (
    CHART_ORDER,
    CycleState,
    DeadlineKind,
    EvaluationState,
    PeriodKind,
    PlanState,
    Predikat,
)
from evaluations.models import Cycle, Deadline, Evaluation, Participant, Period, Posting
from evaluations.selectors.kept import kept
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.dates import today
from kepegawaian.lib.together import Together, read_together
from kepegawaian.lib.ui.pages import SIZE, Page
from kepegawaian.lib.ui.parts import Bar, Bars
from kepegawaian.units.models import Unit, scope_paths

_PREDIKAT = ", ".join(
    f"count(*) FILTER (WHERE rated.state = 'final' AND rated.predikat = '{one.value}')" for one in Predikat
)
_HEARD = """
    EXISTS (
        SELECT FROM evaluations_feedback said WHERE said.participant_id = joined.id AND said.period_id = %(period)s
    ) OR EXISTS (
        SELECT FROM evaluations_feedbackinvitation asked
        WHERE asked.participant_id = joined.id AND asked.period_id = %(period)s AND asked.given
    )"""
"""Asked of each person: gathered first, the feedback of everybody would be read for a unit of ten."""
MOVED = Exists(Posting.objects.filter(participant=OuterRef("pk"), valid_to=None, number__gt=1))
"""The date of the plan binds the first post of the year alone (`services.plans_steps.plan_due_on`)."""
_MOVED = """EXISTS (
        SELECT FROM evaluations_posting later
        WHERE later.participant_id = joined.id AND later.valid_to IS NULL AND later.number > 1
    )"""
_TALLY = f"""
SELECT left(joined.path, %(length)s), count(*),
    count(*) FILTER (WHERE joined.assessor_id IS NULL),
    count(*) FILTER (WHERE plan.id IS NULL),
    count(*) FILTER (WHERE plan.state IN ('draft', 'returned')),
    count(*) FILTER (WHERE plan.state = 'submitted'),
    count(*) FILTER (WHERE plan.state = 'agreed'),
    count(*) FILTER (WHERE rated.state = 'assessed'),
    count(*) FILTER (WHERE rated.state = 'final'),
    count(*) FILTER (WHERE plan.late OR rated.late
        OR (%(plan_over)s AND plan.state IS DISTINCT FROM 'agreed' AND NOT {_MOVED})
        OR (%(rating_over)s AND rated.state IS DISTINCT FROM 'final')),
    count(*) FILTER (WHERE {_HEARD}), {_PREDIKAT}
FROM evaluations_participant joined
LEFT JOIN evaluations_plan plan ON plan.id = joined.plan_id
LEFT JOIN evaluations_evaluation rated ON rated.participant_id = joined.id AND rated.period_id = %(period)s
    AND rated.state <> 'replaced'
WHERE joined.cycle_id = %(cycle)s AND joined.excused_reason = '' AND joined.left_on IS NULL AND ({{where}})
GROUP BY 1
"""  # noqa: S608


@dataclass(slots=True)
class Tally:
    """People of a unit and all below it, by how far they are."""

    people: int = 0
    without_assessor: int = 0
    without_plan: int = 0
    drafting: int = 0
    submitted: int = 0
    agreed: int = 0
    assessed: int = 0
    final: int = 0
    late: int = 0
    heard: int = 0
    """With feedback in the period."""
    predikat: dict[Predikat, int] = field(default_factory=dict)

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Tally":
        row = list(numbers)
        names = [each.name for each in fields(cls)][:-1]
        tally = cls(predikat=dict(zip(Predikat, row[len(names) :], strict=True)))
        for name, number in zip(names, row, strict=False):
            setattr(tally, name, number)
        return tally

    def __add__(self, other: "Tally") -> "Tally":
        numbers = [getattr(self, each.name) + getattr(other, each.name) for each in fields(self)[:-1]]
        return Tally.of([*numbers, *(self.predikat.get(one, 0) + other.predikat.get(one, 0) for one in Predikat)])

    @property
    def agreed_percent(self) -> int:
        return round(100 * self.agreed / self.people) if self.people else 0

    @property
    def final_percent(self) -> int:
        return round(100 * self.final / self.people) if self.people else 0

    @property
    def heard_percent(self) -> int:
        return round(100 * self.heard / self.people) if self.people else 0

    @property
    def chart(self) -> Bars:
        bars = [Bar(one.label, self.predikat.get(one, 0), one.tone) for one in CHART_ORDER]
        return Bars(_("Sebaran predikat"), bars)


@dataclass(frozen=True, slots=True)
class Branch:
    unit: Unit
    tally: Tally
    itself: bool
    """The people of the unit itself, without those below it."""


@dataclass(frozen=True)
class Look:
    """Which year and period a page shows, and which of their deadlines have passed: asked for every line of it."""

    cycle: Cycle
    period: Period
    periods: tuple[Period, ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    def is_over(self, *kinds: DeadlineKind) -> bool:
        due = [row.due_on for row in self.calendar if row.kind in kinds]
        return bool(due) and max(due) < today()

    def due(self, kind: DeadlineKind) -> datetime.date | None:
        return next((row.due_on for row in self.calendar if row.kind == kind), None)

    @cached_property
    def rating_is_over(self) -> bool:
        return self.period.end < today() and self.is_over(DeadlineKind.ASSESS)

    @cached_property
    def calendar(self) -> list[Deadline]:
        """Of the plan and of this period, in order of days."""
        return [row for row in self.deadlines if row.period_id in (None, self.period.pk)]


_CALENDAR = Together(
    lambda slot: (
        Period.objects.filter(cycle=slot("cycle")),
        Deadline.objects.filter(cycle=slot("cycle")).order_by("due_on", "kind"),
    )
)


def look_at(cycle: Cycle, asked: str = "") -> Look:
    """The period asked for by its id; else the one that ended last, or the first one. One statement."""
    periods, deadlines = _CALENDAR.all(cycle=cycle.pk)
    by_key = {period.pk: period for period in periods}
    for period in periods:
        period.cycle = cycle
    for row in deadlines:
        row.cycle, row.period = cycle, by_key.get(row.period_id)
    chosen = next((period for period in periods if str(period.pk) == asked), None) or _latest(periods)
    return Look(cycle, chosen, tuple(periods), tuple(deadlines))


@dataclass(frozen=True, slots=True)
class Glance:
    """The newest year that is running or closed and not yet to come, below one unit."""

    period: Period
    people: int
    agreed: int
    without_assessor: int
    final: int
    """Evaluations of the period."""


def glance(path: str) -> Glance | None:
    """One statement; None before the first year, and where nobody takes part."""
    known = [CycleState.OPEN, CycleState.CLOSED]
    years = Cycle.objects.filter(state__in=known, year__lte=today().year).order_by("-year").values("pk")[:1]
    here = Participant.objects.taking_part().filter(cycle__in=years, path__startswith=path)
    counted = (
        here.order_by()
        .values("cycle")
        .annotate(
            people=Count("pk"),
            agreed=Count("pk", filter=Q(plan__state=PlanState.AGREED)),
            without_assessor=Count("pk", filter=Q(assessor=None)),
        )
    )
    final = Evaluation.objects.filter(participant__in=here, state=EvaluationState.FINAL).order_by()
    periods, numbers, done = read_together(
        Period.objects.filter(cycle__in=years).select_related("cycle"),
        counted.values_list("people", "agreed", "without_assessor"),
        final.values_list("period").annotate(n=Count("pk")),
    )
    if not periods or not numbers:
        return None
    chosen, [(people, agreed, alone)] = _latest(periods), numbers
    return Glance(chosen, people, agreed, alone, dict(done).get(chosen.pk, 0))


def _latest(periods: Sequence[Period]) -> Period:
    """What is worked on; of a year that HR has closed the year itself, whose predikat lasts."""
    whole = [period for period in periods if period.kind == PeriodKind.YEAR]
    if whole and whole[0].cycle.state == CycleState.CLOSED:
        return whole[0]
    parts = [period for period in periods if period.kind != PeriodKind.YEAR] or list(periods)
    ended = [period for period in parts if period.end < today()]
    return (ended or parts[:1])[-1]


def paths_overseen(user: Any) -> list[str] | None:
    """Where one sees everybody's progress: the scope of one's role and the units one heads; None everywhere."""
    paths = scope_paths(user, Right.VIEW_PERFORMANCE)
    return None if paths is None else sorted({*paths, *headed_paths(user)})


def within(paths: Collection[str] | None) -> Q:
    """Participants below these paths."""
    if paths is None:
        return Q()
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition


def tallies(look: Look, paths: Collection[str] | None, length: int) -> dict[str, Tally]:
    """By unit, down to that length of path, in one statement. A shorter path: the people of that unit itself."""
    places = {f"path{number}": f"{path}%" for number, path in enumerate(paths or ())}
    where = " OR ".join(f"joined.path LIKE %({name})s" for name in places)
    given: dict[str, Any] = {
        **places,
        "length": length,
        "cycle": look.cycle.pk,
        "period": look.period.pk,
        "plan_over": look.is_over(DeadlineKind.PLAN_AGREE),
        "rating_over": look.rating_is_over,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(where=where or ("true" if paths is None else "false")), given)
        return {path: Tally.of(numbers) for path, *numbers in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Counted:
    rows: dict[str, Tally]
    at: datetime.datetime | None = None
    """Where the numbers are kept: when they were counted."""


def counted(look: Look, paths: Collection[str] | None, length: int) -> Counted:
    """`tallies` for a page. Of many people (counting 100,000 takes a third of a second) they are kept for
    everybody with the same scope."""
    over = (look.is_over(DeadlineKind.PLAN_AGREE), look.rating_is_over)
    asked = (look.cycle.pk, look.period.pk, over, paths, length)
    rows, at = kept("monitor", asked, lambda: tallies(look, paths, length), lambda rows: in_all(rows).people)
    return Counted(rows, at)


def in_all(rows: Mapping[str, Tally]) -> Tally:
    return sum(rows.values(), Tally())


SORTS = (
    *("people", "without_assessor", "without_plan", "submitted"),
    *("agreed_percent", "final_percent", "heard_percent", "late"),
)


def branches(rows: Mapping[str, Tally], length: int, *, sort: str, number: int) -> Page:
    """A page of units with their numbers, in one statement however many there are."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    ordered = sorted(rows, reverse=down and key == "unit")
    if key in SORTS:
        ordered.sort(key=lambda path: getattr(rows[path], key), reverse=down)
    start = (number - 1) * SIZE
    chosen = ordered[start : start + SIZE]
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=chosen)}
    items = [Branch(units[path], rows[path], len(path) < length) for path in chosen if path in units]
    return Page(items, number, SIZE, len(ordered), False, len(ordered) > start + SIZE)
