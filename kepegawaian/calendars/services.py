"""Which days are off and which are worked in a unit; and what the personnel office changes about both."""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kepegawaian.audit import services as audit
from kepegawaian.calendars import permissions
from kepegawaian.calendars.models import Holiday, PatternKind, UnitPattern, WeekPattern
from kepegawaian.calendars.rules import (
    FIVE_DAY,
    MAX_PERIOD_DAYS,
    SIX_DAY,
    HolidayKind,
    PatternPeriod,
    WorkCalendar,
    WorkPattern,
    shift_pattern,
)
from kepegawaian.calendars.rules import Holiday as DayOff
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.units.models import Unit

_WEIGHT = {HolidayKind.COLLECTIVE: 0, HolidayKind.REGIONAL: 1, HolidayKind.NATIONAL: 2}
DEFAULT_PATTERN = FIVE_DAY
"""Where no unit says otherwise: five days, as Perpres 21/2023 Art. 3 has it for government offices."""


HOLIDAY_FIELDS = ("date", "kind", "name_id", "name_en", "confirmed", "source")
PATTERN_FIELDS = ("kind", "weekdays", "valid_from", "valid_to", "decree")


class UnitDays(TypedDict):
    patterns: list[PatternPeriod]
    holidays: list[DayOff]


# --- Reading --------------------------------------------------------------------------------------
def _patterns_between(slot: Slots) -> Any:
    rows = UnitPattern.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=slot("start")),
        unit__path__in=slot.any("paths", "text"),
        valid_from__lte=slot("end"),
    )
    return rows.order_by("valid_from", "id").select_related("unit")


_PATTERNS: Prepared[UnitPattern] = Prepared(_patterns_between)


def days_off_between(slot: Slots) -> "QuerySet[Holiday, Any]":
    """From `start` to `end`, for statements that read them along; `by_date` makes of its rows what they mean."""
    rows = Holiday.objects.in_force().filter(date__range=(slot("start"), slot("end"))).order_by("date")
    return rows.values_list("date", "name_id", "name_en", "kind", "confirmed")


_HOLIDAYS: Prepared[tuple[datetime.date, str, str, str, bool]] = Prepared(days_off_between)


def holidays_between(start: datetime.date, end: datetime.date) -> dict[datetime.date, DayOff]:
    """Days off by date, both ends included. Of two on one date the weightier stands: national, regional,
    *cuti bersama*."""
    return by_date(_HOLIDAYS.all(start=start, end=end))


def by_date(rows: Iterable[tuple[datetime.date, str, str, str, bool]]) -> dict[datetime.date, DayOff]:
    found = [
        DayOff(date, name_id, name_en, HolidayKind(kind), confirmed=confirmed)
        for date, name_id, name_en, kind, confirmed in rows
    ]
    return {day.date: day for day in sorted(found, key=lambda day: (day.date, _WEIGHT[day.kind]))}


def unit_patterns(unit: Unit | str | None, start: datetime.date, end: datetime.date) -> list[PatternPeriod]:
    """The patterns in force in a unit (or its path) from `start` to `end`, one after the other, without gaps.

    Each date has the pattern of the unit itself, else of the nearest unit above that has one, else five days.
    """
    path = _path(unit)
    return unit_patterns_bulk([path], start, end)[path]


def unit_patterns_bulk(
    paths: Iterable[str], start: datetime.date, end: datetime.date
) -> dict[str, list[PatternPeriod]]:
    """`unit_patterns` of many units in one statement; for lists, calendars of teams and year-end work."""
    wanted = set(paths)
    chains = {path: _chain(path) for path in wanted}
    above_all = {above for chain in chains.values() for above in chain}
    rows = _PATTERNS.all(paths=list(above_all), start=start, end=end) if above_all else []
    by_path: dict[str, list[UnitPattern]] = {}
    for row in rows:
        by_path.setdefault(row.unit.path, []).append(row)
    return {
        path: _flatten([row for above in chain for row in by_path.get(above, [])], start, end)
        for path, chain in chains.items()
    }


def unit_days(unit: Unit | str | None, start: datetime.date, end: datetime.date) -> UnitDays:
    """What `calendars.rules` wants to know about a unit's days: `classify_days(start, end, **unit_days(...))`."""
    return {
        "patterns": unit_patterns(unit, start, end),
        "holidays": list(holidays_between(start, end).values()),
    }


def deadline(start: datetime.date, working_days: int, unit: Unit | str | None = None) -> datetime.date:
    """The date on which `working_days` working days after `start` have passed, in the unit's calendar."""
    horizon = start + datetime.timedelta(days=7 * working_days + MAX_PERIOD_DAYS)
    return WorkCalendar(**unit_days(unit, start, horizon)).add_working_days(start, working_days)


def as_pattern(row: WeekPattern, weekly: WorkPattern = DEFAULT_PATTERN) -> WorkPattern:
    """A stored pattern as the rules know it. `weekly`: what a shift worker without a roster falls back on."""
    if row.kind == PatternKind.FIVE_DAY:
        return FIVE_DAY
    if row.kind == PatternKind.SIX_DAY:
        return SIX_DAY
    if row.kind == PatternKind.SHIFT:
        own = WorkPattern("other", frozenset(row.weekdays)) if row.weekdays else weekly
        return shift_pattern(own)
    return WorkPattern("other", frozenset(row.weekdays))


