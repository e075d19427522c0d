"""What must hold for every history, not only for the worked ones."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leave.rules import (
    ORDER_OF_USE,
    Bucket,
    BucketKind,
    CarryMode,
    NegativeBalanceError,
    YearFacts,
    allocate,
    apply,
    carry_into,
    effect,
    new_bucket,
)
from leave.rules.buckets import COLUMN_OF
from tests.leave.history import PNS, History, days_of

modes = st.sampled_from(CarryMode)
years = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 12)), min_size=1, max_size=6)
DAYS = [date(2026, 12, 1) + timedelta(days=n) for n in range(60)]
some_days = st.sets(st.sampled_from(DAYS), max_size=14).map(sorted)


def live(history, wanted):
    """Live one year as wished, as far as the days are there: postpone first, then take."""
    took, postponed = wanted
    own = next((bucket.left for bucket in history.buckets if bucket.kind is BucketKind.O), 0)
    postponed = min(postponed, own)
    return history.pass_year(min(took, history.left() - postponed), postponed)


@st.composite
def bucket_sets(draw):
    """Buckets around a turn of the year with windows of every kind, one of each key."""
    buckets = {}
    for kind in draw(st.lists(st.sampled_from(BucketKind), max_size=6)):
        first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
        bucket = Bucket(
            kind, draw(st.integers(2024, 2026)), last.year, first, last, granted=draw(st.integers(0, 5))
        )
        buckets[bucket.key] = bucket
    return list(buckets.values())


def most_days(days, buckets):
    """The most days that any distribution covers, by augmenting paths."""
    seats = [(bucket, seat) for bucket in buckets for seat in range(bucket.left)]
    holder = {}

    def seat_for(day, tried):
        for bucket, number in seats:
            key = (bucket.key, number)
            if bucket.open_on(day) and key not in tried:
                tried.add(key)
                if key not in holder or seat_for(holder[key], tried):
                    holder[key] = day
                    return True
        return False

    return sum(seat_for(day, set()) for day in days)


@given(modes, years)
def test_no_history_leads_beyond_24_days_or_below_zero(mode, wanted):
    history = History(mode=mode).begin(2020)
    for year in wanted:
        live(history, year)
        assert 12 <= history.entitled() <= 24
        assert all(bucket.left >= 0 for bucket in history.buckets)


@given(modes, st.integers(0, 12))
def test_a_year_after_a_full_one_gives_at_most_18_without_postponement(mode, took):
    assert History(mode=mode).begin(2025).pass_year(12).pass_year(took).entitled() <= 18


@given(years)
def test_the_lenient_reading_never_gives_less(wanted):
    strict, lenient = (History(mode=mode).begin(2020) for mode in (CarryMode.STRICT, CarryMode.LENIENT))
    for took, postponed in wanted:
        own = next(bucket.left for bucket in strict.buckets if bucket.kind is BucketKind.O)
        postponed = min(postponed, own)
        took = min(took, strict.left() - postponed)
        strict.pass_year(took, postponed)
        lenient.pass_year(took, postponed)
        assert lenient.entitled() >= strict.entitled()


@given(modes, st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 6))
def test_a_carry_stays_within_its_limits(mode, own_taken, before_taken, postponed, c1_left):
    postponed = min(postponed, 12 - own_taken)
    facts = {
        2024: YearFacts(2024, own=12, taken=before_taken, taken_own=before_taken),
        2025: YearFacts(2025, 12, own_taken + 6 - c1_left, own_taken, postponed, c1_left),
    }
    carry = carry_into(2026, facts, mode=mode, law=PNS)
    assert carry.p.days == postponed
    assert 0 <= carry.c1.days <= 6
    assert 0 <= carry.c2.days <= 6
    assert carry.total <= 12


@given(modes, years)
def test_what_closes_is_what_was_left(mode, wanted):
    history = History(mode=mode).begin(2020)
    for year in wanted:
        live(history, year)
        for line in history.closing.lines:
            assert line.carried + line.lapsed == line.bucket.left > 0
        carried = sum(line.carried for line in history.closing.lines)
        assert carried == history.closing.carry.c1.days + history.closing.carry.c2.days


@given(modes, years)
def test_the_last_step_of_a_figure_is_the_figure(mode, wanted):
    history = History(mode=mode).begin(2020)
    for year in wanted:
        carry = live(history, year).closing.carry
        assert all(figure.steps[-1].days == figure.days for figure in (carry.p, carry.c2, carry.c1))


movements = st.lists(st.tuples(st.sampled_from(sorted(COLUMN_OF)), st.integers(-3, 6).filter(bool)), max_size=40)


def accepted(bucket, wanted):
    """Apply what the bucket allows; return it with the movements that were."""
    done = []
    for kind, days in wanted:
        try:
            bucket = apply(bucket, kind, days)
        except NegativeBalanceError:
            continue
        done.append((kind, days))
    return bucket, done


@given(movements)
def test_the_sum_of_movements_is_the_balance_and_never_below_zero(wanted):
    bucket, done = accepted(new_bucket(BucketKind.O, 2026, 2026, 0), wanted)
    assert bucket.left == sum(effect(kind, days) for kind, days in done) >= 0


@given(movements, st.randoms(use_true_random=False))
def test_the_sums_do_not_depend_on_the_order_of_the_movements(wanted, random):
    roomy = Bucket(BucketKind.O, 2026, 2026, DAYS[0], DAYS[-1], granted=900, taken=200, reserved=200)
    roomy = apply(apply(roomy, "postpone", 200), "lapse", 200)
    shuffled = random.sample(wanted, len(wanted))
    assert accepted(roomy, wanted) == (accepted(roomy, shuffled)[0], wanted)


@given(some_days, bucket_sets())
def test_every_day_is_charged_once_or_missing_and_no_bucket_gives_more_than_it_has(days, buckets):
    allocation = allocate(days, buckets)
    assert sorted([*(charge.day for charge in allocation.charges), *allocation.missing]) == days
    by_key = {bucket.key: bucket for bucket in buckets}
    assert all(by_key[charge.bucket].open_on(charge.day) for charge in allocation.charges)
    assert all(count <= by_key[key].left for key, count in allocation.by_bucket().items())


@given(some_days, bucket_sets())
@settings(max_examples=200)
def test_a_day_is_missing_only_if_no_distribution_covers_it(days, buckets):
    assert len(allocate(days, buckets).charges) == most_days(days, buckets)


@given(st.integers(0, 30), st.lists(st.integers(0, 8), min_size=6, max_size=6))
def test_the_days_that_go_first_are_used_up_before_the_next_kind_is_touched(count, sizes):
    buckets = [new_bucket(kind, 2026, 2025, size) for kind, size in zip(BucketKind, sizes, strict=True)]
    charged = [ORDER_OF_USE[charge.bucket.kind] for charge in allocate(days_of(2026, count), buckets).charges]
    assert charged == sorted(charged)
    full = Counter(charged[: sum(sizes)])
    used_up = [full[place] == size for place, size in enumerate(sizes) if place < max(charged, default=0)]
    assert all(used_up)


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), st.integers(0, 9), st.integers(0, 9))
def test_two_requests_leave_the_same_buckets_whichever_is_filed_first(sizes, first, second):
    buckets = [new_bucket(kind, 2026, 2025, size) for kind, size in zip(BucketKind, sizes, strict=True)]
    spring, autumn = days_of(2026, first, (3, 1)), days_of(2026, second, (9, 1))

    def left_after(*requests):
        now = list(buckets)
        for days in requests:
            charged = allocate(days, now).by_bucket()
            now = [apply(bucket, "reserve", charged.get(bucket.key, 0)) for bucket in now]
        return now

    assert left_after(spring, autumn) == left_after(autumn, spring)
