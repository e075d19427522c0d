"""What the pages of performance share: whose, which year, and how a refused verb says so."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CycleState
from evaluations.models import Cycle, Participant
from evaluations.permissions.common import NO_RECORD, is_person
from evaluations.permissions.cycles import can_oversee
from evaluations.selectors.seen import participant_seen
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, Text
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.together import Together
from kepegawaian.lib.ui import shell

YEAR = "tahun"
SHOWN = (CycleState.OPEN, CycleState.CLOSED)


def _own(slot: Slots) -> QuerySet[Employee]:
    return Employee.objects.select_related("current_unit").filter(user_id=slot("user"))


def shown_cycles() -> QuerySet[Cycle]:
    """Years that people meet: opened ones, the newest first."""
    return Cycle.objects.filter(state__in=SHOWN).order_by("-year")


_OWN: Prepared[Employee] = Prepared(_own)
_SHOWN: Prepared[Cycle] = Prepared(lambda slot: shown_cycles())


def _my_years(slot: Slots) -> tuple[QuerySet[Any], ...]:
    """Years and person are hung on one's parts instead of joined: planning many joins costs more than reading."""
    myself = Subquery(Employee.objects.filter(user_id=slot("user")).order_by().values("pk"))
    parts = Participant.objects.filter(employee=myself).select_related("assessor", "unit", "plan")
    return _own(slot), Cycle.objects.order_by("-year"), parts


_MY_YEARS = Together(_my_years)
_MY_CYCLES = Together(lambda slot: (_own(slot), shown_cycles()))


def find_own_employee(user: Any) -> Employee | None:
    """The employee behind a user, asked once a request and kept on the user object."""
    if not hasattr(user, "_own_performer"):
        user._own_performer = _OWN.first(user=user.pk)
    employee: Employee | None = user._own_performer
    return employee


def own_employee(request: HttpRequest) -> Employee:
    """Raises PermissionRefused for accounts that belong to no employee."""
    employee = find_own_employee(request.user)
    if employee is None:
        raise PermissionRefused(NO_RECORD)
    return employee


def years_shown() -> list[Cycle]:
    """The same, read."""
    return _SHOWN.all()


def current_cycle() -> Cycle | None:
    return _current(years_shown())


def _current(years: Sequence[Cycle]) -> Cycle | None:
    """This year's, else the newest of the earlier ones: in January of an unopened year the last one goes on."""
    return next((one for one in years if one.year <= today().year), years[-1] if years else None)


def asked_cycle(request: HttpRequest, years: Sequence[Cycle] | None = None) -> Cycle | None:
    """The year of `?tahun=`, else the current one. Raises Http404 for a year that was never opened. `years`: all
    that are shown, where they are known."""
    years, asked = years_shown() if years is None else years, request.GET.get(YEAR, "")
    if not asked:
        return _current(years)
    for one in years:
        if str(one.year) == asked:
            return one
    raise Http404


class MyYears(NamedTuple):
    cycle: Cycle | None
    """The one asked for."""
    parts: list[Participant]
    """Of all years, the newest first."""

    @property
    def part(self) -> Participant | None:
        return next((one for one in self.parts if one.cycle == self.cycle), None)


def my_years(request: HttpRequest) -> MyYears:
    """One statement. Raises PermissionRefused for accounts that belong to no employee."""
    people, cycles, parts = _MY_YEARS.all(user=request.user.pk)
    if not people:
        raise PermissionRefused(NO_RECORD)
    request.user._own_performer = people[0]  # type: ignore[union-attr]
    years = {one.pk: one for one in cycles}
    for part in parts:
        part.employee, part.cycle = people[0], years[part.cycle_id]
    parts.sort(key=lambda part: part.cycle.year, reverse=True)
    return MyYears(asked_cycle(request, [one for one in cycles if one.state in SHOWN]), parts)


def visible_participants(user: Any) -> QuerySet[Participant]:
    rows = Participant.objects.visible_to(user)
    return rows.select_related("cycle", "employee__user", "assessor__user", "unit", "plan")


def find_own_participant(request: HttpRequest, cycle: Cycle | None = None) -> Participant | None:
    """One's own part in the year asked for; None before a cycle is opened, or where one is not in it."""
    employee, cycle = own_employee(request), cycle or asked_cycle(request)
    if cycle is None:
        return None
    rows = Participant.objects.select_related("cycle", "employee__user", "assessor__user", "unit", "plan")
    return rows.filter(cycle=cycle, employee=employee).first()


def own_participant(request: HttpRequest, cycle: Cycle | None = None) -> Participant:
    """`find_own_participant` for pages that make no sense without one: 404."""
    found = find_own_participant(request, cycle)
    if found is None:
        raise Http404
    return found


def visible_participant(request: HttpRequest, pk: uuid.UUID) -> Participant:
    """Strangers get 404."""
    found = participant_seen(request.user, pk)
    if found is None:
        raise Http404
    return found


def my_cycle(request: HttpRequest) -> tuple[Cycle | None, list[Cycle]]:
    """The year asked for and all that are shown; one statement. Raises PermissionRefused as `my_years`."""
    people, years = _MY_CYCLES.all(user=request.user.pk)
    if not people:
        raise PermissionRefused(NO_RECORD)
    request.user._own_performer = people[0]  # type: ignore[union-attr]
    return asked_cycle(request, years), years


class Way(NamedTuple):
    label: Text
    url: str
    own: bool


def way_to(request: HttpRequest, participant: Participant) -> Way:
    """The list over which this reader comes to a person: the first crumb, and the page's place in the menu."""
    own = is_person(request.user, participant.employee)
    if own:
        label, name = _("Kinerja saya"), "evaluations:mine"
    elif is_person(request.user, participant.assessor) or not can_oversee(request.user):
        label, name = _("Kinerja tim"), "evaluations:team"
    else:
        label, name = _("Kemajuan kinerja"), "evaluations:monitor"
    way = Way(label, reverse(name), own)
    shell.belongs_to(request, way.url)
    return way
