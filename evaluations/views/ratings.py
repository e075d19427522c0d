"""Assessing: my team's open evaluations, one person on one page, and the page of a signed evaluation."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.enums import UNSIGNED, EvaluationState, Value
from evaluations.forms.ratings import AssessForm, initial_of
from evaluations.models import Evaluation, Objection, Participant, Period, PlanResult
from evaluations.permissions.ratings import can_assess, can_object, can_receive
from evaluations.selectors.duties import duty_of
from evaluations.selectors.execution import plan_lines
from evaluations.selectors.ratings import team_in
from evaluations.services import ratings
from evaluations.services.objections import window_of
from evaluations.views.common import asked_cycle, visible_participant, way_to
from evaluations.views.execution import PERIOD
from evaluations.views.ratings_pages import AssessPage, derivation_of, predikat_of, steps_of, timeline
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.together import read_together
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import Page, paginate
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.lib.ui.refusals import carried_out, tells

DRAFT, ASSESS, SIGN = "draft", "assess", "sign"


# --- My team --------------------------------------------------------------------------------------
@require_safe
def open_evaluations(request: HttpRequest) -> HttpResponse:
    """Whom I assess, period by period: who waits, who is assessed but not signed, who is done."""
    cycle = asked_cycle(request)
    periods = list(cycle.periods.filter(end__lt=today()).order_by("-end", "number")) if cycle else []
    period = _chosen(request, periods)
    page = _team(request, period) if period else None
    rows = [(row, _first(row.in_period)) for row in page] if page else []
    url = reverse("evaluations:open_evaluations")
    context = {
        "cycle": cycle,
        "period": period,
        "tabs": [Tab(str(one), f"{url}?{PERIOD}={one.pk}", current=one == period) for one in periods],
        "page": page,
        "rows": rows,
        "signable": any(one and one.state == EvaluationState.ASSESSED for _row, one in rows),
    }
    return render(request, "evaluations/ratings/team.html", context)


def _team(request: HttpRequest, period: Period) -> Page:
    """Sorted by keys alone: the largest teams have thousands."""
    found = team_in(request.user, period).order_by("employee__name", "id")
    counting = Evaluation.objects.counting().filter(period=period)
    shown = Participant.objects.select_related("employee", "plan")
    shown = shown.prefetch_related(Prefetch("evaluations", queryset=counting, to_attr="in_period"))
    return paginate(found, request, shown=shown)


def _first(rows: list[Any]) -> Any:
    return rows[0] if rows else None


def _chosen(request: HttpRequest, periods: list[Period]) -> Period | None:
    asked = request.GET.get(PERIOD, "")
    if not asked:
        return periods[0] if periods else None
    found = next((period for period in periods if str(period.pk) == asked), None)
    if found is None:
        raise Http404
    return found


@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Everything that was ticked; what could not be signed says why."""
    keys = [key for text in request.POST.getlist("id") if (key := as_uuid(text))][:200]
    results = ratings.bulk_sign(request.user, keys, {})
    signed = sum(result.ok for result in results)
    if signed:
        text = ngettext("%(n)s evaluasi ditandatangani.", "%(n)s evaluasi ditandatangani.", signed)
        done(request, text % {"n": signed})
    for result in results:
        if not result.ok:
            messages.warning(request, str(result.message))
    period = request.POST.get(PERIOD, "")
    url = reverse("evaluations:open_evaluations")
    return redirect(f"{url}?{PERIOD}={period}" if as_uuid(period) else url)


# --- One person -----------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, pk: uuid.UUID, period: uuid.UUID) -> HttpResponse:
    """Plan, progress, feedback and the form on one page; a draft, the rating, or the rating and on to sign it."""
    participant = visible_participant(request, pk)
    when = get_object_or_404(Period.objects.select_related("cycle"), pk=period, cycle=participant.cycle_id)
    duty = duty_of(participant, when)
    demand(can_assess(request.user, participant, duty))
    page = AssessPage(request.user, participant, when, duty)
    if page.state == EvaluationState.FINAL and page.evaluation:
        if request.method == "POST":
            messages.warning(request, _("Evaluasi ini sudah ditandatangani dan tidak dapat diubah lagi."))
        return redirect("evaluations:evaluation", page.evaluation.pk)
    if request.method == "GET":
        return _assess_page(request, page, AssessForm(results=page.results, initial=initial_of(page.evaluation)))
    form = AssessForm(request.POST, results=plan_lines(page.plan) if page.plan else [])
    act = request.POST.get("act", ASSESS)
    written: list[Evaluation] = []
    if carried_out(form, lambda _values: written.append(_write(request, page, form, act))):
        return _after(request, written[0], act)
    fresh = AssessPage(request.user, participant, when, duty)
    return _assess_page(request, fresh, form, clash=form.renewed(fresh.evaluation))


