"""The page of an objection: filed and withdrawn by the person, heard and decided by the assessor's superior."""

import datetime
import uuid
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.enums import OPEN_OBJECTIONS, ObjectionState
from evaluations.forms.ratings import DeciderForm, HearForm, ObjectionForm, RulingForm, StatementForm
from evaluations.models import Evaluation, EvaluationStep, Objection, Period
from evaluations.permissions.common import can_view
from evaluations.permissions.ratings import (
    can_decide_objection,
    can_name_decider,
    can_object,
    can_read_statements,
    can_state,
    can_view_objection,
    can_withdraw_objection,
)
from evaluations.rules import matrix
from evaluations.selectors.execution import Part, progress_of
from evaluations.selectors.feedback import Shown, feedback_shown
from evaluations.selectors.periods import parts_of
from evaluations.selectors.ratings import statements_of
from evaluations.services import objections
from evaluations.views.common import way_to
from evaluations.views.ratings_pages import derivation_of, predikat_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.formatting import typed
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.parts import Step
from kepegawaian.lib.ui.refusals import carried_out, tells

DECIDE, CHANGE = "decide", "change"


def _evaluation(request: HttpRequest, pk: uuid.UUID) -> Evaluation:
    """For whoever may see the evaluation, and for who decides; 404 for others."""
    if not can_view_objection(request.user, pk):
        raise Http404
    rows = Evaluation.objects.select_related(
        "participant__employee__user",
        "participant__assessor__user",
        "participant__cycle",
        "period",
        "plan",
        "assessor__user",
        "replaced_by",
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


@require_http_methods(["GET", "POST"])
@tells("evaluations:objection")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first: it cannot be filed again."""
    evaluation = _evaluation(request, pk)
    row = _objection(evaluation)
    demand(can_withdraw_objection(request.user, row))
    if request.method != "POST":
        context = {"evaluation": evaluation, "way": way_to(request, evaluation.participant)}
        return render(request, "evaluations/ratings/objection_withdraw.html", context)
    objections.withdraw_objection(actor=request.user, objection=row)
    done(request, _("Keberatan dicabut; hasil evaluasi tetap."))
    return redirect("evaluations:objection", pk)


@require_POST
@tells("evaluations:objection")
def name(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    evaluation = _evaluation(request, pk)
    row, form = _objection(evaluation), DeciderForm(request.POST)
    demand(can_name_decider(request.user, row))

    def carry_out(values: dict[str, Any]) -> None:
        objections.name_decider(actor=request.user, objection=row, **values)

    if carried_out(form, carry_out):
        done(request, _("Pejabat yang memutus ditunjuk dan diberi tahu."))
        return redirect("evaluations:objection", pk)
    return _page(request, evaluation, naming=form)


@require_POST
@tells("evaluations:objection")
def state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    evaluation = _evaluation(request, pk)
    row, form = _objection(evaluation), StatementForm(request.POST)
    demand(can_state(request.user, row))

    def carry_out(values: dict[str, Any]) -> None:
        objections.state_side(actor=request.user, objection=row, text=values["text"])

    if carried_out(form, carry_out):
        done(request, _("Keterangan Anda tersimpan dan dibaca pejabat yang memutus."))
        return redirect("evaluations:objection", pk)
    return _page(request, evaluation, stating=form)


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
    """In two steps: what was chosen with the *predikat* that it gives, then the decision, which is final."""
    evaluation = _evaluation(request, pk)
    row, form = _objection(evaluation), RulingForm(request.POST)
    demand(can_decide_objection(request.user, row))
    act = request.POST.get("act", "")
    if act != DECIDE:
        return _page(request, evaluation, ruling=form, proposing=act != CHANGE)

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
    stating: StatementForm | None = None,
    naming: DeciderForm | None = None,
    hearing: HearForm | None = None,
    ruling: RulingForm | None = None,
    proposing: bool = False,
) -> HttpResponse:
    rows = Objection.objects.select_related("decider__user", "named_by").filter(evaluation=evaluation)
    row = rows.first()
    if row is not None:
        row.evaluation = evaluation
    decides = row is not None and bool(can_decide_objection(request.user, row))
    heard = row is not None and row.state == ObjectionState.HEARD
    window = objections.window_of(evaluation)
    may_file = row is None and bool(can_object(request.user, evaluation))
    names = row is not None and bool(can_name_decider(request.user, row))
    states = row is not None and bool(can_state(request.user, row))
    reads = row is not None and bool(can_read_statements(request.user, row))
    said = list(statements_of(evaluation)) if reads else []
    later = getattr(evaluation, "replaced_by", None)
    proposed = ruling if proposing and heard and ruling is not None and ruling.is_valid() else None
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
        "statements": [_statement(evaluation, one) for one in said],
        "stating": stating or (StatementForm() if states else None),
        "naming": naming or (DeciderForm() if names else None),
        "material": Material(request.user, evaluation) if decides else None,
        "proposed": matrix.derive(*proposed.chosen, on=evaluation.period.end) if proposed else None,
        "hearing": hearing or (_hear_form(row, said) if row is not None and decides else None),
        "ruling": ruling or (_ruling_form(evaluation) if decides and heard else None),
        "may_withdraw": row is not None and bool(can_withdraw_objection(request.user, row)),
        "later": later,
        "later_predikat": predikat_of(later) if later else None,
    }
    wrong = any(form is not None and form.errors for form in (filing, stating, naming, hearing, ruling))
    return render(request, "evaluations/ratings/objection.html", context, status=422 if wrong else 200)


def timeline(row: Objection) -> list[Step]:
    """Filed, given to somebody where nobody stands above the assessor, both sides heard, decided; and whom it
    waits for."""
    state, decider = ObjectionState(row.state), _decider(row)
    filed = timezone.localtime(row.filed_at)
    steps = [Step(_("Keberatan diajukan"), "done", row.evaluation.participant.employee.full_name, filed)]
    titles = [_("Kedua pihak didengar"), _("Putusan")]
    if row.named_by is not None:
        named, why = _("Pejabat yang memutus ditunjuk"), typed(row.naming_reason)
        steps.append(Step(named, "done", row.named_by.name, _local(row.named_at), note=why))
    elif row.decider is None:
        titles.insert(0, _("Penunjukan pejabat yang memutus"))
        decider = _("Pengelola kinerja")
    heard = bool(row.employee_heard)
    if heard:
        steps.append(Step(titles.pop(0), "done", decider, _local(row.heard_at)))
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
    who = decider if row.decided_at else ""
    return [*steps, Step(state.label, "done", who, _local(row.decided_at), tone=state.tone, icon=state.icon)]


def _local(at: datetime.datetime | None) -> datetime.datetime | None:
    return timezone.localtime(at) if at else None


def _decider(row: Objection) -> str:
    if row.decider is None:
        return _("Belum ada pejabat yang memutus")
    return f"{row.decider.full_name}, {row.capacity}" if row.capacity else row.decider.full_name


class Material:
    """What the decider weighs, so that he needs no other page: the plan, what was reported with its evidence, and
    feedback as anybody may see it. Links to pages only for who may open them."""

    def __init__(self, user: Any, evaluation: Evaluation) -> None:
        self.user, self.evaluation = user, evaluation
        self.participant = evaluation.participant

    @cached_property
    def periods(self) -> list[Period]:
        return parts_of(self.evaluation.period)

    @cached_property
    def parts(self) -> list[Part]:
        plan = self.evaluation.plan
        return progress_of(self.participant, plan, self.periods) if plan else []

    @cached_property
    def shown(self) -> Shown:
        return feedback_shown(self.participant, self.periods)

    @cached_property
    def may_open(self) -> bool:
        return bool(can_view(self.user, self.participant))


def _by_assessor(evaluation: Evaluation, one: EvaluationStep) -> bool:
    return evaluation.assessor is not None and one.actor_id == evaluation.assessor.user_id


def _statement(evaluation: Evaluation, one: EvaluationStep) -> Step:
    side = _("Keterangan pejabat penilai") if _by_assessor(evaluation, one) else _("Keterangan pegawai")
    return Step(
        side, "done", one.actor.name if one.actor else "", timezone.localtime(one.at), note=typed(one.note)
    )


def _hear_form(row: Objection, said: list[EvaluationStep]) -> HearForm:
    """What the parties wrote themselves is there to be completed."""
    sides: dict[bool, list[str]] = {False: [], True: []}
    for one in said:
        sides[_by_assessor(row.evaluation, one)].append(one.note)
    employee, assessor = ("\n\n".join(sides[which])[:4000] for which in (False, True))
    return HearForm(
        initial={"employee": row.employee_heard or employee, "assessor": row.assessor_heard or assessor}
    )


def _ruling_form(evaluation: Evaluation) -> RulingForm:
    names = ("results_rating", "behaviour_rating")
    return RulingForm(initial={name: getattr(evaluation, name) for name in names})
