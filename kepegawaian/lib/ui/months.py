"""Months drawn by the server: which days are off, holidays, taken, waiting, or others' absences."""

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import month_name, weekday_names

KINDS: dict[str, str | Promise] = {
    "leave": _("cuti"),
    "pending": _("menunggu keputusan"),
    "holiday": _("libur nasional"),
    "joint": _("cuti bersama"),
    "away": _("rekan tidak masuk"),
    "off": _("bukan hari kerja"),
}
WEEKEND = frozenset({calendar.SATURDAY, calendar.SUNDAY})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a day is, and the words for it ("Hari Raya Nyepi", "Cuti Anda", "Budi dan 2 lainnya")."""

    kind: str
    label: str | Promise = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a day cannot be marked {self.kind!r}; kinds are {', '.join(KINDS)}")


@dataclass(frozen=True, slots=True)
class Day:
    date: datetime.date
    kind: str
    label: str | Promise
    today: bool

    @property
    def is_plain(self) -> bool:
        """An ordinary day of work or rest, of which a year has hundreds: drawn without a box."""
        return self.kind in ("", "off") and not self.today


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weekdays: list[str]
    weeks: list[list[Day | None]]


@dataclass(frozen=True, slots=True)
class Months:
    months: list[Month]
    kinds: list[tuple[str, str | Promise]]


def months(
    start: datetime.date,
    end: datetime.date,
    marks: Mapping[datetime.date, Mark],
    *,
    days_off: frozenset[int] = WEEKEND,
) -> Months:
    """Every month from `start` to `end` with its marks. `days_off` are weekdays (Monday is 0) without work."""
    drawn, used = [], set()
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        weeks = [
            [_day(date, marks, days_off) if date.month == month else None for date in week]
            for week in calendar.Calendar().monthdatescalendar(year, month)
        ]
        used |= {day.kind for week in weeks for day in week if day}
        drawn.append(Month(month_name(year, month), weekday_names(), weeks))
        year, month = (year + month // 12, month % 12 + 1)
    return Months(drawn, [(kind, label) for kind, label in KINDS.items() if kind in used])


def _day(date: datetime.date, marks: Mapping[datetime.date, Mark], days_off: frozenset[int]) -> Day:
    mark = marks.get(date)
    if mark is None and date.weekday() in days_off:
        mark = Mark("off")
    kind = mark.kind if mark else ""
    label = (mark.label or KINDS[kind]) if mark else ""
    return Day(date, kind, label, date == today())
