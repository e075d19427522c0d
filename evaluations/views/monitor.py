"""Progress for those who answer for it: HR over the government, leaders and heads over their units."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations import monitoring
from evaluations.forms.cycles import HrAssessorForm, PeopleFilter, RemindForm
from evaluations.permissions.cycles import can_manage_some, can_oversee, oversees_unit
from evaluations.selectors import monitor, participants
from evaluations.selectors.listed import lines_of
from evaluations.views.common import asked_cycle, shown_cycles
from evaluations.views.people_drawn import drawn
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.pages import CAP, by_keys, capped
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units import tree
from kepegawaian.units.models import Unit
from kepegawaian.work import sheets
from kepegawaian.work.models import Job


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The units of one's scope, with the numbers of each."""
    demand(can_oversee(request.user))
    paths = monitor.paths_overseen(request.user)
    top = min((len(path) for path in paths), default=0) if paths else Unit.steplen
    return _numbers(request, paths, top + Unit.steplen)


@require_safe
def unit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One unit: its own people and the units below it."""
    chosen = get_object_or_404(Unit, pk=pk)
    if not oversees_unit(request.user, chosen):
        raise Http404
    shell.belongs_to(request, reverse("evaluations:monitor"))
    return _numbers(request, [chosen.path], len(chosen.path) + Unit.steplen, unit=chosen)


def _numbers(request: HttpRequest, paths: Any, length: int, unit: Unit | None = None) -> HttpResponse:
    look = _look(request)
    context: dict[str, Any] = {"unit": unit, "look": look, "years": list(shown_cycles())}
    if look is not None:
        counted = monitor.counted(look, paths, length)
        asked_page = request.GET.get("page", "")
        number = int(asked_page) if asked_page.isdecimal() and len(asked_page) < 5 else 1
        units = monitor.branches(counted.rows, length, sort=request.GET.get("sort", ""), number=max(number, 1))
        asked = {"tahun": str(look.cycle.year), "periode": str(look.period.pk)}
        kept = urlencode(asked)
        if unit is not None:
            asked["unit"] = tree.labelled([unit])[0][1]
        context |= {
            "total": (total := monitor.in_all(counted.rows)),
            "counted_at": counted.at,
            "query": urlencode(asked),
            "filtered": f"?{urlencode(asked)}",
            "page": units,
            "periods": look.periods,
            "kept": kept,
            "what": [(code, words, getattr(total, code, None)) for code, (words, _q) in participants.WHAT.items()],
        }
    return render(request, "evaluations/cycles/monitor.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people behind a number; HR reminds them or names an assessor for all of them."""
    demand(can_oversee(request.user))
    look = _look(request)
    if look is None:
        raise Http404
    form = PeopleFilter(request.GET)
    found = form.people(look, monitor.paths_overseen(request.user), sort=request.GET.get("sort", ""))
    page = by_keys(found, request, lambda keys: lines_of(keys, look.period, request.user))
    context = {
        "look": look,
        "form": form,
        "page": page,
        "rows": drawn(page, look),
        "query": request.GET.urlencode(),
        "kinds": sheets.MIMES,
        "remind": RemindForm(look) if can_manage_some(request.user) else None,
    }
    return render(request, "evaluations/cycles/people.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a sheet: at once, or a longer one by a worker. Who took it is in the trail."""
    demand(can_oversee(request.user))
    query, kind = request.GET.urlencode(), _kind(request.GET.get("jenis", sheets.CSV))
    if monitoring.PEOPLE.count_capped(query, request.user) > sheets.AT_ONCE:
        return render(request, "evaluations/cycles/export.html", {"query": query, "kind": kind})
    return monitoring.PEOPLE.answer(query=query, kind=kind, actor=request.user)


@require_POST
def export_later(request: HttpRequest) -> HttpResponse:
    kind = _kind(request.POST.get("jenis", sheets.CSV))
    job = monitoring.PEOPLE.later(query=request.POST.get("query", ""), kind=kind, actor=request.user)
    return redirect("work:job", job.pk)


def _kind(asked: str) -> str:
    if asked not in sheets.MIMES:
        raise Http404
    return asked


# --- For all of the list --------------------------------------------------------------------------
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    demand(can_manage_some(request.user))
    look = _look(request)
    form = RemindForm(look, request.POST) if look else None
    if form is None or not form.is_valid():
        raise Http404
    query = request.GET.urlencode()
    job = monitoring.start_reminding(actor=request.user, query=query, deadline=form.cleaned_data["deadline"])
    return redirect("work:job", job.pk)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """One assessor for all people of the list, after a page that says how many that are."""
    demand(can_manage_some(request.user))
    query = request.GET.urlencode()
    form = HrAssessorForm(request.POST if request.method == "POST" else None)
    started: list[Job] = []

    def start(values: dict[str, Any]) -> None:
        started.append(monitoring.start_assigning(actor=request.user, query=query, **values))

    if request.method == "POST" and carried_out(form, start):
        return redirect("work:job", started[0].pk)
    count = capped(monitoring.people(query, request.user, managed=True))
    context = {"form": form, "count": min(count, CAP), "capped": count > CAP, "query": query}
    return render(request, "evaluations/cycles/assign.html", context, status=422 if form.errors else 200)


def _look(request: HttpRequest) -> monitor.Look | None:
    cycle = asked_cycle(request)
    return monitor.look_at(cycle, request.GET.get("periode", "")) if cycle else None
