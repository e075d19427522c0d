"""Which days count: the working-day arithmetic that leave, clocks and deadlines share (leave reference 6).

Nothing here knows a holiday or a weekly pattern of its own accord: both are passed in.
"""

import datetime
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Required, TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.formatting import long_day

MAX_PERIOD_DAYS = 366
WEEKDAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class HolidayKind(StrEnum):
    NATIONAL = "national"
    REGIONAL = "regional"
    COLLECTIVE = "collective"
    """*Cuti bersama*, fixed by presidential decree."""


class DayKind(StrEnum):
    """Why a day is charged or skipped."""

    WORKING = "working"
    DUTY = "duty"
    """A *cuti bersama* day on which this person must work: charged like any working day."""
    REST = "rest"
    NATIONAL = "national"
    REGIONAL = "regional"
    COLLECTIVE = "collective"
    NOT_ROSTERED = "not_rostered"


CHARGED_KINDS = frozenset({DayKind.WORKING, DayKind.DUTY})
_PRECEDENCE = {HolidayKind.NATIONAL: 0, HolidayKind.REGIONAL: 1, HolidayKind.COLLECTIVE: 2}


class PeriodError(ValueError):
    """A period that no day count can be given for; `message` is meant for the user."""

    message: Text = _("Tanggal tidak dapat dihitung.")

    def __str__(self) -> str:
        return str(self.message)


class PeriodReversedError(PeriodError):
    message = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")


class PeriodTooLongError(PeriodError):
    message = _("Rentang tanggal paling lama satu tahun.")


class NoWorkingDayError(PeriodError):
    """The pattern has too few working days to count that far."""

    message = _("Pola kerja tidak memiliki hari kerja yang cukup pada tanggal tersebut.")


class PatternMissingError(PeriodError):
    """No work pattern is in force on `date`."""

    def __init__(self, date: datetime.date) -> None:
        super().__init__(date)
        self.date = date
        self.message = _("Pola kerja pada tanggal %(date)s belum diatur.") % {"date": long_day(date)}


@dataclass(frozen=True, slots=True)
class Holiday:
    date: datetime.date
    name_id: str
    name_en: str
    kind: HolidayKind
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class WorkPattern:
    """A weekly pattern; `rostered` staff work by duty dates, by the weekdays only where no roster exists."""

    code: str
    weekdays: frozenset[int]
    """Working weekdays, Monday is 0."""
    rostered: bool = False


FIVE_DAY = WorkPattern("five_day", frozenset(range(5)))
SIX_DAY = WorkPattern("six_day", frozenset(range(6)))


def shift_pattern(weekly: WorkPattern = FIVE_DAY) -> WorkPattern:
    return WorkPattern("shift", weekly.weekdays, rostered=True)


