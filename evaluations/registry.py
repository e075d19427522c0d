"""What other parts do when a result comes to count or changes: a sign-off, and an objection that altered it."""

from collections.abc import Callable
from typing import Any

from evaluations.models import Evaluation

ResultChange = Callable[..., None]
_callbacks: list[ResultChange] = []


def on_result_change(callback: ResultChange) -> None:
    """`callback(evaluation, *, replaced, actor)` runs inside the transaction of the verb, after the result is final.

    `replaced` is the original that an objection altered, None on the first sign-off. Called from hooks.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell_result_change(evaluation: Evaluation, *, replaced: Evaluation | None, actor: Any) -> None:
    for callback in list(_callbacks):
        callback(evaluation, replaced=replaced, actor=actor)
