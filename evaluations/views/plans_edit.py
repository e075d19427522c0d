"""Begin an SKP and write it: saved while it is typed, and by a button where there is no JavaScript."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluations.enums import Approach, ResultKind
from evaluations.forms.plans import StartForm
from evaluations.models import Participant, Plan
from evaluations.permissions import plans as permissions
from evaluations.selectors.plans import earlier_plans, usable_templates
from evaluations.services import plans as verbs
from evaluations.services.plans_lines import RESULT
from evaluations.views.common import visible_participant
from evaluations.views.plans import visible_plan
from evaluations.views.plans_editor import NEW, OPENED, Editor, Line
from kepegawaian.lib.exceptions import RuleRefused, demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui import messages
from kepegawaian.lib.ui.refusals import carried_out, tells


# --- Begin ------------------------------------------------------------------------------------------
def sources_for(participant: Participant) -> list[tuple[str, str]]:
    """Value and words of what a draft may begin with; the newest own plan first."""
    own = [(f"plan:{plan.pk}", _plan_words(plan)) for plan in earlier_plans(participant.employee)[:4]]
    rows = sorted(usable_templates(participant)[:30], key=lambda row: row.position != participant.position)
    shared = [
        (f"template:{row.pk}", _("Contoh: %(title)s, dari %(name)s") % {"title": row.title, "name": row.shared_by})
        for row in rows[:10]
    ]
    return [*own, ("empty:", _("Halaman kosong")), *shared]


def _plan_words(plan: Plan) -> str:
    named = {"year": plan.participant.cycle.year, "post": plan.posting.position}
    return _("SKP %(year)s, %(post)s") % named


def _source(text: str) -> verbs.Source:
    origin, _colon, key = text.partition(":")
    return verbs.Source(verbs.Origin(origin), as_uuid(key))


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = visible_participant(request, pk)
    demand(permissions.can_start(request.user, participant))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        sources=sources_for(participant),
        fixed=participant.cycle.approach,
    )
    begun: list[Plan] = []

    def carry_out(values: dict[str, Any]) -> None:
        source, approach = _source(values["source"]), values.get("approach", "")
        begun.append(verbs.start(actor=request.user, participant=participant, source=source, approach=approach))

    if request.method == "POST" and carried_out(form, carry_out):
        messages.done(request, _("Draf SKP dimulai. Setiap isian tersimpan sendiri."))
        return redirect("evaluations:plan_edit", begun[0].pk)
    fixed = participant.cycle.approach
    context = {"participant": participant, "form": form, "fixed": Approach(fixed) if fixed else None}
    return render(request, "evaluations/plans/start.html", context, status=422 if form.errors else 200)


# --- Write ------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whole page and whole form; the button that was pressed is carried out once every line is saved."""
    plan = visible_plan(request, pk)
    if not permissions.can_edit(request.user, plan):
        return redirect("evaluations:plan", pk)
    if request.method == "GET":
        return _page(request, Editor(plan, opened=request.GET.getlist(OPENED)))
    editor = Editor(plan, request.POST)
    touched = _save(request, editor)
    if editor.invalid or any(line.clash or line.gone for line in touched):
        return _page(request, editor, status=409 if not editor.invalid else 422)
    try:
        return _carry_out(request, plan, request.POST.get("action", "save"))
    except RuleRefused as error:
        missing = [problem.field for problem in error.problems]
        editor = Editor(visible_plan(request, pk), request.POST, opened=missing)
        return _page(request, editor, problems=error.problems)


def _save(request: HttpRequest, editor: Editor) -> list[Line]:
    saved = verbs.save_lines(actor=request.user, plan=editor.plan, changes=editor.changes())
    return editor.take(saved)


def _page(request: HttpRequest, editor: Editor, *, status: int = 200, problems: Any = ()) -> HttpResponse:
    editor.read()
    open_cycle = not editor.plan.participant.cycle.approach
    context = {
        "editor": editor,
        "plan": editor.plan,
        "problems": problems,
        "approach_open": open_cycle,
        "discardable": bool(permissions.can_discard(request.user, editor.plan)),
    }
    return render(request, "evaluations/plans/edit.html", context, status=422 if problems else status)


