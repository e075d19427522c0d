"""A unit's own result, the pattern of its people's ratings, and units side by side for leaders."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.enums import CHART_ORDER, OrgResult
from evaluations.forms.ratings import CalibrationFilter, DistributionForm, OrganisationForm
from evaluations.models import Evaluation, OrganisationResult, Participant, Period
from evaluations.models.cycles import current_setting
from evaluations.papers import kinds
from evaluations.permissions.ratings import can_calibrate, can_explain, can_set_organisation, can_view_unit
from evaluations.rules import distribution as pattern
from evaluations.selectors.calibration import children_of, pattern_of, side_by_side
from evaluations.selectors.listed import lines_then
from evaluations.selectors.periods import begun
from evaluations.selectors.ratings import people_of
from evaluations.services import organisation as verbs
from evaluations.services import papers
from evaluations.views import papers_drawn
from evaluations.views.calibration_drawn import drawn
from evaluations.views.common import asked_cycle
from evaluations.views.execution import PERIOD
from evaluations.views.papers_drawn import PaperRow
from kepegawaian.accounts.roles import Right
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.employees import search
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.together import read_together
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import by_keys, paginate
from kepegawaian.lib.ui.parts import Bar, Bars, Tab
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units.models import Unit, scope_paths

BRANCHES, UNITS = "halaman_unit", 12
"""Which page of the units side by side: the list of people below them has its own."""


# --- The unit's own result ------------------------------------------------------------------------
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Units whose head I assess: their result in each period that has begun, set or waiting."""
    cycle = asked_cycle(request)
    periods = begun(cycle.periods.order_by("kind", "-start")) if cycle else []
    period = chosen(request, periods)
    heads = Participant.objects.assessed_by(request.user).filter(cycle=cycle, heads__isnull=False)
    page = paginate(heads.select_related("heads", "employee").order_by("heads__path"), request)
    found = OrganisationResult.objects.filter(period=period, unit__in=[head.heads_id for head in page])
    known = {row.unit_id: row for row in found}
    url = reverse("evaluations:organisation")
    context = {
        "period": period,
        "page": page,
        "rows": [(head, _result(known.get(head.heads_id))) for head in page],
        "tabs": [Tab(str(one), f"{url}?{PERIOD}={one.pk}", current=one == period) for one in periods],
    }
    return render(request, "evaluations/ratings/organisation.html", context)


def _result(row: OrganisationResult | None) -> OrgResult | None:
    return OrgResult(row.result) if row else None


def chosen(request: HttpRequest, periods: list[Period]) -> Period | None:
    """The one of `?periode=`, else the last one that is over, else the running one."""
    asked = request.GET.get(PERIOD, "")
    if not asked:
        over = (period for period in periods if period.end < today())
        return next(over, periods[0] if periods else None)
    found = next((period for period in periods if str(period.pk) == asked), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def set_organisation(request: HttpRequest, unit: uuid.UUID, period: uuid.UUID) -> HttpResponse:
    place, when = _where(unit, period)
    allowed = can_set_organisation(request.user, place, when)
    if not allowed and not can_view_unit(request.user, place):
        raise Http404
    demand(allowed)
    row = OrganisationResult.objects.filter(unit=place, period=when).first()
    names = ("result", "reason", "version")
    initial = {name: getattr(row, name) for name in names} if row else {}
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)

    def carry_out(values: dict[str, Any]) -> None:
        verbs.set_organisation(actor=request.user, unit=place, period=when, **values)

    if request.method == "POST" and carried_out(form, carry_out):
        done(request, _("Capaian %(unit)s ditetapkan.") % {"unit": place})
        return redirect("evaluations:distribution", place.pk, when.pk)
    context = {"unit": place, "period": when, "form": form}
    return render(
        request, "evaluations/ratings/organisation_set.html", context, status=422 if form.errors else 200
    )


# --- The pattern ----------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def distribution(request: HttpRequest, unit: uuid.UUID, period: uuid.UUID) -> HttpResponse:
    """How the people of a unit and below are rated, beside the guide. Warns and asks why; blocks nothing."""
    place, when = _where(unit, period)
    sets = bool(can_set_organisation(request.user, place, when))
    if not sets and not can_view_unit(request.user, place):
        raise Http404
    explains = sets or bool(can_explain(request.user, place, when))
    row, document = _set_so_far(place, when)
    initial = {"reason": row.distribution_reason} if row else {}
    form = DistributionForm(request.POST if request.method == "POST" else None, initial=initial)

    def carry_out(values: dict[str, Any]) -> None:
        verbs.explain_distribution(actor=request.user, unit=place, period=when, reason=values["reason"])

    if request.method == "POST":
        demand(can_explain(request.user, place, when))
        if carried_out(form, carry_out):
            done(request, _("Alasan pola distribusi tersimpan."))
            return redirect("evaluations:distribution", place.pk, when.pk)
    came_from = reverse("evaluations:organisation" if sets else "evaluations:calibration")
    shell.belongs_to(request, came_from)
    context = {
        "unit": place,
        "period": when,
        "came_from": came_from,
        "row": row,
        "result": _result(row),
        "sets": sets,
        "explains": explains,
        "form": form,
        "paper": _paper(request, row, document) if row else "",
        **_pattern(place, when, row),
    }
    return render(request, "evaluations/ratings/distribution.html", context, status=422 if form.errors else 200)


