"""Lists of requests, and who is away when. A constant number of statements whatever the number of rows."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from leave.enums import LIVE, RequestState
from leave.models import HeldPeriod, LeaveRequest

DAY = datetime.timedelta(days=1)
MAX_ABSENCES = 500
_ABSENCE = (
    *("period", "request__state"),
    *(f"employee__{name}" for name in ("name", "title_front", "title_back", "current_unit__name")),
)


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

    Two statements at most beside those that know who the user is; at most `MAX_ABSENCES` periods. The reason
    and the kind of leave are nobody's business here.
    """
    mine = Employee.objects.filter(user_id=user.pk).values("current_unit")
    team = Q(employee__current_unit__in=mine) if paths is None else Q(pk__in=[])
    for path in headed_paths(user) if paths is None else paths:
        team |= Q(employee__current_path__startswith=path)
    return _absences(HeldPeriod.objects.filter(team), start, end)


def colleagues_away(request: LeaveRequest) -> list[Absence]:
    """Who else of the applicant's unit is away on the dates asked for, for whom decides."""
    start, end = request.offered_start or request.start, request.offered_end or request.end
    start, end = min(start, request.start), max(end, request.end)
    held = HeldPeriod.objects.filter(employee__current_unit=request.employee.current_unit_id)
    return _absences(held.exclude(employee=request.employee_id), start, end)


def _absences(held: QuerySet[HeldPeriod], start: datetime.date, end: datetime.date) -> list[Absence]:
    rows = held.filter(period__overlap=(start, end + DAY), request__state__in=LIVE)
    rows = rows.select_related("employee__current_unit", "request").only(*_ABSENCE)
    found: dict[uuid.UUID, Absence] = {}
    for row in rows.order_by("employee__name", "employee_id", "period")[:MAX_ABSENCES]:
        person = row.employee
        absence = found.setdefault(person.pk, Absence(person.pk, person.full_name, str(person.current_unit or "")))
        granted = row.request.state == RequestState.GRANTED
        if row.period.lower and row.period.upper:
            absence.periods.append((row.period.lower, row.period.upper - DAY, granted))
    return list(found.values())
