"""Periods of a cycle as people meet them: which one is worked on, which is due, until when."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from evaluations.enums import DeadlineKind, PeriodKind
from evaluations.models import Cycle, Deadline, Period
from evaluations.rules import anonymity
from kepegawaian.lib.dates import today
from kepegawaian.lib.together import read_together


def working_periods(cycle: Cycle) -> list[Period]:
    """Months or quarters in order; the year alone where the cycle has nothing shorter."""
    return worked_in(list(cycle.periods.order_by("start", "number")))


def worked_in(rows: list[Period]) -> list[Period]:
    """Of all periods of a year."""
    return [row for row in rows if row.kind != PeriodKind.YEAR] or rows


def begun(periods: Iterable[Period]) -> list[Period]:
    return [period for period in periods if period.start <= today()]


def parts_of(period: Period) -> list[Period]:
    """The periods in which progress and feedback stand that an evaluation of `period` judges."""
    if period.kind != PeriodKind.YEAR:
        return [period]
    return working_periods(period.cycle)


def due_on(period: Period, kind: DeadlineKind) -> datetime.date | None:
    """The deadline of the cycle's own calendar; None where HR has none."""
    return Deadline.objects.filter(period=period, kind=kind).values_list("due_on", flat=True).first()


def due_rows(periods: Iterable[Period], *kinds: DeadlineKind) -> "QuerySet[Deadline, Any]":
    """Pairs of a period's key and the day."""
    return Deadline.objects.filter(period__in=list(periods), kind__in=kinds).values_list("period_id", "due_on")


def is_late(on: datetime.date, due: datetime.date | None) -> bool:
    return due is not None and on > due


def closes_on(period: Period, due: datetime.date | None) -> datetime.date:
    """The last day on which the period takes feedback: its deadline, and never before the period is over."""
    return max(period.end, due) if due else period.end


def open_for_feedback(cycle: Cycle) -> list[Period]:
    """The periods that take feedback today, the newest first: the running one, and the last until it closes."""
    return begun_and_taking(cycle)[1]


def begun_and_taking(cycle: Cycle) -> tuple[list[Period], list[Period]]:
    """The periods that have begun, and `open_for_feedback`; one statement."""
    days = Deadline.objects.filter(period__cycle=cycle, kind=DeadlineKind.FEEDBACK)
    periods, due = read_together(
        cycle.periods.order_by("start", "number"), days.values_list("period_id", "due_on")
    )
    rows, last = begun(worked_in(periods)), dict(due)
    open_rows = [row for row in rows if row.feedback_closed_at is None]
    taking = [row for row in open_rows if anonymity.accepts(closes_on(row, last.get(row.pk)), today())]
    return rows, sorted(taking, key=lambda period: period.start, reverse=True)
