"""Results of years behind follow-ups: the *predikat* by year, what they recommend, who stands in which box."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from evaluations.enums import EvaluationState, PeriodKind, Potential, Predikat, Rating
from evaluations.models import Cycle, Evaluation, Participant, Period, TalentPlacement
from evaluations.rules import talent
from evaluations.rules.follow_up import Recommended, recommendations
from kepegawaian.accounts.roles import Right
from kepegawaian.employees import search
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.units.models import scope_paths


def year_results(employee: Employee) -> dict[int, Evaluation]:
    """Final evaluations of whole years, by year."""
    rows = Evaluation.objects.filter(
        participant__employee=employee, period__kind=PeriodKind.YEAR, state=EvaluationState.FINAL
    )
    found = rows.select_related("participant__cycle", "participant__employee", "period").order_by("id")
    return {row.participant.cycle.year: row for row in found if row.participant is not None}


def year_result(participant: Participant) -> Evaluation | None:
    """The final one of the participant's year."""
    rows = Evaluation.objects.filter(
        participant=participant, period__kind=PeriodKind.YEAR, state=EvaluationState.FINAL
    )
    return rows.select_related("period").first()


def recommended(evaluation: Evaluation | None, employee: Employee) -> tuple[Recommended, ...]:
    """What the rules suggest after that year; nothing without a result."""
    if evaluation is None or not evaluation.predikat:
        return ()
    return recommendations(Predikat(evaluation.predikat), AsnStatus(employee.status))


# --- Talent ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """A box of the grid, and how many of those the reader may see stand in it."""

    box: talent.Box
    count: int


def newest_rated(years: Sequence[Cycle]) -> Cycle | None:
    """Of `years` the newest with a signed evaluation of the whole year: until then there is no
    performance to put into a box. None where no year has one."""
    signed = Evaluation.objects.filter(
        period__cycle=OuterRef("pk"), period__kind=PeriodKind.YEAR, state=EvaluationState.FINAL
    )
    rated = Cycle.objects.filter(Exists(signed), pk__in=[one.pk for one in years])
    return rated.order_by("-year").first()


def talent_people(user: Any, cycle: Cycle, *, path: str = "", name: str = "") -> QuerySet[Participant]:
    """Of the scope of HR and below the units one heads; never oneself, and no other role. `name` or NIP."""
    rows = Participant.objects.filter(cycle=cycle, left_on=None, path__startswith=path)
    rows = rows.exclude(employee__user_id=user.pk)
    if name:
        rows = rows.filter(employee__in=search.matching(Employee.objects.all(), name))
    paths = scope_paths(user, Right.MANAGE_PERFORMANCE)
    if paths is None:
        return rows
    found = rows.none()
    for path in {*paths, *headed_paths(user)}:
        found = found | rows.filter(path__startswith=path)
    return found


def placements(user: Any, cycle: Cycle, **narrowed: str) -> QuerySet[TalentPlacement]:
    """Boxes in force of the people the reader may see; `narrowed` as `talent_people`."""
    people = talent_people(user, cycle, **narrowed)
    rows = TalentPlacement.objects.filter(cycle=cycle, superseded_at=None)
    return rows.filter(employee__in=people.values("employee_id"))


def grid(user: Any, cycle: Cycle, **narrowed: str) -> list[list[Cell]]:
    """Three rows by performance, the best on top, of three boxes by potential, the lowest first."""
    counted = placements(user, cycle, **narrowed).order_by().values_list("box").annotate(n=Count("pk"))
    counts = dict(counted)
    return [
        [Cell(box, counts.get(box.number, 0)) for box in (talent.box(rating, one) for one in Potential)]
        for rating in Rating
    ]


def placement_of(participant: Participant) -> TalentPlacement | None:
    """What stands for the person in the year."""
    rows = TalentPlacement.objects.filter(cycle=participant.cycle_id, employee=participant.employee_id)
    return rows.filter(superseded_at=None).first()


def in_box(user: Any, cycle: Cycle, number: int, **narrowed: str) -> QuerySet[TalentPlacement]:
    return placements(user, cycle, **narrowed).filter(box=number).order_by("employee__name", "id")


def without_box(user: Any, cycle: Cycle, **narrowed: str) -> QuerySet[Participant]:
    """People with a result of the year whose potential nobody has recorded."""
    placed = TalentPlacement.objects.filter(cycle=cycle, superseded_at=None, employee=OuterRef("employee"))
    # the period as one value: over its cycle the database would gather everybody's results before it takes a page
    whole_year = Subquery(Period.objects.filter(cycle=cycle, kind=PeriodKind.YEAR).values("pk")[:1])
    rated = Evaluation.objects.filter(participant=OuterRef("pk"), period=whole_year, state=EvaluationState.FINAL)
    people = talent_people(user, cycle, **narrowed).filter(Exists(rated), ~Exists(placed))
    return people.order_by("employee__name", "id")
