"""The years of performance, for HR of the whole government: prepare, calendar, who takes part, open, close."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.enums import CycleState
from evaluations.forms.cycles import CalendarForm, PopulationForm, PrepareForm
from evaluations.models import Cycle
from evaluations.permissions.common import can_manage_everywhere
from evaluations.services import cycles
from evaluations.services.cycles_opening import JOB
from evaluations.services.cycles_population import preview
from evaluations.services.feedback import PUBLISH
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out, tells
from kepegawaian.work.models import Job, JobState


@require_http_methods(["GET", "POST"])
def cycles_page(request: HttpRequest) -> HttpResponse:
    """All years, and the next one to prepare."""
    demand(can_manage_everywhere(request.user))
    rows = list(Cycle.objects.select_related("opened_by"))
    following = max([row.year for row in rows], default=today().year - 1) + 1
    form = PrepareForm(request.POST if request.method == "POST" else None, initial={"year": following})
    made: list[Cycle] = []
    if request.method == "POST" and carried_out(
        form, lambda values: made.append(cycles.prepare_cycle(actor=request.user, **values))
    ):
        done(request, _("Tahun kinerja disiapkan. Periksa kalender dan pesertanya, lalu buka."))
        return redirect("evaluations:cycle", made[0].pk)
    context = {"rows": rows, "form": form}
    return render(request, "evaluations/cycles/cycles.html", context, status=422 if form.errors else 200)


@require_safe
def cycle_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cycle = _cycle(request, pk)
    return _page(request, cycle)


def _page(request: HttpRequest, cycle: Cycle, **forms: Any) -> HttpResponse:
    unopened = cycle.state == CycleState.PREPARING
    seen = preview(cycle) if unopened else None
    labels = dict(AsnStatus.choices)
    context = {
        "cycle": cycle,
        "state": CycleState(cycle.state),
        "calendar": forms.get("calendar") or CalendarForm(cycle),
        "population": forms.get("population") or PopulationForm.of(cycle),
        "preview": seen,
        "taking": [(labels[status], count) for status, count in seen.taking_part.items()] if seen else [],
        **({} if unopened else _jobs(cycle)),
        "monitor_url": f"{reverse('evaluations:monitor')}?tahun={cycle.year}",
        "over": today().year > cycle.year,
        "unfinished": cycles.unfinished(cycle) if cycle.state == CycleState.OPEN else 0,
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "evaluations/cycles/cycle.html", context, status=422 if failed else 200)


def _jobs(cycle: Cycle) -> dict[str, Job | None]:
    """The newest that opens the year, and the newest that publishes feedback of it unless it is done."""
    rows = Job.objects.filter(kind__in=(JOB, PUBLISH), arguments__cycle=str(cycle.pk)).order_by("id")
    newest = {row.kind: row for row in rows}
    publishing = newest.get(PUBLISH)
    return {
        "job": newest.get(JOB),
        "publishing": publishing if publishing and publishing.state != JobState.DONE else None,
    }


@require_POST
def calendar(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cycle = _cycle(request, pk)
    form = CalendarForm(cycle, request.POST)
    if carried_out(
        form, lambda values: cycles.change_calendar(actor=request.user, cycle=cycle, dates=form.dates())
    ):
        done(request, _("Kalender disimpan."))
        return redirect("evaluations:cycle", cycle.pk)
    return _page(request, cycle, calendar=form)


@require_POST
def population(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cycle = _cycle(request, pk)
    form = PopulationForm.of(cycle, request.POST)

    def change(values: dict[str, Any]) -> None:
        cycles.change_cycle(
            actor=request.user,
            cycle=cycle,
            approach=values["approach"],
            population=form.population(),
            period_kind=values.get("period_kind", ""),
        )

    if carried_out(form, change):
        done(request, _("Peserta disimpan."))
        return redirect("evaluations:cycle", cycle.pk)
    return _page(request, cycle, population=form)


@require_http_methods(["GET", "POST"])
@tells("evaluations:cycle")
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first, and only for a year that nothing hangs on."""
    cycle = _cycle(request, pk)
    cycles.require_prepared(cycle)
    if request.method != "POST":
        return render(request, "evaluations/cycles/discard.html", {"cycle": cycle})
    cycles.discard_cycle(actor=request.user, cycle=cycle)
    done(request, _("Tahun kinerja %(year)d dihapus; dapat disiapkan lagi.") % {"year": cycle.year})
    return redirect("evaluations:cycles")


@require_POST
@tells("evaluations:cycle")
def open_year(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = cycles.open_cycle(actor=request.user, cycle=_cycle(request, pk))
    return redirect("work:job", job.pk)


@require_POST
@tells("evaluations:cycle")
def close_year(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cycle = cycles.close_cycle(actor=request.user, cycle=_cycle(request, pk))
    done(request, _("Tahun kinerja %(year)d ditutup.") % {"year": cycle.year})
    return redirect("evaluations:cycle", cycle.pk)


def _cycle(request: HttpRequest, pk: uuid.UUID) -> Cycle:
    demand(can_manage_everywhere(request.user))
    found: Cycle = get_object_or_404(Cycle.objects.select_related("opened_by"), pk=pk)
    return found
