"""Who is away when: a month of the team, for heads, colleagues and the personnel staff."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kepegawaian.accounts.roles import Right
from kepegawaian.calendars.rules import add_months
from kepegawaian.calendars.services import holidays_between
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.lib.ui.pages import SIZE, Page
from kepegawaian.units.models import Unit, has_right, scope_paths, within
from leave import selectors
from leave.drawing import whole_months
from leave.filters import UnitFilter
from leave.ledger import current_setting
from leave.permissions import NO_RECORD
from leave.team import TeamMonth, sizes_of


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    chooses_unit = has_right(user, Right.VIEW_LEAVE)
    if not user.nip and not chooses_unit:
        raise PermissionRefused(NO_RECORD)
    first, last = whole_months(*[_month(request)] * 2)
    form = UnitFilter(request.GET)
    chosen = form.cleaned_data["unit"] if chooses_unit and form.is_valid() else None
    absences = selectors.team_absences(user, first, last, paths=_paths(user, chosen) if chosen else None)
    page = _page(request, absences)
    drawn = TeamMonth(first, last, page.items, holidays_between(first, last))
    context = {
        "drawn": drawn,
        "page": page,
        "form": form,
        "unit": request.GET.get("unit", "") if chosen else "",
        "chooses_unit": chooses_unit,
        "previous": add_months(first, -1),
        "next": add_months(first, 1),
        "crowded": drawn.crowded(absences, sizes_of(absences), current_setting().overlap_percent),
    }
    return render(request, "leave/team_calendar.html", context)


def _month(request: HttpRequest) -> datetime.date:
    """The first day of `?bulan=2026-03`; anything else, or a month far away, is this month."""
    now = today().replace(day=1)
    try:
        asked = datetime.date.fromisoformat(f"{request.GET.get('bulan', '')}-01")
    except ValueError:
        return now
    return asked if abs(asked.year - now.year) <= 5 else now


def _paths(user: Any, unit: Unit) -> list[str]:
    """The unit, as far as it lies in the scope of one's role; nothing of a unit outside it."""
    scope = scope_paths(user, Right.VIEW_LEAVE)
    return [unit.path] if within(unit.path, scope) else []


def _page(request: HttpRequest, rows: list[selectors.Absence]) -> Page:
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    shown = rows[(number - 1) * SIZE : number * SIZE]
    return Page(shown, number, SIZE, len(rows), capped=False, has_next=len(rows) > number * SIZE)
