from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.calendars.rules import (
    FIVE_DAY,
    SIX_DAY,
    Holiday,
    HolidayKind,
    PatternPeriod,
    RosterPeriod,
    WorkCalendar,
    add_months,
    add_months_minus_one_day,
    shift_pattern,
)

dates = st.dates(date(2023, 1, 1), date(2027, 12, 31))
lengths = st.integers(0, 120)
holidays = st.lists(
    st.builds(Holiday, dates, st.just("Libur"), st.just("Holiday"), st.sampled_from(HolidayKind), st.booleans()),
    max_size=60,
)
patterns = st.sampled_from([FIVE_DAY, SIX_DAY]).map(lambda pattern: [PatternPeriod(date.min, None, pattern)])


@st.composite
def calendars(draw):
    return WorkCalendar(patterns=draw(patterns), holidays=draw(holidays), duties=draw(st.sets(dates)))


@given(calendars(), dates, lengths)
def test_every_day_of_the_period_is_classified_once_and_in_order(calendar, start, length):
    days = calendar.classify(start, start + timedelta(days=length))
    assert [day.date for day in days] == [start + timedelta(days=n) for n in range(length + 1)]


@given(calendars(), dates, lengths)
def test_a_day_is_charged_or_has_a_name_that_says_why_not(calendar, start, length):
    assert all(
        day.charged or (day.name_id and day.name_en) for day in calendar.classify(start, start + timedelta(length))
    )


@given(calendars(), dates, lengths, lengths)
def test_two_halves_of_a_period_charge_as_much_as_the_whole(calendar, start, first, second):
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second + 1)
    halves = calendar.count(start, middle) + calendar.count(middle + timedelta(days=1), end)
    assert halves == calendar.count(start, end)


@given(calendars(), dates, st.integers(1, 60))
def test_a_clock_ends_on_a_working_day_with_exactly_that_many_in_between(calendar, start, days):
    due = calendar.add_working_days(start, days)
    assert calendar.is_working(due)
    assert calendar.count(start + timedelta(days=1), due) == days


@given(calendars(), dates, st.integers(0, 30), st.integers(0, 30))
def test_clocks_add_up(calendar, start, first, second):
    in_two_steps = calendar.add_working_days(calendar.add_working_days(start, first), second)
    assert in_two_steps == calendar.add_working_days(start, first + second)


@given(patterns, holidays, st.sets(dates), dates, lengths, st.randoms(use_true_random=False))
def test_the_order_of_the_holidays_does_not_matter(pattern, listed, duties, start, length, random):
    end = start + timedelta(days=length)
    shuffled = random.sample(listed, len(listed))
    as_listed = WorkCalendar(patterns=pattern, holidays=listed, duties=duties)
    as_shuffled = WorkCalendar(patterns=pattern, holidays=shuffled, duties=duties)
    assert as_listed.working_days(start, end) == as_shuffled.working_days(start, end)


@given(patterns, holidays, dates, lengths)
def test_a_holiday_never_adds_a_working_day(pattern, listed, start, length):
    end = start + timedelta(days=length)
    with_all = set(WorkCalendar(patterns=pattern, holidays=listed).working_days(start, end))
    assert with_all <= set(WorkCalendar(patterns=pattern, holidays=listed[1:]).working_days(start, end))


@given(holidays, st.sets(dates), dates, lengths)
def test_shift_staff_with_a_roster_are_charged_their_duties_and_nothing_else(listed, duties, start, length):
    end = start + timedelta(days=length)
    calendar = WorkCalendar(
        patterns=[PatternPeriod(date.min, None, shift_pattern())],
        holidays=listed,
        roster=[RosterPeriod(start, end, frozenset(duties))],
    )
    assert set(calendar.working_days(start, end)) == {day for day in duties if start <= day <= end}


@given(dates, st.integers(1, 48))
def test_leave_of_months_never_runs_longer_than_its_months(start, months):
    end = add_months_minus_one_day(start, months)
    assert start <= end < add_months(start, months)
    assert (add_months(start, months).year * 12 + add_months(start, months).month) - (
        start.year * 12 + start.month
    ) == months
