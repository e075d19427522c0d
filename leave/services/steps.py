"""The boxes of the form as steps that wait for somebody: opened, filled, handed over, with their log."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from kepegawaian.accounts.models import User
from kepegawaian.audit import services as audit
from kepegawaian.calendars.services import deadline
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.inserting import Change, insert_together, update_together
from kepegawaian.notifications.services import Letter, notify_together
from kepegawaian.work.services import close_items, open_item
from leave import notifications
from leave.approvals import Case, Resolution, Resolver
from leave.enums import Outcome, RequestState, StepKind
from leave.links import request_url
from leave.models import LeaveRequest, LeaveStep, Transition
from leave.workflow import Action, next_state

ITEM_KIND = {
    StepKind.CHECK: "leave.check",
    StepKind.OPINION: "leave.opinion",
    StepKind.DECISION: "leave.decision",
    StepKind.RESPONSE: "leave.response",
}
_BOX = ("closed_at", "acted_by", "outcome", "reason", "start", "end", "not_before")
ITEM_WITHOUT_HOLDER = "leave.no_holder"
Deadline = Callable[[int], datetime.date]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a superior or decider writes into a box: the outcome, why, and new dates for a change."""

    outcome: str
    reason: str = ""
    start: datetime.date | None = None
    end: datetime.date | None = None
    not_before: datetime.date | None = None

    def __str__(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who a step waits for. `principal`: in whose name a delegate acts."""

    user: User | None
    capacity: str = ""
    principal: Employee | None = None
    missing: str = ""

    @classmethod
    def of(cls, resolution: Resolution) -> "Seat":
        holder = resolution.holder
        if holder is None:
            return cls(None, missing=str(resolution.missing))
        return cls(holder.user, holder.title[:60], holder.principal)


def office_deadline(request: LeaveRequest) -> Deadline:
    """Working days from today in the calendar of the applicant's unit."""
    return lambda days: deadline(today(), days, request.employee.current_path)


def open_step(
    request: LeaveRequest,
    kind: StepKind,
    seat: Seat,
    due_on: datetime.date,
    letters: Iterable[Letter] = (),
) -> LeaveStep:
    """The next box, for the caller to insert, with a work item and a message for its holder, or for HR.

    `letters`: what else the verb has to say; all of it goes out together.
    """
    step = LeaveStep(
        request=request,
        kind=kind,
        holder=seat.user,
        capacity=seat.capacity,
        principal=seat.principal,
        due_on=due_on,
    )
    announce(request, step, seat, letters)
    return step


def announce(request: LeaveRequest, step: LeaveStep, seat: Seat, letters: Iterable[Letter] = ()) -> None:
    holder, kind, news = seat.user, ITEM_KIND[StepKind(step.kind)], list(letters)
    if holder is None:
        office = notifications.personnel_office()
        kind, holder = ITEM_WITHOUT_HOLDER, office[0] if office else None
        about = {"occasion": step.pk, "step": StepKind(step.kind), "why": seat.missing}
        news.append(notifications.letter(notifications.HolderMissing, request, office, **about))
    elif step.kind != StepKind.RESPONSE:
        about = {"occasion": f"{step.pk}:{holder.pk}", "step": StepKind(step.kind), "due": step.due_on}
        news.append(notifications.letter(notifications.Waiting, request, [holder], **about))
    notify_together(news)
    open_item(
        kind=kind,
        subject=request,
        holder=holder,
        title=request.employee.full_name,
        url=request_url(request),
        due_on=step.due_on,
        context={
            "start": request.start.isoformat(),
            "end": request.end.isoformat(),
            "days": request.charged_days,
            "type": request.type,
            "step": step.kind,
        },
    )


def fill(
    step: LeaveStep, *, actor: Any, verdict: Verdict | None = None, outcome: str = "", reason: str = ""
) -> list[Change]:
    """Close a box with what was written into it; the database refuses any change afterwards.

    The change is written with that of the request. A box that is not in the database yet the caller inserts.
    """
    step.closed_at = timezone.now()
    step.acted_by = actor
    if verdict is not None:
        step.outcome, step.reason = verdict.outcome, verdict.reason
        step.start, step.end, step.not_before = verdict.start, verdict.end, verdict.not_before
    else:
        step.outcome, step.reason = outcome, reason
    return [] if step._state.adding else [Change(step, _BOX)]


def move_request(
    request: LeaveRequest,
    action: Action,
    *,
    actor: Any,
    reason: str = "",
    on_behalf_of: Employee | None = None,
    data: dict[str, Any] | None = None,
    along: Iterable[Change] = (),
    **values: Any,
) -> list[Model]:
    """Change the state by the table. `values`: more columns to save, `along`: boxes filled by the same act.

    The rows of the log are the caller's to insert, and the request itself when it is a new one.
    """
    origin = request.state
    request.state = next_state(origin, action)
    request.version += 1
    for name, value in values.items():
        setattr(request, name, value)
    is_new = request._state.adding
    update_together([*along, *([] if is_new else [Change(request, ["state", "version", *values])])])
    rows = log_rows(request, action, origin, actor=actor, reason=reason, on_behalf_of=on_behalf_of, data=data)
    return [request, *rows] if is_new else rows


def log_rows(
    request: LeaveRequest,
    action: Action,
    origin: str,
    *,
    actor: Any,
    reason: str = "",
    on_behalf_of: Employee | None = None,
    data: dict[str, Any] | None = None,
) -> list[Model]:
    """A row of the transition log and an event of the audit."""
    transition = Transition(
        request=request,
        action=action,
        from_state=origin,
        to_state=request.state,
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=reason,
        data=data or {},
    )
    principal = User(pk=on_behalf_of.user_id) if on_behalf_of else None
    facts = {**(data or {}), "states": [origin, request.state], "version": request.version}
    event = audit.build(f"leave.{action}", request, actor=actor, on_behalf_of=principal, data=facts)
    return [transition, event]


def stop_waiting(request: LeaveRequest, *, by: Any) -> None:
    close_items(subject=request, by=by)


# --- Holders change -------------------------------------------------------------------------------
def reassign(step: LeaveStep, *, actor: Any = None) -> bool:
    """Give an open step to who holds the post now. False when nothing changed."""
    request = step.request
    resolver = Resolver(Case.of(request), today())
    resolution = resolver.opinion() if step.kind == StepKind.OPINION else resolver.decision()
    seat = Seat.of(resolution)
    if _seat_key(step.holder_id, step.capacity, step.principal_id) == _seat_key(
        getattr(seat.user, "pk", None), seat.capacity, getattr(seat.principal, "pk", None)
    ):
        return False
    former = step.holder
    step.holder, step.capacity, step.principal = seat.user, seat.capacity, seat.principal
    step.save(update_fields=["holder", "capacity", "principal"])
    names = {"from": former, "to": seat.user}
    data = {"step": step.kind, **{key: str(user.pk) if user else "" for key, user in names.items()}}
    insert_together(log_rows(request, Action.HAND_OVER, request.state, actor=actor, data=data))
    stop_waiting(request, by=actor)
    announce(request, step, seat)
    return True


def _seat_key(*parts: Any) -> tuple[str, ...]:
    return tuple(str(part or "") for part in parts)


def waiting_steps() -> Any:
    """Open boxes VII and VIII, whose holder follows from posts."""
    rows = LeaveStep.objects.filter(
        Q(request__state__in=(RequestState.SUBMITTED, RequestState.OPINED)),
        closed_at=None,
        kind__in=(StepKind.OPINION, StepKind.DECISION),
    )
    return rows.select_related("request__employee__current_unit", "holder", "principal").order_by("id")
