"""Who has a right to annual leave, from which day, and to how many own days (leave reference R1, R6, 3)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kepegawaian.calendars.rules import add_months, add_months_minus_one_day
from kepegawaian.lib.exceptions import Text
from leave.rules.buckets import Bucket, BucketKind
from leave.rules.law import AnnualLeaveLaw, Rule
from leave.rules.text import Figure, Step, step

ONE_DAY = datetime.timedelta(days=1)
LONG_LEAVE_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Both ends included; an open end is None."""

    start: datetime.date
    end: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)


class FirstYearGround(StrEnum):
    """Why a PPPK may have leave before a year's service (PP 49/2018 Art. 80)."""

    FAMILY = "family"
    """Mother, father, spouse, child or parent-in-law gravely ill or dead."""
    ESTATE = "estate"
    """Settling the rights of one of them who died."""
    FIRST_MARRIAGE = "first_marriage"


def right_from(first_service_day: datetime.date, months: int = 12) -> datetime.date:
    """The first day with `months` of service behind it: CPNS since 1 Mar 2025 -> 1 Mar 2026 (E14)."""
    return add_months(first_service_day, months)


def right_periods(
    first_service_day: datetime.date,
    *,
    law: AnnualLeaveLaw,
    interruptions: Sequence[Period] = (),
    until: datetime.date | None = None,
) -> tuple[Period, ...]:
    """When the right holds. An interruption (CLTN) is no service, so a year has to be served again after it."""
    right: list[Period] = []
    start = first_service_day
    for gap in sorted(interruptions, key=lambda period: period.start):
        _add_right(right, start, gap.start - ONE_DAY, law)
        if gap.end is None:
            return tuple(right)
        start = max(start, gap.end + ONE_DAY)
    _add_right(right, start, until, law)
    return tuple(right)


def _add_right(right: list[Period], start: datetime.date, end: datetime.date | None, law: AnnualLeaveLaw) -> None:
    since = right_from(start, law.service_months)
    if end is None or since <= end:
        right.append(Period(since, end))


def has_right(day: datetime.date, right: Sequence[Period]) -> bool:
    return any(period.covers(day) for period in right)


def next_right_day(day: datetime.date, right: Sequence[Period]) -> datetime.date | None:
    """`day` itself where the right holds, else the next day on which it begins."""
    days = [max(day, period.start) for period in right if period.end is None or period.end >= day]
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class OwnRight:
    """Own days of a year and the first day on which they may be used."""

    year: int
    days: int
    usable_from: datetime.date | None
    figure: Figure


def own_entitlement(
    year: int,
    right: Sequence[Period],
    *,
    law: AnnualLeaveLaw,
    teacher: bool = False,
    first_year_taken: int = 0,
) -> OwnRight:
    """12 from the first day in the year on which the right holds, never in parts (R1); else 0.

    `first_year_taken`: days that a PPPK had before the first year was served; they reduce the first
    right (PP 49/2018 Art. 80(3)). `teacher`: one who has school holidays.
    """
    first = next_right_day(datetime.date(year, 1, 1), right)
    if first is None or first.year != year:
        return _no_right(year, Rule.SERVICE, law, _("Belum ada hak cuti tahunan pada tahun %(year)s"))
    if teacher and not law.teachers_entitled:
        return _no_right(
            year, Rule.TEACHER, law, _("Guru dan dosen yang mendapat libur sekolah dianggap sudah cuti")
        )
    steps = [step(_("Hak cuti tahunan %(year)s"), law.own_days, Rule.R1, law, year=year)]
    days = law.own_days
    if first_year_taken:
        days = max(0, days - first_year_taken)
        steps.append(step(_("Dikurangi cuti sebelum genap satu tahun"), -first_year_taken, Rule.FIRST_YEAR, law))
    if first > datetime.date(year, 1, 1):
        steps.append(step(_("Dapat dipakai mulai %(first)s"), days, Rule.SERVICE, law, first=first))
    return OwnRight(year, days, first, Figure(days, tuple(steps)))


def _no_right(year: int, rule: Rule, law: AnnualLeaveLaw, label: Text) -> OwnRight:
    return OwnRight(year, 0, None, Figure(0, (step(label, 0, rule, law, year=year),)))


def first_year(first_service_day: datetime.date, law: AnnualLeaveLaw) -> Period | None:
    """The time before a year's service, where the law gives days in it."""
    if not law.first_year_days:
        return None
    return Period(first_service_day, right_from(first_service_day, law.service_months) - ONE_DAY)


def first_year_bucket(period: Period | None, *, law: AnnualLeaveLaw, ground: str) -> Bucket | None:
    """What a PPPK may have before a year's service: 6 days in all for a family reason, else nothing (E22)."""
    if period is None or period.end is None or not ground:
        return None
    kind, end = BucketKind.F, period.end
    return Bucket(kind, period.start.year, end.year, period.start, end, granted=law.first_year_days)


def first_year_steps(law: AnnualLeaveLaw) -> tuple[Step, ...]:
    label = _("Sebelum genap satu tahun bekerja, hanya untuk alasan keluarga")
    return (step(label, law.first_year_days, Rule.FIRST_YEAR, law),)


def own_days_lost_to_long_leave(own: Bucket) -> int:
    """Own days that end when a *cuti besar* starts in their year; what was used or postponed stays (E15, E16).

    To be asked again when a request of that year is freed later: nothing is left of the own days from then on.
    """
    return own.left


def long_leave_last_day(start: datetime.date, own_days_taken: int) -> datetime.date:
    """Last possible day of a *cuti besar*: three months less the own days taken in that year (E16)."""
    return add_months_minus_one_day(start, LONG_LEAVE_MONTHS) - datetime.timedelta(days=own_days_taken)


def contract_longer_than(contract: Period, years: int) -> bool:
    """An open end counts as longer. Exactly `years` is not longer."""
    return contract.end is None or contract.end > add_months_minus_one_day(contract.start, 12 * years)


def total_limit(law: AnnualLeaveLaw, contract: Period | None) -> int:
    """Most days of a year with everything carried over; for PPPK by the term of the current contract (E21)."""
    if not law.carries_over:
        return law.own_days
    if not law.contract_tiers:
        return law.total_max
    if contract is None:
        return law.own_days
    allowed = [total for years, total in law.contract_tiers if contract_longer_than(contract, years)]
    return max(allowed, default=law.own_days)
