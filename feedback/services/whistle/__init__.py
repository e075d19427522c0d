"""The verbs of the protected channel. None writes to the general trail, whose readers may not know of it."""

from feedback.services.whistle.filing import Accused, Filed, Whistle, file_report, filed_before
from feedback.services.whistle.handling import (
    admit,
    ask,
    classify,
    close,
    examine,
    note,
    note_reading,
    reassign,
    reject,
    reopen,
    take,
)
from feedback.services.whistle.mailbox import open_mailbox, reply
from feedback.services.whistle.notices import tell_officers

__all__ = [
    "Accused",
    "Filed",
    "Whistle",
    "admit",
    "ask",
    "classify",
    "close",
    "examine",
    "file_report",
    "filed_before",
    "note",
    "note_reading",
    "open_mailbox",
    "reassign",
    "reject",
    "reopen",
    "reply",
    "take",
    "tell_officers",
]
