"""What the page of a unit shows about people: who heads it, who works there, on which days; and on the page of a
person, the results of performance evaluation."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kepegawaian.accounts.roles import Right
from kepegawaian.calendars.models import PatternKind
from kepegawaian.calendars.services import unit_patterns
from kepegawaian.employees import permissions, reporting
from kepegawaian.employees.enums import ACTIVE_STATES, HoldingKind
from kepegawaian.employees.models import Employee, PerformanceNote, PositionHolding
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.units.models import Unit

YEARS_SHOWN = 5


def heads_in_force(on: datetime.date) -> QuerySet[PositionHolding]:
    return PositionHolding.objects.standing().in_force(on).filter(heads__isnull=False)


def headless(user: Any) -> QuerySet[Any]:
    """Open units of the officer's scope whose post of head nobody able holds today, not even a Plt or Plh."""
    able = heads_in_force(today()).filter(
        heads=OuterRef("pk"), employee__legal_state__in=ACTIVE_STATES, employee__user__is_active=True
    )
    found: QuerySet[Any] = Unit.objects.open().in_scope(user, Right.EDIT_RECORDS).filter(~Exists(able))
    return found


def heads_of(units: Collection[uuid.UUID], on: datetime.date) -> dict[uuid.UUID, Text]:
    """Name and capacity of who acts as head of each unit, for the tree; a Plh first, as he acts."""
    rows = heads_in_force(on).filter(heads__in=units).select_related("employee")
    turn = {HoldingKind.PLT: 0, HoldingKind.DEFINITIVE: 1, HoldingKind.PLH: 2}
    words: dict[uuid.UUID, Text] = {}
    for row in sorted(rows, key=lambda row: turn[HoldingKind(row.kind)]):
        capacity = reporting.CAPACITY[HoldingKind(row.kind)]
        name = row.employee.full_name
        if row.heads_id is not None:
            words[row.heads_id] = f"{name} ({capacity})" if capacity else name
    return words


def head_panel(request: HttpRequest, unit: Unit, on: datetime.date) -> dict[str, Any]:
    heads = heads_in_force(on).filter(heads=unit).select_related("employee", "position")
    rows = list(heads.order_by("kind"))
    may_name = bool(permissions.can_name_head(request.user, unit)) and unit.closed_on is None
    return {
        "unit": unit,
        "rows": [(row, bool(permissions.can_view(request.user, row.employee))) for row in rows],
        "acting": None if rows else reporting.head_of(unit, on),
        "may_name": may_name and on == today(),
    }


def people_panel(request: HttpRequest, unit: Unit, on: datetime.date) -> dict[str, Any] | None:
    """People whose definitive post is in this very unit on the date, as far as the reader may see them."""
    if not permissions.can_list(request.user):
        return None
    people: QuerySet[Any] = Employee.objects.visible_to(request.user).as_of(on)
    here = people.filter(unit_then=unit.pk).order_by("-rank_order_then", "name", "id")
    page = paginate(here, request)
    return {"unit": unit, "page": page, "past": on != today()}


def pattern_panel(request: HttpRequest, unit: Unit, on: datetime.date) -> dict[str, Any]:
    periods = unit_patterns(unit, on, on)
    code = periods[0].pattern.code if periods else ""
    return {"label": dict(PatternKind.choices).get(code, _("Hari kerja lain"))}


def performance_panel(request: HttpRequest, person: Employee) -> dict[str, Any] | None:
    """The last years, for whom may see the record; nothing where nothing was recorded."""
    notes = list(PerformanceNote.objects.filter(employee=person, superseded_at=None)[:YEARS_SHOWN])
    return {"notes": notes} if notes else None