def _path(unit: Unit | str | None) -> str:
    return unit.path if isinstance(unit, Unit) else (unit or "")


def _chain(path: str) -> list[str]:
    """The paths from the unit up to the root, the unit first."""
    return [path[:length] for length in range(len(path), 0, -Unit.steplen)]


def _flatten(rows: list[UnitPattern], start: datetime.date, end: datetime.date) -> list[PatternPeriod]:
    """Turn rows of a chain of units (nearest first, older before newer) into periods that do not overlap."""
    day = datetime.timedelta(days=1)
    edges = {start, end + day}
    for row in rows:
        edges |= {row.valid_from, (row.valid_to or end) + day}
    inside = sorted(edge for edge in edges if start <= edge <= end + day)
    periods: list[PatternPeriod] = []
    for first, after in itertools.pairwise(inside):
        pattern = _pattern_on(rows, first)
        if periods and periods[-1].pattern == pattern:
            periods[-1] = replace(periods[-1], valid_to=after - day)
        else:
            periods.append(PatternPeriod(first, after - day, pattern))
    return periods


def _pattern_on(rows: list[UnitPattern], on: datetime.date) -> WorkPattern:
    covering = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    nearest: dict[str, UnitPattern] = {row.unit.path: row for row in covering}  # the newest row of each unit
    ordered = [nearest[path] for path in sorted(nearest, key=len, reverse=True)]
    if not ordered:
        return DEFAULT_PATTERN
    weekly = next((as_pattern(row) for row in ordered if row.kind != PatternKind.SHIFT), DEFAULT_PATTERN)
    return as_pattern(ordered[0], weekly)


# --- Keeping --------------------------------------------------------------------------------------
@transaction.atomic
def save_holiday(*, actor: Any, holiday: Holiday | None = None, **values: Any) -> Holiday:
    """Add a day off or change one; `values` are HOLIDAY_FIELDS. Raises RuleRefused for a second one of a kind."""
    demand(permissions.can_manage_holidays(actor))
    row = Holiday.objects.select_for_update(of=("self",)).get(pk=holiday.pk) if holiday else Holiday()
    before = _plain(row, HOLIDAY_FIELDS) if holiday else None
    for name in HOLIDAY_FIELDS:
        setattr(row, name, values[name])
    row.changed_by = actor
    _check(row)
    row.save()
    change = {"before": before, "after": _plain(row, HOLIDAY_FIELDS)}
    audit.record(
        "calendars.holiday_changed" if before else "calendars.holiday_added", row, actor=actor, data=change
    )
    return row


@transaction.atomic
def remove_holiday(*, actor: Any, holiday: Holiday) -> None:
    """It no longer counts. The row stays, so that seeding again does not bring it back."""
    demand(permissions.can_manage_holidays(actor))
    open_rows = Holiday.objects.in_force().filter(pk=holiday.pk)
    if open_rows.update(removed=True, changed_by=actor, changed_at=timezone.now()):
        data = {"before": _plain(holiday, HOLIDAY_FIELDS)}
        audit.record("calendars.holiday_removed", holiday, actor=actor, data=data)


@transaction.atomic
def set_unit_pattern(
    *,
    actor: Any,
    unit: Unit,
    kind: str,
    valid_from: datetime.date,
    weekdays: Iterable[int] = (),
    valid_to: datetime.date | None = None,
    decree: str = "",
) -> UnitPattern:
    """The unit, and all below it without a pattern of their own, work like this from `valid_from` on.

    A second pattern of the same start replaces the first; an older one ends where a newer one begins.
    """
    demand(permissions.can_manage_pattern(actor, unit))
    row = UnitPattern.objects.select_for_update(of=("self",)).filter(unit=unit, valid_from=valid_from).first()
    before = _plain(row, PATTERN_FIELDS) if row else None
    row = row or UnitPattern(unit=unit, valid_from=valid_from)
    row.kind, row.weekdays, row.valid_to, row.decree = kind, sorted(weekdays), valid_to, decree
    _check(row)
    row.save()
    data = {"unit": unit.pk, "before": before, "after": _plain(row, PATTERN_FIELDS)}
    audit.record("calendars.pattern_set", row, actor=actor, data=data)
    return row


@transaction.atomic
def remove_unit_pattern(*, actor: Any, pattern: UnitPattern) -> None:
    demand(permissions.can_manage_pattern(actor, pattern.unit))
    data = {"unit": pattern.unit_id, "before": _plain(pattern, PATTERN_FIELDS)}
    audit.record("calendars.pattern_removed", pattern, actor=actor, data=data)
    pattern.delete()


def _plain(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _check(row: Any) -> None:
    """The model's own checks, constraints included, as sentences beside their fields."""
    try:
        row.full_clean(exclude={"seeded_date", "changed_by"})
    except ValidationError as error:
        problems = [
            Problem(text, rule="calendar", field="" if field == "__all__" else field)
            for field, texts in error.message_dict.items()
            for text in texts
        ]
        raise RuleRefused(problems) from error
