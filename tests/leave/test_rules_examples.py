"""The worked examples E01-E24 of the leave reference, in both readings of what two years carry over."""

from datetime import date
from decimal import Decimal

import pytest

from leave.rules import (
    BucketKind,
    CarryMode,
    FirstYearGround,
    Period,
    Rule,
    allocate,
    check_amount,
    collective_credit_lapse,
    credit_bucket,
    first_year,
    first_year_bucket,
    long_leave_last_day,
    own_entitlement,
    right_periods,
)
from tests.leave.history import ALWAYS, PNS, PPPK, History, days_of, played

STRICT, LENIENT = CarryMode.STRICT, CarryMode.LENIENT

EXAMPLES = [
    ("E01", {2024: (12, 0), 2025: (12, 0)}, 12, 12),
    ("E02", {2024: (12, 0), 2025: (0, 0)}, 18, 18),
    ("E03", {2024: (12, 0), 2025: (8, 0)}, 16, 16),
    ("E04", {2024: (12, 0), 2025: (3, 0)}, 18, 18),
    ("E05", {2023: (12, 0), 2024: (0, 0), 2025: (0, 0)}, 24, 24),
    ("E06", {2024: (0, 0), 2025: (6, 0)}, 18, 18),
    ("E07", {2024: (0, 0), 2025: (3, 0)}, 18, 21),
    ("E08", {2023: (12, 0), 2024: (9, 0), 2025: (0, 0)}, 18, 21),
    ("E09", {2023: (0, 0), 2024: (0, 0), 2025: (0, 0)}, 24, 24),
    ("E10", {2024: (12, 0), 2025: (5, 7)}, 19, 19),
    ("E11", {2024: (12, 0), 2025: (0, 12)}, 24, 24),
    ("E12", {2024: (12, 0), 2025: (4, 3)}, 20, 20),
    ("E13", {2024: (12, 0), 2025: (0, 12), 2026: (10, 0)}, 18, 18),
    ("E19", {2024: (0, 0), 2025: (0, 0), 2026: (20, 0)}, 16, 16),
    ("E20", {2024: (0, 0), 2025: (0, 0), 2026: (6, 0)}, 18, 24),
    ("all-postponed-then-2025", {2024: (0, 12)}, 24, 24),
    ("all-postponed-then-unused-2026", {2024: (0, 12), 2025: (0, 0)}, 18, 18),
    ("had-18-took-4-postponed-3", {2024: (0, 0), 2025: (4, 3)}, 21, 23),
]


@pytest.mark.parametrize(
    ("mode", "years", "entitled"),
    [
        pytest.param(mode, years, strict if mode is STRICT else lenient, id=f"{example}-{mode}")
        for example, years, strict, lenient in EXAMPLES
        for mode in CarryMode
    ],
)
def test_the_year_after_gives_what_the_example_says(mode, years, entitled):
    assert played(years, mode).entitled() == entitled


@pytest.mark.parametrize(
    ("took", "buckets"),
    [
        pytest.param({2024: (0, 0), 2025: (0, 0)}, {"C2": 6, "C1": 6, "O": 12}, id="E05"),
        pytest.param({2025: (5, 7)}, {"P": 7, "O": 12}, id="E10"),
        pytest.param({2025: (4, 3)}, {"P": 3, "C1": 5, "O": 12}, id="E12"),
    ],
)
def test_the_days_lie_in_the_buckets_they_came_from(took, buckets):
    history = played(took, STRICT)
    assert {bucket.kind.value: bucket.granted for bucket in history.buckets} == buckets
    assert all(bucket.lapses_on == date(2026, 12, 31) for bucket in history.buckets)


@pytest.mark.parametrize("mode", CarryMode)
def test_e13_two_postponed_days_lapse(mode):
    closing = played({2025: (0, 12), 2026: (10, 0)}, mode).closing
    assert [(line.bucket.kind, line.carried, line.lapsed) for line in closing.lines] == [
        (BucketKind.P, 0, 2),
        (BucketKind.O, 6, 6),
    ]


@pytest.mark.parametrize("mode", CarryMode)
def test_e14_a_cpns_has_twelve_days_from_the_first_anniversary(mode):
    history = History(mode=mode, right=right_periods(date(2025, 3, 1), law=PNS)).begin(2026)
    assert (history.left(2, 1), history.left(3, 1)) == (0, 12)
    assert history.close().entitled() == 18
    assert history.close().entitled() == 24


