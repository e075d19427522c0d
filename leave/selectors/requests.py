"""Lists of requests, and who is away when. A constant number of statements whatever the number of rows."""

import datetime
import functools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import F, Func, Q, QuerySet

from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths, own_unit_id
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.lookups import AnyOf
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.units.models import Unit
from leave.enums import LIVE, RequestState
from leave.models import HeldPeriod, LeaveRequest, LeaveStep

DAY = datetime.timedelta(days=1)
MAX_ABSENCES = 500
SMALL_UNIT = 3 * Unit.steplen
"""How long the path of a unit below an office is: few enough people to look each of them up."""
_ABSENCE = (
    *("employee_id", "employee__name", "employee__title_front", "employee__title_back"),
    *("employee__current_unit__name", "period", "request__state"),
)


def with_holder(steps: QuerySet[LeaveStep]) -> QuerySet[LeaveStep]:
    """Those that wait, with what a list says of them."""
    rows = steps.filter(closed_at=None).select_related("holder")
    return rows.only("request_id", "kind", "opened_at", "due_on", "holder__name")


_OPEN_STEPS: Prepared[LeaveStep] = Prepared(
    lambda slot: with_holder(LeaveStep.objects.filter(request__in=slot.any("requests", "uuid")))
)


def hang_open_steps(requests: list[LeaveRequest]) -> list[LeaveRequest]:
    """The same requests, each with the steps in which it waits, and who holds them, as `open_steps`."""
    return hang(requests, _OPEN_STEPS.all(requests=[filed.pk for filed in requests]) if requests else ())


def hang(requests: list[LeaveRequest], steps: Iterable[LeaveStep]) -> list[LeaveRequest]:
    """The same with `steps` that are known already."""
    of: dict[uuid.UUID, list[LeaveStep]] = {filed.pk: [] for filed in requests}
    for step in steps:
        of[step.request_id].append(step)
    for filed in requests:
        filed.open_steps = of[filed.pk]  # type: ignore[attr-defined]
    return requests


def detail(user: Any) -> QuerySet[LeaveRequest]:
    """For one request: everything its page shows, in the scope of `user`."""
    rows = LeaveRequest.objects.visible_to(user)
    return rows.select_related("employee__user", "employee__current_unit", "stand_in")


def requests_of(employee: Employee) -> QuerySet[LeaveRequest]:
    """The person's own list, the newest first."""
    return LeaveRequest.objects.filter(employee=employee).select_related("stand_in").order_by("-id")


def team_requests(user: Any) -> QuerySet[LeaveRequest]:
    """Requests in the scope of `user` that are not his own, the newest first; never drafts of others."""
    rows = LeaveRequest.objects.visible_to(user).exclude(employee__user_id=user.pk)
    return rows.select_related("employee__current_unit").order_by("-id")


def attachments_of(request: LeaveRequest) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(subject_type=request._meta.label_lower, subject_id=request.pk).order_by("id")


@dataclass(slots=True)
class Absence:
    """A person and the dates, both included, on which he is or wants to be away."""

    employee_id: uuid.UUID
    name: str
    unit: str
    periods: list[tuple[datetime.date, datetime.date, bool]] = field(default_factory=list)
    """(first, last, granted)"""


def team_absences(
    user: Any, start: datetime.date, end: datetime.date, *, paths: Sequence[str] | None = None
) -> list[Absence]:
    """Who is away between the dates: colleagues of one's own unit, and everybody below the units one heads.

    `paths`: of everybody below these units instead; whether `user` may is for the caller to have asked.

    One statement beside those that know who the user is; at most `MAX_ABSENCES` periods. The reason
    and the kind of leave are nobody's business here.
    """
    below = sorted(set(headed_paths(user) if paths is None else paths))
    unit = own_unit_id(user) if paths is None else None
    if not below and unit is None:
        return []
    values = {f"path{place}": path for place, path in enumerate(below)} | ({"unit": unit} if unit else {})
    few = all(len(path) >= SMALL_UNIT for path in below)
    return _gathered(_team(len(below), unit is not None, few).all(start=start, after=end + DAY, **values))


@functools.cache
def _team(count: int, own: bool, few: bool) -> Prepared[tuple[Any, ...]]:
    """The statement for so many units headed, with colleagues of the `own` unit or without.

    The own unit is one value, not a set: PostgreSQL then takes both indexes instead of reading everybody.
    """

    def build(slot: Slots) -> Any:
        team = Q(current_unit=slot("unit")) if own else Q()
        for place in range(count):
            team |= Q(current_path__startswith=slot(f"path{place}"))
        return _rows(_held(Employee.objects.filter(team), slot("start"), slot("after"), few))

    return Prepared(build)


def colleagues_away(request: LeaveRequest) -> list[Absence]:
    """Who else of the applicant's unit is away on the dates asked for, for whom decides."""
    start, end = request.offered_start or request.start, request.offered_end or request.end
    start, end = min(start, request.start), max(end, request.end)
    unit = Employee.objects.filter(current_unit=request.employee.current_unit_id).exclude(pk=request.employee_id)
    return _gathered(_rows(_held(unit, start, end + DAY, few=True)))


def _held(people: QuerySet[Employee], start: Any, after: Any, few: bool) -> QuerySet[HeldPeriod]:
    """What they hold from `start` and before `after`. The periods of `few` people are found by person, so that
    neither the years nor the size of the government count; those of many by date."""
    if few:
        who = AnyOf(F("employee_id"), people.order_by().values("pk"))
        return HeldPeriod.objects.filter(who, period__endswith__gt=start, period__startswith__lt=after)
    period = Func(start, after, function="daterange", output_field=DateRangeField())
    return HeldPeriod.objects.filter(employee__in=people.order_by(), period__overlap=period)


def _rows(held: QuerySet[HeldPeriod]) -> Any:
    rows = held.filter(request__state__in=LIVE).values_list(*_ABSENCE)
    return rows.order_by("employee__name", "employee_id", "period")[:MAX_ABSENCES]


def _gathered(rows: Iterable[tuple[Any, ...]]) -> list[Absence]:
    found: dict[uuid.UUID, Absence] = {}
    for person, name, front, back, unit, period, state in rows:
        absence = found.setdefault(person, Absence(person, full_name(name, front, back), unit or ""))
        if period.lower and period.upper:
            absence.periods.append((period.lower, period.upper - DAY, state == RequestState.GRANTED))
    return list(found.values())
