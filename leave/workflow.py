"""The flow of a request as a table: what may follow which state, by whom (leave reference 5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import StateChanged
from leave.enums import Outcome, RequestState, StepKind


class Action(StrEnum):
    """What a row of the transition log records. Values are at most 20 characters."""

    SUBMIT = "submit"
    EDIT = "edit"
    CHECK = "check"
    RETURN = "return"
    OPINE = "opine"
    GRANT = "grant"
    OFFER = "offer"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RECALL = "recall"
    """Called back to work for urgent service."""
    SHORTEN = "shorten"
    """The rest is cancelled at the employee's own wish."""
    HAND_OVER = "handed_over"


class Party(StrEnum):
    APPLICANT = "applicant"
    CHECKER = "checker"
    SUPERIOR = "superior"
    DECIDER = "decider"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    to: RequestState
    by: Party


_S = RequestState
TABLE: Mapping[tuple[RequestState, Action], Move] = {
    (_S.DRAFT, Action.SUBMIT): Move(_S.SUBMITTED, Party.APPLICANT),
    (_S.DRAFT, Action.WITHDRAW): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.SUBMITTED, Action.EDIT): Move(_S.SUBMITTED, Party.APPLICANT),
    (_S.SUBMITTED, Action.CHECK): Move(_S.SUBMITTED, Party.CHECKER),
    (_S.SUBMITTED, Action.RETURN): Move(_S.DRAFT, Party.CHECKER),
    (_S.SUBMITTED, Action.OPINE): Move(_S.OPINED, Party.SUPERIOR),
    (_S.SUBMITTED, Action.WITHDRAW): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.SUBMITTED, Action.HAND_OVER): Move(_S.SUBMITTED, Party.SYSTEM),
    (_S.OPINED, Action.GRANT): Move(_S.GRANTED, Party.DECIDER),
    (_S.OPINED, Action.OFFER): Move(_S.OFFERED, Party.DECIDER),
    (_S.OPINED, Action.POSTPONE): Move(_S.POSTPONED, Party.DECIDER),
    (_S.OPINED, Action.REFUSE): Move(_S.REFUSED, Party.DECIDER),
    (_S.OPINED, Action.WITHDRAW): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.OPINED, Action.HAND_OVER): Move(_S.OPINED, Party.SYSTEM),
    (_S.OFFERED, Action.ACCEPT): Move(_S.GRANTED, Party.APPLICANT),
    (_S.OFFERED, Action.DECLINE): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.OFFERED, Action.WITHDRAW): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.GRANTED, Action.WITHDRAW): Move(_S.WITHDRAWN, Party.APPLICANT),
    (_S.GRANTED, Action.RECALL): Move(_S.GRANTED, Party.DECIDER),
    (_S.GRANTED, Action.SHORTEN): Move(_S.GRANTED, Party.DECIDER),
}

DECISIONS: Mapping[Outcome, Action] = {
    Outcome.APPROVED: Action.GRANT,
    Outcome.CHANGED: Action.OFFER,
    Outcome.POSTPONED: Action.POSTPONE,
    Outcome.REFUSED: Action.REFUSE,
}
"""Box VIII. Box VII is advice: whichever outcome it has, the action is OPINE and the request goes on."""

STEP_OF_ACTION: Mapping[Action, StepKind] = {
    Action.CHECK: StepKind.CHECK,
    Action.RETURN: StepKind.CHECK,
    Action.OPINE: StepKind.OPINION,
    **dict.fromkeys(DECISIONS.values(), StepKind.DECISION),
    Action.ACCEPT: StepKind.RESPONSE,
    Action.DECLINE: StepKind.RESPONSE,
}


def move(state: str, action: Action) -> Move | None:
    """The row of the table, or None where the action does not fit the state."""
    return TABLE.get((RequestState(state), action))


def next_state(state: str, action: Action) -> RequestState:
    """Raises StateChanged where the action does not fit the state: somebody was faster, or the page is old."""
    found = move(state, action)
    if found is None:
        raise StateChanged(
            _("Tindakan ini tidak dapat dilakukan: permohonan sekarang berstatus “%(state)s”.")
            % {"state": RequestState(state).label}
        )
    return found.to


def actions_from(state: str, party: Party) -> tuple[Action, ...]:
    """What `party` may do in that state, as far as the flow is concerned."""
    return tuple(action for (origin, action), row in TABLE.items() if origin == state and row.by == party)
