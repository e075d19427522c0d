"""*Cuti bersama* days on which a person had to work: entered by HR, listed, taken back when it was a mistake."""

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kepegawaian.calendars.models import Holiday, HolidayKind
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out
from leave import permissions, selectors, services
from leave.forms import CollectiveForm, UndoForm
from leave.views.balance import viewable_employee


@require_http_methods(["GET", "POST"])
def days(request: HttpRequest, employee_id: uuid.UUID) -> HttpResponse:
    employee = _creditable(request, employee_id)
    form = CollectiveForm(request.POST if request.method == "POST" else None, days=_offered())
    if request.method == "POST" and carried_out(form, lambda values: _credit(request, employee, values)):
        return redirect("leave:collective", employee.pk)
    context = {"employee": employee, "form": form, "credits": selectors.credits_of(employee)}
    return render(request, "leave/collective.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, employee_id: uuid.UUID, missed: datetime.date) -> HttpResponse:
    """Asks why, and on POST takes the day back."""
    employee = _creditable(request, employee_id)
    credit = next((row for row in selectors.credits_of(employee) if row.missed == missed), None)
    if credit is None:
        raise Http404
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form,
        lambda values: services.undo_collective_leave(
            actor=request.user, employee=employee, missed=missed, reason=values["reason"]
        ),
    ):
        done(request, _("Tambahan cuti dibatalkan; saldo berkurang satu hari."))
        return redirect("leave:collective", employee.pk)
    context = {"employee": employee, "form": form, "credit": credit}
    return render(request, "leave/undo_collective.html", context, status=422 if form.errors else 200)


def _credit(request: HttpRequest, employee: Employee, values: dict[str, Any]) -> None:
    if services.credit_collective_leave(actor=request.user, employee=employee, **values):
        done(request, _("Satu hari ditambahkan ke cuti tahunan."))
    else:
        done(request, _("Hari itu sudah pernah ditambahkan; nomor suratnya diperbarui."))


def _creditable(request: HttpRequest, employee_id: uuid.UUID) -> Employee:
    employee = viewable_employee(request, employee_id)
    demand(permissions.can_credit(request.user, employee))
    return employee


def _offered() -> QuerySet[Holiday]:
    """Those of last year and this, the newest first."""
    return (
        Holiday.objects.in_force()
        .filter(kind=HolidayKind.COLLECTIVE, date__year__range=(today().year - 1, today().year))
        .order_by("-date")
    )
