"""What everybody may read of reports: the list with its search, and the page behind a number."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from feedback import report_look as look
from feedback.enums import CaseState
from feedback.forms_published import ReportFilter
from feedback.models import Case, CaseStep
from feedback.request_look import information_of
from feedback.services.cases import rule_of
from feedback.views.caching import kept_here, kept_publicly
from feedback.views.reports.common import ACCESS_COOKIE, find, kept_by_nobody, reporting, unknown
from kepegawaian.lib.ui.pages import paginate

MINUTE = 60


@login_not_required
@require_safe
@kept_publicly(MINUTE)
def reports(request: HttpRequest) -> HttpResponse:
    if request.GET:
        return _listed(request)
    last = CaseStep.objects.order_by("-id").values_list("pk", flat=True).first()
    return kept_here(request, f"reports:{last}", lambda: _listed(request))


def _listed(request: HttpRequest) -> HttpResponse:
    form = ReportFilter(request.GET)
    page = paginate(form.cases(), request, columns=look.COLUMNS, sorts_all=bool(form.words))
    rows = look.drawn_lines(page)
    return render(request, "feedback/reports/list.html", {"form": form, "page": page, "rows": rows})


@login_not_required
@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Only what was published. For its reporter the way to his own page is shown; for others a secret number and
    one that does not exist are the same."""
    case = find(number)
    own = reporting(request, case) is not None
    if case is None or not (case.is_public or own):
        return unknown(request, number)
    if not case.is_public or number != case.number:
        return redirect("feedback:track" if case.is_public else "feedback:mine", case.number)
    response = _published(request, case, own=own)
    return kept_by_nobody(response) if own or ACCESS_COOKIE in request.COOKIES else response


@kept_publicly(MINUTE)
def _published(request: HttpRequest, case: Case, *, own: bool) -> HttpResponse:
    """Every verb raises the version of its case."""
    if own:
        return _page(request, case, own=True)
    return kept_here(request, f"report:{case.pk}:{case.version}", lambda: _page(request, case, own=False))


def _page(request: HttpRequest, case: Case, *, own: bool) -> HttpResponse:
    main = case.merged_into
    clocks = look.drawn_clocks(case, get_language() or "id")
    context = {
        "case": case,
        "own": own,
        "state": CaseState(case.state),
        "story": look.story(case, own=False),
        "clocks": clocks,
        "information": information_of(case, (row.clock for row in clocks), public=True),
        "rule": rule_of(case),
        "thread": case.messages.public().select_related("unit").order_by("id"),
        "files": look.numbered(case.files.exclude(published_at=None).select_related("offered")),
        "main": main if main is not None and main.is_public else None,
    }
    return render(request, "feedback/reports/report.html", context)