@dataclass(frozen=True, slots=True)
class PatternPeriod:
    """A pattern in force. A person's own period wins over the unit's, then the one that began last."""

    valid_from: datetime.date
    valid_to: datetime.date | None
    pattern: WorkPattern
    personal: bool = False

    def covers(self, date: datetime.date) -> bool:
        return self.valid_from <= date and (self.valid_to is None or date <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RosterPeriod:
    """A published roster: inside it only `duties` are worked; a night shift stands on its start date."""

    valid_from: datetime.date
    valid_to: datetime.date
    duties: frozenset[datetime.date]

    def covers(self, date: datetime.date) -> bool:
        return self.valid_from <= date <= self.valid_to


@dataclass(frozen=True, slots=True)
class Day:
    date: datetime.date
    kind: DayKind
    name_id: str = ""
    """Why the day is skipped ("Sabtu", the holiday's name); empty for an ordinary working day."""
    name_en: str = ""
    confirmed: bool = True
    """False where the day is skipped for a holiday that is not yet confirmed."""

    @property
    def charged(self) -> bool:
        return self.kind in CHARGED_KINDS

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_id


class DaySources(TypedDict, total=False):
    patterns: Required[Iterable[PatternPeriod]]
    holidays: Iterable[Holiday]
    duties: Iterable[datetime.date]
    """*Cuti bersama* dates on which the person must work."""
    roster: Iterable[RosterPeriod]


class WorkCalendar:
    """The days of one person or unit, indexed once and asked many times."""

    __slots__ = ("_duties", "_holidays", "_patterns", "_roster")

    def __init__(self, **sources: Unpack[DaySources]) -> None:
        self._patterns = sorted(
            sources["patterns"], key=lambda period: (not period.personal, -period.valid_from.toordinal())
        )
        self._duties = frozenset(sources.get("duties", ()))
        self._roster = tuple(sources.get("roster", ()))
        # The last one written wins, so the weightiest kind of a shared date comes last.
        ordered = sorted(sources.get("holidays", ()), key=lambda holiday: -_PRECEDENCE[holiday.kind])
        self._holidays = {holiday.date: holiday for holiday in ordered}

    def classify(self, start: datetime.date, end: datetime.date) -> list[Day]:
        """Every day of the period with its reason. Raises PeriodError for a reversed or overlong period."""
        return [self.day(date) for date in _dates(start, end)]

    def working_days(self, start: datetime.date, end: datetime.date) -> list[datetime.date]:
        return [day.date for day in self.classify(start, end) if day.charged]

    def count(self, start: datetime.date, end: datetime.date) -> int:
        return len(self.working_days(start, end))

    def add_working_days(self, start: datetime.date, days: int) -> datetime.date:
        """The n-th working day after `start`; with 0 it is `start` itself. Raises NoWorkingDayError."""
        if days < 0:
            raise ValueError("days must not be negative")
        if days == 0:
            return start
        return self._nth_working_day(start.toordinal() + 1, days)

    def last_of(self, start: datetime.date, days: int) -> datetime.date:
        """The date on which `days` working days, `start` included, are used up (leave reference W6)."""
        if days < 1:
            raise ValueError("days must be at least 1")
        return self._nth_working_day(start.toordinal(), days)

    def is_working(self, date: datetime.date) -> bool:
        return self.day(date).charged

    def day(self, date: datetime.date) -> Day:
        in_force = [period.pattern for period in self._patterns if period.covers(date)]
        if not in_force:
            raise PatternMissingError(date)
        if in_force[0].rostered:
            roster = next((period for period in self._roster if period.covers(date)), None)
            if roster is not None:
                return _rostered_day(date, roster)
        weekly = next((pattern for pattern in in_force if not pattern.rostered), in_force[0])
        if date.weekday() not in weekly.weekdays:
            return Day(date, DayKind.REST, WEEKDAYS_ID[date.weekday()], WEEKDAYS_EN[date.weekday()])
        return self._weekday(date)

    def _weekday(self, date: datetime.date) -> Day:
        holiday = self._holidays.get(date)
        if holiday is None:
            return Day(date, DayKind.WORKING)
        must_work = holiday.kind is HolidayKind.COLLECTIVE and date in self._duties
        kind = DayKind.DUTY if must_work else DayKind(holiday.kind.value)
        return Day(date, kind, holiday.name_id, holiday.name_en, holiday.confirmed)

    def _nth_working_day(self, first: int, days: int) -> datetime.date:
        last = min(first + 7 * days + MAX_PERIOD_DAYS, datetime.date.max.toordinal())
        for ordinal in range(first, last + 1):
            date = datetime.date.fromordinal(ordinal)
            days -= self.is_working(date)
            if days == 0:
                return date
        raise NoWorkingDayError


def _rostered_day(date: datetime.date, roster: RosterPeriod) -> Day:
    """Shift staff: the roster alone decides, holidays do not matter (leave reference 6)."""
    if date in roster.duties:
        return Day(date, DayKind.WORKING)
    return Day(date, DayKind.NOT_ROSTERED, "Tidak ada jadwal dinas", "Not rostered")


def _dates(start: datetime.date, end: datetime.date) -> Iterator[datetime.date]:
    first, last = start.toordinal(), end.toordinal()
    if last < first:
        raise PeriodReversedError
    if last - first >= MAX_PERIOD_DAYS:
        raise PeriodTooLongError
    return map(datetime.date.fromordinal, range(first, last + 1))


def classify_days(start: datetime.date, end: datetime.date, **sources: Unpack[DaySources]) -> list[Day]:
    return WorkCalendar(**sources).classify(start, end)


def working_days(start: datetime.date, end: datetime.date, **sources: Unpack[DaySources]) -> list[datetime.date]:
    return WorkCalendar(**sources).working_days(start, end)


def count_working_days(start: datetime.date, end: datetime.date, **sources: Unpack[DaySources]) -> int:
    return WorkCalendar(**sources).count(start, end)


def add_working_days(start: datetime.date, days: int, **sources: Unpack[DaySources]) -> datetime.date:
    return WorkCalendar(**sources).add_working_days(start, days)


def add_months(start: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, clamped to the end of a shorter month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_months_minus_one_day(start: datetime.date, months: int) -> datetime.date:
    """Last day of a leave of whole months: 30 Nov 2026 + 3 months ends 27 Feb 2027 (leave reference 1.5)."""
    return add_months(start, months) - datetime.timedelta(days=1)


def add_days_minus_one(start: datetime.date, days: int) -> datetime.date:
    """Last day of a leave of calendar days: 45 days from 10 Aug end on 23 Sep (leave reference W7)."""
    return start + datetime.timedelta(days=days - 1)
