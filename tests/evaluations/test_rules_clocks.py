from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.enums import DeadlineKind, PeriodKind
from evaluations.rules import clocks
from evaluations.rules.clocks import Milestone, moment_now, moments
from evaluations.rules.policy import Policy

WIB = ZoneInfo("Asia/Jakarta")
DAYS = st.dates(date(2022, 1, 1), date(2040, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times(), st.just(WIB))


def _local(*parts):
    return datetime(*parts, tzinfo=WIB)


def test_the_worked_example_of_an_objection():
    window = clocks.objection_window(date(2026, 1, 12))
    assert window.last == date(2026, 1, 26)
    assert [window.is_open(day) for day in (date(2026, 1, 11), date(2026, 1, 12), date(2026, 1, 26))] == [
        False,
        True,
        True,
    ]
    assert not window.is_open(date(2026, 1, 27))
    assert str(window.citation) == "PP 30/2019 Pasal 59"


def test_days_left_to_object_end_at_0():
    window = clocks.objection_window(date(2026, 1, 12), days=10)
    left = [window.days_left(day) for day in (date(2026, 1, 12), date(2026, 1, 22), date(2026, 2, 1))]
    assert left == [10, 0, 0]


def test_the_target_of_a_decision_is_a_setting():
    assert clocks.decision_due(date(2026, 1, 26)) == date(2026, 2, 9)
    assert clocks.decision_due(date(2026, 1, 26), days=7) == date(2026, 2, 2)


def test_six_months_to_improve_then_the_test_then_at_most_a_year():
    assert [(step.milestone, step.on) for step in clocks.improvement_chain(date(2026, 2, 2))] == [
        (Milestone.BEGINS, date(2026, 2, 2)),
        (Milestone.HALFWAY, date(2026, 5, 2)),
        (Milestone.ENDS, date(2026, 8, 2)),
        (Milestone.TEST, date(2026, 8, 3)),
        (Milestone.TEMPORARY_ENDS, date(2027, 8, 2)),
    ]


def test_the_look_halfway_is_not_said_to_be_law():
    chain = clocks.improvement_chain(date(2026, 2, 2))
    verified = {step.milestone for step in chain if step.citation.verified}
    assert verified == set(Milestone) - {Milestone.HALFWAY}
    assert all(str(milestone.label) for milestone in Milestone)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ((2025, 8, 31), 6, (2026, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 1, 31), 12, (2027, 1, 31)),
    ],
)
def test_months_end_with_the_month(day, months, wanted):
    assert clocks.add_months(date(*day), months) == date(*wanted)


@pytest.mark.parametrize(
    ("kind", "number"), [(PeriodKind.MONTH, 13), (PeriodKind.QUARTER, 5), (PeriodKind.YEAR, 1)]
)
def test_a_cycle_has_its_periods_and_the_year(kind, number):
    spans = clocks.periods(2026, kind)
    assert len(spans) == number
    assert (spans[-1].kind, spans[-1].number) == (PeriodKind.YEAR, 0)
    assert (spans[-1].start, spans[-1].end) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("year", [2026, 2028])
def test_quarters_end_where_they_end(year):
    quarters = clocks.periods(year, PeriodKind.QUARTER)[:-1]
    assert [span.end for span in quarters] == [
        date(year, 3, 31),
        date(year, 6, 30),
        date(year, 9, 30),
        date(year, 12, 31),
    ]


@given(st.integers(2022, 2060), st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER]))
def test_periods_follow_each_other_without_a_gap(year, kind):
    *parts, whole = clocks.periods(year, kind)
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(later.start - one.end == timedelta(days=1) for one, later in pairwise(parts))


def test_the_period_of_a_day_is_the_shortest():
    spans = clocks.periods(2026, PeriodKind.QUARTER)
    assert clocks.period_of(date(2026, 5, 4), spans).number == 2
    assert clocks.period_of(date(2027, 1, 1), spans) is None
    assert clocks.period_of(date(2026, 5, 4), spans[-1:]).kind is PeriodKind.YEAR


def test_the_plan_is_due_at_the_end_of_january():
    first, second, *_others = clocks.deadlines(2026, PeriodKind.QUARTER)
    assert (first.kind, first.due_on) == (DeadlineKind.PLAN_SUBMIT, date(2026, 1, 26))
    assert (second.kind, second.due_on) == (DeadlineKind.PLAN_AGREE, date(2026, 1, 31))
    assert not second.citation.verified


def test_the_year_is_due_on_10_january_of_the_next():
    found = [one for one in clocks.deadlines(2026, PeriodKind.QUARTER) if one.kind is DeadlineKind.ASSESS]
    assert [one.due_on for one in found] == [
        date(2026, 4, 10),
        date(2026, 7, 10),
        date(2026, 10, 10),
        date(2027, 1, 10),
        date(2027, 1, 10),
    ]


