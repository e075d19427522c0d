"""Who heads which unit, and who acts in whose name."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kepegawaian.accounts.roles import Right
from kepegawaian.employees import forms, permissions, services
from kepegawaian.employees.models import Delegation, Employee, PositionHolding
from kepegawaian.employees.panels import headless as units_without_head
from kepegawaian.employees.views.common import FormPage, actor_of, visible
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.units import tree
from kepegawaian.units.models import Unit


# --- Heads of units -------------------------------------------------------------------------------
@require_GET
def headless(request: HttpRequest) -> HttpResponse:
    """Units whose requests climb to the next head above until HR names one here."""
    demand(permissions.can_create_somewhere(request.user))
    page = paginate(units_without_head(request.user), request)
    rows = [(unit, label) for unit, label in tree.labelled(page.items)]
    return render(request, "employees/headless.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def name_head(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    demand(permissions.can_name_head(request.user, unit))
    people = Employee.objects.visible_to(request.user)
    page = FormPage(
        title=_("Tetapkan pimpinan"),
        text=unit.name,
        said=_("Pimpinan unit sudah ditetapkan."),
        back=reverse("units:detail", args=[unit.pk]),
        back_label=unit.name,
    )
    return page.answer(
        request,
        forms.HeadForm(request.POST or None, people=people),
        lambda data: services.name_head(unit=unit, **data, actor=actor_of(request)),
    )


@require_http_methods(["GET", "POST"])
def end_head(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    demand(permissions.can_name_head(request.user, unit))
    holding = get_object_or_404(
        PositionHolding.objects.standing().select_related("employee", "position"), heads=unit, pk=row
    )
    page = FormPage(
        title=_("Akhiri penugasan"),
        text=f"{holding.get_kind_display()} {holding.position.name}: {holding.employee.full_name}",
        said=_("Akhir penugasan sudah dicatat."),
        back=reverse("units:detail", args=[unit.pk]),
        back_label=unit.name,
    )
    return page.answer(
        request,
        forms.EndForm(request.POST or None),
        lambda data: services.end_head(row=holding, on=data["on"], actor=actor_of(request)),
    )


# --- Delegations ----------------------------------------------------------------------------------
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Delegations that run or are to come, of the officials whose HR one is."""
    demand(permissions.can_create_somewhere(request.user))
    principals = Employee.objects.in_scope(request.user, Right.EDIT_RECORDS)
    rows = Delegation.objects.filter(principal__in=principals, ended_at=None, valid_to__gte=today())
    page = paginate(rows.select_related("principal", "delegate").order_by("valid_from", "id"), request)
    return render(request, "employees/delegations_all.html", {"page": page})


@require_GET
def my_delegations(request: HttpRequest) -> HttpResponse:
    """The way from the menu to one's own delegations."""
    person = get_object_or_404(Employee, user=actor_of(request))
    return redirect("employees:delegations", person.pk)


@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The delegations of one official, and the form for another."""
    principal = visible(request, pk)
    demand(permissions.can_delegate(request.user, principal))
    rows = Delegation.objects.filter(principal=principal).select_related("delegate")
    page = FormPage(
        title=_("Pelimpahan wewenang"),
        text=_("Orang lain memutus atas nama pejabat ini (a.n.) untuk suatu masa, dengan surat perintah."),
        said=_("Pelimpahan wewenang sudah dicatat."),
        back=reverse("employees:delegations", args=[principal.pk]),
        employee=principal,
        template="employees/delegations.html",
        context={"rows": rows.order_by("-valid_from", "-id")[:25], "today": today()},
    )
    return page.answer(
        request,
        forms.DelegationForm(request.POST or None, people=Employee.objects.visible_to(request.user)),
        lambda data: services.delegate(principal=principal, **data, actor=actor_of(request)),
    )


@require_POST
def end_delegation(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    principal = visible(request, pk)
    demand(permissions.can_delegate(request.user, principal))
    delegation = get_object_or_404(Delegation, principal=principal, pk=row)
    try:
        services.end_delegation(row=delegation, actor=actor_of(request))
        done(request, _("Pelimpahan wewenang sudah diakhiri."))
    except ApplicationError as error:
        done(request, error.message)
    return redirect("employees:delegations", principal.pk)