def _write(request: HttpRequest, page: AssessPage, form: AssessForm, act: str) -> Evaluation:
    about: dict[str, Any] = {"actor": request.user, "participant": page.participant, "period": page.period}
    verb = ratings.save_draft if act == DRAFT else ratings.assess
    return verb(**about, given=form.given(), version=form.cleaned_data["version"])


def _after(request: HttpRequest, written: Evaluation, act: str) -> HttpResponse:
    if act == SIGN:
        return redirect("evaluations:evaluation_sign", written.pk)
    name = {"name": written.participant.employee.full_name}
    if act == DRAFT:
        done(request, _("Draf penilaian %(name)s tersimpan.") % name)
    else:
        done(request, _("%(name)s dinilai. Periksa predikatnya, lalu tandatangani.") % name)
    return redirect("evaluations:assess", written.participant_id, written.period_id)


def _assess_page(
    request: HttpRequest, page: AssessPage, form: AssessForm, *, clash: Sequence[tuple[Any, str, Any]] = ()
) -> HttpResponse:
    results = [(part, *form.of_result(part.result.origin)) for part in page.parts]
    context = {"page": page, "participant": page.participant, "form": form, "results": results, "clash": clash}
    return render(request, "evaluations/ratings/assess.html", context, status=422 if form.errors else 200)


# --- What was signed ------------------------------------------------------------------------------
def visible_evaluation(request: HttpRequest, pk: uuid.UUID) -> Evaluation:
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "participant__employee__user",
        "participant__assessor__user",
        "participant__cycle",
        "participant__unit",
        "period",
        "plan",
        "assessor__user",
        "replaces__objection__decider",
    )
    found: Evaluation = get_object_or_404(rows, pk=pk)
    return found


def _assesses(user: Any, row: Evaluation) -> bool:
    return bool(can_assess(user, row.participant, duty_of(row.participant, row.period)))


@require_safe
def evaluation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible_evaluation(request, pk)
    results, marks, notes, steps, objections, later = read_together(
        PlanResult.objects.filter(plan=row.plan_id).order_by("-kind", "number"),
        row.marks.all(),
        row.value_notes.order_by("id"),
        steps_of(row),
        Objection.objects.filter(evaluation=row),
        Evaluation.objects.filter(replaces=row),
    )
    marked = {mark.result: mark for mark in marks}
    context = {
        "evaluation": row,
        "way": way_to(request, row.participant),
        "state": EvaluationState(row.state),
        "predikat": predikat_of(row),
        "derivation": derivation_of(row),
        "results": [(result, marked.get(result.origin)) for result in results],
        "notes": [(Value(note.value).label, note) for note in notes],
        "steps": timeline(steps),
        "objection": next(iter(objections), None),
        "later": next(iter(later), None),
        "may_read": bool(can_receive(request.user, row)),
        "may_object": bool(can_object(request.user, row)),
        "may_assess": row.state in UNSIGNED and _assesses(request.user, row),
        "window": window_of(row),
        "today": today(),
    }
    return render(request, "evaluations/ratings/evaluation.html", context)


@require_http_methods(["GET", "POST"])
@tells("evaluations:evaluation")
def sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Shows first what is signed, since it freezes; then on to the next of the team."""
    row = visible_evaluation(request, pk)
    duty = duty_of(row.participant, row.period)
    page = AssessPage(request.user, row.participant, row.period, duty)
    if request.method != "POST":
        demand(can_assess(request.user, row.participant, duty))
        if row.state != EvaluationState.ASSESSED:
            return redirect("evaluations:evaluation", pk)
        page.evaluation = row
        shell.belongs_to(request, reverse("evaluations:open_evaluations"))
        context = {"page": page, "evaluation": row, "participant": row.participant}
        return render(request, "evaluations/ratings/sign.html", context)
    version = request.POST.get("version", "")
    given = int(version) if version.isdecimal() and len(version) < 9 else None
    ratings.sign(actor=request.user, evaluation=row, version=given)
    name = row.participant.employee.full_name
    done(request, _("Evaluasi %(name)s ditandatangani.") % {"name": name})
    _before, after = page.neighbours
    return redirect(after or f"{reverse('evaluations:open_evaluations')}?{PERIOD}={row.period_id}")


@require_POST
@tells("evaluations:evaluation")
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible_evaluation(request, pk)
    ratings.reopen(actor=request.user, evaluation=row)
    done(request, _("Penilaian dibuka kembali; yang tertulis tetap ada."))
    return redirect("evaluations:assess", row.participant_id, row.period_id)


@require_POST
@tells("evaluations:evaluation")
def receive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible_evaluation(request, pk)
    ratings.receive(actor=request.user, evaluation=row)
    done(request, _("Tercatat: Anda sudah membaca hasil evaluasi ini."))
    return redirect("evaluations:evaluation", pk)
