"""Feedback: what waits for me to give, what was said about somebody, asking for it, the same words to a team."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.forms.execution import AskForm, GiveForm, TeamTextForm
from evaluations.models import FeedbackInvitation, Participant, Period
from evaluations.permissions.execution import can_ask
from evaluations.selectors.duties import agreed_plan
from evaluations.selectors.execution import plan_lines, unit_numbers
from evaluations.selectors.feedback import colleagues, feedback_shown, is_anonymous, relation_of
from evaluations.selectors.periods import begun_and_taking, open_for_feedback
from evaluations.services import feedback
from evaluations.views.common import (
    current_cycle,
    find_own_participant,
    own_employee,
    visible_participant,
)
from evaluations.views.execution import PERIOD
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import office_of
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out

TEAM_PAGE = 50
TEAM_NAMES = ("employee__name", "employee__title_front", "employee__title_back")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Who waits for my words, and whom else I may give some."""
    employee = own_employee(request)
    waiting = FeedbackInvitation.objects.filter(giver=employee, given=False, declined=False)
    rows = waiting.filter(period__feedback_closed_at=None, participant__cycle__closed_at=None)
    own = find_own_participant(request)
    context = {
        "waiting": rows.select_related("participant__employee", "period").order_by("period__start", "id")[:50],
        "own": own,
        "near": _near(own) if own else [],
    }
    return render(request, "evaluations/execution/inbox.html", context)


def _near(own: Participant) -> list[tuple[Participant, Any]]:
    """Peers and subordinates, and first of all the assessor."""
    above = Participant.objects.filter(cycle_id=own.cycle_id, employee=own.assessor) if own.assessor else None
    superior = above.select_related("employee").first() if above is not None else None
    near = colleagues(own)
    return [(superior, None), *near] if superior else near


@require_safe
def about(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was said about a person, as far as it may be shown, and whom to ask."""
    return _about(request, visible_participant(request, pk))


@require_POST
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = visible_participant(request, pk)
    form = _ask_form(participant, request.POST)
    period = _asked_period(request, open_for_feedback(participant.cycle))

    def carry_out(values: dict[str, Any]) -> None:
        feedback.ask(
            actor=request.user,
            participant=participant,
            period=period,
            givers=form.givers(),
            question=values["question"],
        )

    if carried_out(form, carry_out):
        done(request, _("Permintaan umpan balik terkirim."))
        return redirect("evaluations:feedback_of", pk)
    return _about(request, participant, form)


def _about(request: HttpRequest, participant: Participant, form: AskForm | None = None) -> HttpResponse:
    periods, taking = begun_and_taking(participant.cycle)
    asks = bool(can_ask(request.user, participant)) and bool(taking)
    asked = FeedbackInvitation.objects.filter(participant=participant, requested_by__isnull=False)
    context = {
        "participant": participant,
        "own": participant.employee.user_id == request.user.pk,
        "shown": feedback_shown(participant, periods),
        "numbers": unit_numbers(participant),
        "taking": taking,
        "form": (form or _ask_form(participant)) if asks else None,
        "asked": asked.filter(period__in=taking).select_related("giver", "period").order_by("id") if asks else [],
    }
    wrong = form is not None and form.errors
    return render(request, "evaluations/execution/feedback.html", context, status=422 if wrong else 200)


def _ask_form(participant: Participant, data: Any = None) -> AskForm:
    unit = participant.unit
    office = Employee.objects.none()
    if data is not None and data.get("leader") and unit is not None:
        office = Employee.objects.active().filter(current_path__startswith=office_of(unit).path)
    return AskForm(data, near=colleagues(participant), office=office)


def _asked_period(request: HttpRequest, taking: list[Period]) -> Period:
    """The one of the page, else the newest that takes feedback; the verb says why where none does."""
    asked = request.POST.get(PERIOD) or request.GET.get(PERIOD)
    found = next((period for period in taking if str(period.pk) == asked), None)
    if found is None and not asked and taking:
        found = taking[0]
    if found is None:
        raise Http404
    return found


# --- Giving ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For superiors, peers, subordinates and whoever was asked; nobody else learns that the person exists."""
    employee = own_employee(request)
    rows = Participant.objects.select_related("cycle", "employee", "assessor", "plan", "unit")
    participant = get_object_or_404(rows, pk=pk)
    invitations = FeedbackInvitation.objects.filter(participant=participant, giver=employee)
    taking = open_for_feedback(participant.cycle)
    invited = {one.period_id: one for one in invitations}
    relation = relation_of(employee, participant)
    if relation is None and not invited:
        raise Http404
    period = _asked_period(request, taking)
    invitation = invited.get(period.pk)
    plan = agreed_plan(participant, period)
    form = GiveForm(request.POST if request.method == "POST" else None, results=plan_lines(plan) if plan else [])

    def carry_out(_values: dict[str, Any]) -> None:
        feedback.give(actor=request.user, participant=participant, period=period, entries=form.entries())

    if request.method == "POST" and carried_out(form, carry_out):
        done(request, _("Umpan balik Anda untuk %(name)s terkirim.") % {"name": participant.employee.full_name})
        return redirect("evaluations:feedback_inbox")
    as_whom = invitation.relation if invitation else relation
    context = {
        "participant": participant,
        "period": period,
        "taking": taking,
        "invitation": invitation,
        "anonymous": is_anonymous(as_whom) if as_whom else False,
        "form": form,
    }
    return render(request, "evaluations/execution/give.html", context, status=422 if form.errors else 200)


@require_POST
def decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = own_employee(request)
    invitation = get_object_or_404(FeedbackInvitation, pk=pk, giver=employee)
    feedback.decline(actor=request.user, invitation=invitation)
    done(request, _("Permintaan dilewati; tidak ada yang diberi tahu."))
    return redirect("evaluations:feedback_inbox")


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """The same words of an assessor to several of the team."""
    cycle = current_cycle()
    rows = Participant.objects.assessed_by(request.user).taking_part().filter(cycle=cycle)
    people = rows.select_related("employee").only(*TEAM_NAMES).order_by("employee__name", "id")
    page = paginate(people, request, size=TEAM_PAGE, sorts_all=True)
    if cycle is None or not page.items:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = TeamTextForm(data, page=page, team=rows.select_related("cycle", "employee__user", "assessor"))
    taking = open_for_feedback(cycle)

    def carry_out(values: dict[str, Any]) -> None:
        period = _asked_period(request, taking)
        number = feedback.give_to_team(
            actor=request.user, participants=form.chosen(), period=period, text=values["text"]
        )
        done(request, _("Umpan balik terkirim untuk %(n)s orang.") % {"n": number})

    if request.method == "POST" and carried_out(form, carry_out):
        return redirect(reverse("evaluations:open_evaluations"))
    context = {"form": form, "taking": taking, "page": page}
    return render(request, "evaluations/execution/team.html", context, status=422 if form.errors else 200)
