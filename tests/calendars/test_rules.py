from datetime import date, timedelta

import pytest

from kepegawaian.calendars.rules import (
    FIVE_DAY,
    MAX_PERIOD_DAYS,
    SIX_DAY,
    Day,
    DayKind,
    Holiday,
    HolidayKind,
    NoWorkingDayError,
    PatternMissingError,
    PatternPeriod,
    PeriodReversedError,
    PeriodTooLongError,
    RosterPeriod,
    WorkCalendar,
    WorkPattern,
    add_days_minus_one,
    add_months,
    add_months_minus_one_day,
    add_working_days,
    classify_days,
    count_working_days,
    shift_pattern,
    working_days,
)
from tests.calendars.reference_holidays import HOLIDAYS

ALWAYS = date(2020, 1, 1)
FIVE = [PatternPeriod(ALWAYS, None, FIVE_DAY)]
SIX = [PatternPeriod(ALWAYS, None, SIX_DAY)]
CBER_28_MAY = date(2026, 5, 28)


@pytest.mark.parametrize(
    ("start", "end", "patterns", "duties", "charged"),
    [
        pytest.param((2026, 3, 16), (2026, 3, 27), FIVE, (), 5, id="W1"),
        pytest.param((2026, 5, 11), (2026, 5, 22), FIVE, (), 8, id="W2"),
        pytest.param((2026, 5, 11), (2026, 5, 22), SIX, (), 9, id="W2-six-day-week"),
        pytest.param((2026, 5, 25), (2026, 6, 5), FIVE, (), 7, id="W3"),
        pytest.param((2026, 5, 25), (2026, 6, 5), SIX, (), 8, id="W3-six-day-week"),
        pytest.param((2026, 5, 25), (2026, 6, 5), FIVE, (CBER_28_MAY,), 8, id="W3-on-duty-28-May"),
        pytest.param((2025, 12, 29), (2026, 1, 6), FIVE, (), 6, id="W4-both-years"),
        pytest.param((2026, 6, 8), (2026, 6, 19), FIVE, (), 9, id="W5-granted"),
        pytest.param((2026, 6, 8), (2026, 6, 14), FIVE, (), 5, id="W5-used"),
        pytest.param((2026, 6, 15), (2026, 6, 19), FIVE, (), 4, id="W5-given-back"),
        pytest.param((2025, 1, 1), (2025, 12, 31), FIVE, (), 237, id="whole-2025"),
        pytest.param((2026, 1, 1), (2026, 12, 31), FIVE, (), 240, id="whole-2026"),
    ],
)
def test_charged_days_follow_the_worked_examples(start, end, patterns, duties, charged):
    days = count_working_days(date(*start), date(*end), patterns=patterns, holidays=HOLIDAYS, duties=duties)
    assert days == charged


def test_w4_splits_at_the_turn_of_the_year():
    days = working_days(date(2025, 12, 29), date(2026, 1, 6), patterns=FIVE, holidays=HOLIDAYS)
    assert [day.year for day in days] == [2025] * 3 + [2026] * 3


def test_w6_twelve_days_and_twelve_calendar_days_for_a_remote_place():
    last = WorkCalendar(patterns=FIVE, holidays=HOLIDAYS).last_of(date(2026, 6, 2), 12)
    assert last + timedelta(days=12) == date(2026, 6, 30)


def test_w7_forty_five_calendar_days():
    assert add_days_minus_one(date(2026, 8, 10), 45) == date(2026, 9, 23)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param((2026, 9, 1), 3, (2026, 11, 30), id="W8-CM"),
        pytest.param((2026, 1, 31), 1, (2026, 2, 27), id="W8-CAP"),
        pytest.param((2026, 7, 1), 36, (2029, 6, 30), id="W8-CLTN"),
        pytest.param((2026, 11, 30), 3, (2027, 2, 27), id="clamped-to-February"),
        pytest.param((2027, 12, 31), 2, (2028, 2, 28), id="clamped-to-leap-February"),
        pytest.param((2026, 10, 1), 3, (2026, 12, 31), id="ends-with-the-year"),
    ],
)
def test_a_leave_of_months_ends_the_day_before(start, months, end):
    assert add_months_minus_one_day(date(*start), months) == date(*end)


