"""The balance that explains itself: one's own, and of people in one's scope; what HR enters for earlier years."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.lib.ui.refusals import carried_out
from leave import permissions, selectors
from leave.drawing import BalanceDrawn
from leave.forms import OpeningForm
from leave.ledger import current_setting
from leave.lines import bucket_lines, movement_lines
from leave.models import LeaveSetting, OpeningYear
from leave.services.opening import OpeningEntry, enter_opening, opening_years
from leave.views.common import own_employee

YEARS_BACK = 3


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request, own_employee(request), own=True)


@require_safe
def of_person(request: HttpRequest, employee_id: uuid.UUID) -> HttpResponse:
    employee = viewable_employee(request, employee_id)
    return _page(request, employee, own=permissions.is_own(request.user, employee))


def viewable_employee(request: HttpRequest, employee_id: uuid.UUID) -> Employee:
    """Whose balance this person may see; anybody else is not found."""
    people = Employee.objects.select_related("current_unit", "leave_account")
    employee = people.filter(pk=employee_id).first()
    if employee is None or not permissions.can_view_balance(request.user, employee):
        raise Http404
    return employee


def _page(request: HttpRequest, employee: Employee, *, own: bool) -> HttpResponse:
    setting = current_setting()
    known = _known_years(setting)
    year = _year(request, known)
    account = getattr(employee, "leave_account", None)
    balance = selectors.balance_of(employee, year=year, account=account, setting=setting)
    drawn = BalanceDrawn(balance, source=request.GET.get("kotak", ""))
    context = {
        "employee": employee,
        "own": own,
        "drawn": drawn,
        "balance": balance,
        "bucket_lines": bucket_lines(drawn.buckets, balance.year),
        "movement_lines": movement_lines(drawn.entries),
        "years": [Tab(str(each), f"?tahun={each}", each == year) for each in known],
        "may_enter": bool(permissions.can_enter_opening(request.user, employee)),
        "may_file": own,
    }
    return render(request, "leave/balance.html", context)


def _year(request: HttpRequest, known: range) -> int:
    """The year asked for, where the portal keeps one; else this year."""
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today().year
    return year if year in known else today().year


def _known_years(setting: LeaveSetting) -> range:
    first = max(setting.go_live_year, today().year - YEARS_BACK)
    return range(min(first, today().year), today().year + 2)


@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, employee_id: uuid.UUID) -> HttpResponse:
    """What a person brought along from the years before go-live."""
    employee = viewable_employee(request, employee_id)
    demand(permissions.can_enter_opening(request.user, employee))
    years = opening_years(current_setting())
    form = OpeningForm(request.POST if request.method == "POST" else None, years=years)
    if request.method == "POST" and carried_out(form, partial(_enter, request, employee)):
        done(
            request, _("Saldo awal %(year)s disimpan; saldo dihitung ulang.") % {"year": form.cleaned_data["year"]}
        )
        return redirect("leave:opening", employee.pk)
    context = {"employee": employee, "form": form, "rows": _openings(employee), "years": years}
    return render(request, "leave/opening.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, employee: Employee, values: dict[str, Any]) -> None:
    entry = OpeningEntry(values["year"], values["left"], values["postponed"] or 0, values["unused"])
    enter_opening(actor=request.user, employee=employee, entries=[entry], source=values["source"])


def _openings(employee: Employee) -> list[OpeningYear]:
    """Newest first, superseded ones too: a wrong entry stays visible."""
    rows = OpeningYear.objects.filter(account__employee=employee).select_related("entered_by")
    return list(rows.order_by("-year", "-entered_at"))
