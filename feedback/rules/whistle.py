"""The protected channel (reference 1.9): its clock, and whom a name may mean. No ORM."""

import datetime
import re
import unicodedata

from feedback.enums import WhistleState
from kepegawaian.calendars.rules import WorkCalendar

_BEFORE_CHECK = (WhistleState.RECEIVED, WhistleState.VERIFYING)
_AFTER_CHECK = (WhistleState.RESEARCH, WhistleState.EXAMINATION)
_NOT_A_LETTER = re.compile(r"[^a-z]+")
_ADDRESSING = re.compile(
    r"\b(bapak|pak|bpk|ibu|bu|sdri?|saudara|saudari|tuan|nyonya|drs|dra|drg?|ir|prof|haji|hj|kh)\b"
)


def name_tokens(name: str) -> list[str]:
    """The words of a name that tell people apart: no titles, no initials, in no order.

    "Drs. H. Budi Santoso, M.Si." and "santoso budi" are the same.
    """
    plain = unicodedata.normalize("NFKD", name.split(",")[0]).encode("ascii", "ignore").decode().casefold()
    words = _NOT_A_LETTER.split(_ADDRESSING.sub(" ", plain))
    return sorted({word[:50] for word in words if len(word) > 1})


def due_on(
    state: str, received: datetime.date, *, check_days: int, working_days: int, calendar: WorkCalendar
) -> datetime.date | None:
    """Until when the office must have gone on: calendar days to check a report, then working days to end it, both
    counted from its receipt; None where nothing is to be done."""
    if state in _BEFORE_CHECK:
        return received + datetime.timedelta(days=check_days)
    return calendar.add_working_days(received, working_days) if state in _AFTER_CHECK else None
