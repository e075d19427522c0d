"""The sign-ins of one's people: the list, one account, and what is done to it after a page that asks."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from kepegawaian.accounts import locks
from kepegawaian.employees import activation, signins
from kepegawaian.employees.forms.signins import AccountFilter, NoReasonForm, ReasonForm
from kepegawaian.employees.models import Employee
from kepegawaian.employees.views.common import FormPage, actor_of
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.pages import paginate


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    demand(signins.can_manage(request.user))
    form = AccountFilter(request.GET)
    page = paginate(form.found(request.user), request)
    closed = locks.closed()
    rows = [(person, signins.state_of(person.user), locks.until(person.user, closed)) for person in page]
    context = {"filter": form, "page": page, "rows": rows, "closed_state": signins.State.CLOSED}
    return render(request, "employees/accounts.html", context)


@never_cache
@require_GET
def account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = _managed(request, pk)
    context = {**signins.sheet(person, actor_of(request)), "closed_state": signins.State.CLOSED}
    return render(request, "employees/account.html", context)


@require_http_methods(["GET", "POST"])
def account_act(request: HttpRequest, pk: uuid.UUID, act: str) -> HttpResponse:
    """Asks, and on POST does it. What the officer may not do answers 403 before it asks."""
    person, chosen = _managed(request, pk), signins.ACTS.get(act)
    if chosen is None:
        raise Http404
    demand(chosen.permission(request.user, person))
    page = FormPage(
        title=chosen.title,
        text=chosen.consequence,
        said=chosen.said,
        back=reverse("employees:account", args=[person.pk]),
        employee=person,
        template="employees/account_act.html",
        context={"act": chosen},
    )
    form = (ReasonForm if chosen.reason else NoReasonForm)(request.POST if request.method == "POST" else None)
    return page.answer(
        request,
        form,
        lambda data: signins.carry_out(chosen, employee=person, actor=actor_of(request), **data),
    )


@never_cache
@sensitive_variables("slip", "context")
@require_http_methods(["GET", "POST"])
def account_code(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks; a POST makes the code and shows it this once."""
    person = _managed(request, pk)
    demand(signins.can_issue(request.user, person))
    if request.method == "GET":
        return render(request, "employees/account_code.html", {"employee": person, "account": person.user})
    slip = signins.issue_slip(employee=person, actor=actor_of(request))
    if request.POST.get("format") == "pdf" and person.current_unit is not None:
        response = HttpResponse(activation.pdf(person.current_unit, [slip]), content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="kode-aktivasi.pdf"'
        return response
    context = {"employee": person, "slip": slip, "address": activation.address(), "days": settings.ACTIVATION_DAYS}
    return render(request, "employees/account_code.html", context)


def _managed(request: HttpRequest, pk: uuid.UUID) -> Employee:
    """The person, if his account is in the officer's hands at all; 403 for those who manage none."""
    demand(signins.can_manage(request.user))
    people = signins.people(request.user).select_related("user", "current_unit")
    return get_object_or_404(people, pk=pk)
