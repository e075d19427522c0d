"""File a report: one page, a look at what the public will read, a receipt. Nothing is kept between the steps but
the files; what was typed travels with the form."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from feedback.enums import Phase
from feedback.forms_reports import ReportForm
from feedback.models import FeedbackSetting, current_setting
from feedback.notifications import tracking_url
from feedback.report_look import drawn_point
from feedback.rules.maps import usable
from feedback.rules.personal import MASKS, cleaned, find_personal, preview
from feedback.services import catalogue, defence
from feedback.services.cases import Filed, file_case
from feedback.services.cases.filing import filed_before, title_of
from feedback.views.reports import picking
from feedback.views.reports.common import FormToken, citizens_form, network, new_token, person, token_of
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui.refusals import show_refusal
from kepegawaian.notifications.delivery import absolute

CARRIED = ("kind", "about", "text", "place", "point", "anonymous", "secret", "name", "email", "phone", "website")


@permissions_policy_override({**settings.PERMISSIONS_POLICY, "geolocation": "self"})
@citizens_form
@require_http_methods(["GET", "HEAD", "POST"])
def file_report(request: HttpRequest) -> HttpResponse:
    """`step`: preview shows what will be read, change returns to the form, pick goes through the tree of services
    and units until something is chosen, place shows the map until a point is, send files it."""
    if request.method != "POST":
        return _empty(request)
    token, step = token_of(request), request.POST.get("step", "preview")
    if step == "send" and (filed := filed_before(token.key)):
        return _receipt(request, filed)
    form = _form(request, token, request.POST, request.FILES)
    good = form.keep_files()
    if step == "change":
        return _page(request, form, token)
    if (changed := picking.pressed(request, form)) is not None:
        return _again(request, form, token, **changed)
    if step in picking.STEPS and good:
        shown = picking.step(request, form, token, CARRIED, here=reverse("feedback:report"))
        return render(request, *shown) if shown else _again(request, form, token)
    if not (form.is_valid() and good):
        return _page(request, form, token, status=422)
    return _send(request, form, token) if step == "send" else _preview(request, form, token)


def _form(request: HttpRequest, token: FormToken, *data: Any, **more: Any) -> ReportForm:
    user = person(request)
    return ReportForm(*data, key=token.key, network=network(request), signed_in=user is not None, **more)


def _empty(request: HttpRequest) -> HttpResponse:
    """A link from the page of a service, or of a unit, brings its name along."""
    service, unit = request.GET.get("layanan", ""), request.GET.get("unit", "")
    chosen = catalogue.about(f"s:{service}") if service else catalogue.about(f"u:{unit}") if unit else None
    initial: dict[str, Any] = {"about": chosen.label} if chosen else {}
    if chosen and chosen.service and chosen.service.suggested_kind:
        initial["kind"] = chosen.service.suggested_kind
    token = new_token()
    form = _form(request, token, initial=initial)
    form.chosen = chosen
    return _page(request, form, token)


def _page(request: HttpRequest, form: ReportForm, token: FormToken, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "token": token.text,
        "suggestions": catalogue.suggestions(),
        "on_map": usable(current_setting().map_tiles),
    }
    return render(request, "feedback/reports/form.html", context, status=status)


def _again(request: HttpRequest, form: ReportForm, token: FormToken, **changed: str) -> HttpResponse:
    """Back at the form as it was left: unbound, so that nothing is called wrong before it was sent."""
    fresh = _form(request, token, initial=picking.left(form, CARRIED) | changed)
    return _page(request, picking.as_left(form, fresh), token)


def _preview(
    request: HttpRequest, form: ReportForm, token: FormToken, *, again: Any = "", status: int = 200
) -> HttpResponse:
    text = cleaned(form.cleaned_data["text"])
    shown = preview(text)
    similar = catalogue.similar_cases(text, form.chosen)
    kinds = [finding.kind for finding in find_personal(text)]
    context = {
        "form": form,
        "token": token.text,
        "again": again,
        "shown": shown,
        "shown_title": preview(title_of("", form.cleaned_data["text"])),
        "map": drawn_point(form.cleaned_data["point"] or None),
        "masked": [(MASKS[kind], kinds.count(kind)) for kind in dict.fromkeys(kinds)],
        "kind": dict(form.fields["kind"].choices)[form.cleaned_data["kind"]],  # type: ignore[attr-defined]
        "carried": picking.left(form, CARRIED).items(),
        "choice": form.chosen.value if form.chosen else form.data.get("choice", ""),
        "similar": similar,
        "challenge": defence.new_challenge(network(request)),
    }
    return render(request, "feedback/reports/preview.html", context, status=status)


def _send(request: HttpRequest, form: ReportForm, token: FormToken) -> HttpResponse:
    origin, setting = network(request), current_setting()
    verdict = defence.judge(
        proof=request.POST.get("altcha", ""),
        trap=request.POST.get("website", ""),
        seconds=token.seconds,
        network=origin,
        setting=setting,
    )
    if verdict.again:
        filed = filed_before(token.key)  # sent twice at the same moment: the other one spent the proof
        return (
            _receipt(request, filed) if filed else _preview(request, form, token, again=verdict.again, status=422)
        )
    try:
        filing = form.filing(language=get_language() or "id")
        filed = file_case(filing=filing, user=person(request), key=token.key, held=verdict.held, setting=setting)
    except ApplicationError as error:
        show_refusal(form, error)
        return _page(request, form, token, status=422)
    if not filed.again:
        defence.count_filing(origin)
    return _receipt(request, filed, setting)


def _receipt(request: HttpRequest, filed: Filed, setting: FeedbackSetting | None = None) -> HttpResponse:
    """The answer to the POST itself: the PIN stands in no address and no history; loading it again repeats it."""
    context = {
        "case": filed.case,
        "pin": filed.pin,
        "clocks": filed.case.clocks.filter(phase__in=(Phase.VERIFY, Phase.FINAL)),
        "held": filed.case.held,
        "mailed": bool(request.POST.get("email")),
        "setting": setting or current_setting(),
        "address": absolute(reverse("feedback:find")),
        "tracking_url": tracking_url(filed.case),
    }
    return render(request, "feedback/reports/receipt.html", context)