def test_months_may_be_counted_back():
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_each_skipped_day_carries_its_name():
    days = classify_days(date(2026, 3, 18), date(2026, 3, 22), patterns=FIVE, holidays=HOLIDAYS)
    assert [(day.kind, day.name("id"), day.name("en-gb")) for day in days] == [
        (DayKind.COLLECTIVE, "Cuti bersama", "Collective leave"),
        (DayKind.NATIONAL, "Hari Suci Nyepi", "Hari Suci Nyepi (en)"),
        (DayKind.COLLECTIVE, "Cuti bersama", "Collective leave"),
        (DayKind.REST, "Sabtu", "Saturday"),
        (DayKind.REST, "Minggu", "Sunday"),
    ]


def test_a_day_on_duty_is_charged_and_keeps_the_name_of_the_collective_leave():
    (day,) = classify_days(CBER_28_MAY, CBER_28_MAY, patterns=FIVE, holidays=HOLIDAYS, duties=[CBER_28_MAY])
    assert (day.charged, day.kind, day.name_id) == (True, DayKind.DUTY, "Cuti bersama")


def test_duty_does_not_turn_a_national_holiday_or_a_rest_day_into_a_working_day():
    duties = [date(2026, 5, 14), date(2026, 5, 16)]
    assert not working_days(date(2026, 5, 14), date(2026, 5, 17), patterns=FIVE, holidays=HOLIDAYS, duties=duties)


@pytest.mark.parametrize("order", [1, -1], ids=["listed-first", "listed-last"])
def test_a_national_holiday_outweighs_collective_leave_on_the_same_date(order):
    day = date(2026, 8, 25)
    both = [
        Holiday(day, "Maulid Nabi", "Prophet's birthday", HolidayKind.NATIONAL),
        Holiday(day, "Cuti bersama", "Collective leave", HolidayKind.COLLECTIVE),
    ][::order]
    calendar = WorkCalendar(patterns=FIVE, holidays=both, duties=[day])
    assert (calendar.day(day).name_id, calendar.is_working(day)) == ("Maulid Nabi", False)


def test_a_regional_holiday_is_skipped_under_its_own_kind():
    anniversary = Holiday(date(2026, 7, 8), "Hari Jadi Kabupaten", "Anniversary", HolidayKind.REGIONAL)
    assert WorkCalendar(patterns=FIVE, holidays=[anniversary]).day(anniversary.date).kind is DayKind.REGIONAL


def test_an_unconfirmed_holiday_marks_the_day():
    guess = Holiday(date(2027, 3, 9), "Cuti bersama", "Collective leave", HolidayKind.COLLECTIVE, confirmed=False)
    calendar = WorkCalendar(patterns=FIVE, holidays=[guess])
    assert [calendar.day(guess.date + timedelta(days=n)).confirmed for n in (0, 1)] == [False, True]


def test_the_pattern_may_change_inside_a_period():
    patterns = [
        PatternPeriod(ALWAYS, date(2026, 7, 12), FIVE_DAY),
        PatternPeriod(date(2026, 7, 13), None, SIX_DAY),
    ]
    days = working_days(date(2026, 7, 6), date(2026, 7, 19), patterns=patterns, holidays=HOLIDAYS)
    assert (date(2026, 7, 11) in days, date(2026, 7, 18) in days) == (False, True)


def test_the_pattern_that_began_last_wins_where_two_overlap():
    patterns = [PatternPeriod(date(2026, 7, 1), None, SIX_DAY), PatternPeriod(ALWAYS, None, FIVE_DAY)]
    assert WorkCalendar(patterns=patterns).is_working(date(2026, 7, 4))


def test_a_personal_pattern_wins_over_a_later_one_of_the_unit():
    patterns = [
        PatternPeriod(date(2026, 7, 1), None, FIVE_DAY),
        PatternPeriod(date(2026, 1, 1), date(2026, 7, 31), SIX_DAY, personal=True),
    ]
    saturdays = [date(2026, 7, 4), date(2026, 8, 1)]
    calendar = WorkCalendar(patterns=patterns)
    assert [calendar.is_working(day) for day in saturdays] == [True, False]


def test_any_weekly_pattern_is_possible():
    friday_off = WorkPattern("pesantren", frozenset({0, 1, 2, 3, 5, 6}))
    days = working_days(date(2026, 7, 6), date(2026, 7, 12), patterns=[PatternPeriod(ALWAYS, None, friday_off)])
    assert date(2026, 7, 10) not in days
    assert len(days) == 6


