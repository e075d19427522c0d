"""The flow of a report in the protected channel as a table (reference 1.9): verifier, researcher, examiner, each
able to reject. PostgreSQL holds the same pairs (migration 0007); a test compares the two."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from feedback.enums import WhistleState
from kepegawaian.lib.exceptions import StateChanged


class WhistleAction(StrEnum):
    """What a row of the log records. Those in `MOVES` change the state; the rest happen within one."""

    FILE = "file"
    TAKE = "take"
    ADMIT = "admit"
    EXAMINE = "examine"
    CLOSE = "close"
    REJECT = "reject"
    REOPEN = "reopen"
    # Without a change of state:
    CLASSIFY = "classify"
    REASSIGN = "reassign"


_S, _A = WhistleState, WhistleAction
TABLE: Mapping[tuple[WhistleState, WhistleAction], WhistleState] = {
    (_S.RECEIVED, _A.TAKE): _S.VERIFYING,
    (_S.VERIFYING, _A.ADMIT): _S.RESEARCH,
    (_S.VERIFYING, _A.REJECT): _S.REJECTED,
    (_S.RESEARCH, _A.EXAMINE): _S.EXAMINATION,
    (_S.RESEARCH, _A.CLOSE): _S.CLOSED,
    (_S.RESEARCH, _A.REJECT): _S.REJECTED,
    (_S.EXAMINATION, _A.CLOSE): _S.CLOSED,
    (_S.EXAMINATION, _A.REJECT): _S.REJECTED,
    (_S.CLOSED, _A.REOPEN): _S.VERIFYING,
    (_S.REJECTED, _A.REOPEN): _S.VERIFYING,
}
"""What was examined somewhere else is referred from research too, so both may close."""
MOVES = frozenset(action for _state, action in TABLE)
PAIRS = frozenset((str(origin), str(target)) for (origin, _action), target in TABLE.items())
OPEN_STATES = (_S.RECEIVED, _S.VERIFYING, _S.RESEARCH, _S.EXAMINATION)


def fits(state: str, action: WhistleAction) -> bool:
    return (WhistleState(state), action) in TABLE


def next_state(state: str, action: WhistleAction) -> WhistleState:
    """Raises StateChanged where the action does not fit: somebody was faster, or the page is old."""
    target = TABLE.get((WhistleState(state), action))
    if target is None:
        raise StateChanged(
            _("Tindakan ini tidak dapat dilakukan: laporan sekarang berstatus “%(state)s”.")
            % {"state": WhistleState(state).label}
        )
    return target