@require_POST
def save(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What htmx sends when a field was left: the marks of changed lines go back, nothing else moves."""
    plan = visible_plan(request, pk)
    editor = Editor(plan, request.POST)
    touched = _save(request, editor) + editor.invalid
    context = {"editor": editor, "plan": plan, "touched": touched, "now": timezone.now()}
    response = render(request, "evaluations/plans/_saved.html", context)
    response["X-Saved"] = "0" if editor.invalid else "1"
    return response


def _carry_out(request: HttpRequest, plan: Plan, action: str) -> HttpResponse:
    """`action`: save, submit, open:<result>, add:<kind>, indicator:<result>, remove:<id>, up:<id>, down:<id>,
    approach:<one>"""
    what, _colon, name = action.partition(":")
    if what == "submit":
        return submitted(request, plan)
    result, anchor = _change_lines(request, plan, what, name)
    if what == "save":
        messages.done(request, _("Draf tersimpan."))
    shown = [result] if result else [key for key in _results_of(plan) if f"{RESULT}-{key}-seen" in request.POST]
    address = reverse("evaluations:plan_edit", args=[plan.pk])
    query = urlencode([(OPENED, key) for key in shown])
    return redirect("".join((address, f"?{query}" if query else "", f"#{anchor}" if anchor else "")))


def _results_of(plan: Plan) -> dict[str, set[uuid.UUID]]:
    """Keys of results with those of their indicators."""
    return {str(row.pk): {one.pk for one in row.indicators.all()} for row in plan.results.all()}


def _change_lines(request: HttpRequest, plan: Plan, what: str, name: str) -> tuple[str, str]:
    """The result to open next, where it is another one, and the anchor of the line to show."""
    user, key = request.user, as_uuid(name)
    if what == "add" and name in NEW:
        values = _posted(request, NEW[name])
        added = str(verbs.add_result(actor=user, plan=plan, kind=ResultKind(name), values=values).pk)
        return added, f"line-result-{added}"
    if what == "approach":
        verbs.set_approach(actor=user, plan=plan, approach=name)
    if key is None:
        return "", ""
    if what == "indicator":
        row = verbs.add_indicator(actor=user, plan=plan, result=key, values={})
        return name, f"line-indicator-{row.pk}"
    if what == "remove":
        verbs.remove_line(actor=user, plan=plan, line=key)
        return next((result for result, indicators in _results_of(plan).items() if key in indicators), ""), ""
    if what in ("up", "down"):
        verbs.move_line(actor=user, plan=plan, line=key, up=what == "up")
    return (name, f"line-result-{name}") if what in ("up", "down", "open") else ("", "")


def _posted(request: HttpRequest, prefix: str) -> dict[str, str]:
    names = (
        "text",
        "indicator",
        "aspect",
        "target",
        "intervenes",
        "intervened_text",
        "assigned_by",
        "perspective",
    )
    return {name: request.POST.get(f"{prefix}-{name}", "") for name in names}


@require_POST
@tells("evaluations:plan")
def submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return submitted(request, visible_plan(request, pk))


def submitted(request: HttpRequest, plan: Plan) -> HttpResponse:
    verbs.submit(actor=request.user, plan=plan)
    assessor = plan.participant.assessor
    if assessor is None:
        messages.done(
            request, _("SKP diajukan. Pejabat penilai Anda belum ditetapkan; SKP menunggu penetapannya.")
        )
    else:
        messages.done(request, _("SKP diajukan; %(name)s diberi tahu.") % {"name": assessor.full_name})
    return redirect("evaluations:plan", plan.pk)


@require_POST
@tells("evaluations:plan")
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    plan = visible_plan(request, pk)
    verbs.discard(actor=request.user, plan=plan)
    messages.done(request, _("Draf SKP dihapus."))
    return redirect("evaluations:mine")
