from datetime import date

import pytest

from leave.rules import (
    Bucket,
    BucketKind,
    NegativeBalanceError,
    allocate,
    apply,
    balance,
    credit_bucket,
    effect,
    new_bucket,
    postponed_part,
)
from leave.rules.buckets import COLUMN_OF
from tests.leave.history import PNS, days_of

F, P, C2, C1, X, O = BucketKind  # noqa: E741


def kinds(allocation):
    return "".join(f"{charge.bucket.kind} " for charge in allocation.charges).split()


def test_the_order_of_use_is_postponed_then_the_oldest_carry_then_credit_then_own_days():
    buckets = [new_bucket(kind, 2026, 2025, 1) for kind in (O, C1, P, C2)]
    buckets.append(credit_bucket(date(2026, 3, 18), law=PNS))
    assert kinds(allocate(days_of(2026, 5), buckets)) == ["P", "C2", "C1", "X", "O"]


def test_a_credit_is_not_used_before_the_day_after_it_was_earned():
    buckets = [new_bucket(O, 2026, 2026, 12), credit_bucket(date(2026, 3, 18), law=PNS)]
    assert kinds(allocate([date(2026, 3, 17)], buckets)) == ["O"]
    assert kinds(allocate([date(2026, 3, 19)], buckets)) == ["X"]


def test_nothing_is_charged_to_a_bucket_that_has_lapsed():
    allocation = allocate(days_of(2027, 1), [new_bucket(O, 2026, 2026, 12)])
    assert (allocation.charges, len(allocation.missing)) == ((), 1)


def test_leave_over_new_year_is_charged_to_both_years():
    buckets = [new_bucket(C1, 2026, 2025, 1), new_bucket(O, 2026, 2026, 12), new_bucket(O, 2027, 2027, 12)]
    allocation = allocate([date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4)], buckets)
    assert [(charge.bucket.kind, charge.bucket.year) for charge in allocation.charges] == [
        (C1, 2026),
        (O, 2026),
        (O, 2027),
    ]


def test_a_request_for_next_year_uses_own_days_alone_while_the_carry_is_unknown():
    buckets = [new_bucket(O, 2026, 2026, 12), new_bucket(O, 2027, 2027, 12)]
    allocation = allocate(days_of(2027, 14), buckets)
    assert (len(allocation.charges), len(allocation.missing)) == (12, 2)
    assert (allocation.asked(), allocation.available()) == ({2027: 14}, {2027: 12})


def test_days_reserved_by_another_request_are_not_there():
    taken = Bucket(
        O, 2026, 2026, date(2026, 1, 1), date(2026, 12, 31), granted=12, reserved=7, taken=3, postponed=1
    )
    assert len(allocate(days_of(2026, 5), [taken]).charges) == 1


def test_a_credit_that_lives_into_next_year_waits_where_it_is_needed_there():
    credit = credit_bucket(date(2026, 12, 24), law=PNS)
    days = [date(2026, 12, 30), date(2027, 1, 4)]
    assert kinds(allocate(days, [new_bucket(O, 2026, 2026, 1), credit])) == ["O", "X"]


def test_a_day_asked_twice_is_charged_once():
    assert len(allocate([date(2026, 7, 1)] * 2, [new_bucket(O, 2026, 2026, 12)]).charges) == 1


def test_only_own_days_are_postponed():
    buckets = [new_bucket(C1, 2026, 2025, 2), new_bucket(O, 2026, 2026, 12)]
    postponed = postponed_part(allocate(days_of(2026, 5), buckets).charges)
    assert {charge.bucket.kind for charge in postponed} == {O}
    assert len(postponed) == 3


def test_the_balance_counts_what_is_open_on_the_day():
    buckets = [new_bucket(O, 2026, 2026, 12, date(2026, 3, 1)), new_bucket(C1, 2026, 2025, 6)]
    on = [date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 1), date(2027, 1, 1)]
    assert [balance(buckets, day) for day in on] == [0, 6, 18, 0]


@pytest.mark.parametrize(
    ("kind", "days", "column", "value"),
    [
        ("opening", 3, "granted", 15),
        ("grant", 3, "granted", 15),
        ("carry", 3, "granted", 15),
        ("credit", 3, "granted", 15),
        ("correction", -3, "granted", 9),
        ("reserve", 3, "reserved", 5),
        ("release", 2, "reserved", 0),
        ("take", 3, "taken", 4),
        ("return", 1, "taken", 0),
        ("postpone", 3, "postponed", 3),
        ("lapse", 9, "lapsed", 9),
    ],
)
def test_a_movement_changes_its_sum_and_the_balance(kind, days, column, value):
    before = Bucket(O, 2026, 2026, date(2026, 1, 1), date(2026, 12, 31), granted=12, reserved=2, taken=1)
    after = apply(before, kind, days)
    assert getattr(after, column) == value
    assert after.left - before.left == effect(kind, days)


@pytest.mark.parametrize(("kind", "days"), [("reserve", 13), ("correction", -13), ("release", 1), ("return", 1)])
def test_a_movement_never_takes_a_sum_below_zero(kind, days):
    with pytest.raises(NegativeBalanceError, match=kind):
        apply(new_bucket(O, 2026, 2026, 12), kind, days)


def test_every_kind_of_movement_in_the_ledger_is_known_to_the_rules():
    from leave.enums import MovementKind

    assert set(COLUMN_OF) == set(MovementKind.values)
