"""A month of absences as rows of bars over days, and where too many of a unit are away at once."""

import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from kepegawaian.calendars.rules import Holiday
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import month_name, span, weekday_names
from kepegawaian.lib.ui.months import WEEKEND
from leave.drawing import holiday_marks
from leave.selectors import Absence

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Column:
    date: datetime.date
    weekday: str
    kind: str
    label: str
    today: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of days: away ("leave" when granted, "pending" while it waits, with its words), free, or off."""

    width: int
    kind: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    unit: str
    cells: Sequence[Cell]
    spans: Sequence[tuple[str, bool]]
    """(dates in words, granted) of the whole absences, for the list on a phone."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Days on which more of a unit are away than the setting says."""

    unit: str
    dates: str
    away: int
    size: int


class TeamMonth:
    def __init__(
        self,
        first: datetime.date,
        last: datetime.date,
        absences: Sequence[Absence],
        holidays: Mapping[datetime.date, Holiday],
    ) -> None:
        self.first, self.last = first, last
        self._marks = holiday_marks(holidays)
        self.columns = [self._column(day) for day in _days(first, last)]
        self.rows = [self._row(absence) for absence in absences]

    @property
    def name(self) -> str:
        return month_name(self.first.year, self.first.month)

    def _column(self, day: datetime.date) -> Column:
        mark = self._marks.get(day)
        kind = mark.kind if mark else ("off" if day.weekday() in WEEKEND else "")
        label = str(mark.label) if mark else ""
        return Column(day, weekday_names()[day.weekday()], kind, label, day == today())

    def _row(self, absence: Absence) -> Row:
        state = {}
        for start, end, granted in absence.periods:
            for day in _days(max(start, self.first), min(end, self.last)):
                state[day] = "leave" if granted else "pending"
        spans = [(span(start, end), granted) for start, end, granted in absence.periods]
        return Row(absence.name, absence.unit, list(self._cells(state)), spans)

    def _cells(self, state: Mapping[datetime.date, str]) -> Iterable[Cell]:
        """Days that look alike as one cell: absences as bars, free weekdays and days off between them."""
        looks = (
            (bool(state.get(each.date)), state.get(each.date) or each.kind, each.date) for each in self.columns
        )
        for (away, kind), run in itertools.groupby(looks, key=lambda look: look[:2]):
            days = [day for _away, _kind, day in run]
            yield Cell(len(days), kind, _words(days, kind) if away else "")

    def crowded(self, absences: Iterable[Absence], sizes: Mapping[str, int], percent: int) -> list[Crowd]:
        """Per unit the working days of this month that are too thin, days with the same people as one."""
        working = [column.date for column in self.columns if not column.kind]
        away: dict[str, Counter[datetime.date]] = {}
        for absence in absences:
            counter = away.setdefault(absence.unit, Counter())
            for start, end, _granted in absence.periods:
                counter.update(day for day in working if start <= day <= end)
        found = []
        for unit, counter in sorted(away.items()):
            size = sizes.get(unit, 0)
            thin = [day for day, count in counter.items() if count > 1 and count * 100 > size * percent]
            if thin:
                dates = span(min(thin), max(thin))
                found.append(Crowd(unit, dates, max(counter[day] for day in thin), size))
        return found


def _words(run: Sequence[datetime.date], kind: str) -> str:
    words = _("cuti %(dates)s") if kind == "leave" else _("menunggu keputusan, %(dates)s")
    return words % {"dates": span(run[0], run[-1])}


def _days(first: datetime.date, last: datetime.date) -> Iterable[datetime.date]:
    return (first + DAY * offset for offset in range((last - first).days + 1))


def sizes_of(absences: Iterable[Absence]) -> dict[str, int]:
    """How many people work in the units that have somebody away, in one statement."""
    names = {absence.unit for absence in absences}
    if not names:
        return {}
    people = Employee.objects.active().filter(current_unit__name__in=names).order_by()
    return dict(people.values_list("current_unit__name").annotate(people=Count("pk")))
