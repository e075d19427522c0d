"""Who wants to know when somebody else begins to act for a post. Features register from their `ready()`."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HolderChange:
    """What changed, as ids: `units` whose acting head may be another from now on, and `people` who gained or
    lost powers (heads, delegates and their principals) or whose own unit, and so superior, is another."""

    units: frozenset[uuid.UUID] = frozenset()
    people: frozenset[uuid.UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.units or self.people)


HolderChanged = Callable[[HolderChange], None]
_callbacks: list[HolderChanged] = []


def on_holder_change(callback: HolderChanged) -> HolderChanged:
    """`callback(change)` runs inside the transaction of the change, after its rows are written."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def forget(callback: HolderChanged) -> None:
    """Take a callback back (tests)."""
    if callback in _callbacks:
        _callbacks.remove(callback)


def holder_changed(change: HolderChange) -> None:
    if change:
        for callback in _callbacks:
            callback(change)
