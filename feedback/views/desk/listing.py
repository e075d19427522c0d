"""The desk: what breaches first on top; the same list as a sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback import desk_lines, permissions
from feedback.exporting_desk import CASES
from feedback.forms_desk import ALL, WAITING, DeskFilter
from feedback.views.desk.common import private
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.work import sheets


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_open_desk(request.user))
    form = DeskFilter(request.user, request.GET)
    page, counts = desk_lines.page_of(request, form.asked(request.GET.get("sort", "")))
    may_act = bool(permissions.can_file_for_others(request.user))
    context = {
        "form": form,
        "page": page,
        "tabs": _tabs(request, counts),
        "query": request.GET.urlencode(),
        "kinds": sheets.MIMES,
        "rows": desk_lines.drawn(page, tickable=may_act),
        "may_act": may_act,
        "searched": any(value for name, value in request.GET.items() if name not in ("page", "sort")),
    }
    return private(request, "feedback/desk/desk.html", context)


def _tabs(request: HttpRequest, counts: list[int]) -> list[Tab]:
    here, (waiting, running, overdue) = reverse("feedback:desk"), counts
    state, due = request.GET.get("state", ""), request.GET.get("due", "")
    late = due == "lewat" and not state
    return [
        Tab(_("Menunggu saya"), f"{here}?state={WAITING}", state == WAITING, waiting),
        Tab(_("Masih berjalan"), here, not state and not due, running),
        Tab(_("Terlambat"), f"{here}?due=lewat", late, overdue),
        Tab(_("Semua"), f"{here}?state={ALL}", state == ALL),
    ]


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """At once, or a longer one by a worker. Who took it is in the trail."""
    demand(permissions.can_open_desk(request.user))
    query, kind = request.GET.urlencode(), request.GET.get("jenis", sheets.CSV)
    if kind not in sheets.MIMES:
        raise Http404
    if CASES.count_capped(query, request.user) > sheets.AT_ONCE:
        return private(request, "feedback/desk/export.html", {"query": query, "file_kind": kind})
    return CASES.answer(query=query, kind=kind, actor=request.user)


@require_POST
def export_later(request: HttpRequest) -> HttpResponse:
    query, kind = request.POST.get("query", ""), request.POST.get("jenis", sheets.CSV)
    if kind not in sheets.MIMES:
        raise Http404
    return redirect("work:job", CASES.later(query=query, kind=kind, actor=request.user).pk)
