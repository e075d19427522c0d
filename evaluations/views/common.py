"""What the pages of performance share: whose, which year, and how a refused verb says so."""

import uuid
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CycleState
from evaluations.models import Cycle, Participant
from evaluations.permissions.common import NO_RECORD, is_person
from evaluations.permissions.cycles import can_oversee
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, Text
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui import shell

YEAR = "tahun"
_OWN: Prepared[Employee] = Prepared(
    lambda slot: Employee.objects.select_related("current_unit").filter(user_id=slot("user"))
)


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


def shown_cycles() -> QuerySet[Cycle]:
    """Years that people meet: opened ones, the newest first."""
    return Cycle.objects.filter(state__in=[CycleState.OPEN, CycleState.CLOSED]).order_by("-year")


def current_cycle() -> Cycle | None:
    """This year's, else the newest of the earlier ones: in January of an unopened year the last one goes on."""
    return shown_cycles().filter(year__lte=today().year).first() or shown_cycles().last()


def asked_cycle(request: HttpRequest) -> Cycle | None:
    """The year of `?tahun=`, else the current one. Raises Http404 for a year that was never opened."""
    asked = request.GET.get(YEAR, "")
    if not asked:
        return current_cycle()
    found = shown_cycles().filter(year=int(asked)).first() if asked.isdecimal() and len(asked) == 4 else None
    if found is None:
        raise Http404
    return found


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
    found: Participant = get_object_or_404(visible_participants(request.user), pk=pk)
    return found


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
