"""Waiting steps follow a change of holder: a head leaves, a Plt or Plh is named, a delegation begins or ends."""

from typing import Any

from django.db.models import Q

from kepegawaian.employees.registry import HolderChange
from kepegawaian.units.models import Unit
from leave.models import LeaveStep
from leave.services.guards import locked_request, verb
from leave.services.steps import reassign, waiting_steps


def move_steps_on_holder_change(change: HolderChange) -> None:
    """Inside the transaction of the change: every open box that it may concern, each with a row of the log."""
    concerned = Q(holder__employee__in=change.people) | Q(principal__in=change.people)
    concerned |= Q(request__employee__in=change.people) | Q(holder=None)
    for path in Unit.objects.filter(pk__in=change.units).values_list("path", flat=True):
        concerned |= Q(request__employee__current_path__startswith=path)
    for pk in list(waiting_steps().filter(concerned).values_list("pk", flat=True)):
        hand_over(step_id=pk)


def follow_holders(*, only_missing: bool = False) -> int:
    """Every open box: periods of Plt, Plh and delegations begin and end by date alone. How many moved.

    `only_missing`: those without a holder, after a row of the decider table was changed.
    """
    waiting = waiting_steps().filter(holder=None) if only_missing else waiting_steps()
    return sum(hand_over(step_id=pk) for pk in list(waiting.values_list("pk", flat=True)))


@verb
def hand_over(*, step_id: Any, actor: Any = None) -> bool:
    step = LeaveStep.objects.filter(pk=step_id, closed_at=None).first()
    if step is None:
        return False
    step.request = locked_request(step.request)
    if not LeaveStep.objects.filter(pk=step_id, closed_at=None).exists():
        return False
    return reassign(step, actor=actor)