def test_what_others_bring_is_due_before_the_assessor():
    found = {one.kind: one for one in clocks.deadlines(2026, PeriodKind.YEAR) if one.period}
    assert {kind: one.due_on for kind, one in found.items()} == {
        DeadlineKind.PROGRESS: date(2027, 1, 5),
        DeadlineKind.FEEDBACK: date(2027, 1, 5),
        DeadlineKind.ORGANISATION: date(2027, 1, 5),
        DeadlineKind.ASSESS: date(2027, 1, 10),
        DeadlineKind.READ: date(2027, 1, 15),
    }


def test_a_year_of_quarters_gathers_what_its_quarters_were_told():
    found = [
        one.kind for one in clocks.deadlines(2026, PeriodKind.QUARTER) if one.period and not one.period.number
    ]
    assert sorted(found) == [DeadlineKind.ASSESS, DeadlineKind.ORGANISATION, DeadlineKind.READ]


@given(st.integers(1, 31), st.integers(0, 60), st.integers(0, 60), st.integers(0, 40))
def test_no_setting_puts_the_assessor_before_the_end_of_a_period(plan, period, year, step):
    policy = Policy(plan_days=plan, period_days=period, year_days=year, step_days=step)
    found = clocks.deadlines(2026, PeriodKind.MONTH, policy)
    assert list(found) == sorted(found, key=lambda one: one.due_on)
    assert all(one.due_on >= (one.period.end if one.period else date(2026, 1, 1)) for one in found)


def test_lateness_is_counted_and_the_last_day_is_in_time():
    due = date(2026, 1, 31)
    assert [clocks.days_late(due, date(2026, *day)) for day in ((1, 1), (1, 31), (2, 1), (3, 2))] == [0, 0, 1, 30]


def test_a_deadline_is_reminded_before_at_and_after():
    assert [(moment.key, moment.on, moment.is_late) for moment in moments(date(2026, 1, 31))] == [
        ("before:14", date(2026, 1, 17), False),
        ("before:3", date(2026, 1, 28), False),
        ("at", date(2026, 1, 31), False),
        ("after:1", date(2026, 2, 1), True),
        ("after:7", date(2026, 2, 7), True),
    ]


def test_settings_that_repeat_themselves_make_one_moment():
    assert [moment.key for moment in moments(date(2026, 1, 31), before=(3, 3, 0, -1), after=())] == [
        "before:3",
        "at",
    ]


@pytest.mark.parametrize(
    ("today", "done", "wanted"),
    [
        ((2026, 1, 16), set(), None),
        ((2026, 1, 17), set(), "before:14"),
        ((2026, 1, 17), {"before:14"}, None),
        ((2026, 1, 20), {"before:14"}, None),
        ((2026, 2, 3), {"before:14"}, "after:1"),
        ((2026, 2, 3), {"before:14", "after:1"}, None),
        ((2026, 6, 1), set(), "after:7"),
    ],
    ids=[
        "too-early",
        "on-its-day",
        "not-twice",
        "nothing-between",
        "missed-ones-are-caught-up-by-one",
        "and-not-in-a-row",
        "long-after",
    ],
)
def test_the_moment_to_send_now(today, done, wanted):
    found = moment_now(moments(date(2026, 1, 31)), done, date(*today))
    assert (found and found.key) == wanted


@given(DAYS, st.sets(st.integers(1, 40), max_size=4), st.sets(st.integers(1, 40), max_size=4), st.data())
def test_however_often_and_late_the_clock_runs_no_moment_comes_twice(due, before, after, data):
    plan, done = moments(due, tuple(before), tuple(after)), []
    looks = data.draw(st.lists(st.integers(-50, 60), min_size=1, max_size=20))
    for offset in sorted(looks):
        found = moment_now(plan, done, due + timedelta(days=offset))
        done += [found.key] if found else []
    last = due + timedelta(days=max(looks))
    come = [moment.key for moment in plan if moment.on <= last]
    assert len(done) == len(set(done))
    assert done[-1:] == come[-1:]


@pytest.mark.parametrize(
    ("hour", "quiet"), [(18, False), (19, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_the_night_is_quiet(hour, quiet):
    assert clocks.is_quiet(hour) is quiet


@pytest.mark.parametrize("hour", range(24))
def test_equal_hours_are_never_quiet_and_a_span_by_day_is_one(hour):
    assert not clocks.is_quiet(hour, 8, 8)
    assert clocks.is_quiet(hour, 12, 13) is (hour == 12)


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (_local(2026, 1, 5, 10, 30), _local(2026, 1, 5, 10, 30)),
        (_local(2026, 1, 5, 21, 15), _local(2026, 1, 6, 7)),
        (_local(2026, 1, 5, 3, 59), _local(2026, 1, 5, 7)),
    ],
)
def test_what_falls_into_the_night_waits_for_the_morning(at, wanted):
    assert clocks.next_loud(at) == wanted


@given(MOMENTS, st.integers(0, 23), st.integers(0, 23))
def test_after_waiting_it_is_loud_and_never_more_than_a_day_later(at, start, end):
    then = clocks.next_loud(at, start, end)
    assert not clocks.is_quiet(then.hour, start, end)
    assert timedelta(0) <= then - at < timedelta(days=1)


def test_many_waiting_things_become_one_digest():
    assert [clocks.as_digest(waiting) for waiting in (0, 2, 3, 50)] == [False, False, True, True]
