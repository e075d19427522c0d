"""Units side by side, and the pattern of one of them."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, FilteredRelation, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from evaluations.enums import CHART_ORDER, OrgResult, Predikat
from evaluations.models import OrganisationResult, Period
from evaluations.selectors.kept import kept
from evaluations.selectors.ratings import RATED, by_predikat, held_at, of_unit, people_of
from kepegawaian.lib.together import read_together
from kepegawaian.units.models import Unit


# --- Units ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit beside its siblings: how many people, how they were rated, its own result."""

    unit: Unit
    people: int
    counts: Mapping[Predikat, int]
    result: OrgResult | None

    @property
    def rated(self) -> int:
        return sum(self.counts.values())

    @property
    def numbers(self) -> list[tuple[Predikat, int]]:
        return [(one, self.counts.get(one, 0)) for one in CHART_ORDER]


@dataclass(frozen=True, slots=True)
class _Below:
    """Of each branch, by its path: how many people, and how many with which *predikat*."""

    people: dict[str, int]
    rated: dict[str, dict[Predikat, int]]

    @property
    def size(self) -> int:
        return sum(self.people.values())


def children_of(unit: Unit, period: Period) -> "QuerySet[Unit]":
    """Open units right below, each with its own `result` of the period."""
    below: QuerySet[Unit] = Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1, closed_on=None)
    set_so_far = OrganisationResult.objects.filter(unit=OuterRef("pk"), period=period).order_by()
    return below.annotate(result=Subquery(set_so_far.values("result")[:1])).order_by("path")


def side_by_side(
    above: Unit, units: Iterable[Unit], period: Period
) -> tuple[list[UnitRow], datetime.datetime | None]:
    """`units`, some `children_of` the one `above`, each with everybody below it, in one statement whatever their
    number; and when the people were counted, where that is not now."""
    rows: list[Any] = list(units)
    if not rows:
        return [], None
    asked = (above.path, period.pk)
    below, at = kept("units", asked, lambda: _below(above, period), lambda one: one.size)
    return [
        UnitRow(
            unit,
            below.people.get(unit.path, 0),
            below.rated.get(unit.path, {}),
            OrgResult(unit.result) if unit.result else None,
        )
        for unit in rows
    ], at


def _below(above: Unit, period: Period) -> _Below:
    length = len(above.path) + Unit.steplen
    people = _by_branch(people_of(above.path, period), period, "", length)
    grouped = _by_branch(of_unit(above.path, period).filter(state__in=RATED), period, "participant__", length)
    sizes, numbers = read_together(
        people.values_list("branch").annotate(n=Count("pk")),
        grouped.values_list("branch", "predikat").annotate(n=Count("pk")),
    )
    found: dict[str, dict[Predikat, int]] = {}
    for branch, name, number in numbers:
        found.setdefault(branch, {})[Predikat(name)] = number
    return _Below(dict(sizes), found)


def _by_branch(rows: QuerySet[Any], period: Period, person: str, length: int) -> QuerySet[Any]:
    """`person`: the way to the participant, whose post at the end of the period says where he counts."""
    former = FilteredRelation(f"{person}postings", condition=held_at(period.end, f"{person}postings__"))
    place = Coalesce("former__unit__path", f"{person}path")
    return rows.order_by().annotate(former=former, branch=Left(place, length))


@dataclass(frozen=True, slots=True)
class Pattern:
    """How everybody of a unit and below it is rated."""

    counts: dict[Predikat, int]
    people: int
    at: datetime.datetime | None
    """Where the numbers are kept: when they were counted."""


def pattern_of(unit: Unit, period: Period) -> Pattern:
    def read() -> tuple[dict[Predikat, int], int]:
        everybody = people_of(unit.path, period).order_by().values_list("cycle").annotate(n=Count("pk"))
        rated, sizes = read_together(by_predikat(of_unit(unit.path, period)), everybody)
        return {Predikat(name): number for name, number in rated}, sum(number for _cycle, number in sizes)

    (found, people), at = kept("pattern", (unit.path, period.pk), read, lambda both: both[1])
    return Pattern(found, people, at)
