"""Results in the shape of SIASN: at once, or a longer list by a worker."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations.exporting import EXPORTS, LABELS
from evaluations.permissions.follow_up import can_export
from evaluations.views.common import asked_cycle, shown_cycles
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.work import sheets


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    demand(can_export(request.user))
    cycle = asked_cycle(request)
    query = f"tahun={cycle.year}" if cycle else ""
    years = shown_cycles().values_list("year", flat=True)
    context = {
        "cycle": cycle,
        "query": query,
        "years": [Tab(str(year), f"?tahun={year}", cycle is not None and year == cycle.year) for year in years],
        "rows": [
            (code, LABELS[code], export.count_capped(query, request.user), sheets.AT_ONCE)
            for code, export in EXPORTS.items()
        ],
        "kinds": sheets.MIMES,
    }
    return render(request, "evaluations/follow_up/exports.html", context)


@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """Up to `AT_ONCE` rows; a longer list is asked for by POST."""
    export, kind, query = EXPORTS.get(code), request.GET.get("jenis", sheets.CSV), request.GET.urlencode()
    if export is None or kind not in sheets.MIMES:
        raise Http404
    demand(can_export(request.user))
    if export.count_capped(query, request.user) > sheets.AT_ONCE:
        return redirect("evaluations:exports")
    return export.answer(query=query, kind=kind, actor=request.user)


@require_POST
def later(request: HttpRequest, code: str) -> HttpResponse:
    export, kind = EXPORTS.get(code), request.POST.get("jenis", sheets.CSV)
    if export is None or kind not in sheets.MIMES:
        raise Http404
    job = export.later(query=request.POST.get("query", ""), kind=kind, actor=request.user)
    return redirect("work:job", job.pk)
