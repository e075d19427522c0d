"""The verbs of leave, shared by pages and API."""

from leave.services.collective import credit_collective_leave, undo_collective_leave
from leave.services.deciding import bulk_opinion, check_complete, decide, give_opinion, respond
from leave.services.filing import discard, edit, file_request, save_draft, submit, withdraw
from leave.services.opening import OpeningEntry, enter_opening
from leave.services.planning import BucketLine, Caution, Preview, RequestData, preview
from leave.services.recalling import recall
from leave.services.steps import Verdict

__all__ = [
    "BucketLine",
    "Caution",
    "OpeningEntry",
    "Preview",
    "RequestData",
    "Verdict",
    "bulk_opinion",
    "check_complete",
    "credit_collective_leave",
    "decide",
    "discard",
    "edit",
    "enter_opening",
    "file_request",
    "give_opinion",
    "preview",
    "recall",
    "respond",
    "save_draft",
    "submit",
    "undo_collective_leave",
    "withdraw",
]
