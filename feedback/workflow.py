"""The flow of a case as a table: what may follow which state, by whom, and which limit runs (reference 1.5).

PostgreSQL holds the same pairs (migration 0002); a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseState, Party, Phase
from kepegawaian.lib.exceptions import StateChanged


class Action(StrEnum):
    """What a row of the log records. Those in `MOVES` change the state; the rest happen within one."""

    FILE = "file"
    OPEN = "open"
    ASK = "ask"
    COMPLETE = "complete"
    LAPSE = "lapse"
    ASSIGN = "assign"
    REFER = "refer"
    REJECT = "reject"
    MERGE = "merge"
    SPAM = "spam"
    RETURN = "return"
    ACCEPT = "accept"
    REROUTE = "reroute"
    ANSWER = "answer"
    OBJECT = "object"
    CLOSE = "close"
    SILENCE = "silence"
    REOPEN = "reopen"
    RESUME = "resume"
    KEEP_CLOSED = "keep_closed"
    CANCEL = "cancel"
    UNDO = "undo"
    # Without a change of state:
    MESSAGE = "message"
    REASSIGN = "reassign"
    CLASSIFY = "classify"
    CONVERT = "convert"
    EXTEND = "extend"
    OBJECT_LATE = "object_late"
    DISPUTE = "dispute"
    REDACT = "redact"
    SPLIT = "split"
    RELEASE = "release"
    ESCALATE = "escalate"
    HIDE = "hide"
    RESTORE = "restore"
    APPEAL = "appeal"
    APPEAL_DONE = "appeal_done"
    WITHDRAW = "withdraw"
    OFFER_FILE = "offer_file"
    KEEP_FILE = "keep_file"
    SHOW_FILE = "show_file"
    HIDE_FILE = "hide_file"
    RATE = "rate"
    CONTEST = "contest"
    KEEP_JOINED = "keep_joined"


@dataclass(frozen=True, slots=True)
class Move:
    to: CaseState
    by: tuple[Party, ...]


_S, _P = CaseState, Party
_ADMIN, _UNIT, _REPORTER, _CLOCK = (_P.ADMIN,), (_P.LIAISON,), (_P.REPORTER,), (_P.SYSTEM,)
_OFFICE = (_P.LIAISON, _P.ADMIN, _P.LEADER)
_DECIDES = (_P.ADMIN, _P.LEADER)
"""Who grants an objection takes the decision back; the leader, where there is no other admin."""

TABLE: Mapping[tuple[CaseState, Action], Move] = {
    (_S.NEW, Action.OPEN): Move(_S.VERIFYING, _ADMIN),
    (_S.NEW, Action.SPAM): Move(_S.SPAM, _ADMIN),
    (_S.NEW, Action.CANCEL): Move(_S.CANCELLED, _REPORTER),
    (_S.VERIFYING, Action.ASK): Move(_S.INCOMPLETE, _ADMIN),
    (_S.VERIFYING, Action.ASSIGN): Move(_S.ASSIGNED, _ADMIN),
    (_S.VERIFYING, Action.MERGE): Move(_S.DUPLICATE, _ADMIN),
    (_S.VERIFYING, Action.REFER): Move(_S.REFERRED, _ADMIN),
    (_S.VERIFYING, Action.REJECT): Move(_S.REJECTED, _ADMIN),
    (_S.VERIFYING, Action.SPAM): Move(_S.SPAM, _ADMIN),
    (_S.VERIFYING, Action.CANCEL): Move(_S.CANCELLED, _REPORTER),
    (_S.INCOMPLETE, Action.COMPLETE): Move(_S.VERIFYING, _REPORTER),
    (_S.INCOMPLETE, Action.LAPSE): Move(_S.LAPSED, _CLOCK),
    (_S.INCOMPLETE, Action.CANCEL): Move(_S.CANCELLED, _REPORTER),
    (_S.ASSIGNED, Action.ACCEPT): Move(_S.IN_PROCESS, _UNIT),
    (_S.ASSIGNED, Action.RETURN): Move(_S.VERIFYING, _UNIT),
    (_S.ASSIGNED, Action.CANCEL): Move(_S.CANCELLED, _REPORTER),
    (_S.IN_PROCESS, Action.ANSWER): Move(_S.ANSWERED, _UNIT),
    (_S.IN_PROCESS, Action.REROUTE): Move(_S.ASSIGNED, _OFFICE),
    (_S.IN_PROCESS, Action.CANCEL): Move(_S.CANCELLED, _REPORTER),
    (_S.ANSWERED, Action.CLOSE): Move(_S.CLOSED, _REPORTER),
    (_S.ANSWERED, Action.SILENCE): Move(_S.CLOSED, _CLOCK),
    (_S.ANSWERED, Action.OBJECT): Move(_S.IN_PROCESS, _REPORTER),
    (_S.CLOSED, Action.REOPEN): Move(_S.REOPENED, _REPORTER),
    (_S.REOPENED, Action.RESUME): Move(_S.IN_PROCESS, (_P.ADMIN, _P.LIAISON)),
    (_S.REOPENED, Action.ASSIGN): Move(_S.ASSIGNED, _ADMIN),
    (_S.REOPENED, Action.KEEP_CLOSED): Move(_S.CLOSED, _ADMIN),
    (_S.LAPSED, Action.UNDO): Move(_S.VERIFYING, _ADMIN),
    (_S.REJECTED, Action.UNDO): Move(_S.VERIFYING, _DECIDES),
    (_S.DUPLICATE, Action.UNDO): Move(_S.VERIFYING, _DECIDES),
    (_S.SPAM, Action.UNDO): Move(_S.VERIFYING, _DECIDES),
    (_S.REFERRED, Action.UNDO): Move(_S.VERIFYING, _DECIDES),
    (_S.CANCELLED, Action.UNDO): Move(_S.VERIFYING, (_P.ADMIN, _P.REPORTER)),
}
MOVES = frozenset(action for _state, action in TABLE)
PAIRS = frozenset((str(state), str(move.to)) for (state, _action), move in TABLE.items())

LIMIT_OF_STATE: Mapping[CaseState, Phase | None] = {
    _S.NEW: Phase.VERIFY,
    _S.VERIFYING: Phase.VERIFY,
    _S.INCOMPLETE: Phase.COMPLETE,
    _S.ASSIGNED: Phase.FIRST,
    _S.IN_PROCESS: Phase.FINAL,
    _S.ANSWERED: Phase.SILENCE,
    _S.REOPENED: Phase.VERIFY,
    **dict.fromkeys((_S.CLOSED, _S.LAPSED, _S.REJECTED, _S.DUPLICATE, _S.SPAM, _S.REFERRED, _S.CANCELLED)),
}
"""The column "limit that runs" of the table. Only INCOMPLETE pauses the others, never waiting for an office."""
PAUSING = frozenset({CaseState.INCOMPLETE})


def move(state: str, action: Action) -> Move | None:
    """The row of the table, or None where the action does not fit the state."""
    return TABLE.get((CaseState(state), action))


def next_state(state: str, action: Action) -> CaseState:
    """Raises StateChanged where the action does not fit the state: somebody was faster, or the page is old."""
    found = move(state, action)
    if found is None:
        raise StateChanged(
            _("Tindakan ini tidak dapat dilakukan: laporan sekarang berstatus “%(state)s”.")
            % {"state": CaseState(state).label}
        )
    return found.to


def actions_from(state: str, party: Party) -> tuple[Action, ...]:
    """What `party` may do in that state, as far as the flow is concerned."""
    return tuple(action for (origin, action), row in TABLE.items() if origin == state and party in row.by)