@pytest.mark.parametrize(("mode", "year_after"), [(STRICT, 12), (LENIENT, 18)], ids=["E15-strict", "E15-lenient"])
def test_e15_long_leave_takes_the_own_days_and_leaves_the_carry(mode, year_after):
    history = played({2024: (12, 0), 2025: (3, 0)}, mode).long_leave()
    assert history.entitled() == 6
    assert history.close().entitled() == year_after


def test_e16_days_taken_before_a_long_leave_shorten_it():
    history = History().begin(2026).take(5).long_leave()
    assert history.left() == 0
    assert long_leave_last_day(date(2026, 7, 1), own_days_taken=5) == date(2026, 9, 25)


def test_e17_collective_leave_worked_in_march_adds_days_that_lapse_with_the_year():
    history = History().begin(2026)
    for missed in (date(2026, 3, 18), date(2026, 3, 20)):
        history.add(credit_bucket(missed, law=PNS))
    assert (history.entitled(3, 18), history.entitled(3, 19), history.entitled()) == (12, 13, 14)
    assert {bucket.lapses_on for bucket in history.buckets} == {date(2026, 12, 31)}


def test_e18_collective_leave_worked_on_24_december_is_there_next_year():
    history = History().begin(2026).take(12).add(credit_bucket(date(2026, 12, 24), law=PNS))
    assert history.close().entitled() == 13


@pytest.mark.parametrize(
    ("missed", "window", "lapses_on"),
    [
        ((2026, 12, 19), (12, 20), (2026, 12, 31)),
        ((2026, 12, 20), (12, 20), (2027, 12, 31)),
        ((2026, 12, 24), (12, 26), (2026, 12, 31)),
    ],
)
def test_the_last_days_of_the_year_begin_where_the_setting_says(missed, window, lapses_on):
    assert collective_credit_lapse(date(*missed), window_start=window) == date(*lapses_on)


@pytest.mark.parametrize(
    ("contract_end", "entitled"),
    [
        pytest.param((2028, 12, 31), 24, id="E21-five-years"),
        pytest.param((2026, 12, 31), 18, id="E21-three-years"),
        pytest.param((2025, 12, 31), 12, id="E21-two-years"),
        pytest.param((2024, 12, 31), 12, id="E21-one-year"),
        pytest.param((2026, 1, 1), 18, id="two-years-and-a-day"),
        pytest.param((2027, 1, 1), 24, id="three-years-and-a-day"),
    ],
)
@pytest.mark.parametrize("mode", CarryMode)
def test_e21_the_contract_term_limits_what_a_pppk_carries(mode, contract_end, entitled):
    contract = Period(date(2024, 1, 1), date(*contract_end))
    history = played({2024: (0, 0), 2025: (0, 0)}, mode, law=PPPK, contract=contract)
    assert history.entitled() == entitled


def test_e22_a_pppk_in_the_first_year_has_six_days_for_a_family_reason_only():
    period = first_year(date(2026, 1, 1), PPPK)
    bucket = first_year_bucket(period, law=PPPK, ground=FirstYearGround.FAMILY)
    assert len(allocate(days_of(2026, 8), [bucket]).charges) == 6
    assert first_year_bucket(period, law=PPPK, ground="") is None


@pytest.mark.parametrize(("law", "days"), [(PNS, 12), (PPPK, 0)], ids=["E23-pns", "E23-pppk"])
def test_e23_teachers_with_school_holidays(law, days):
    assert own_entitlement(2026, ALWAYS, law=law, teacher=True).days == days


@pytest.mark.parametrize(
    ("asked", "rule", "sentence"),
    [
        pytest.param(
            20, Rule.BALANCE, "20 hari kerja pada tahun 2026, sedangkan sisa cuti Anda 18 hari", id="E24-20"
        ),
        pytest.param(0, Rule.MINIMUM, "paling sedikit 1 hari kerja", id="E24-0"),
        pytest.param(Decimal("0.5"), Rule.HALF_DAY, "setengah hari tidak dapat diajukan", id="E24-half"),
    ],
)
def test_e24_more_than_there_is_nothing_and_half_a_day_are_refused(asked, rule, sentence):
    left = played({2024: (12, 0), 2025: (0, 0)}, STRICT).left()
    (refusal,) = check_amount(asked, left, year=2026, law=PNS)
    assert (refusal.rule, refusal.refuses) == (rule, True)
    assert sentence in refusal.message
    assert refusal.article


def test_all_that_is_left_may_be_asked():
    assert check_amount(18, 18, year=2026, law=PNS) == ()
