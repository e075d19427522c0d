"""Working-day clocks of a case (reference 1.4): day 0 is the receipt, pauses do not count, every date explains
itself. Calendars are passed in, as in `calendars.rules`."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kepegawaian.calendars.rules import Holiday, HolidayKind, NoWorkingDayError, WorkCalendar

DAY = datetime.timedelta(days=1)
REMINDERS = (75, 90)
"""Percent of a limit after which its holder is reminded (reference 1.8)."""
_HORIZON = 366 * 3


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """`count`: whether receipt outside them counts as the next working day (reference 1.4, a setting)."""

    opens: datetime.time = datetime.time(8)
    closes: datetime.time = datetime.time(16)
    count: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    days: int
    calendar_days: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class PausePeriod:
    """The days after `began` up to and including `ended` do not count; the day on which the question left still
    belonged to the office, the day on which the answer came is a new day 0. `ended` None: still waiting."""

    began: datetime.date
    ended: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        return self.began < day and (self.ended is None or day <= self.ended)


class DayOf(StrEnum):
    RECEIPT = "receipt"
    COUNTED = "counted"
    OFF = "off"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One day of the derivation; `number` is that of the counted day, or of the last one before."""

    date: datetime.date
    kind: DayOf
    number: int
    name_id: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due_on` and the reminders are None while a pause is open; `counted` days have passed until then."""

    start: datetime.date
    limit: Limit
    days: tuple[ClockDay, ...]
    due_on: datetime.date | None
    reminders: tuple[datetime.date | None, ...]

    @property
    def counted(self) -> int:
        return self.days[-1].number

    @property
    def skipped(self) -> tuple[ClockDay, ...]:
        """Days that did not count, weekends included: what the explanation lists."""
        return tuple(day for day in self.days if day.kind in (DayOf.OFF, DayOf.PAUSED))


def day_zero(received: datetime.datetime, hours: ServiceHours, calendar: WorkCalendar) -> datetime.date:
    """The day of receipt, `received` being local time of the office; after hours the next working day."""
    date = received.date()
    if not hours.count or (calendar.is_working(date) and received.time() < hours.closes):
        return date
    return calendar.add_working_days(date, 1)


def deadline(
    start: datetime.date, limit: Limit, calendar: WorkCalendar, pauses: Sequence[PausePeriod] = ()
) -> Deadline:
    """The day on which `limit.days` have passed after `start`. Raises NoWorkingDayError where none comes."""
    days = [ClockDay(start, DayOf.RECEIPT, 0)]
    marks = [share(limit.days, percent) for percent in REMINDERS]
    found: dict[int, datetime.date] = {}
    date, number = start, 0
    open_pause = next((pause for pause in pauses if pause.ended is None), None)
    while number < limit.days:
        date += DAY
        if open_pause is not None and open_pause.covers(date):
            return Deadline(start, limit, tuple(days), None, tuple(None for _mark in marks))
        if (date - start).days > _HORIZON:
            raise NoWorkingDayError
        day = _judge(date, number, limit, calendar, pauses)
        days.append(day)
        number = day.number
        found.setdefault(number, date)
    return Deadline(start, limit, tuple(days), date, tuple(found[mark] for mark in marks))


def _judge(
    date: datetime.date, number: int, limit: Limit, calendar: WorkCalendar, pauses: Sequence[PausePeriod]
) -> ClockDay:
    if any(pause.covers(date) for pause in pauses):
        return ClockDay(date, DayOf.PAUSED, number)
    day = calendar.day(date)
    if limit.calendar_days or day.charged:
        return ClockDay(date, DayOf.COUNTED, number + 1)
    return ClockDay(date, DayOf.OFF, number, day.name_id, day.name_en)


def share(days: int, percent: int) -> int:
    """The first day of `days` by which at least so many percent have passed."""
    return -(-days * percent // 100)


def passed(due_on: datetime.date | None, on: datetime.date) -> bool:
    """Breached: the last day itself is still in time."""
    return due_on is not None and on > due_on


def without_joint_leave(holidays: Iterable[Holiday]) -> list[Holiday]:
    """For governments whose *cuti bersama* counts as a working day of this service (setting)."""
    return [day for day in holidays if day.kind is not HolidayKind.COLLECTIVE]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A setting as it is stored; `unit_path` empty: everywhere, `kind` empty: every kind."""

    kind: str
    unit_path: str
    limit: Limit
    valid_from: datetime.date


def pick_limit(rows: Iterable[LimitRow], *, kind: str, unit_path: str) -> Limit | None:
    """The most specific of the rows in force: the nearest unit upwards, then the kind, then the newest."""
    fitting = [row for row in rows if row.kind in ("", kind) and unit_path.startswith(row.unit_path)]
    best = max(fitting, key=lambda row: (len(row.unit_path), row.kind != "", row.valid_from), default=None)
    return best.limit if best else None
