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
PathsOf = Callable[[Any], Collection[str]]


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
_ties: list[PathsOf] = []


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


# --- Is this about me or my unit? -----------------------------------------------------------------
def register_ties(paths_of: PathsOf) -> None:
    """`paths_of(user)` gives the paths of the units in which the person holds a post today."""
    if paths_of not in _ties:
        _ties.append(paths_of)


def ties_of(user: Any) -> frozenset[str]:
    """Paths of the units that are the person's own: where he holds a post, and those above up to the office.

    The government as a whole is nobody's own, or nobody could handle anything. Kept on the user object.
    """
    cached: frozenset[str] | None = getattr(user, "_unit_ties", None)
    if cached is None:
        held = {path for source in _ties for path in source(user)}
        step = Unit.steplen
        cached = frozenset(path[:end] for path in held for end in range(2 * step, len(path) + 1, step))
        user._unit_ties = cached
    return cached


def is_own_unit(user: Any, unit: Unit | None) -> bool:
    """Whether something about `unit` is about the person's own unit."""
    return unit is not None and unit.path in ties_of(user)
