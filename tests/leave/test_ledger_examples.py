"""The worked examples of leave reference 2.2 end to end: years lived through the real ledger, in both readings.

A history says what a person takes and has postponed in each year; the ledger is opened, charged and carried over
as the verbs do it, and the entitlement of the last year has to be the reference's.
"""

import datetime
from dataclasses import dataclass, field

import pytest

from kepegawaian.calendars.models import Holiday
from leave import ledger, rules, services
from leave.enums import MovementKind
from leave.models import LeaveRequest, Movement
from leave.selectors import balance_of
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import know_years, set_up_leave

ON = MovementKind


@dataclass(frozen=True)
class History:
    """By year: (days taken, own days postponed). Years not named took all 12, as in the reference."""

    expected: int
    lenient: int | None = None
    since: datetime.date = datetime.date(2010, 1, 1)
    years: dict[int, tuple[int, int]] = field(default_factory=dict)
    asked: int = 2026
    on: datetime.date | None = None


def taken(**years):
    return {int(name[1:]): (days, 0) for name, days in years.items()}


EXAMPLES = {
    "E01": History(12, years=taken(y2024=12, y2025=12)),
    "E02": History(18, years=taken(y2024=12, y2025=0)),
    "E03": History(16, years=taken(y2024=12, y2025=8)),
    "E04": History(18, years=taken(y2024=12, y2025=3)),
    "E05": History(24, years=taken(y2024=0, y2025=0)),
    "E06": History(18, years=taken(y2024=0, y2025=6)),
    "E07": History(18, lenient=21, years=taken(y2024=0, y2025=3)),
    "E08": History(18, lenient=21, years=taken(y2024=9, y2025=0)),
    "E09": History(24, years=taken(y2023=0, y2024=0, y2025=0)),
    "E10": History(19, years={2025: (5, 7)}),
    "E11": History(24, years={2025: (0, 12)}),
    "E12": History(20, years={2025: (4, 3)}),
    "E13": History(18, years={2025: (0, 12), 2026: (10, 0)}, asked=2027),
    "E14-before": History(0, since=datetime.date(2025, 3, 1), on=datetime.date(2026, 2, 1)),
    "E14-reached": History(12, since=datetime.date(2025, 3, 1), on=datetime.date(2026, 3, 1)),
    "E14-2027": History(18, since=datetime.date(2025, 3, 1), years=taken(y2026=0), asked=2027),
    "E14-2028": History(24, since=datetime.date(2025, 3, 1), years=taken(y2026=0, y2027=0), asked=2028),
    "E19": History(16, years=taken(y2024=0, y2025=0, y2026=20), asked=2027),
    "E20": History(18, lenient=24, years=taken(y2024=0, y2025=0, y2026=6), asked=2027),
    "more-1": History(24, years={2024: (0, 12), 2025: (0, 0)}, asked=2025),
    "more-1-next": History(18, years={2024: (0, 12), 2025: (0, 0)}, asked=2026),
    "more-2": History(21, lenient=23, years={2024: (6, 0), 2025: (4, 3)}, asked=2026),
}


def live(employee, history, time_machine):
    """From go-live to the year asked for, year by year."""
    for year in range(2022, history.asked + 1):
        time_machine.move_to(datetime.datetime(year, 1, 2, 3, tzinfo=datetime.UTC))
        book = open_year(employee, year)
        if year == history.asked:
            break
        days, postponed = history.years.get(year, (12, 0))
        use(book, employee, year, days, postponed)


def open_year(employee, year):
    today = datetime.date(year, 1, 2)
    account = ledger.locked_account(employee)
    setting = ledger.current_setting()
    book = ledger.open_book(account, [year], employee=employee, setting=setting, today=today)
    ledger.save(book)
    return book


def use(book, employee, year, days, postponed):
    """Days of the second half of the year, when every right has begun."""
    request = LeaveRequest.objects.create(
        employee=employee, start=datetime.date(year, 7, 1), end=datetime.date(year, 7, 31)
    )
    dates = [datetime.date(year, 7, number) for number in range(1, days + 1)]
    allocation = rules.allocate(dates, book.rule_buckets())
    rows = ledger.reserve(book, request, allocation.charges, on=dates[0] if dates else datetime.date(year, 7, 1))
    ledger.take(book, request, rows, rows, on=datetime.date(year, 7, 1))
    own = book.bucket("O", year)
    if own is not None:
        book.post(own, ON.POSTPONE, postponed, on=datetime.date(year, 7, 1), rule=rules.Rule.R4)
    ledger.save(book)


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_reference(db, example, mode, time_machine):
    history = EXAMPLES[example]
    set_up_leave(go_live_year=2022, carry_n2_mode=mode)
    employee = EmployeeFactory(tmt_cpns=history.since)
    live(employee, history, time_machine)
    balance = balance_of(employee, year=history.asked, on=history.on or datetime.date(history.asked, 1, 2))
    wanted = history.lenient if mode == "lenient" and history.lenient is not None else history.expected
    assert sum(bucket.granted for bucket in balance.buckets) == wanted
    assert balance.left == wanted
    assert balance.confirmed


def test_postponed_days_lapse_after_their_year(db, time_machine):
    """E13: 2 of the 12 postponed days are left on 31 December and lapse."""
    set_up_leave(go_live_year=2022)
    employee = EmployeeFactory(tmt_cpns=datetime.date(2010, 1, 1))
    live(employee, EXAMPLES["E13"], time_machine)
    bucket = employee.leave_account.buckets.get(kind="P", year=2026)
    assert (bucket.granted, bucket.taken, bucket.lapsed) == (12, 10, 2)
    assert Movement.objects.get(bucket=bucket, kind="lapse").data == {"carried": 0, "lapsed": 2}


def test_every_bucket_of_a_closed_year_is_empty(db, time_machine):
    set_up_leave(go_live_year=2022)
    employee = EmployeeFactory(tmt_cpns=datetime.date(2010, 1, 1))
    live(employee, EXAMPLES["E20"], time_machine)
    assert {bucket.left for bucket in employee.leave_account.buckets.filter(year__lt=2027)} == {0}


@pytest.mark.parametrize(
    ("missed", "year", "total"),
    [(datetime.date(2026, 3, 18), 2026, 13), (datetime.date(2026, 12, 24), 2027, 19)],
    ids=["E17", "E18"],
)
def test_worked_collective_leave_outside_the_caps(gov, time_machine, missed, year, total):
    Holiday.objects.create(date=missed, kind="collective", name_id="Cuti bersama", name_en="Collective leave")
    know_years(gov.employee, 2024, 2025)
    arguments = {"actor": gov.hr.user, "employee": gov.employee, "missed": missed, "order_number": "800/3"}
    assert services.credit_collective_leave(**arguments)
    assert not services.credit_collective_leave(**arguments)
    time_machine.move_to(datetime.datetime(year, 12, 30, 3, tzinfo=datetime.UTC))
    balance = balance_of(gov.employee, year=year)
    assert sum(bucket.granted for bucket in balance.buckets) == total
