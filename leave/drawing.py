"""Leave as the components draw it: previews, balances and timelines turned into months, steps and reasons."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kepegawaian.calendars.rules import Day, DayKind, Holiday, HolidayKind, add_months_minus_one_day
from kepegawaian.calendars.services import holidays_between
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.months import WEEKEND, Mark, Months, months
from kepegawaian.lib.ui.parts import Because, Step
from leave.approvals import Resolution
from leave.enums import LeavePhase, MovementKind, Outcome, RequestState, StepKind
from leave.models import LeaveRequest
from leave.models.ledger import BucketKind
from leave.rules import Rule
from leave.selectors import Balance, BucketFigure, MovementLine, TimelineEntry
from leave.selectors.office import Line
from leave.services import BucketLine, Preview, RequestData

_SKIPPED = {
    DayKind.NATIONAL: "holiday",
    DayKind.REGIONAL: "holiday",
    DayKind.COLLECTIVE: "joint",
    DayKind.REST: "off",
    DayKind.NOT_ROSTERED: "off",
}


def status_of(request: LeaveRequest | Line) -> RequestState | LeavePhase:
    """The status to show: a granted leave is ahead, running or finished by its dates."""
    if request.state != RequestState.GRANTED:
        return RequestState(request.state)
    if request.end < today():
        return LeavePhase.FINISHED
    return LeavePhase.RUNNING if request.start <= today() else LeavePhase.AHEAD


def bucket_label(kind: str, origin: int) -> str:
    return _bucket_label(kind, origin, get_language())


@lru_cache(maxsize=512)
def _bucket_label(kind: str, origin: int, language: str | None) -> str:
    """Put together once a language: a balance says it for every movement."""
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


# --- The timeline ---------------------------------------------------------------------------------
_EVENTS = {
    "submitted": gettext_lazy("Diajukan"),
    "edited": gettext_lazy("Diubah pemohon"),
    "withdrawn": gettext_lazy("Dibatalkan pemohon"),
    "handed_over": gettext_lazy("Berpindah pemegang"),
}
_CHECKED = {Outcome.APPROVED: gettext_lazy("Lengkap"), Outcome.REFUSED: gettext_lazy("Dikembalikan")}
_ANSWERED = {Outcome.APPROVED: pgettext_lazy("outcome", "Diterima"), Outcome.REFUSED: gettext_lazy("Ditolak")}


def timeline_steps(request: LeaveRequest, entries: Iterable[TimelineEntry]) -> list[Step]:
    steps = [_step(entry) for entry in entries]
    if request.state == RequestState.GRANTED and request.start > today():
        steps.append(Step(_("Cuti dimulai"), "coming", when=request.start))
    return steps


def _step(entry: TimelineEntry) -> Step:
    if entry.state == "current":
        due = entry.due_on
        return Step(
            title=entry.label,
            state="current",
            who=_holder(entry) or _("belum ada pejabat; BKPSDM sudah diberi tahu"),
            since=entry.since,
            due=due,
            late=entry.overdue,
            reminder=due if due and due >= today() else None,
        )
    if entry.state == "coming":
        return Step(title=entry.label, state="coming", who=_holder(entry))
    return _done_step(entry)


def _done_step(entry: TimelineEntry) -> Step:
    tone, icon = "neutral", "check-circle"
    title: Text = _EVENTS.get(entry.code, entry.label)
    if entry.outcome:
        outcome = Outcome(entry.outcome)
        words = {StepKind.CHECK: _CHECKED, StepKind.RESPONSE: _ANSWERED}.get(StepKind(entry.code), {})
        title = f"{entry.label}: {words.get(outcome, outcome.label)}"
        tone, icon = outcome.tone, outcome.icon
    note = entry.reason
    if entry.start and entry.end:
        note = f"{formatting.span(entry.start, entry.end)}. {note}"
    return Step(title, "done", who=_holder(entry), when=entry.at, note=note, tone=tone, icon=icon)


def _holder(entry: TimelineEntry) -> str:
    """ "Dewi Dinas, Plt. Kepala Dinas Kesehatan (a.n. Budi Santoso)"."""
    who = ", ".join(part for part in (entry.who, entry.capacity) if part)
    return f"{who} (a.n. {entry.principal})" if entry.principal else who


# --- The balance ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class BucketDrawn:
    """A bucket with the derivation of what it was granted, and of what is left of it."""

    figure: BucketFigure
    label: str
    granted: Sequence[Because]
    left: Sequence[Because]

    @property
    def source(self) -> str:
        """What its movements are found by."""
        return f"{self.figure.kind}-{self.figure.origin}"

    @property
    def anchor(self) -> str:
        """Credits of one year may stand in several buckets, each from its own day on."""
        return f"{self.source}-{self.figure.usable_from:%m%d}"


def signed(days: int) -> str:
    """With its sign; a true minus lines up with the plus."""
    return f"+{days}" if days > 0 else f"\N{MINUS SIGN}{-days}" if days else "0"


@dataclass(frozen=True, slots=True)
class MovementDrawn:
    line: MovementLine
    label: str

    @property
    def source(self) -> str:
        return f"{self.line.bucket}-{self.line.origin}"

    @property
    def signed(self) -> str:
        return signed(self.line.effect)

    @property
    def moved(self) -> str:
        return f"{formatting.day(self.line.on, weekday=False)}: {self.line.label} {self.signed}"

    @property
    def because(self) -> str:
        return f"{self.line.rule} · {self.label}"


@dataclass(slots=True)
class Entry:
    """One thing that changed the balance: a movement, or all those of one request, with what they add up to."""

    filed: LeaveRequest | None
    lines: list[MovementDrawn]
    balance: int = 0

    @property
    def first(self) -> MovementDrawn:
        return self.lines[0]

    @property
    def effect(self) -> int:
        return sum(line.line.effect for line in self.lines)

    @property
    def signed(self) -> str:
        return signed(self.effect)

    @property
    def labels(self) -> str:
        return ", ".join(dict.fromkeys(line.label for line in self.lines))

    @property
    def status(self) -> RequestState | LeavePhase | None:
        return status_of(self.filed) if self.filed else None


class BalanceDrawn:
    """A balance whose every figure opens its derivation. `source`: show the movements of these buckets alone."""

    def __init__(self, balance: Balance, source: str = "") -> None:
        self.balance = balance
        self.buckets = [_bucket(figure) for figure in balance.buckets]
        self.coming = [_bucket(figure) for figure in balance.coming]
        self.chosen = next((each for each in self.buckets if each.source == source), None)

    @property
    def entries(self) -> list[Entry]:
        """Every movement, those of one request together, in the order in which they began."""
        drawn = [MovementDrawn(line, bucket_label(line.bucket, line.origin)) for line in self.balance.movements]
        shown = [one for one in drawn if self.chosen is None or one.source == self.chosen.source]
        entries: dict[object, Entry] = {}
        for one in shown:
            key = one.line.request_id or one.line.id or one
            entries.setdefault(key, Entry(self.balance.requests.get(one.line.request_id), [])).lines.append(one)
        running = 0
        for entry in entries.values():
            running += entry.effect
            entry.balance = running
        return list(entries.values())

    @property
    def total(self) -> list[Because]:
        """What the big number is made of: what is left in each bucket."""
        return [Because(each.label, each.figure.left, url=f"#{each.anchor}") for each in self.buckets]

    @property
    def lapsing(self) -> list[BucketDrawn]:
        """What is lost unless it is used by its last day."""
        lost = {(figure.kind, figure.origin, figure.usable_from) for figure in self.balance.lapsing}
        return [
            each
            for each in self.buckets
            if (each.figure.kind, each.figure.origin, each.figure.usable_from) in lost
        ]


def _bucket(figure: BucketFigure) -> BucketDrawn:
    left = [Because(_("Hak"), figure.granted)]
    for label, days in (
        (_("Dipakai"), figure.taken),
        (_("Dipesan permohonan yang menunggu"), figure.reserved),
        (_("Ditangguhkan ke tahun berikutnya"), figure.postponed),
        (_("Hangus atau dipindahkan"), figure.lapsed),
    ):
        if days:
            left.append(Because(label, signed(-days)))
    return BucketDrawn(figure, bucket_label(figure.kind, figure.origin), _derivation(figure), left)


_RESULTS = (Rule.R2, Rule.R3, Rule.CONTRACT, Rule.SERVICE)
"""Steps by these rules say what is then left, all others what is added or taken away."""


def _derivation(figure: BucketFigure) -> list[Because]:
    """The steps behind what was granted as amounts that add up to it."""
    rows, total = [], 0
    for step in figure.steps:
        change = step.days - total if step.rule in _RESULTS else step.days
        total += change
        amount = signed(change) if change < 0 else change or ""
        rule, cited = step.rule.value, step.citation
        rows.append(Because(str(step.label), amount, rule, str(cited), verified=cited.verified))
    if rows and total != figure.granted:
        rows.append(Because(MovementKind.CORRECTION.label, signed(figure.granted - total)))
    return rows
