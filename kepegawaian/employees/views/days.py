"""A person's own working days: patterns and the roster of a month."""

import datetime
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kepegawaian.calendars.rules import add_months
from kepegawaian.employees import forms, permissions, services
from kepegawaian.employees.models import DutyDay, Employee, PersonPattern
from kepegawaian.employees.views.common import FormPage, actor_of, visible
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui import formatting


def _editable(request: HttpRequest, pk: uuid.UUID) -> Employee:
    employee = visible(request, pk)
    demand(permissions.can_edit(request.user, employee))
    return employee


@require_http_methods(["GET", "POST"])
def patterns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person's own patterns, newest first, and the form for another."""
    employee = _editable(request, pk)
    page = FormPage(
        title=_("Hari kerja"),
        text=_("Pola kerja pegawai ini mengalahkan pola unitnya."),
        said=_("Pola kerja sudah dicatat."),
        back=reverse("employees:days", args=[employee.pk]),
        employee=employee,
        template="employees/days.html",
        context={
            "rows": PersonPattern.objects.filter(employee=employee).order_by("-valid_from"),
            "month": today(),
        },
    )
    return page.answer(
        request,
        forms.PatternForm(request.POST or None),
        lambda data: services.set_pattern(employee=employee, **data, actor=actor_of(request)),
    )


@require_http_methods(["GET", "POST"])
def end_pattern(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    pattern = get_object_or_404(PersonPattern, employee=employee, pk=row)
    page = FormPage(
        title=_("Akhiri pola kerja"),
        text=pattern.get_kind_display(),
        said=_("Akhir pola kerja sudah dicatat."),
        back=reverse("employees:days", args=[employee.pk]),
        employee=employee,
    )
    return page.answer(
        request,
        forms.EndForm(request.POST or None),
        lambda data: services.end_pattern(row=pattern, on=data["on"], actor=actor_of(request)),
    )


@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest, pk: uuid.UUID, year: int, month: int) -> HttpResponse:
    """The duties of one month, a tick a day."""
    employee = _editable(request, pk)
    first = datetime.date(year, month, 1)
    rows = DutyDay.objects.filter(employee=employee, date__year=year, date__month=month, on_collective_leave=False)
    entered = list(rows.order_by("date"))
    start = {"dates": [row.date.isoformat() for row in entered]}
    start["order_number"] = entered[0].order_number if entered else ""  # type: ignore[assignment]
    page = FormPage(
        title=_("Jadwal dinas"),
        text=formatting.month_name(year, month),
        said=_("Jadwal dinas sudah dicatat."),
        back=reverse("employees:roster", args=[employee.pk, year, month]),
        employee=employee,
        template="employees/roster.html",
        context={
            "before": add_months(first, -1),
            "after": add_months(first, 1),
            "weekdays": [str(name)[:3] for _number, name in forms.WEEKDAYS],
        },
    )
    return page.answer(
        request,
        forms.RosterForm(request.POST or None, month=first, initial=start),
        lambda data: services.set_roster(employee=employee, month=first, **data, actor=actor_of(request)),
    )
