"""Dates of performance management (performance reference 2, 10, 12): periods and deadlines of a cycle, the window
of an objection, the months to improve, and when to remind. All days are calendar days; nobody is locked out."""

import datetime
from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from evaluations.enums import DeadlineKind, PeriodKind
from evaluations.rules.policy import DEFAULT, Policy
from evaluations.rules.sources import LOCAL_POLICY, Citation, Mark
from kepegawaian.lib.exceptions import Text

DAY = datetime.timedelta(days=1)
OBJECTION = Citation("PP 30/2019", "Pasal 59")
IMPROVEMENT = Citation("PP 30/2019", "Pasal 57-58")


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return datetime.date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """`number` is 1.. within the year, 0 for the year itself."""

    kind: PeriodKind
    number: int
    start: datetime.date
    end: datetime.date

    def covers(self, day: datetime.date) -> bool:
        return self.start <= day <= self.end


def periods(year: int, kind: PeriodKind) -> tuple[PeriodSpan, ...]:
    """The months or quarters of a year and then the year; the year alone for a yearly cycle."""
    whole = PeriodSpan(PeriodKind.YEAR, 0, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    if kind is PeriodKind.YEAR:
        return (whole,)
    parts = []
    for number in range(1, 12 // kind.months + 1):
        start = datetime.date(year, (number - 1) * kind.months + 1, 1)
        parts.append(PeriodSpan(kind, number, start, add_months(start, kind.months) - DAY))
    return (*parts, whole)


def period_of(day: datetime.date, spans: Iterable[PeriodSpan]) -> PeriodSpan | None:
    """The shortest of the spans that covers the day."""
    return min((span for span in spans if span.covers(day)), key=lambda span: span.end - span.start, default=None)


@dataclass(frozen=True, slots=True)
class CycleDeadline:
    """`period` None: of the plan, which the year has one of."""

    kind: DeadlineKind
    period: PeriodSpan | None
    due_on: datetime.date
    citation: Citation = LOCAL_POLICY


PLAN_DATE = Citation("PermenPANRB 8/2021", mark=Mark.KNOWN)
"""End of January: fixed under 8/2021, carried on in practice under 6/2022 (reference 2)."""


def deadlines(year: int, kind: PeriodKind, policy: Policy = DEFAULT) -> tuple[CycleDeadline, ...]:
    """The default calendar of a cycle; HR may move every date."""
    agreed = datetime.date(year, 1, policy.plan_days)
    submitted = max(agreed - policy.step_days * DAY, datetime.date(year, 1, 1))
    found = [
        CycleDeadline(DeadlineKind.PLAN_SUBMIT, None, submitted, PLAN_DATE),
        CycleDeadline(DeadlineKind.PLAN_AGREE, None, agreed, PLAN_DATE),
    ]
    for span in periods(year, kind):
        days = policy.year_days if span.kind is PeriodKind.YEAR else policy.period_days
        found += _of_period(span, days, policy.step_days, worked=kind is span.kind)
    return tuple(sorted(found, key=lambda one: one.due_on))


def _of_period(span: PeriodSpan, days: int, step: int, *, worked: bool) -> list[CycleDeadline]:
    """`worked`: progress and feedback are written in it; the year of months or quarters gathers theirs."""
    assess = span.end + days * DAY
    own_part = max(assess - step * DAY, span.end)
    written = (DeadlineKind.PROGRESS, DeadlineKind.FEEDBACK) if worked else ()
    return [
        *(CycleDeadline(kind, span, own_part) for kind in (*written, DeadlineKind.ORGANISATION)),
        CycleDeadline(DeadlineKind.ASSESS, span, assess),
        CycleDeadline(DeadlineKind.READ, span, assess + step * DAY),
    ]


def days_late(due_on: datetime.date, on: datetime.date) -> int:
    """0 up to and on the last day."""
    return max((on - due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """From the day of receipt to the last day, both included."""

    first: datetime.date
    last: datetime.date
    citation: Citation = OBJECTION

    def is_open(self, on: datetime.date) -> bool:
        return self.first <= on <= self.last

    def days_left(self, on: datetime.date) -> int:
        """After today; 0 on the last day and later."""
        return max((self.last - on).days, 0)


def objection_window(received: datetime.date, days: int = DEFAULT.objection_days) -> Window:
    """Received Monday 12 January 2026, last day 26 January 2026 (reference 10)."""
    return Window(received, received + days * DAY)


def decision_due(filed: datetime.date, days: int = DEFAULT.decision_days) -> datetime.date:
    """A target of the government's own: no limit was found in the law."""
    return filed + days * DAY


class Milestone(StrEnum):
    BEGINS = "begins"
    HALFWAY = "halfway"
    ENDS = "ends"
    TEST = "test"
    TEMPORARY_ENDS = "temporary_ends"

    @property
    def label(self) -> Text:
        return _MILESTONES[self]


_MILESTONES: dict[Milestone, Text] = {
    Milestone.BEGINS: _("Masa perbaikan dimulai"),
    Milestone.HALFWAY: _("Peninjauan di tengah masa"),
    Milestone.ENDS: _("Masa perbaikan berakhir"),
    Milestone.TEST: _("Uji kompetensi paling cepat"),
    Milestone.TEMPORARY_ENDS: _("Jabatan sementara paling lama sampai"),
}


@dataclass(frozen=True, slots=True)
class ChainDate:
    milestone: Milestone
    on: datetime.date
    citation: Citation


def improvement_chain(begins: datetime.date, policy: Policy = DEFAULT) -> tuple[ChainDate, ...]:
    """Six months to improve, then the competency test, then, where no post is vacant, a temporary one of up to a
    year. Each act is an official's own; these are only dates. The look halfway is practice, not law."""
    ends = add_months(begins, policy.improvement_months)
    halfway = Citation(LOCAL_POLICY.regulation, mark=Mark.KNOWN)
    return (
        ChainDate(Milestone.BEGINS, begins, IMPROVEMENT),
        ChainDate(Milestone.HALFWAY, add_months(begins, policy.improvement_months // 2), halfway),
        ChainDate(Milestone.ENDS, ends, IMPROVEMENT),
        ChainDate(Milestone.TEST, ends + DAY, IMPROVEMENT),
        ChainDate(Milestone.TEMPORARY_ENDS, add_months(ends, policy.temporary_post_months), IMPROVEMENT),
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """`key` ("before:7", "at", "after:3") makes it happen once for a deadline and its date."""

    key: str
    on: datetime.date

    @property
    def is_late(self) -> bool:
        return self.key.startswith("after:")


def moments(
    due_on: datetime.date,
    before: Sequence[int] = DEFAULT.remind_before,
    after: Sequence[int] = DEFAULT.remind_after,
) -> tuple[Moment, ...]:
    """When a deadline is reminded, in order of days; 0 and less are left out, the day itself is always there."""
    earlier = {Moment(f"before:{days}", due_on - days * DAY) for days in before if days > 0}
    later = {Moment(f"after:{days}", due_on + days * DAY) for days in after if days > 0}
    return tuple(sorted({*earlier, Moment("at", due_on), *later}, key=lambda moment: moment.on))


def moment_now(all_moments: Sequence[Moment], done: Collection[str], today: datetime.date) -> Moment | None:
    """The one to send today: the latest that has come, unless it was sent. Those missed before it are caught up
    by it and not sent in a row, so a clock that stood still is never followed by a shower of letters."""
    come = [moment for moment in all_moments if moment.on <= today]
    latest = max(come, key=lambda moment: moment.on, default=None)
    return latest if latest is not None and latest.key not in done else None


def is_quiet(hour: int, quiet_from: int = DEFAULT.quiet_from, quiet_to: int = DEFAULT.quiet_to) -> bool:
    """Whether the local hour is within the quiet ones, which may span midnight; `quiet_to` is loud again."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def next_loud(
    at: datetime.datetime, quiet_from: int = DEFAULT.quiet_from, quiet_to: int = DEFAULT.quiet_to
) -> datetime.datetime:
    """`at` itself, or the end of the quiet hours; `at` is local time of the person (no summer time here)."""
    if not is_quiet(at.hour, quiet_from, quiet_to):
        return at
    end = at.replace(hour=quiet_to, minute=0, second=0, microsecond=0)
    return end if end > at else end + DAY


def as_digest(waiting: int, at_least: int = DEFAULT.digest_from) -> bool:
    """Whether what waits for one person goes out as one message instead of one each."""
    return waiting >= at_least
