"""What higher apps hang on the unit tree: they register here from their `ready()`, the tree calls them."""

import datetime
from collections.abc import Callable

from kepegawaian.lib.exceptions import Problem
from kepegawaian.units.models import Unit

TreeChanged = Callable[[str], None]
CloseCheck = Callable[[Unit, datetime.date], Problem | None]

_tree_changed: list[TreeChanged] = []
_close_checks: list[CloseCheck] = []


def on_tree_change(callback: TreeChanged) -> TreeChanged:
    """`callback(path)` runs in the transaction that moved the subtree now at `path`."""
    if callback not in _tree_changed:
        _tree_changed.append(callback)
    return callback


def register_close_check(check: CloseCheck) -> CloseCheck:
    """`check(unit, on)` tells why the unit may not close on that date, or None."""
    if check not in _close_checks:
        _close_checks.append(check)
    return check


def tree_changed(path: str) -> None:
    for callback in _tree_changed:
        callback(path)


def close_problems(unit: Unit, on: datetime.date) -> list[Problem]:
    return [problem for check in _close_checks if (problem := check(unit, on))]
