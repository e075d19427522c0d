from leave.models.deciders import DeciderRule, LeaveSetting, SchoolHoliday, UnitLeaveSetting
from leave.models.ledger import Bucket, LeaveAccount, Movement, OpeningYear, YearRun
from leave.models.requests import HeldPeriod, LeaveRequest, LeaveStep, RequestDay, Transition

__all__ = [
    "Bucket",
    "DeciderRule",
    "HeldPeriod",
    "LeaveAccount",
    "LeaveRequest",
    "LeaveSetting",
    "LeaveStep",
    "Movement",
    "OpeningYear",
    "RequestDay",
    "SchoolHoliday",
    "Transition",
    "UnitLeaveSetting",
    "YearRun",
]
