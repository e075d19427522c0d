"""The working days of one person: his own patterns over those of his unit, holidays, duties and roster."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import Exists, Q

from kepegawaian.calendars.rules import DaySources, PatternPeriod, RosterPeriod, add_months_minus_one_day
from kepegawaian.calendars.services import as_pattern, holidays_between, unit_patterns_bulk
from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.models import DutyDay, Employee, PersonPattern, PositionHolding
from kepegawaian.lib.prepared import Prepared, Slots

DAY = datetime.timedelta(days=1)


def _duties_between(slot: Slots) -> Any:
    months = (slot("first"), slot("last"))
    return DutyDay.objects.filter(employee=slot("employee"), date__range=months).order_by("date")


def _patterns_between(slot: Slots) -> Any:
    rows = PersonPattern.objects.filter(employee=slot("employee"), valid_from__lte=slot("end"))
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=slot("start")))


def _places_until(slot: Slots) -> Any:
    """(path of the unit, since, has duty days, has own patterns): most people have neither of the two."""
    held = PositionHolding.objects.standing().filter(
        employee=slot("employee"), kind=HoldingKind.DEFINITIVE, valid_from__lte=slot("end")
    )
    held = held.annotate(duties=Exists(_duties_between(slot)), patterns=Exists(_patterns_between(slot)))
    return held.order_by("valid_from").values_list("unit__path", "valid_from", "duties", "patterns")


Place = tuple[str, datetime.date, bool, bool]
Stay = tuple[str, datetime.date, datetime.date]
"""Path of the unit, from, to."""
_PLACES: Prepared[Place] = Prepared(_places_until)
_DUTIES: Prepared[DutyDay] = Prepared(_duties_between)
_OWN_PATTERNS: Prepared[PersonPattern] = Prepared(_patterns_between)


def working_calendar(employee: Employee, start: datetime.date, end: datetime.date) -> DaySources:
    """What `calendars.rules.classify_days` wants to know for this person and period, in 3 to 5 statements."""
    first, last = start.replace(day=1), _month_end(end)
    places = _PLACES.all(employee=employee.pk, start=start, end=end, first=first, last=last)
    has_duties, has_own = (places[0][2], places[0][3]) if places else (True, True)
    duties = _DUTIES.all(employee=employee.pk, first=first, last=last) if has_duties else []
    own = _own_patterns(employee, start, end) if has_own else []
    return {
        "patterns": [*own, *_patterns_of_units(_stays(employee, places, start, end), start, end)],
        "holidays": list(holidays_between(start, end).values()),
        "duties": [duty.date for duty in duties if duty.on_collective_leave],
        "roster": list(_roster(duties)),
    }


def _own_patterns(employee: Employee, start: datetime.date, end: datetime.date) -> list[PatternPeriod]:
    rows = _OWN_PATTERNS.all(employee=employee.pk, start=start, end=end)
    return [PatternPeriod(row.valid_from, row.valid_to, as_pattern(row), personal=True) for row in rows]


def _patterns_of_units(stays: list[Stay], start: datetime.date, end: datetime.date) -> list[PatternPeriod]:
    """The pattern of each unit for the days the person is there: who moves takes the new unit's from then on."""
    by_path = unit_patterns_bulk([path for path, _, _ in stays], start, end)
    return [
        replace(period, valid_from=max(period.valid_from, first), valid_to=min(period.valid_to or last, last))
        for path, first, last in stays
        for period in by_path[path]
        if period.valid_from <= last and (period.valid_to is None or period.valid_to >= first)
    ]


def _stays(employee: Employee, places: Sequence[Place], start: datetime.date, end: datetime.date) -> list[Stay]:
    """The stays that cover the whole period; a gap belongs to the unit before it."""
    rows = [(path, since) for path, since, *_ in places]
    begun = [row for row in rows if row[1] <= start]
    relevant = [*begun[-1:], *(row for row in rows if row[1] > start)] or [(employee.current_path, start)]
    begins = [start, *(since for _, since in relevant[1:])]
    ends = [*(since - DAY for since in begins[1:]), end]
    return [(path, first, last) for (path, _), first, last in zip(relevant, begins, ends, strict=True)]


def _roster(duties: list[DutyDay]) -> Iterator[RosterPeriod]:
    """A month with at least one rostered duty has a roster; elsewhere the weekly pattern stands."""
    for first, group in groupby(duties, key=lambda duty: duty.date.replace(day=1)):
        month = list(group)
        if not all(duty.on_collective_leave for duty in month):
            yield RosterPeriod(first, _month_end(first), frozenset(duty.date for duty in month))


def _month_end(date: datetime.date) -> datetime.date:
    return add_months_minus_one_day(date.replace(day=1), 1)
