"""The verbs of leave, shared by pages and API."""

from leave.services.deciding import bulk_opinion, check_complete, decide, give_opinion, respond
from leave.services.filing import discard, edit, file_request, save_draft, submit, withdraw
from leave.services.planning import BucketLine, Caution, Preview, RequestData, preview
from leave.services.steps import Verdict

__all__ = [
    "BucketLine",
    "Caution",
    "Preview",
    "RequestData",
    "Verdict",
    "bulk_opinion",
    "check_complete",
    "decide",
    "discard",
    "edit",
    "file_request",
    "give_opinion",
    "preview",
    "respond",
    "save_draft",
    "submit",
    "withdraw",
]
