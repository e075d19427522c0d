"""The desk of the protected channel: who may not see a report finds nothing there, and every reading is kept."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from feedback import permissions_whistle as permissions
from feedback import whistle_lines
from feedback.enums import WhistleOutcome, WhistleState
from feedback.forms_whistle import HandlingForm, WhistleFilter
from feedback.models import WhistleFile, WhistleRead, WhistleReport
from feedback.services import whistle as services
from feedback.views.desk.common import private
from feedback.views.whistle.public import sent_file
from feedback.whistle_acts import ACTS, WORDS, WhistleAct, acts_for
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, demand
from kepegawaian.lib.ui.formatting import day, typed
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.parts import Step
from kepegawaian.lib.ui.refusals import carried_out


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_open_desk(request.user))
    form = WhistleFilter(request.GET)
    page = whistle_lines.page_of(request, form.chosen)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, WhistleState(row.state)) for row in page],
        "day": today(),
    }
    return private(request, "feedback/whistle/desk.html", context)


def _found(request: HttpRequest, pk: uuid.UUID) -> WhistleReport:
    """404 for everybody else, as if there were none."""
    rows = WhistleReport.objects.visible_to(request.user).marked().select_related("unit", "officer")
    report: WhistleReport = get_object_or_404(rows, pk=pk)
    return report


@require_safe
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    report = _found(request, pk)
    services.note_reading(report, request.user)
    context = {
        "report": report,
        "state": WhistleState(report.state),
        "outcome": WhistleOutcome(report.outcome) if report.outcome else None,
        "late": report.due_on is not None and report.due_on < today(),
        "parties": report.parties.select_related("user", "unit"),
        "files": report.files.select_related("stored").order_by("stored__name"),
        "thread": report.messages.select_related("author"),
        "story": _story(report),
        "acts": acts_for(report, request.user),
        "mine": report.officer_id == request.user.pk,
    }
    return private(request, "feedback/whistle/page.html", context)


def _story(report: WhistleReport) -> list[Step]:
    found = []
    for row in report.steps.select_related("actor"):
        state = WhistleState(row.to_state)
        who = " · ".join(part for part in (row.actor.name if row.actor else "", day(row.on)) if part)
        found.append(Step(WORDS[row.action], "done", who, None, typed(row.reason), state.tone, state.icon))
    return found


@require_safe
def reads(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who opened the report, its files, or this list."""
    report = _found(request, pk)
    services.note_reading(report, request.user, WhistleRead.What.LOG)
    rows = paginate(report.reads.select_related("reader"), request)
    return private(request, "feedback/whistle/reads.html", {"report": report, "page": rows})


@require_safe
def file(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> FileResponse:
    report = _found(request, pk)
    row = get_object_or_404(WhistleFile.objects.select_related("stored"), pk=file_pk, report=report)
    services.note_reading(report, request.user, WhistleRead.What.FILE)
    return sent_file(row)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    report, wanted = _found(request, pk), ACTS.get(name)
    if wanted is None:
        raise Http404
    if not wanted.anybody and report.officer_id != request.user.pk:
        raise PermissionRefused(permissions.NOT_YOURS)
    services.note_reading(report, request.user)
    if request.method != "POST":
        if not wanted.now(report):
            return redirect("feedback:whistle_page", pk)
        return _page(request, report, wanted, wanted.form(report, permissions.officers_for(report)))
    form = wanted.form(report, permissions.officers_for(report), request.POST)
    seen = _version(request)
    if carried_out(form, lambda data: wanted.verb(actor=request.user, report=report, version=seen, **data)):
        done(request, wanted.told)
        still = permissions.can_see(request.user, report)
        return redirect("feedback:whistle_page", pk) if still else redirect("feedback:whistle_desk")
    return _page(request, _found(request, pk), wanted, form, status=422)


def _version(request: HttpRequest) -> int | None:
    """That of the page which the officer has read."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _page(
    request: HttpRequest, report: WhistleReport, wanted: WhistleAct, form: HandlingForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "report": report,
        "state": WhistleState(report.state),
        "act": wanted,
        "form": form,
        "possible": wanted.now(report),
    }
    return private(request, "feedback/whistle/act.html", context, status=status)
