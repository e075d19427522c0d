"""What higher apps hang on the unit tree: they register here from their `ready()`, the tree calls them."""

import datetime
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kepegawaian.lib.exceptions import Problem, Text
from kepegawaian.units.models import Unit

TreeChanged = Callable[[str], None]
CloseCheck = Callable[[Unit, datetime.date], Problem | None]
HeadsOf = Callable[[Collection[uuid.UUID], datetime.date], Mapping[uuid.UUID, Text]]


@dataclass(frozen=True, slots=True)
class UnitPanel:
    """A part of the page of a unit. `context(request, unit, on)` gives what `template` needs, or None to hide."""

    code: str
    template: str
    context: Callable[[HttpRequest, Unit, datetime.date], dict[str, Any] | None]
    order: int = 100


_tree_changed: list[TreeChanged] = []
_close_checks: list[CloseCheck] = []
_panels: dict[str, UnitPanel] = {}
_heads: list[HeadsOf] = []


def on_tree_change(callback: TreeChanged) -> TreeChanged:
    """`callback(path)` runs in the transaction that moved, renamed or closed the subtree now at `path`."""
    if callback not in _tree_changed:
        _tree_changed.append(callback)
    return callback


def register_close_check(check: CloseCheck) -> CloseCheck:
    """`check(unit, on)` tells why the unit may not close on that date, or None."""
    if check not in _close_checks:
        _close_checks.append(check)
    return check


def register_panel(panel: UnitPanel) -> None:
    _panels[panel.code] = panel


def register_heads(heads_of: HeadsOf) -> None:
    """`heads_of(unit_ids, on)` names who acts as head of each unit, in one statement, for the tree."""
    if heads_of not in _heads:
        _heads.append(heads_of)


def tree_changed(path: str) -> None:
    for callback in _tree_changed:
        callback(path)


def close_problems(unit: Unit, on: datetime.date) -> list[Problem]:
    return [problem for check in _close_checks if (problem := check(unit, on))]


def panels(request: HttpRequest, unit: Unit, on: datetime.date) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of each part that has something to say to this person."""
    ordered = sorted(_panels.values(), key=lambda panel: (panel.order, panel.code))
    made = ((panel.template, panel.context(request, unit, on)) for panel in ordered)
    return [(template, context) for template, context in made if context is not None]


def heads_of(units: Collection[uuid.UUID], on: datetime.date) -> dict[uuid.UUID, Text]:
    return {key: words for source in _heads for key, words in source(units, on).items()}
