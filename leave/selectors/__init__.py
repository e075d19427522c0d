"""What pages and the API read about leave."""

from leave.selectors.absences import Absence, colleagues_away, team_absences
from leave.selectors.balance import Balance, BucketFigure, MovementLine, balance_of, explain
from leave.selectors.credits import Credit, credits_of
from leave.selectors.requests import (
    attachments_of,
    detail,
    hang_open_steps,
    requests_of,
    team_requests,
)
from leave.selectors.timeline import TimelineEntry, timeline

__all__ = [
    "Absence",
    "Balance",
    "BucketFigure",
    "Credit",
    "MovementLine",
    "TimelineEntry",
    "attachments_of",
    "balance_of",
    "colleagues_away",
    "credits_of",
    "detail",
    "explain",
    "hang_open_steps",
    "requests_of",
    "team_absences",
    "team_requests",
    "timeline",
]
