"""A government with its decider table, ready for requests, and short ways to the states of one."""

import datetime
from dataclasses import dataclass

from kepegawaian.employees.models import Employee
from leave import services
from leave.approvals import seed_decider_rules
from leave.enums import Outcome
from leave.models import LeaveAccount, LeaveRequest, LeaveSetting, OpeningYear
from leave.services import RequestData, Verdict
from tests.employees.factories import Government, make_government

MONDAY = datetime.date(2026, 3, 2)
"""The day most tests live in: a Monday without a holiday near."""


APRIL_6, APRIL_10 = datetime.date(2026, 4, 6), datetime.date(2026, 4, 10)


def day(month: int, number: int, year: int = 2026) -> datetime.date:
    return datetime.date(year, month, number)


def data(
    start: datetime.date = APRIL_6, end: datetime.date = APRIL_10, *, stand_in: Employee | None = None, **more
) -> RequestData:
    """A week of April with five working days."""
    facts = {
        "reason": "Menengok orang tua",
        "address": "Jalan Melati 3, Contoh",
        "phone": "081234567890",
        "stand_in": stand_in,
        **more,
    }
    return RequestData(start=start, end=end, **facts)


def set_up_leave(**setting) -> LeaveSetting:
    """The decider table and the one row of settings; `check_days=5` and the like change it."""
    seed_decider_rules()
    row, _created = LeaveSetting.objects.update_or_create(singleton=True, defaults=setting)
    return row


def make_leave_government(**kwargs) -> Government:
    set_up_leave()
    return make_government(**kwargs)


def know_years(employee: Employee, *years: int, left: int = 0, unused: bool = False) -> LeaveAccount:
    """Opening years as HR would enter them: all days taken, unless told otherwise."""
    account, _created = LeaveAccount.objects.get_or_create(employee=employee)
    for year in years:
        OpeningYear.objects.create(account=account, year=year, left=left, unused=unused)
    return account


@dataclass(frozen=True)
class Flow:
    """Makes requests of one person and brings them through the boxes; every step by its own verb."""

    gov: Government

    @property
    def employee(self) -> Employee:
        return self.gov.employee

    def draft(self, *args, **kwargs) -> LeaveRequest:
        return services.save_draft(actor=self.employee.user, employee=self.employee, data=data(*args, **kwargs))

    def submitted(self, *args, **kwargs) -> LeaveRequest:
        request = self.draft(*args, **kwargs)
        return services.submit(actor=self.employee.user, request=request)

    def opined(self, *args, **kwargs) -> LeaveRequest:
        return self.opine(self.submitted(*args, **kwargs))

    def granted(self, *args, **kwargs) -> LeaveRequest:
        return self.decide(self.opined(*args, **kwargs))

    def offered(self, start: datetime.date, end: datetime.date, *args, **kwargs) -> LeaveRequest:
        request = self.opined(*args, **kwargs)
        return self.decide(request, Outcome.CHANGED, reason="Ada pemeriksaan", start=start, end=end)

    def opine(self, request: LeaveRequest, outcome: str = Outcome.APPROVED, **more) -> LeaveRequest:
        verdict = Verdict(outcome, **more)
        return services.give_opinion(actor=self.gov.section_head.user, request=request, verdict=verdict)

    def decide(self, request: LeaveRequest, outcome: str = Outcome.APPROVED, **more) -> LeaveRequest:
        verdict = Verdict(outcome, **more)
        return services.decide(actor=self.gov.office_head.user, request=request, verdict=verdict)

    def bucket_sums(self, year: int = 2026, kind: str = "O") -> tuple[int, int, int, int, int]:
        """(granted, reserved, taken, postponed, lapsed)"""
        bucket = self.employee.leave_account.buckets.get(year=year, kind=kind)
        return (bucket.granted, bucket.reserved, bucket.taken, bucket.postponed, bucket.lapsed)
