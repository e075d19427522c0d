"""Working-day clocks: every worked date of reference 1.4, pauses, reminders, and properties."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.rules import clocks
from feedback.rules.clocks import DayOf, Limit, LimitRow, PausePeriod, ServiceHours
from kepegawaian.calendars.rules import FIVE_DAY, SIX_DAY, Holiday, HolidayKind, PatternPeriod, WorkCalendar

YEAR = 2026
NATIONAL = "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25"
JOINT = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
SINCE = datetime.date(2020, 1, 1)


def day(text, year=YEAR):
    return datetime.date.fromisoformat(f"{year}-{text}")


def holidays():
    kinds = ((NATIONAL, HolidayKind.NATIONAL), (JOINT, HolidayKind.COLLECTIVE))
    return [Holiday(day(text), "Libur", "Holiday", kind) for texts, kind in kinds for text in texts.split()]


def calendar(days=None, pattern=FIVE_DAY):
    return WorkCalendar(
        patterns=[PatternPeriod(SINCE, None, pattern)], holidays=holidays() if days is None else days
    )


WORKED = """
01-15 01-21 01-23 01-30 02-05 04-22
03-13 03-25 03-27 04-06 04-10 06-24
03-16 03-26 03-30 04-07 04-13 06-25
"""
EXAMPLES = [
    pytest.param(row.split()[0], days, due, id=f"{row.split()[0]}+{days}")
    for row in WORKED.strip().splitlines()
    for days, due in zip((3, 5, 10, 14, 60), row.split()[1:], strict=True)
]


@pytest.mark.parametrize(("received", "days", "due"), EXAMPLES)
def test_the_worked_dates(received, days, due):
    assert clocks.deadline(day(received), Limit(days), calendar()).due_on == day(due)


@pytest.mark.parametrize(("days", "due"), [(3, "03-18"), (5, "03-23"), (14, "04-06")])
def test_the_worked_dates_where_joint_leave_is_a_working_day(days, due):
    found = clocks.deadline(day("03-13"), Limit(days), calendar(clocks.without_joint_leave(holidays())))
    assert found.due_on == day(due)


def test_a_date_explains_itself_day_by_day():
    found = clocks.deadline(day("01-15"), Limit(3, source="LAPOR!"), calendar())
    assert [(row.date.day, row.kind.value, row.number) for row in found.days] == [
        (15, "receipt", 0),
        (16, "off", 0),
        (17, "off", 0),
        (18, "off", 0),
        (19, "counted", 1),
        (20, "counted", 2),
        (21, "counted", 3),
    ]
    assert [row.name_id for row in found.skipped] == ["Libur", "Sabtu", "Minggu"]
    assert found.limit.source == "LAPOR!"
    assert found.counted == 3


# --- Day 0 ----------------------------------------------------------------------------------------
HOURS = ServiceHours(datetime.time(8), datetime.time(16))


@pytest.mark.parametrize(
    ("at", "zero"),
    [
        ("01-15T10:00", "01-15"),
        ("01-15T07:59", "01-15"),
        ("01-15T15:59", "01-15"),
        ("01-15T16:00", "01-19"),
        ("01-16T09:00", "01-19"),
        ("01-17T09:00", "01-19"),
    ],
)
def test_receipt_outside_service_hours_counts_as_the_next_working_day(at, zero):
    received = datetime.datetime.fromisoformat(f"{YEAR}-{at}")
    assert clocks.day_zero(received, HOURS, calendar()) == day(zero)


def test_where_hours_do_not_count_the_date_is_the_date():
    received = datetime.datetime.fromisoformat(f"{YEAR}-01-17T23:59")
    assert clocks.day_zero(received, ServiceHours(count=False), calendar()) == day("01-17")


# --- Pauses ---------------------------------------------------------------------------------------
def test_days_of_waiting_for_the_reporter_do_not_count():
    pauses = [PausePeriod(day("01-20"), day("01-23"))]
    found = clocks.deadline(day("01-15"), Limit(5), calendar(), pauses)
    assert found.due_on == day("01-28")
    assert [row.date for row in found.days if row.kind is DayOf.PAUSED] == [day(f"01-{n}") for n in (21, 22, 23)]


def test_an_open_pause_has_no_due_date_and_keeps_what_has_passed():
    found = clocks.deadline(day("01-15"), Limit(5), calendar(), [PausePeriod(day("01-20"))])
    assert found.due_on is None
    assert found.counted == 2
    assert found.reminders == (None, None)


def test_asked_and_answered_on_one_day_changes_nothing():
    pauses = [PausePeriod(day("01-20"), day("01-20"))]
    assert clocks.deadline(day("01-15"), Limit(5), calendar(), pauses).due_on == day("01-23")


def test_a_limit_of_calendar_days_counts_every_day():
    assert clocks.deadline(day("01-15"), Limit(30, calendar_days=True), calendar()).due_on == day("02-14")


# --- Reminders ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "at_75", "at_90"), [(3, 3, 3), (5, 4, 5), (10, 8, 9), (14, 11, 13), (60, 45, 54), (1, 1, 1)]
)
def test_reminders_stand_at_75_and_90_percent(days, at_75, at_90):
    assert [clocks.share(days, percent) for percent in clocks.REMINDERS] == [at_75, at_90]


def test_reminders_are_dates_of_counted_days():
    found = clocks.deadline(day("01-15"), Limit(10), calendar())
    assert found.reminders == (day("01-28"), day("01-29"))


def test_the_last_day_is_still_in_time():
    assert not clocks.passed(day("01-21"), day("01-21"))
    assert clocks.passed(day("01-21"), day("01-22"))
    assert not clocks.passed(None, day("01-22"))


# --- Properties -----------------------------------------------------------------------------------
DATES = st.dates(datetime.date(2025, 12, 1), datetime.date(2026, 12, 31))
DAYS = st.integers(1, 60)


@given(start=DATES, days=DAYS, six=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_deadline_is_a_working_day_and_agrees_with_the_calendar(start, days, six):
    own = calendar(pattern=SIX_DAY if six else FIVE_DAY)
    found = clocks.deadline(start, Limit(days), own)
    assert own.is_working(found.due_on)
    assert found.due_on == own.add_working_days(start, days)
    assert found.counted == days
    assert start < found.reminders[0] <= found.reminders[1] <= found.due_on


@given(start=DATES, days=DAYS, after=st.integers(0, 20), length=st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_a_pause_moves_a_deadline_by_the_working_days_in_it(start, days, after, length):
    began = start + datetime.timedelta(days=after)
    pause = PausePeriod(began, began + datetime.timedelta(days=length))
    plain = clocks.deadline(start, Limit(days), calendar()).due_on
    paused = clocks.deadline(start, Limit(days), calendar(), [pause]).due_on
    if began >= plain:
        assert paused == plain
        return
    inside = calendar().count(began, pause.ended) - calendar().is_working(began)
    assert paused == calendar().add_working_days(plain, inside)


@given(start=DATES, days=DAYS)
@settings(max_examples=80, deadline=None)
def test_a_longer_limit_is_never_due_earlier(start, days):
    shorter = clocks.deadline(start, Limit(days), calendar()).due_on
    assert clocks.deadline(start, Limit(days + 1), calendar()).due_on > shorter


# --- Which limit ----------------------------------------------------------------------------------
ROWS = [
    LimitRow("", "", Limit(14, source="umum"), SINCE),
    LimitRow("informasi", "", Limit(5, source="informasi"), SINCE),
    LimitRow("", "0000100002", Limit(7, source="dinas"), SINCE),
    LimitRow("informasi", "0000100002", Limit(3, source="dinas, informasi"), SINCE),
    LimitRow("informasi", "0000100002", Limit(2, source="lebih baru"), day("01-01")),
]


@pytest.mark.parametrize(
    ("kind", "unit", "source"),
    [
        ("tidak_berkadar", "00001", "umum"),
        ("informasi", "0000100001", "informasi"),
        ("tidak_berkadar", "000010000200003", "dinas"),
        ("informasi", "000010000200003", "lebih baru"),
        ("informasi", "", "informasi"),
    ],
)
def test_the_nearest_unit_wins_then_the_kind_then_the_newest(kind, unit, source):
    assert clocks.pick_limit(ROWS, kind=kind, unit_path=unit).source == source


def test_without_a_row_there_is_no_limit():
    assert clocks.pick_limit([], kind="informasi", unit_path="") is None


def test_the_rules_import_no_orm():
    for path in Path(clocks.__file__).parent.glob("*.py"):
        assert "django.db" not in path.read_text()
