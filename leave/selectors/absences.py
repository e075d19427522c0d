"""Who is away when. The reason and the kind of leave are nobody's business here."""

import datetime
import functools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import F, Func, Q, QuerySet

from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths, own_unit_id
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.lookups import AnyOf
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.units.models import Unit
from leave.enums import LIVE, RequestState
from leave.models import HeldPeriod, LeaveRequest

DAY = datetime.timedelta(days=1)
MAX_ABSENCES = 500
SMALL_UNIT = 3 * Unit.steplen
"""How long the path of a unit below an office is: few enough people to look each of them up."""
_COLUMNS = (
    *("employee_id", "employee__name", "employee__title_front", "employee__title_back"),
    *("employee__current_unit__name", "period__startswith", "period__endswith", "request__state"),
)


@dataclass(slots=True)
class Absence:
    """A person and the dates, both included, on which he is or wants to be away."""

    employee_id: uuid.UUID
    name: str
    unit: str
    periods: list[tuple[datetime.date, datetime.date, bool]] = field(default_factory=list)
    """(first, last, granted)"""


@dataclass(frozen=True, slots=True)
class Team:
    """How a statement about a team is shaped: so many units headed, with colleagues of the `own` unit or without,
    `few` people or many."""

    headed: int
    own: bool
    few: bool


def team_of(user: Any, paths: Sequence[str] | None = None) -> tuple[Team, dict[str, Any]] | None:
    """Colleagues of one's own unit and everybody below the units one heads, as a shape with what fills it; of
    `paths` instead everybody below these. None where that is nobody."""
    below = sorted(set(headed_paths(user) if paths is None else paths))
    unit = own_unit_id(user) if paths is None else None
    if not below and unit is None:
        return None
    values = {f"path{place}": path for place, path in enumerate(below)} | ({"unit": unit} if unit else {})
    few = all(len(path) >= SMALL_UNIT for path in below)
    return Team(len(below), unit is not None, few), values


def held_by(team: Team, slot: Slots) -> QuerySet[HeldPeriod, Any]:
    """What the team holds from `start` and before `after`, for `gathered`.

    The own unit is one value, not a set: PostgreSQL then takes both indexes instead of reading everybody.
    """
    people = Q(current_unit=slot("unit")) if team.own else Q()
    for place in range(team.headed):
        people |= Q(current_path__startswith=slot(f"path{place}"))
    return _rows(_held(Employee.objects.filter(people), slot("start"), slot("after"), team.few))


@functools.cache
def _held_by(team: Team) -> Prepared[tuple[Any, ...]]:
    return Prepared(lambda slot: held_by(team, slot))


def team_absences(
    user: Any, start: datetime.date, end: datetime.date, *, paths: Sequence[str] | None = None
) -> list[Absence]:
    """Who is away between the dates, of the team as in `team_of`; whether `user` may see `paths` is for the caller
    to have asked. One statement beside those that know who the user is; at most `MAX_ABSENCES` periods."""
    asked = team_of(user, paths)
    if asked is None:
        return []
    team, values = asked
    return gathered(_held_by(team).all(start=start, after=end + DAY, **values))


def colleagues_away(request: LeaveRequest) -> list[Absence]:
    """Who else of the applicant's unit is away on the dates asked for, for whom decides."""
    start, end = request.offered_start or request.start, request.offered_end or request.end
    start, end = min(start, request.start), max(end, request.end)
    unit = Employee.objects.filter(current_unit=request.employee.current_unit_id).exclude(pk=request.employee_id)
    return gathered(_rows(_held(unit, start, end + DAY, few=True)))


def _held(people: QuerySet[Employee], start: Any, after: Any, few: bool) -> QuerySet[HeldPeriod]:
    """The periods of `few` people are found by person, so that neither the years nor the size of the government
    count; those of many by date."""
    if few:
        who = AnyOf(F("employee_id"), people.order_by().values("pk"))
        return HeldPeriod.objects.filter(who, period__endswith__gt=start, period__startswith__lt=after)
    period = Func(start, after, function="daterange", output_field=DateRangeField())
    return HeldPeriod.objects.filter(employee__in=people.order_by(), period__overlap=period)


def _rows(held: QuerySet[HeldPeriod]) -> QuerySet[HeldPeriod, Any]:
    rows = held.filter(request__state__in=LIVE).values_list(*_COLUMNS)
    return rows.order_by("employee__name", "employee_id", "period")[:MAX_ABSENCES]


def gathered(rows: Iterable[tuple[Any, ...]]) -> list[Absence]:
    found: dict[uuid.UUID, Absence] = {}
    for person, name, front, back, unit, start, after, state in rows:
        absence = found.setdefault(person, Absence(person, full_name(name, front, back), unit or ""))
        if start and after:
            absence.periods.append((start, after - DAY, state == RequestState.GRANTED))
    return list(found.values())
