"""What other parts do when a result comes to count or changes (a sign-off, an objection that altered it), and when
both have agreed on a plan."""

from collections.abc import Callable
from typing import Any

from evaluations.models import Evaluation, Plan

ResultChange = Callable[..., None]
PlanAgreed = Callable[..., None]
_callbacks: list[ResultChange] = []
_on_agreed: list[PlanAgreed] = []


def on_result_change(callback: ResultChange) -> None:
    """`callback(evaluation, *, replaced, actor)` runs in the transaction of the verb, after the result is final.

    `replaced` is the original that an objection altered, None on the first sign-off. Called from hooks.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell_result_change(evaluation: Evaluation, *, replaced: Evaluation | None, actor: Any) -> None:
    for callback in list(_callbacks):
        callback(evaluation, replaced=replaced, actor=actor)


def on_plan_agreed(callback: PlanAgreed) -> None:
    """`callback(plan, *, actor)` runs inside the transaction of the verb, after the plan is agreed and what it
    replaces is superseded. Called from hooks."""
    if callback not in _on_agreed:
        _on_agreed.append(callback)


def tell_plan_agreed(plan: Plan, *, actor: Any) -> None:
    for callback in list(_on_agreed):
        callback(plan, actor=actor)
