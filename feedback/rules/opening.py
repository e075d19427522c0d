"""Hours of a service as people read them: a week, and the dates on which it is otherwise."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kepegawaian.calendars.rules import Holiday

DAYS = 7


@dataclass(frozen=True, slots=True)
class Interval:
    """Of a weekday (0 Monday) or of one date; without times: closed on that date."""

    weekday: int | None
    date: datetime.date | None
    opens: datetime.time | None
    closes: datetime.time | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """`intervals` empty: closed, with the reason. In a week the date stands for its weekday."""

    date: datetime.date
    intervals: tuple[Interval, ...]
    why: str = ""
    why_en: str = ""


_MONDAY = datetime.date(2026, 1, 5)


def week(intervals: Sequence[Interval]) -> list[Day]:
    """Monday to Sunday; nothing at all where no hours are known."""
    weekly = [row for row in intervals if row.weekday is not None]
    if not weekly:
        return []
    return [
        Day(
            _MONDAY + datetime.timedelta(days=number),
            tuple(sorted((row for row in weekly if row.weekday == number), key=_begins)),
        )
        for number in range(DAYS)
    ]


def next_days(
    intervals: Sequence[Interval], holidays: Iterable[Holiday], first: datetime.date, last: datetime.date
) -> list[Day]:
    """Dates with hours of their own, and holidays on which the place would be open; a date's own row counts."""
    own: dict[datetime.date, list[Interval]] = {}
    for row in intervals:
        if row.date is not None and first <= row.date <= last:
            own.setdefault(row.date, []).append(row)
    weekdays = {row.weekday for row in intervals if row.weekday is not None}
    found = [
        Day(date, tuple(sorted((row for row in rows if row.opens), key=_begins)), rows[0].note)
        for date, rows in own.items()
    ]
    found += [
        Day(holiday.date, (), holiday.name_id, holiday.name_en)
        for holiday in holidays
        if first <= holiday.date <= last and holiday.date not in own and holiday.date.weekday() in weekdays
    ]
    return sorted(found, key=lambda day: day.date)


def _begins(row: Interval) -> datetime.time:
    return row.opens or datetime.time.min
