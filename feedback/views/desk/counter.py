"""A report that a citizen brings to the desk, tells on the phone or writes in a letter; a receipt to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from feedback import permissions
from feedback.enums import Phase
from feedback.forms_desk import CounterForm
from feedback.models import current_setting
from feedback.rules.maps import usable
from feedback.services import catalogue
from feedback.services.cases import Filed, file_case
from feedback.services.cases.filing import filed_before
from feedback.views.desk.common import private
from feedback.views.reports import filing as citizens
from feedback.views.reports import picking
from feedback.views.reports.common import FormToken, network, new_token, token_of
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.lib.ui.refusals import show_refusal
from kepegawaian.notifications.delivery import absolute

CARRIED = (*citizens.CARRIED, "channel", "address", "nik")
LAYOUT = "layout/app.html"


@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Sending the form twice files once and shows the same receipt."""
    demand(permissions.can_file_for_others(request.user))
    if request.method != "POST":
        token = new_token()
        return _page(request, _form(request, token), token)
    token = token_of(request)
    if filed := filed_before(token.key):
        return _receipt(request, filed)
    form = _form(request, token, request.POST, request.FILES)
    good = form.keep_files()
    if (changed := picking.pressed(request, form)) is not None:
        return _again(request, form, token, changed)
    if request.POST.get("step") in picking.STEPS and good:
        shown = picking.step(request, form, token, CARRIED, here=reverse("feedback:counter"), layout=LAYOUT)
        return private(request, *shown) if shown else _again(request, form, token, {})
    if not (form.is_valid() and good):
        return _page(request, form, token, status=422)
    return _file(request, form, token)


def _form(request: HttpRequest, token: FormToken, *data: Any, **more: Any) -> CounterForm:
    return CounterForm(*data, key=token.key, network=network(request), **more)


def _again(request: HttpRequest, form: CounterForm, token: FormToken, changed: dict[str, str]) -> HttpResponse:
    """Back at the form as it was left, from the tree or the map."""
    fresh = _form(request, token, initial=picking.left(form, CARRIED) | changed)
    return _page(request, picking.as_left(form, fresh), token)


def _file(request: HttpRequest, form: CounterForm, token: FormToken) -> HttpResponse:
    try:
        filing = form.filing(language=get_language() or "id")
        filed = file_case(filing=filing, officer=request.user, key=token.key)
    except ApplicationError as error:
        show_refusal(form, error)
        return _page(request, form, token, status=422)
    return _receipt(request, filed)


def _page(request: HttpRequest, form: CounterForm, token: FormToken, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "token": token.text,
        "suggestions": catalogue.suggestions(),
        "on_map": usable(current_setting().map_tiles),
    }
    return private(request, "feedback/desk/counter.html", context, status=status)


def _receipt(request: HttpRequest, filed: Filed) -> HttpResponse:
    """The PIN stands on the answer to the POST alone."""
    context = {
        "case": filed.case,
        "pin": filed.pin,
        "clocks": filed.case.clocks.filter(phase__in=(Phase.VERIFY, Phase.FINAL)),
        "mailed": bool(request.POST.get("email")),
        "address": absolute(reverse("feedback:find")),
    }
    return private(request, "feedback/desk/receipt.html", context)
