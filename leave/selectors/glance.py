"""A person's leave at a glance, for the home page: one statement for what all of its cards show."""

import datetime
import functools
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kepegawaian.calendars.rules import Holiday
from kepegawaian.calendars.services import by_date, days_off_between
from kepegawaian.employees.models.people import headed_paths, own_id
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together
from leave.enums import WAITING, RequestState
from leave.models import Bucket, LeaveRequest, LeaveStep
from leave.selectors.absences import DAY, Absence, Team, gathered, held_by, team_of
from leave.selectors.requests import hang, with_holder

SOON = datetime.timedelta(days=30)
DAYS_OFF_WITHIN = datetime.timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Glance:
    employee: uuid.UUID
    waiting: list[LeaveRequest]
    """On their way, the earliest first, each with `open_steps`."""
    granted: LeaveRequest | None
    """The next one, or the one that goes on."""
    buckets: list[Bucket]
    """Usable today, with the account."""
    holidays: list[Holiday]
    team: list[Absence]
    """Others who are away soon; only who heads a unit is told."""


def usable(slot: Slots) -> QuerySet[Bucket]:
    """Buckets of the `employee` that can be used `start`, with the account."""
    rows = Bucket.objects.filter(usable_from__lte=slot("start"), lapses_on__gte=slot("start"))
    return rows.filter(account__employee=slot("employee")).select_related("account")


@functools.cache
def _statement(team: Team | None) -> Together:
    def parts(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
        ahead = Q(state=RequestState.GRANTED, end__gte=slot("start"))
        filed = LeaveRequest.objects.filter(ahead | Q(state__in=WAITING), employee=slot("employee"))
        shown = filed.only("employee_id", "state", "start", "end", "charged_days").order_by("start", "id")
        steps = LeaveStep.objects.filter(request__employee=slot("employee"), request__state__in=WAITING)
        own = (shown, with_holder(steps), usable(slot), days_off_between(slot))
        return (*own, held_by(team, slot)) if team else own

    return Together(parts)


def glance_of(user: Any) -> Glance | None:
    """None for who is no employee."""
    employee, now = own_id(user), today()
    if employee is None:
        return None
    team, values = (team_of(user) if headed_paths(user) else None) or (None, {})
    values |= {"employee": employee, "start": now, "end": now + DAYS_OFF_WITHIN, "after": now + SOON + DAY}
    filed, steps, buckets, days_off, *held = _statement(team).all(**values)
    waiting = [one for one in filed if one.state in WAITING]
    granted = next((one for one in filed if one.state == RequestState.GRANTED), None)
    holidays = sorted(by_date(days_off).values(), key=lambda day: day.date)
    away = [absence for rows in held for absence in gathered(rows) if absence.employee_id != employee]
    return Glance(employee, hang(waiting, steps), granted, buckets, holidays, away)