SHIFT = [PatternPeriod(ALWAYS, None, SIX_DAY), PatternPeriod(ALWAYS, None, shift_pattern(), personal=True)]
MARCH = RosterPeriod(
    date(2026, 3, 1), date(2026, 3, 31), frozenset({date(2026, 3, 19), date(2026, 3, 21), date(2026, 3, 26)})
)


def test_a_roster_decides_alone_and_holidays_do_not_matter():
    days = working_days(date(2026, 3, 16), date(2026, 3, 27), patterns=SHIFT, holidays=HOLIDAYS, roster=[MARCH])
    assert days == sorted(MARCH.duties)


def test_a_day_without_duty_says_so():
    day = WorkCalendar(patterns=SHIFT, roster=[MARCH]).day(date(2026, 3, 17))
    assert (day.kind, day.name("id"), day.charged) == (DayKind.NOT_ROSTERED, "Tidak ada jadwal dinas", False)


def test_shift_staff_without_a_roster_follow_the_pattern_of_their_unit():
    days = working_days(date(2026, 3, 30), date(2026, 4, 5), patterns=SHIFT, holidays=HOLIDAYS, roster=[MARCH])
    assert days == [date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 4)]


def test_shift_staff_without_roster_and_unit_pattern_use_the_weekdays_of_their_own():
    calendar = WorkCalendar(patterns=[PatternPeriod(ALWAYS, None, shift_pattern(SIX_DAY), personal=True)])
    assert calendar.count(date(2026, 7, 6), date(2026, 7, 12)) == 6


def test_a_roster_does_not_bind_staff_with_a_weekly_pattern():
    assert WorkCalendar(patterns=FIVE, roster=[MARCH]).is_working(date(2026, 3, 17))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param((2026, 6, 12), 0, (2026, 6, 12), id="no-days"),
        pytest.param((2026, 6, 12), 1, (2026, 6, 15), id="over-a-weekend"),
        pytest.param((2026, 6, 12), 3, (2026, 6, 18), id="over-a-holiday"),
        pytest.param((2026, 3, 17), 1, (2026, 3, 25), id="over-idul-fitri"),
        pytest.param((2026, 6, 13), 1, (2026, 6, 15), id="filed-on-Saturday"),
    ],
)
def test_a_clock_counts_the_working_days_after_its_start(start, days, due):
    assert add_working_days(date(*start), days, patterns=FIVE, holidays=HOLIDAYS) == date(*due)


def test_a_reversed_period_is_refused_with_a_sentence():
    with pytest.raises(PeriodReversedError, match="Tanggal selesai tidak boleh sebelum tanggal mulai"):
        classify_days(date(2026, 3, 2), date(2026, 3, 1), patterns=FIVE)


def test_a_period_of_a_leap_year_is_the_longest_one():
    last = add_days_minus_one(date(2028, 1, 1), MAX_PERIOD_DAYS)
    assert len(classify_days(date(2028, 1, 1), last, patterns=FIVE)) == MAX_PERIOD_DAYS
    with pytest.raises(PeriodTooLongError, match="paling lama satu tahun"):
        classify_days(date(2028, 1, 1), last + timedelta(days=1), patterns=FIVE)


def test_a_date_without_a_pattern_is_named():
    with pytest.raises(PatternMissingError, match="31 Desember 2019"):
        classify_days(date(2019, 12, 31), date(2020, 1, 2), patterns=FIVE)


def test_the_last_day_of_the_calendar_can_be_classified():
    assert classify_days(date.max, date.max, patterns=FIVE) == [Day(date.max, DayKind.WORKING)]


@pytest.mark.parametrize("start", [date(2026, 1, 1), date.max - timedelta(days=3)], ids=["now", "end-of-time"])
def test_a_pattern_without_working_days_does_not_count_forever(start):
    never = [PatternPeriod(ALWAYS, None, WorkPattern("never", frozenset()))]
    with pytest.raises(NoWorkingDayError, match="tidak memiliki hari kerja"):
        add_working_days(start, 1, patterns=never)


@pytest.mark.parametrize(("verb", "days"), [("add_working_days", -1), ("last_of", 0)])
def test_a_senseless_number_of_days_is_refused(verb, days):
    with pytest.raises(ValueError):
        getattr(WorkCalendar(patterns=FIVE), verb)(date(2026, 1, 5), days)
