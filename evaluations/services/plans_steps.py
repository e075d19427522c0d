"""How a plan moves: by the table, with a line in its log, and with the item of the one who is next."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.enums import DeadlineKind, PlanState
from evaluations.models import Deadline, Participant, Plan, PlanStep
from evaluations.workflow import Action, next_state
from kepegawaian.audit import services as audit
from kepegawaian.lib.dates import today
from kepegawaian.work.services import close_items, open_item

ITEM_AGREE = "evaluations.plan"
ITEM_RETURNED = "evaluations.plan_returned"


def plan_url(plan: Plan) -> str:
    return reverse("evaluations:plan", args=[plan.pk])


def move_plan(
    plan: Plan, action: Action, *, actor: Any, note: str = "", capacity: str = "", **values: Any
) -> None:
    """Change the state by the table and write it down; `values` are saved with it."""
    origin = PlanState(plan.state)
    plan.state = next_state(origin, action)
    plan.version += 1
    for name, value in values.items():
        setattr(plan, name, value)
    PlanStep.objects.create(
        plan=plan,
        action=action,
        from_state=origin,
        to_state=plan.state,
        actor=actor,
        capacity=capacity[:120],
        note=note,
        version=plan.version,
    )
    plan.save(update_fields=["state", "version", *values])
    data = {"states": [origin, plan.state], "version": plan.version}
    audit.record(f"evaluations.plan_{action}", plan, actor=actor, data=data)


def due_on(participant: Participant, kind: DeadlineKind) -> datetime.date | None:
    """Of the cycle's own calendar."""
    rows = Deadline.objects.filter(cycle_id=participant.cycle_id, period=None, kind=kind)
    return rows.values_list("due_on", flat=True).first()


def plan_due_on(plan: Plan, kind: DeadlineKind) -> datetime.date | None:
    """The date in January binds the first plan of the year; later versions and posts have none."""
    if plan.number > 1 or plan.posting.number > 1:
        return None
    return due_on(plan.participant, kind)


def is_late(plan: Plan, kind: DeadlineKind) -> bool:
    limit = plan_due_on(plan, kind)
    return limit is not None and today() > limit


def ask_assessor(plan: Plan) -> None:
    """The item in the inbox of the assessor; it waits for nobody while there is none."""
    participant = plan.participant
    assessor = participant.assessor
    open_item(
        kind=ITEM_AGREE,
        subject=plan,
        holder=assessor.user if assessor else None,
        title=participant.employee.full_name,
        url=plan_url(plan),
        due_on=plan_due_on(plan, DeadlineKind.PLAN_AGREE),
        context={"year": participant.cycle.year, "number": plan.number, "position": participant.position},
    )


def ask_employee(plan: Plan) -> None:
    participant = plan.participant
    open_item(
        kind=ITEM_RETURNED,
        subject=plan,
        holder=participant.employee.user,
        title=_("SKP %(year)s") % {"year": participant.cycle.year},
        url=reverse("evaluations:plan_edit", args=[plan.pk]),
        context={"year": participant.cycle.year, "number": plan.number, "position": participant.position},
    )


def stop_waiting(plan: Plan, *, by: Any) -> None:
    close_items(subject=plan, by=by)


def point_to(participant: Participant, plan: Plan | None) -> None:
    """`Participant.plan` is the agreed plan, or the one in the making before there is any."""
    Participant.objects.filter(pk=participant.pk).update(plan=plan)
    participant.plan = plan
