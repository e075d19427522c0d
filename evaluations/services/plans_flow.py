"""From proposal to agreement: submit, withdraw, return, agree; and what follows a change of assessor."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.enums import DeadlineKind, PlanState
from evaluations.models import Participant, Plan
from evaluations.notifications import plans as notifications
from evaluations.permissions import plans as permissions
from evaluations.permissions.common import is_person
from evaluations.registry import tell_plan_agreed
from evaluations.selectors.duties import capacity_of
from evaluations.selectors.plans import gaps_of
from evaluations.services.common import MANAGEMENT, check_version, locked_plan, verb
from evaluations.services.plans_lines import EXPECTATION, LineChange, save_lines
from evaluations.services.plans_steps import (
    ask_assessor,
    ask_employee,
    is_late,
    move_plan,
    point_to,
    stop_waiting,
)
from evaluations.services.plans_talk import settle_own
from evaluations.workflow import Action
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import golongan
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.lib.verbs import require_fields


@verb
def submit(*, actor: Any, plan: Plan, version: int | None = None) -> Plan:
    """To the assessor. A second click finds it submitted and does nothing. Late is marked and never refused."""
    plan = locked_plan(plan)
    demand(permissions.can_submit(actor, plan))
    if plan.state == PlanState.SUBMITTED:
        return plan
    check_version(plan, version)
    problems = [
        Problem(text, rule="plan.incomplete", article=MANAGEMENT, field=line)
        for line, text in gaps_of(plan).missing
    ]
    if problems:
        raise RuleRefused(problems)
    late = plan.late or is_late(plan, DeadlineKind.PLAN_SUBMIT)
    stop_waiting(plan, by=actor)
    now = timezone.now()
    capacity = plan.posting.position
    move_plan(plan, Action.SUBMIT, actor=actor, capacity=capacity, submitted_at=now, late=late)
    ask_assessor(plan)
    notifications.tell(notifications.Submitted, plan, [_user(plan.participant.assessor)], occasion=plan.version)
    return plan


@verb
def withdraw(*, actor: Any, plan: Plan, version: int | None = None) -> Plan:
    """Back to a draft, as long as the assessor has not acted."""
    plan = locked_plan(plan)
    demand(permissions.can_withdraw(actor, plan))
    check_version(plan, version)
    move_plan(plan, Action.WITHDRAW, actor=actor)
    stop_waiting(plan, by=actor)
    return plan


@verb
def give_back(*, actor: Any, plan: Plan, note: str, version: int | None = None) -> Plan:
    """The assessor returns it with what should change."""
    plan = locked_plan(plan)
    demand(permissions.can_answer(actor, plan))
    check_version(plan, version)
    require_fields([("note", note.strip(), _("Tuliskan apa yang perlu diperbaiki."))])
    move_plan(plan, Action.RETURN, actor=actor, note=note.strip(), capacity=_capacity(plan.participant))
    stop_waiting(plan, by=actor)
    ask_employee(plan)
    employee = plan.participant.employee
    notifications.tell(notifications.Returned, plan, [employee.user], occasion=plan.version)
    return plan


@verb
def agree(
    *,
    actor: Any,
    plan: Plan,
    version: int | None = None,
    note: str = "",
    expectations: Mapping[str, str] | None = None,
) -> Plan:
    """Both have agreed: the plan is locked, the header of both is kept for print, what it replaces is superseded.

    `expectations`: special expectations per value, written before the agreement by the one whose words they are.
    """
    plan = locked_plan(plan)
    assessor = plan.participant.assessor
    if plan.state == PlanState.AGREED and is_person(actor, plan.assessor):
        return plan
    demand(permissions.can_answer(actor, plan))
    check_version(plan, version)
    if expectations:
        changes = [LineChange((EXPECTATION, value), {"text": text}) for value, text in expectations.items()]
        save_lines(actor=actor, plan=plan, changes=changes)
    _supersede_others(plan, actor)
    now = timezone.now()
    move_plan(
        plan,
        Action.AGREE,
        actor=actor,
        note=note.strip(),
        capacity=_capacity(plan.participant),
        agreed_at=now,
        assessor=assessor,
        identity=identity_of(plan),
        late=plan.late or is_late(plan, DeadlineKind.PLAN_AGREE),
    )
    settle_own(actor=actor, plan=plan, at=now)
    point_to(plan.participant, plan)
    stop_waiting(plan, by=actor)
    notifications.tell(notifications.Agreed, plan, [plan.participant.employee.user], occasion=plan.version)
    tell_plan_agreed(plan, actor=actor)
    return plan


def _supersede_others(plan: Plan, actor: Any) -> None:
    """The earlier version, or the plan of the post that the person has left: one plan counts at a time."""
    rows = Plan.objects.filter(participant=plan.participant_id, state=PlanState.AGREED).exclude(pk=plan.pk)
    for other in rows.select_for_update(of=("self",)):
        move_plan(other, Action.SUPERSEDE, actor=actor, note=plan.change_reason)


def identity_of(plan: Plan) -> dict[str, Any]:
    """Name, NIP, rank, post and unit of both as they are now (reference 4, header)."""
    participant = plan.participant
    return {
        "employee": _identity(participant.employee, plan.posting.position, plan.posting.unit),
        "assessor": _identity(participant.assessor) if participant.assessor else {},
        "year": participant.cycle.year,
        "submitted_at": plan.submitted_at,
    }


def _identity(person: Employee, position: str = "", unit: Any = None) -> dict[str, str]:
    """A political head has no NIP (reference 4)."""
    rank = golongan(person.current_scheme, person.current_rank_order)
    nip = person.current_nip
    return {
        "name": person.full_name,
        "nip": nip if nip.isdecimal() else "",
        "rank": str(rank or person.current_golongan),
        "position": position or person.current_position,
        "unit": str(unit or person.current_unit or ""),
    }


def _capacity(participant: Participant) -> str:
    """As whom the assessor acts: the post, with Plt. or Plh. where the assignment says so."""
    written = capacity_of(participant, participant.assessor, today())
    return written or (participant.assessor.current_position if participant.assessor else "")


def _user(person: Employee | None) -> Any:
    return person.user if person else None


@verb
def hand_over_plans(participants: Iterable[Participant], *, actor: Any = None) -> int:
    """After a change of assessor: what waits for agreement waits for the new one. How many plans moved.

    Drafts and agreed plans need nothing: who acts on them follows from `Participant.assessor`.
    """
    keys = [participant.pk for participant in participants]
    rows = Plan.objects.filter(participant__in=keys, state=PlanState.SUBMITTED).order_by("participant_id", "id")
    moved = 0
    for found in rows:
        plan = locked_plan(found)
        if plan.state != PlanState.SUBMITTED:
            continue
        assessor = plan.participant.assessor
        name = assessor.full_name if assessor else ""
        move_plan(plan, Action.HAND_OVER, actor=actor, note=name)
        ask_assessor(plan)
        notifications.tell(notifications.HandedOver, plan, [_user(assessor)], occasion=plan.version)
        moved += 1
    return moved
