"""The way of a request through the boxes: what is done, who holds it now and until when, what comes."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kepegawaian.lib.dates import today
from leave.approvals import Case, Resolver
from leave.enums import FINAL, Outcome, RequestState, StepKind
from leave.models import LeaveRequest, LeaveStep, Transition
from leave.workflow import Action

DONE, CURRENT, COMING = "done", "current", "coming"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`who` acts or acted, as `capacity` ("Plt. Kepala Dinas"), for `principal`; `due_on` while it waits."""

    state: str
    code: str
    label: str
    who: str = ""
    capacity: str = ""
    principal: str = ""
    at: datetime.datetime | None = None
    since: datetime.datetime | None = None
    due_on: datetime.date | None = None
    outcome: str = ""
    reason: str = ""
    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def overdue(self) -> bool:
        return self.state == CURRENT and self.due_on is not None and self.due_on < today()


_EVENTS = {
    Action.SUBMIT: "submitted",
    Action.EDIT: "edited",
    Action.WITHDRAW: "withdrawn",
    Action.HAND_OVER: "handed_over",
}


def timeline(request: LeaveRequest) -> list[TimelineEntry]:
    """Done steps in order, the current one, and those that still come (with their likely holder)."""
    steps = list(request.steps.select_related("holder", "acted_by", "principal").order_by("id"))
    events = request.transitions.filter(action__in=_EVENTS).select_related("actor").order_by("id")
    done = [_event(event) for event in events]
    done += [_done(step) for step in steps if step.closed_at is not None and step.acted_by_id is not None]
    done.sort(key=lambda entry: entry.at or datetime.datetime.min.replace(tzinfo=datetime.UTC))
    current = [_current(step) for step in steps if step.closed_at is None]
    return [*done, *current, *_coming(request, steps)]


def _event(event: Transition) -> TimelineEntry:
    code = _EVENTS[Action(event.action)]
    return TimelineEntry(
        DONE, code, code, who=event.actor.name if event.actor else "", at=event.at, reason=event.reason
    )


def _done(step: LeaveStep) -> TimelineEntry:
    return TimelineEntry(
        DONE,
        step.kind,
        str(StepKind(step.kind).label),
        who=step.acted_by.name if step.acted_by else "",
        capacity=step.capacity,
        principal=step.principal.full_name if step.principal else "",
        at=step.closed_at,
        since=step.opened_at,
        due_on=step.due_on,
        outcome=step.outcome,
        reason=step.reason,
        start=step.start,
        end=step.end,
    )


def _current(step: LeaveStep) -> TimelineEntry:
    return TimelineEntry(
        CURRENT,
        step.kind,
        str(StepKind(step.kind).label),
        who=step.holder.name if step.holder else "",
        capacity=step.capacity,
        principal=step.principal.full_name if step.principal else "",
        since=step.opened_at,
        due_on=step.due_on,
    )


def _coming(request: LeaveRequest, steps: list[LeaveStep]) -> Iterator[TimelineEntry]:
    if request.state in (RequestState.DRAFT, *FINAL):
        return
    waiting = next((step.kind for step in steps if step.closed_at is None), "")
    resolver = Resolver(Case.of(request), today())
    if waiting == StepKind.CHECK:
        yield _expected(StepKind.OPINION, resolver.opinion().holder)
    if waiting in (StepKind.CHECK, StepKind.OPINION):
        yield _expected(StepKind.DECISION, resolver.decision().holder)


def _expected(kind: StepKind, holder: Any) -> TimelineEntry:
    return TimelineEntry(
        COMING,
        kind,
        str(kind.label),
        who=holder.user.name if holder else "",
        capacity=holder.title if holder else "",
    )


def outcome_label(outcome: str) -> str:
    return str(Outcome(outcome).label) if outcome else ""
