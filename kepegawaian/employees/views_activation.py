"""Printing first sign-ins: choose a unit, see who waits, print slips with fresh codes."""

import uuid
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.employees import activation
from kepegawaian.employees.forms_import import UnitSearch
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.units.models import Unit


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Units with accounts that were never activated."""
    demand(activation.can_print(request.user))
    form = UnitSearch(request.GET)
    form.is_valid()
    page = paginate(activation.units_waiting(request.user, form.cleaned_data.get("q", "")), request)
    counted = activation.counts(request.user, page)
    context = {"filter": form, "page": page, "rows": [(unit, counted.get(unit.pk, 0)) for unit in page]}
    return render(request, "employees/activation/index.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who waits in one unit; posting prints. A GET never makes a code."""
    demand(activation.can_print(request.user))
    found = get_object_or_404(Unit.objects.in_scope(request.user, Right.PRINT_ACTIVATION), pk=pk)
    if request.method == "POST":
        return _print(request, found)
    page = paginate(activation.people_of(request.user, found), request)
    return render(
        request, "employees/activation/unit.html", {"unit": found, "page": page, "at_once": activation.AT_ONCE}
    )


@sensitive_variables("slips")
def _print(request: HttpRequest, unit: Unit) -> HttpResponse:
    chosen = [key for text in request.POST.getlist("id") if (key := as_uuid(text))]
    try:
        slips = activation.issue_slips(unit=unit, chosen=chosen, actor=cast(User, request.user))
    except PermissionRefused:
        raise
    except ApplicationError as error:
        messages.warning(request, str(error.message))
        return redirect("employee_activation:unit", unit.pk)
    if request.POST.get("format") == "pdf":
        response = HttpResponse(activation.pdf(unit, slips), content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="kode-aktivasi.pdf"'
        return response
    context = {"unit": unit, "slips": slips, "address": activation.address(), "days": settings.ACTIVATION_DAYS}
    return render(request, "employees/activation/print.html", context)
