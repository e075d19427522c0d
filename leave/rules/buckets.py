"""Buckets of days, what a movement does to them, and the balance they add up to (leave reference 2.1)."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from leave.rules.law import AnnualLeaveLaw

YEAR_END_WINDOW = (12, 20)
"""Month and day from which a missed *cuti bersama* counts as one of the last days of the year."""


class BucketKind(StrEnum):
    """Listed in order of use (R8)."""

    F = "F"
    """A PPPK's days before a year's service, which family reasons alone may use (leave reference 3)."""
    P = "P"
    """Postponed own days of the year before."""
    C2 = "C2"
    """Carry of two years before."""
    C1 = "C1"
    """Carry of the year before."""
    X = "X"
    """Credit for *cuti bersama* days worked."""
    O = "O"  # noqa: E741 - the letter of the reference
    """Own days of the year."""


ORDER_OF_USE: Mapping[BucketKind, int] = {kind: place for place, kind in enumerate(BucketKind)}


class BucketKey(NamedTuple):
    year: int
    kind: BucketKind
    origin: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days of one kind and origin, to be used up in `year`, the year at whose end they lapse."""

    kind: BucketKind
    origin: int
    year: int
    usable_from: datetime.date
    lapses_on: datetime.date
    granted: int = 0
    taken: int = 0
    reserved: int = 0
    postponed: int = 0
    lapsed: int = 0

    @property
    def key(self) -> BucketKey:
        return BucketKey(self.year, self.kind, self.origin)

    @property
    def left(self) -> int:
        return self.unspent - self.lapsed

    @property
    def unspent(self) -> int:
        """What was neither used nor postponed, whether or not it has lapsed since."""
        return self.granted - self.taken - self.reserved - self.postponed

    @property
    def used(self) -> int:
        """Reserved days count as taken (R10)."""
        return self.taken + self.reserved

    def open_on(self, day: datetime.date) -> bool:
        return self.usable_from <= day <= self.lapses_on


def new_bucket(
    kind: BucketKind, year: int, origin: int, granted: int, usable_from: datetime.date | None = None
) -> Bucket:
    start = usable_from or datetime.date(year, 1, 1)
    return Bucket(kind, origin, year, start, datetime.date(year, 12, 31), granted=granted)


COLUMN_OF: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("opening", "grant", "carry", "credit", "correction"), ("granted", 1)),
    "reserve": ("reserved", 1),
    "release": ("reserved", -1),
    "take": ("taken", 1),
    "return": ("taken", -1),
    "postpone": ("postponed", 1),
    "lapse": ("lapsed", 1),
}
"""Which sum of the bucket a kind of movement changes, and in which direction."""


class NegativeBalanceError(ValueError):
    """A movement would use more days than the bucket has, or give back more than was used."""


def apply(bucket: Bucket, kind: str, days: int) -> Bucket:
    """The bucket after one movement. Raises NegativeBalanceError."""
    column, sign = COLUMN_OF[kind]
    after = replace(bucket, **{column: getattr(bucket, column) + sign * days})
    if after.left < 0 or min(after.taken, after.reserved, after.postponed, after.lapsed) < 0:
        raise NegativeBalanceError(f"{kind} {days} on {bucket.key}")
    return after


def effect(kind: str, days: int) -> int:
    """What a movement adds to the balance; a granted request is a release and a take, together 0."""
    column, sign = COLUMN_OF[kind]
    return days * sign if column == "granted" else -days * sign


def balance(buckets: Iterable[Bucket], on: datetime.date) -> int:
    """Days that can still be asked for on that date."""
    return sum(bucket.left for bucket in buckets if bucket.open_on(on))


def entitled_days(buckets: Iterable[Bucket], on: datetime.date) -> int:
    """Days that the law gives on that date, used ones included."""
    return sum(bucket.granted for bucket in buckets if bucket.open_on(on))


def collective_credit_lapse(
    missed: datetime.date,
    *,
    window_start: tuple[int, int] = YEAR_END_WINDOW,
    law: AnnualLeaveLaw | None = None,
) -> datetime.date:
    """Last day on which the credit for a missed *cuti bersama* day may be used (leave reference 1.7, E17, E18)."""
    survives = law is None or law.credit_survives_year_end
    at_year_end = survives and (missed.month, missed.day) >= window_start
    return datetime.date(missed.year + at_year_end, 12, 31)


def credit_bucket(
    missed: datetime.date,
    days: int = 1,
    *,
    law: AnnualLeaveLaw,
    window_start: tuple[int, int] = YEAR_END_WINDOW,
) -> Bucket:
    """The credit for a missed *cuti bersama* day, usable from the day after it; outside the caps (R7)."""
    lapses_on = collective_credit_lapse(missed, window_start=window_start, law=law)
    usable_from = missed + datetime.timedelta(days=1)
    return Bucket(BucketKind.X, missed.year, lapses_on.year, usable_from, lapses_on, granted=days)
