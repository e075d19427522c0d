from datetime import date

import pytest

from leave.rules import (
    BucketKind,
    FirstYearGround,
    Period,
    Rule,
    contract_longer_than,
    first_year,
    first_year_bucket,
    has_right,
    next_right_day,
    own_days_lost_to_long_leave,
    own_entitlement,
    right_from,
    right_periods,
    total_limit,
)
from leave.rules.buckets import apply, new_bucket
from tests.leave.history import ALWAYS, PNS, PPPK

CLTN = Period(date(2026, 7, 1), date(2029, 6, 30))


@pytest.mark.parametrize(
    ("first_day", "right"),
    [((2025, 3, 1), (2026, 3, 1)), ((2025, 12, 31), (2026, 12, 31)), ((2024, 2, 29), (2025, 2, 28))],
)
def test_the_right_begins_a_year_after_the_first_day_of_service(first_day, right):
    assert right_from(date(*first_day)) == date(*right)


def test_leave_outside_state_expense_ends_the_right_until_a_year_after_it():
    assert right_periods(date(2015, 1, 1), law=PNS, interruptions=[CLTN]) == (
        Period(date(2016, 1, 1), date(2026, 6, 30)),
        Period(date(2030, 7, 1)),
    )


def test_while_the_leave_outside_state_expense_lasts_no_right_is_in_sight():
    right = right_periods(date(2015, 1, 1), law=PNS, interruptions=[Period(date(2026, 7, 1))])
    assert right == (Period(date(2016, 1, 1), date(2026, 6, 30)),)
    assert next_right_day(date(2026, 7, 1), right) is None


def test_a_gap_within_the_first_year_makes_the_year_start_again():
    gap = Period(date(2025, 6, 1), date(2025, 6, 30))
    assert right_periods(date(2025, 1, 1), law=PNS, interruptions=[gap]) == (Period(date(2026, 7, 1)),)


@pytest.mark.parametrize(("until", "right"), [((2025, 12, 31), ()), ((2026, 1, 1), (Period(date(2026, 1, 1)),))])
def test_service_that_ends_before_the_year_is_over_gives_no_right(until, right):
    found = right_periods(date(2025, 1, 1), law=PNS, until=date(*until))
    assert [period.start for period in found] == [period.start for period in right]


def test_the_right_holds_on_its_first_and_its_last_day():
    right = [Period(date(2026, 3, 1), date(2026, 6, 30))]
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [has_right(day, right) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("year", "days", "usable_from"),
    [(2025, 0, None), (2026, 12, (2026, 3, 1)), (2027, 12, (2027, 1, 1))],
)
def test_own_days_are_twelve_from_the_first_day_of_the_right_and_never_in_parts(year, days, usable_from):
    own = own_entitlement(year, [Period(date(2026, 3, 1))], law=PNS)
    assert (own.days, own.usable_from) == (days, usable_from and date(*usable_from))


def test_own_days_explain_from_when_they_may_be_used():
    own = own_entitlement(2026, [Period(date(2026, 3, 1))], law=PNS)
    assert [(str(step.label), step.days, step.rule) for step in own.figure.steps] == [
        ("Hak cuti tahunan 2026", 12, Rule.R1),
        ("Dapat dipakai mulai 1 Maret 2026", 12, Rule.SERVICE),
    ]


@pytest.mark.parametrize(
    ("right", "teacher", "rule"),
    [((), False, Rule.SERVICE), (ALWAYS, True, Rule.TEACHER)],
    ids=["none", "teacher"],
)
def test_no_right_is_explained_too(right, teacher, rule):
    own = own_entitlement(2026, right, law=PPPK, teacher=teacher)
    assert (own.days, [step.rule for step in own.figure.steps]) == (0, [rule])


def test_days_had_in_the_first_year_reduce_the_first_right_of_a_pppk():
    own = own_entitlement(2026, [Period(date(2026, 3, 1))], law=PPPK, first_year_taken=4)
    assert [step.days for step in own.figure.steps] == [12, -4, 8]
    assert own.days == 8


def test_days_before_a_years_service_end_when_the_right_begins():
    bucket = first_year_bucket(first_year(date(2025, 3, 1), PPPK), law=PPPK, ground=FirstYearGround.ESTATE)
    assert (bucket.usable_from, bucket.lapses_on, bucket.year) == (date(2025, 3, 1), date(2026, 2, 28), 2026)
    assert (bucket.kind, bucket.granted) == (BucketKind.F, 6)


def test_a_pns_has_no_days_before_a_years_service():
    assert first_year(date(2026, 1, 1), PNS) is None
    assert first_year_bucket(None, law=PNS, ground=FirstYearGround.FAMILY) is None


def test_long_leave_ends_the_own_days_that_are_neither_used_nor_postponed():
    own = apply(apply(new_bucket(BucketKind.O, 2026, 2026, 12), "take", 3), "postpone", 2)
    assert own_days_lost_to_long_leave(own) == 7


@pytest.mark.parametrize(
    ("end", "years", "longer"),
    [
        ((2025, 12, 31), 2, False),
        ((2026, 1, 1), 2, True),
        ((2026, 12, 31), 3, False),
        (None, 3, True),
    ],
)
def test_a_contract_of_exactly_so_many_years_is_not_longer(end, years, longer):
    contract = Period(date(2024, 1, 1), end and date(*end))
    assert contract_longer_than(contract, years) is longer


def test_a_pns_total_does_not_depend_on_a_contract():
    assert (total_limit(PNS, None), total_limit(PPPK, None)) == (24, 12)
