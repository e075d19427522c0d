"""Leave as the components draw it: previews, balances and timelines turned into months, steps and reasons."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kepegawaian.calendars.rules import Day, DayKind, Holiday, HolidayKind, add_months_minus_one_day
from kepegawaian.calendars.services import holidays_between
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.months import WEEKEND, Mark, Months, months
from leave.approvals import Resolution
from leave.enums import LeavePhase, RequestState, StepKind
from leave.models import LeaveRequest
from leave.models.ledger import BucketKind
from leave.services import BucketLine, Preview, RequestData

_SKIPPED = {
    DayKind.NATIONAL: "holiday",
    DayKind.REGIONAL: "holiday",
    DayKind.COLLECTIVE: "joint",
    DayKind.REST: "off",
    DayKind.NOT_ROSTERED: "off",
}


def status_of(request: LeaveRequest) -> RequestState | LeavePhase:
    """The status to show: a granted leave is ahead, running or finished by its dates."""
    if request.state != RequestState.GRANTED:
        return RequestState(request.state)
    if request.end < today():
        return LeavePhase.FINISHED
    return LeavePhase.RUNNING if request.start <= today() else LeavePhase.AHEAD


def bucket_label(kind: str, origin: int) -> str:
    return f"{BucketKind(kind).label} ({origin})"


# --- Months ---------------------------------------------------------------------------------------
def whole_months(start: datetime.date, end: datetime.date) -> tuple[datetime.date, datetime.date]:
    return start.replace(day=1), add_months_minus_one_day(end.replace(day=1), 1)


def holiday_marks(holidays: Mapping[datetime.date, Holiday]) -> dict[datetime.date, Mark]:
    language = get_language() or "id"
    marks = {}
    for date, holiday in holidays.items():
        kind = "joint" if holiday.kind == HolidayKind.COLLECTIVE else "holiday"
        marks[date] = Mark(kind, holiday.name_en if language.startswith("en") else holiday.name_id)
    return marks


def day_marks(days: Iterable[Day], charged: str, label: Text) -> dict[datetime.date, Mark]:
    """Marks of a counted period: charged days are `charged`, the others say why they are not."""
    language = get_language() or "id"
    marks = {}
    for day in days:
        if day.charged:
            marks[day.date] = Mark(charged, label)
        else:
            marks[day.date] = Mark(_SKIPPED[day.kind], day.name(language))
    return marks


def days_off(days: Iterable[Day]) -> frozenset[int]:
    """The weekdays without work, as far as the period shows them: a six-day week works on Saturdays."""
    worked = {day.date.weekday() for day in days if day.kind != DayKind.REST}
    return WEEKEND - worked


def request_months(request: LeaveRequest, charged: Iterable[datetime.date], *, offered: bool = False) -> Months:
    """The months of a filed request with its charged days; where a change is offered, of the offered dates."""
    start, end = request.start, request.end
    if offered and request.offered_start and request.offered_end:
        start, end = request.offered_start, request.offered_end
    first, last = whole_months(start, end)
    kind = "leave" if request.state == RequestState.GRANTED else "pending"
    marks = holiday_marks(holidays_between(first, last))
    marks |= {date: Mark(kind) for date in charged}
    worked = {date.weekday() for date in charged}
    return months(first, last, marks, days_off=WEEKEND - worked)


# --- The preview ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Skipped:
    date: datetime.date
    name: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Officer:
    """Who gives the opinion or decides; without a holder `missing` says why."""

    task: Text
    name: str
    title: str
    missing: Text = ""


@dataclass(frozen=True, slots=True)
class LineDrawn:
    label: str
    before: int
    after: int
    lapses_on: datetime.date

    @property
    def used(self) -> int:
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class PreviewDrawn:
    """A preview with its calendar, the skipped days by name, and the people who will have a say."""

    preview: Preview
    data: RequestData
    calendar: Months
    skipped: Sequence[Skipped]
    lines: Sequence[LineDrawn]
    officers: Sequence[Officer]

    @classmethod
    def of(cls, preview: Preview, data: RequestData) -> "PreviewDrawn":
        first, last = whole_months(data.start, data.end if preview.days else data.start)
        marks = holiday_marks(holidays_between(first, last)) | day_marks(preview.days, "leave", _("dihitung cuti"))
        return cls(
            preview=preview,
            data=data,
            calendar=months(first, last, marks, days_off=days_off(preview.days)),
            skipped=_skipped(preview.days),
            lines=[_line(line) for line in preview.buckets],
            officers=_officers(preview),
        )


def _skipped(days: Iterable[Day]) -> list[Skipped]:
    language = get_language() or "id"
    return [Skipped(day.date, day.name(language), day.confirmed) for day in days if not day.charged]


def _line(line: BucketLine) -> LineDrawn:
    return LineDrawn(bucket_label(line.kind, line.origin), line.before, line.after, line.lapses_on)


def _officers(preview: Preview) -> list[Officer]:
    if preview.fills_both:
        return [_officer(_("Pertimbangan dan keputusan"), preview.deciders[0])]
    tasks = {StepKind.OPINION: _("Pertimbangan atasan"), StepKind.DECISION: _("Keputusan")}
    return [_officer(tasks[StepKind(one.step)], one) for one in preview.deciders]


def _officer(task: Text, resolution: Resolution) -> Officer:
    holder = resolution.holder
    if holder is None:
        return Officer(task, "", "", resolution.missing)
    return Officer(task, holder.employee.full_name, holder.title)