def _set_so_far(unit: Unit, period: Period) -> tuple[OrganisationResult | None, IssuedDocument | None]:
    """The result with its paper in force, in one statement."""
    found = OrganisationResult.objects.filter(unit=unit, period=period)
    issued = papers.in_force([kinds.DISTRIBUTION], found.values("pk")).select_related(None)
    rows, documents = read_together(found.select_related("set_by"), issued)
    return next(iter(rows), None), next(iter(documents), None)


def _paper(request: HttpRequest, row: OrganisationResult, document: IssuedDocument | None) -> SafeString:
    """Whoever reads the page reads the paper (`papers.kinds`)."""
    return papers_drawn.drawn(request, [PaperRow(kinds.DISTRIBUTION, row.pk, document, signed=True)])


def _pattern(unit: Unit, period: Period, row: OrganisationResult | None) -> dict[str, Any]:
    known, result = pattern_of(unit, period), _result(row)
    tiny = current_setting().tiny_unit
    warnings = (
        pattern.check(result, known.counts, people=known.people, tiny_unit=tiny, on=period.end) if result else []
    )
    bars = pattern.bars(known.counts)
    return {
        "chart": Bars(_("Predikat kinerja pegawai"), [Bar(bar.predikat.label, bar.count) for bar in bars]),
        "bars": bars,
        "rated": sum(known.counts.values()),
        "people": known.people,
        "counted_at": known.at,
        "guides": pattern.guides(result, on=period.end) if result else (),
        "warnings": warnings,
        "needs_reason": pattern.needs_reason(warnings),
    }


def _where(unit: uuid.UUID, period: uuid.UUID) -> tuple[Unit, Period]:
    periods = Period.objects.filter(pk=period).select_related("cycle")
    places, found = read_together(Unit.objects.filter(pk=unit), periods)
    if not places or not found:
        raise Http404
    return places[0], found[0]


# --- Side by side ---------------------------------------------------------------------------------
@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """Units of one level side by side, and everybody of the chosen one with both ratings."""
    demand(can_calibrate(request.user))
    cycle = asked_cycle(request)
    periods = begun(cycle.periods.order_by("kind", "-start")) if cycle else []
    period, unit = chosen(request, periods), _asked_unit(request)
    form = CalibrationFilter(request.GET)
    url = f"{reverse('evaluations:calibration')}?unit={unit.pk if unit else ''}"
    context = {
        "period": period,
        "unit": unit,
        "form": form,
        "predikats": CHART_ORDER,
        "tabs": [Tab(str(one), f"{url}&{PERIOD}={one.pk}", current=one == period) for one in periods],
        **(_compared(request, form, unit, period) if period and unit else {}),
    }
    return render(request, "evaluations/ratings/calibration.html", context)


def _compared(request: HttpRequest, form: CalibrationFilter, unit: Unit, period: Period) -> dict[str, Any]:
    branches = paginate(children_of(unit, period), request, size=UNITS, sorts_all=True, name=BRANCHES)
    units, counted_at = side_by_side(unit, branches, period)
    found = _people(request.user, form, unit, period)
    page = by_keys(found, request, lambda keys: lines_then(keys, period, request.user))
    return {
        "branches": branches,
        "branches_name": BRANCHES,
        "units": units,
        "counted_at": counted_at,
        "page": page,
        "rows": drawn(page),
    }


def _asked_unit(request: HttpRequest) -> Unit | None:
    """The one of `?unit=`, if the reader may see it; else the highest that he heads or whose scope he has."""
    asked = request.GET.get("unit", "")
    if asked:
        found = Unit.objects.filter(pk=as_uuid(asked)).first()
        if found is None or not can_view_unit(request.user, found):
            raise Http404
        return found
    paths = scope_paths(request.user, Right.VIEW_PERFORMANCE)
    if paths is None:
        return Unit.objects.filter(depth=1).order_by("path").first()
    own = sorted({*paths, *headed_paths(request.user)}, key=lambda path: (len(path), path))
    return Unit.objects.filter(path=own[0]).first() if own else None


def _people(user: Any, form: CalibrationFilter, unit: Unit, period: Period) -> QuerySet[Participant]:
    """Who has moved out of the reader's sight since then counts in the numbers above; he is not named here."""
    rows = people_of(unit.path, period).filter(pk__in=Participant.objects.visible_to(user).values("pk"))
    rated = Evaluation.objects.compared_by(user).filter(period=period, participant=OuterRef("pk"))
    if form.is_valid():
        name, wanted = form.cleaned_data["q"], form.cleaned_data["predikat"]
        if name:
            rows = rows.filter(employee__in=search.matching(Employee.objects.all(), name))
        if wanted == form.NONE:
            rows = rows.exclude(Exists(rated))
        elif wanted:
            rows = rows.filter(Exists(rated.filter(predikat=wanted)))
    return rows.order_by("employee__name", "id")
