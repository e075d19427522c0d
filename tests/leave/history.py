"""A person's years of annual leave, played through the rules alone: open, use, postpone, close."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from leave.rules import (
    AnnualLeaveLaw,
    Bucket,
    Carry,
    CarryMode,
    Closing,
    Period,
    Scheme,
    YearFacts,
    allocate,
    apply,
    balance,
    close_year,
    entitled_days,
    law_on,
    opening_buckets,
    own_days_lost_to_long_leave,
    own_entitlement,
    year_facts,
)

ALWAYS = (Period(date(2010, 1, 1)),)
PNS = law_on(date(2026, 1, 1), Scheme.PNS)
PPPK = law_on(date(2026, 1, 1), Scheme.PPPK)


def days_of(year: int, count: int, start: tuple[int, int] = (7, 1)) -> list[date]:
    return [date(year, *start) + timedelta(days=n) for n in range(count)]


@dataclass
class History:
    """Years not played before are full ones of which all 12 days were taken, as the worked examples have it."""

    mode: CarryMode = CarryMode.STRICT
    law: AnnualLeaveLaw = PNS
    right: tuple[Period, ...] = ALWAYS
    contract: Period | None = None
    facts: dict[int, YearFacts] = field(default_factory=dict)
    buckets: list[Bucket] = field(default_factory=list)
    year: int = 0
    taken: int = 0
    closing: Closing | None = None

    def begin(self, year: int, right_years: int = 5) -> "History":
        for before in range(year - right_years, year):
            own = own_entitlement(before, self.right, law=self.law).days
            self.facts[before] = YearFacts(before, own=own, taken=own, taken_own=own)
        return self.open(close_year(year - 1, [], self.facts, **self.reading).carry)

    @property
    def reading(self) -> dict:
        return {"mode": self.mode, "law": self.law, "contract": self.contract}

    def open(self, carry: Carry) -> "History":
        self.year, self.taken = carry.year, 0
        self.buckets = opening_buckets(own_entitlement(carry.year, self.right, law=self.law), carry)
        return self

    def take(self, count: int) -> "History":
        allocation = allocate(days_of(self.year, count), self.buckets)
        assert allocation.complete
        for key, days in allocation.by_bucket().items():
            self._move(key, "take", days)
        self.taken += count
        return self

    def postpone(self, count: int) -> "History":
        self._move((self.year, "O", self.year), "postpone", count)
        return self

    def long_leave(self) -> "History":
        lost = own_days_lost_to_long_leave(next(bucket for bucket in self.buckets if bucket.kind == "O"))
        self._move((self.year, "O", self.year), "correction", -lost)
        return self

    def add(self, bucket: Bucket) -> "History":
        self.buckets.append(bucket)
        return self

    def close(self) -> "History":
        self.facts[self.year] = year_facts(self.year, self.buckets, taken=self.taken)
        self.closing = close_year(self.year, self.buckets, self.facts, **self.reading)
        survivors = [bucket for bucket in self.buckets if bucket.lapses_on.year > self.year]
        self.open(self.closing.carry)
        self.buckets += survivors
        return self

    def pass_year(self, took: int = 12, postponed: int = 0) -> "History":
        return self.postpone(postponed).take(took).close() if postponed else self.take(took).close()

    def entitled(self, month: int = 12, day: int = 1) -> int:
        return entitled_days(self.buckets, date(self.year, month, day))

    def left(self, month: int = 12, day: int = 1) -> int:
        return balance(self.buckets, date(self.year, month, day))

    def _move(self, key: tuple, kind: str, days: int) -> None:
        if days:
            self.buckets = [
                apply(bucket, kind, days) if bucket.key == key else replace(bucket) for bucket in self.buckets
            ]


def played(years: dict[int, tuple[int, int]], mode: CarryMode, **person) -> History:
    """`years` maps a year to (taken, postponed); postponed days are decided before the taken ones are used."""
    history = History(mode=mode, **person).begin(min(years))
    for took, postponed in years.values():
        history.pass_year(took, postponed)
    return history
