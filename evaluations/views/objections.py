"""The page of an objection: filed and withdrawn by the person, heard and decided by the assessor's superior."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluations.enums import OPEN_OBJECTIONS, ObjectionState
from evaluations.forms.ratings import HearForm, ObjectionForm, RulingForm
from evaluations.models import Evaluation, Objection
from evaluations.permissions.ratings import (
    can_decide_objection,
    can_object,
    can_view_objection,
    can_withdraw_objection,
)
from evaluations.services import objections
from evaluations.views.common import way_to
from evaluations.views.ratings_pages import derivation_of, predikat_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.parts import Step
from kepegawaian.lib.ui.refusals import carried_out, tells


def _evaluation(request: HttpRequest, pk: uuid.UUID) -> Evaluation:
    """For whoever may see the evaluation, and for who decides; 404 for others."""
    if not can_view_objection(request.user, pk):
        raise Http404
    rows = Evaluation.objects.select_related(
        "participant__employee__user",
        "participant__assessor__user",
        "participant__cycle",
        "period",
        "assessor__user",
    )
    found: Evaluation = get_object_or_404(rows, pk=pk)
    return found


def _objection(evaluation: Evaluation) -> Objection:
    found: Objection = get_object_or_404(Objection.objects.select_related("decider__user"), evaluation=evaluation)
    found.evaluation = evaluation
    return found


@require_safe
def objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _evaluation(request, pk))


@require_POST
@tells("evaluations:objection")
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    evaluation = _evaluation(request, pk)
    form = ObjectionForm(request.POST)

    def carry_out(values: dict[str, Any]) -> None:
        objections.file_objection(actor=request.user, evaluation=evaluation, reasons=values["reasons"])

    if carried_out(form, carry_out):
        done(request, _("Keberatan diajukan kepada atasan pejabat penilai."))
        return redirect("evaluations:objection", pk)
    return _page(request, evaluation, filing=form)


@require_POST
@tells("evaluations:objection")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    objections.withdraw_objection(actor=request.user, objection=_objection(_evaluation(request, pk)))
    done(request, _("Keberatan dicabut; hasil evaluasi tetap."))
    return redirect("evaluations:objection", pk)


@require_POST
@tells("evaluations:objection")
def hear(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    evaluation = _evaluation(request, pk)
    row, form = _objection(evaluation), HearForm(request.POST)

    def carry_out(values: dict[str, Any]) -> None:
        objections.hear(actor=request.user, objection=row, **values)

    if carried_out(form, carry_out):
        done(request, _("Keterangan kedua pihak tersimpan."))
        return redirect("evaluations:objection", pk)
    return _page(request, evaluation, hearing=form)


@require_POST
@tells("evaluations:objection")
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    evaluation = _evaluation(request, pk)
    row, form = _objection(evaluation), RulingForm(request.POST)

    def carry_out(_values: dict[str, Any]) -> None:
        objections.decide_objection(actor=request.user, objection=row, ruling=form.ruling())

    if carried_out(form, carry_out):
        done(request, _("Keberatan diputus; kedua pihak diberi tahu."))
        return redirect("evaluations:objection", pk)
    return _page(request, evaluation, ruling=form)


def _page(
    request: HttpRequest,
    evaluation: Evaluation,
    *,
    filing: ObjectionForm | None = None,
    hearing: HearForm | None = None,
    ruling: RulingForm | None = None,
) -> HttpResponse:
    row = Objection.objects.select_related("decider").filter(evaluation=evaluation).first()
    if row is not None:
        row.evaluation = evaluation
    decides = row is not None and bool(can_decide_objection(request.user, row))
    heard = row is not None and row.state == ObjectionState.HEARD
    window = objections.window_of(evaluation)
    may_file = row is None and bool(can_object(request.user, evaluation))
    later = Evaluation.objects.filter(replaces=evaluation).first()
    context = {
        "evaluation": evaluation,
        "way": way_to(request, evaluation.participant),
        "objection": row,
        "state": ObjectionState(row.state) if row else None,
        "steps": timeline(row) if row else [],
        "derivation": derivation_of(evaluation),
        "window": window,
        "in_time": window is not None and window.is_open(today()),
        "filing": filing or (ObjectionForm() if may_file else None),
        "hearing": hearing or (_hear_form(row) if row is not None and decides else None),
        "ruling": ruling or (_ruling_form(evaluation) if decides and heard else None),
        "may_withdraw": row is not None and bool(can_withdraw_objection(request.user, row)),
        "later": later,
        "later_predikat": predikat_of(later) if later else None,
    }
    wrong = any(form is not None and form.errors for form in (filing, hearing, ruling))
    return render(request, "evaluations/ratings/objection.html", context, status=422 if wrong else 200)


def timeline(row: Objection) -> list[Step]:
    """Filed, both sides heard, decided; and whom it waits for."""
    state, decider = ObjectionState(row.state), _decider(row)
    filed = timezone.localtime(row.filed_at)
    steps = [Step(_("Keberatan diajukan"), "done", row.evaluation.participant.employee.full_name, filed)]
    titles = [_("Kedua pihak didengar"), _("Putusan")]
    heard = bool(row.employee_heard)
    if heard:
        steps.append(Step(titles.pop(0), "done", decider))
    if state in OPEN_OBJECTIONS:
        now = Step(
            titles.pop(0),
            "current",
            decider,
            since=None if heard else filed.date(),
            due=row.due_on,
            late=row.due_on < today(),
            note=_("Tanggal ini target; peraturan tidak mengaturnya."),
        )
        return [*steps, now, *(Step(title, "coming") for title in titles)]
    at = timezone.localtime(row.decided_at) if row.decided_at else None
    who = decider if row.decided_at else ""
    return [*steps, Step(state.label, "done", who, at, tone=state.tone, icon=state.icon)]


def _decider(row: Objection) -> str:
    if row.decider is None:
        return _("Belum ada pejabat yang memutus")
    return f"{row.decider.full_name}, {row.capacity}" if row.capacity else row.decider.full_name


def _hear_form(row: Objection) -> HearForm:
    return HearForm(initial={"employee": row.employee_heard, "assessor": row.assessor_heard})


def _ruling_form(evaluation: Evaluation) -> RulingForm:
    names = ("results_rating", "behaviour_rating")
    return RulingForm(initial={name: getattr(evaluation, name) for name in names})
