"""The flows of a plan, an evaluation and an objection as tables: what may follow which state, and by whom.

Plans: reference section 5; evaluations: section 7; objections: PP 30/2019 Ps 59 (section 10). PostgreSQL holds the
same pairs (migration 0002); a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from evaluations.enums import EvaluationState, ObjectionState, PlanState
from kepegawaian.lib.exceptions import StateChanged

State = PlanState | EvaluationState | ObjectionState


class Action(StrEnum):
    """What a row of a log records. Values are at most 20 characters."""

    CREATE = "create"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    AGREE = "agree"
    CHANGE = "change"
    """A new version was begun; recorded on the plan that it will replace."""
    SUPERSEDE = "supersede"
    HAND_OVER = "hand_over"
    ASSESS = "assess"
    REOPEN = "reopen"
    SIGN = "sign"
    RECEIVE = "receive"
    REPLACE = "replace"
    STATE = "state"
    """A party's own words on an objection; moves nothing."""
    HEAR = "hear"
    KEEP = "keep"
    ALTER = "alter"


class Party(StrEnum):
    EMPLOYEE = "employee"
    ASSESSOR = "assessor"
    SUPERIOR = "superior"
    """Of the assessor: decides objections."""
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    to: State
    by: Party


Table = Mapping[tuple[State, Action], Move]
_P, _E, _O = PlanState, EvaluationState, ObjectionState

PLANS: Table = {
    (_P.DRAFT, Action.SUBMIT): Move(_P.SUBMITTED, Party.EMPLOYEE),
    (_P.RETURNED, Action.SUBMIT): Move(_P.SUBMITTED, Party.EMPLOYEE),
    (_P.SUBMITTED, Action.WITHDRAW): Move(_P.DRAFT, Party.EMPLOYEE),
    (_P.SUBMITTED, Action.RETURN): Move(_P.RETURNED, Party.ASSESSOR),
    (_P.SUBMITTED, Action.AGREE): Move(_P.AGREED, Party.ASSESSOR),
    (_P.SUBMITTED, Action.HAND_OVER): Move(_P.SUBMITTED, Party.SYSTEM),
    (_P.AGREED, Action.CHANGE): Move(_P.AGREED, Party.EMPLOYEE),
    (_P.AGREED, Action.SUPERSEDE): Move(_P.SUPERSEDED, Party.SYSTEM),
}
EVALUATIONS: Table = {
    (_E.OPEN, Action.ASSESS): Move(_E.ASSESSED, Party.ASSESSOR),
    (_E.OPEN, Action.HAND_OVER): Move(_E.OPEN, Party.SYSTEM),
    (_E.ASSESSED, Action.ASSESS): Move(_E.ASSESSED, Party.ASSESSOR),
    (_E.ASSESSED, Action.HAND_OVER): Move(_E.ASSESSED, Party.SYSTEM),
    (_E.ASSESSED, Action.REOPEN): Move(_E.OPEN, Party.ASSESSOR),
    (_E.ASSESSED, Action.SIGN): Move(_E.FINAL, Party.ASSESSOR),
    (_E.FINAL, Action.RECEIVE): Move(_E.FINAL, Party.EMPLOYEE),
    (_E.FINAL, Action.REPLACE): Move(_E.REPLACED, Party.SUPERIOR),
}
OBJECTIONS: Table = {
    (_O.FILED, Action.HEAR): Move(_O.HEARD, Party.SUPERIOR),
    (_O.FILED, Action.WITHDRAW): Move(_O.WITHDRAWN, Party.EMPLOYEE),
    (_O.HEARD, Action.HEAR): Move(_O.HEARD, Party.SUPERIOR),
    (_O.HEARD, Action.WITHDRAW): Move(_O.WITHDRAWN, Party.EMPLOYEE),
    (_O.HEARD, Action.KEEP): Move(_O.KEPT, Party.SUPERIOR),
    (_O.HEARD, Action.ALTER): Move(_O.CHANGED, Party.SUPERIOR),
}
TABLES: tuple[Table, ...] = (PLANS, EVALUATIONS, OBJECTIONS)


def pairs(table: Table) -> frozenset[tuple[str, str]]:
    """The changes of state in a table, without those that stay where they are."""
    return frozenset((str(state), str(row.to)) for (state, _action), row in table.items() if state != row.to)


def move(state: State, action: Action) -> Move | None:
    """The row of the table of that kind of state, or None where the action does not fit it."""
    return next((table[state, action] for table in TABLES if (state, action) in table), None)


def next_state(state: State, action: Action) -> State:
    """Raises StateChanged where the action does not fit the state: somebody was faster, or the page is old."""
    found = move(state, action)
    if found is None:
        raise StateChanged(
            _("Tindakan ini tidak dapat dilakukan: keadaannya sekarang “%(state)s”.") % {"state": state.label}
        )
    return found.to


def actions_from(state: State, party: Party) -> tuple[Action, ...]:
    """What `party` may do in that state, as far as the flow is concerned."""
    return tuple(
        action
        for table in TABLES
        for (origin, action), row in table.items()
        if origin is state and row.by == party
    )
