"""Which bucket each day of leave is charged to, and what happens to it afterwards (R4, R8, R9, R10)."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leave.rules.buckets import ORDER_OF_USE, Bucket, BucketKey, BucketKind


@dataclass(frozen=True, slots=True)
class Charge:
    day: datetime.date
    bucket: BucketKey


@dataclass(frozen=True, slots=True)
class Allocation:
    charges: tuple[Charge, ...]
    missing: tuple[datetime.date, ...] = ()
    """Days for which no bucket has anything left."""

    @property
    def complete(self) -> bool:
        return not self.missing

    def by_bucket(self) -> Mapping[BucketKey, int]:
        return Counter(charge.bucket for charge in self.charges)

    def asked(self) -> Mapping[int, int]:
        """Days wanted per calendar year (R9)."""
        return Counter(day.year for day in (*(charge.day for charge in self.charges), *self.missing))

    def available(self) -> Mapping[int, int]:
        """Days per calendar year for which there is a bucket."""
        return Counter(charge.day.year for charge in self.charges)


def order_of_use(bucket: Bucket) -> tuple[int, datetime.date, int]:
    return ORDER_OF_USE[bucket.kind], bucket.lapses_on, bucket.origin


def allocate(days: Iterable[datetime.date], buckets: Sequence[Bucket]) -> Allocation:
    """Charge each day to the first bucket in order of use (R8) that is open and has something left on it (R9).

    Where that order leaves a day uncovered, the bucket that lapses first is used first instead: then days
    are missing only if no distribution at all covers them.
    """
    ordered = sorted(set(days))
    by_use = _charge(ordered, sorted(buckets, key=order_of_use))
    if by_use.complete:
        return by_use
    by_lapse = _charge(ordered, sorted(buckets, key=lambda bucket: (bucket.lapses_on, order_of_use(bucket))))
    return by_lapse if len(by_lapse.missing) < len(by_use.missing) else by_use


def _charge(days: Sequence[datetime.date], buckets: Sequence[Bucket]) -> Allocation:
    left = {bucket.key: bucket.left for bucket in buckets}
    charges: list[Charge] = []
    missing: list[datetime.date] = []
    for day in days:
        bucket = next((each for each in buckets if left[each.key] > 0 and each.open_on(day)), None)
        if bucket is None:
            missing.append(day)
        else:
            left[bucket.key] -= 1
            charges.append(Charge(day, bucket.key))
    return Allocation(tuple(charges), tuple(missing))


def given_back(charges: Iterable[Charge], return_day: datetime.date) -> tuple[Charge, ...]:
    """What a recall or a cancellation gives back: every day from the first day back at work on (W5)."""
    return tuple(charge for charge in charges if charge.day >= return_day)


def postponed_part(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    """What a postponement turns into P of the next year: own days alone; the rest is freed (R4)."""
    return tuple(charge for charge in charges if charge.bucket.kind is BucketKind.O)
