"""The verbs of those who hold a box of the form, and the applicant's answer to a change (leave reference 5.2)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, Problem, RuleRefused, StateChanged, demand
from kepegawaian.lib.inserting import Change, insert_together
from kepegawaian.lib.prepared import Prepared
from kepegawaian.notifications.services import Letter, notify_together
from kepegawaian.work.jobs import enqueue, job_for
from kepegawaian.work.registry import BulkResult
from leave import ledger, notifications, permissions, rules
from leave.approvals import Case, Resolution, Resolver
from leave.enums import LeaveType, Outcome, RequestState, StepKind
from leave.models import HeldPeriod, LeaveRequest, LeaveStep, RequestDay
from leave.services.filing import days_of, free_days, held_period, request_book
from leave.services.guards import check_version, locked_request, verb
from leave.services.planning import Plan, RequestData, make_plan, refuse_plan
from leave.services.steps import (
    Seat,
    Verdict,
    fill,
    move_request,
    office_deadline,
    open_step,
    stop_waiting,
)
from leave.standing import contract_of, law_for
from leave.workflow import DECISIONS, Action

LETTER_JOB = "leave.letter"


@verb
def check_complete(
    *, actor: Any, request: LeaveRequest, complete: bool, reason: str = "", version: int | None = None
) -> LeaveRequest:
    """The personnel staff pass a request on to the superior, or give it back to be completed (days are freed)."""
    request = locked_request(request)
    boxes = _boxes(request, actor, Outcome.APPROVED if complete else Outcome.REFUSED, StepKind.CHECK)
    if boxes is None:
        return request
    step = boxes.open
    demand(permissions.can_check(actor, request, step))
    check_version(request, version)
    if not complete and not reason.strip():
        raise RuleRefused([_missing("reason", _("Tuliskan apa yang harus dilengkapi."))])
    outcome = Outcome.APPROVED if complete else Outcome.REFUSED
    filled = fill(step, actor=actor, outcome=outcome, reason=reason.strip())
    if not complete:
        rows = free_days(request, actor=actor)
        RequestDay.objects.filter(request=request).delete()
        rows += move_request(request, Action.RETURN, actor=actor, reason=reason.strip(), along=filled)
        insert_together(rows)
        stop_waiting(request, by=actor)
        notifications.tell(
            notifications.Returned, request, [request.employee.user], occasion=step.pk, reason=reason.strip()
        )
        return request
    rows = move_request(request, Action.CHECK, actor=actor, along=filled)
    stop_waiting(request, by=actor)
    resolution = Resolver(Case.of(request), today()).opinion()
    due_on = office_deadline(request)(ledger.current_setting().opinion_days)
    insert_together([*rows, open_step(request, StepKind.OPINION, Seat.of(resolution), due_on)])
    return request


@verb
def give_opinion(
    *, actor: Any, request: LeaveRequest, verdict: Verdict, version: int | None = None
) -> LeaveRequest:
    """Box VII. Advice: whatever it says, the request goes on. Who is the decider too fills box VIII with it."""
    request = locked_request(request)
    boxes = _boxes(request, actor, verdict.outcome, StepKind.OPINION)
    if boxes is None:
        return request
    demand(permissions.can_opine(actor, request, boxes.open))
    check_version(request, version)
    check_verdict(verdict)
    _advise(request, boxes.steps, boxes.open, verdict, actor=actor)
    return request


@verb
def decide(*, actor: Any, request: LeaveRequest, verdict: Verdict, version: int | None = None) -> LeaveRequest:
    """Box VIII; box VII too where superior and decider are one person."""
    request = locked_request(request)
    boxes = _boxes(request, actor, verdict.outcome, StepKind.OPINION, StepKind.DECISION)
    if boxes is None:
        return request
    demand(permissions.can_decide(actor, request, boxes.open))
    check_version(request, version)
    check_verdict(verdict)
    fill_next = _advise if boxes.open.kind == StepKind.OPINION else _decide
    fill_next(request, boxes.steps, boxes.open, verdict, actor=actor)
    return request


@verb
def respond(*, actor: Any, request: LeaveRequest, accept: bool) -> LeaveRequest:
    """The applicant accepts the offered dates (granted at once) or declines them (withdrawn, all days freed)."""
    request = locked_request(request)
    done = RequestState.GRANTED if accept else RequestState.WITHDRAWN
    if request.state == done and permissions.is_own(actor, request.employee):
        return request
    demand(permissions.can_respond(actor, request))
    steps = list(request.steps.select_related("acted_by"))
    outcome = Outcome.APPROVED if accept else Outcome.REFUSED
    filled = fill(_the_open(steps), actor=actor, outcome=outcome)
    if accept:
        rows = _take_offer(request, filled, actor=actor)
    else:
        rows = free_days(request, actor=actor)
        rows += move_request(request, Action.DECLINE, actor=actor, along=filled)
    insert_together(rows)
    stop_waiting(request, by=actor)
    told = [step.acted_by for step in steps if step.kind in (StepKind.OPINION, StepKind.DECISION)]
    notifications.tell(notifications.Answered, request, told, accepted=accept)
    if accept:
        notify_together(_to_stand_in(request))
        enqueue(LETTER_JOB, owner=None, arguments={"request": str(request.pk)})
    return request


def bulk_opinion(
    actor: Any, request_ids: Sequence[uuid.UUID], data: Mapping[str, Any] | None = None
) -> list[BulkResult]:
    """One opinion for many requests, each in a transaction of its own; what could not be done says why."""
    given = dict(data or {})
    verdict = Verdict(given.get("outcome") or Outcome.APPROVED, given.get("reason") or "")
    found = LeaveRequest.objects.visible_to(actor).in_bulk(list(request_ids))
    return [_one_opinion(actor, found.get(key), key, verdict) for key in request_ids]


def _one_opinion(actor: Any, request: LeaveRequest | None, key: uuid.UUID, verdict: Verdict) -> BulkResult:
    if request is None:
        return BulkResult(key, False, _("Permohonan ini tidak ditemukan."))
    try:
        give_opinion(actor=actor, request=request, verdict=verdict)
    except ApplicationError as error:
        return BulkResult(key, False, str(error.message))
    return BulkResult(key, True)


# --- What was said ----------------------------------------------------------------------------------
def check_verdict(verdict: Verdict) -> None:
    """Three of the four outcomes need a reason, and a change needs its dates (leave reference 5.1)."""
    problems = []
    if verdict.outcome not in Outcome.values:
        raise RuleRefused([_missing("outcome", _("Pilih salah satu keputusan."))])
    if verdict.outcome != Outcome.APPROVED and not verdict.reason.strip():
        problems.append(_missing("reason", _("Tuliskan alasannya; pegawai berhak mengetahuinya.")))
    if verdict.outcome == Outcome.CHANGED:
        if verdict.start is None or verdict.end is None:
            problems.append(_missing("start", _("Isi tanggal baru yang diusulkan.")))
        elif verdict.end < verdict.start:
            sentence = _("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")
            problems.append(_missing("end", sentence))
    if problems:
        raise RuleRefused(problems)


def _missing(field: str, sentence: str) -> Problem:
    return Problem(sentence, rule="required", field=field)


@dataclass(frozen=True, slots=True)
class Boxes:
    """All steps of a request, and the one to fill now."""

    steps: list[LeaveStep]
    open: LeaveStep


_STEPS: Prepared[LeaveStep] = Prepared(
    lambda slot: (
        LeaveStep.objects.filter(request=slot("request")).select_related("acted_by", "principal").order_by("id")
    )
)


def _boxes(request: LeaveRequest, actor: Any, outcome: str, *kinds: StepKind) -> Boxes | None:
    """The box to fill, one of `kinds`. None when the actor filled it just so; StateChanged when another did."""
    steps = _STEPS.all(request=request.pk)
    step = next((each for each in steps if each.closed_at is None), None)
    if step is not None and step.kind in kinds:
        return Boxes(steps, step)
    filled = [each for each in steps if each.kind == kinds[-1] and each.acted_by_id is not None]
    if request.state == RequestState.WITHDRAWN:
        raise StateChanged(_("Permohonan ini sudah dibatalkan pemohon."))
    if not filled:
        label = RequestState(request.state).label
        raise StateChanged(
            _("Permohonan ini tidak menunggu tindakan itu; statusnya “%(state)s”.") % {"state": label}
        )
    if filled[-1].acted_by_id == actor.pk and filled[-1].outcome == outcome:
        return None
    raise StateChanged(_faster(filled[-1]))


def _faster(step: LeaveStep) -> str:
    sentences = {
        StepKind.CHECK: _("Permohonan ini sudah diperiksa oleh %(name)s pada %(at)s."),
        StepKind.OPINION: _("Pertimbangan sudah diberikan oleh %(name)s pada %(at)s."),
        StepKind.DECISION: _("Permohonan ini sudah diputuskan oleh %(name)s pada %(at)s."),
    }
    at = timezone.localtime(step.closed_at)
    name = step.acted_by.name if step.acted_by else ""
    return sentences[StepKind(step.kind)] % {"name": name, "at": date_format(at, "DATETIME_FORMAT")}


def _the_open(steps: Sequence[LeaveStep]) -> LeaveStep:
    return next(step for step in steps if step.closed_at is None)


# --- Box VII ----------------------------------------------------------------------------------------
def _advise(
    request: LeaveRequest, steps: Sequence[LeaveStep], step: LeaveStep, verdict: Verdict, *, actor: Any
) -> None:
    rows = move_request(
        request,
        Action.OPINE,
        along=fill(step, actor=actor, verdict=verdict),
        actor=actor,
        reason=verdict.reason,
        on_behalf_of=step.principal,
        data={"outcome": verdict.outcome},
    )
    resolution = Resolver(Case.of(request), today()).decision()
    if resolution.holder is not None and resolution.holder.user.pk == actor.pk:
        insert_together(rows)
        _decide(request, steps, _own_box(request, resolution, actor), verdict, actor=actor)
        return
    stop_waiting(request, by=actor)
    opined = notifications.letter(
        notifications.Opined,
        request,
        [request.employee.user],
        occasion=step.pk,
        outcome=Outcome(verdict.outcome),
        opined_by=actor.name,
        holder=resolution.holder.user.name if resolution.holder else "",
    )
    due_on = office_deadline(request)(ledger.current_setting().decision_days)
    insert_together([*rows, open_step(request, StepKind.DECISION, Seat.of(resolution), due_on, [opined])])


def _own_box(request: LeaveRequest, resolution: Resolution, actor: Any) -> LeaveStep:
    """Box VIII for who has just filled box VII: nobody has to be told that it waits."""
    seat = Seat.of(resolution)
    return LeaveStep(
        request=request,
        kind=StepKind.DECISION,
        holder=actor,
        capacity=seat.capacity,
        principal=seat.principal,
        due_on=today(),
    )


# --- Box VIII ---------------------------------------------------------------------------------------
def _decide(
    request: LeaveRequest, steps: Sequence[LeaveStep], step: LeaveStep, verdict: Verdict, *, actor: Any
) -> None:
    """Work out the days first, for a refusal by a rule must leave everything as it was."""
    outcome = Outcome(verdict.outcome)
    columns: dict[str, Any] = {"decided_at": timezone.now()}
    if outcome == Outcome.APPROVED:
        rows = _grant_days(request, actor=actor)
    elif outcome == Outcome.CHANGED:
        rows = _offer_days(request, verdict, actor=actor)
        columns |= {"offered_start": verdict.start, "offered_end": verdict.end}
    elif outcome == Outcome.POSTPONED:
        rows = _postpone_days(request, verdict, actor=actor)
        columns["not_before"] = verdict.not_before
    else:
        rows = free_days(request, actor=actor)
    if step._state.adding:
        rows.append(step)
    rows += move_request(
        request,
        DECISIONS[outcome],
        along=fill(step, actor=actor, verdict=verdict),
        actor=actor,
        reason=verdict.reason,
        on_behalf_of=step.principal,
        **columns,
    )
    stop_waiting(request, by=actor)
    letters = _about_decision(request, steps, verdict, actor=actor)
    if outcome == Outcome.CHANGED:
        due_on = office_deadline(request)(ledger.current_setting().response_days)
        rows.append(open_step(request, StepKind.RESPONSE, Seat(request.employee.user), due_on, letters))
    else:
        notify_together(letters)
    if outcome == Outcome.APPROVED:
        rows.append(job_for(LETTER_JOB, owner=None, arguments={"request": str(request.pk)}))
    insert_together(rows)


def _grant_days(request: LeaveRequest, *, actor: Any) -> list[Model]:
    days = days_of(request)
    book = request_book(request, actor=actor)
    ledger.take(book, request, days, days, on=today())
    ledger.settle(book, [day.date.year for day in days], today=today())
    return ledger.to_insert(book)


def _offer_days(request: LeaveRequest, verdict: Verdict, *, actor: Any) -> list[Model]:
    """Hold the offered dates beside the old ones. A day in both stays where it is charged, and is held once."""
    plan = _offered_plan(request, verdict, actor=actor)
    book = request_book(request, actor=actor)
    held = {day.date: day for day in days_of(request)}
    charged = [day.date for day in plan.days if day.charged]
    fresh = rules.allocate([date for date in charged if date not in held], book.rule_buckets())
    if not fresh.complete:
        sentence = _("Sisa cuti pegawai tidak cukup untuk menahan tanggal lama dan baru sekaligus.")
        raise RuleRefused([Problem(sentence, rule=rules.Rule.BALANCE.value, field="end")])
    days = ledger.reserve(book, request, fresh.charges, on=today(), offer=True)
    shared = [held[date] for date in charged if date in held]
    days += [RequestDay(request=request, date=day.date, bucket_id=day.bucket_id, offer=True) for day in shared]
    return [*ledger.to_insert(book), *days, held_period(request, plan.data.start, plan.data.end)]


def _offered_plan(request: LeaveRequest, verdict: Verdict, *, actor: Any) -> Plan:
    """The new dates worked out as if the old ones were free. Raises RuleRefused."""
    if (verdict.start, verdict.end) == (request.start, request.end):
        sentence = _("Tanggal ini sama dengan yang diminta; pilih Disetujui.")
        raise RuleRefused([Problem(sentence, rule="changed", field="start")])
    assert verdict.start is not None
    assert verdict.end is not None
    plan = make_plan(
        request.employee,
        replace(RequestData.of(request), start=verdict.start, end=verdict.end),
        account=request.employee.leave_account,
        setting=ledger.current_setting(),
        request=request,
        on=today(),
        actor=actor,
    )
    refuse_plan(plan)
    return plan


def _take_offer(request: LeaveRequest, filled: list[Change], *, actor: Any) -> list[Model]:
    days = days_of(request)
    offered = [day for day in days if day.offer]
    start, end = request.offered_start, request.offered_end
    assert start is not None
    assert end is not None
    book = request_book(request, actor=actor)
    ledger.take(book, request, days, offered, on=today())
    ledger.settle(book, [day.date.year for day in days], today=today())
    RequestDay.objects.filter(request=request, offer=False).delete()
    RequestDay.objects.filter(request=request).update(offer=False)
    HeldPeriod.objects.filter(request=request).delete()
    log = move_request(
        request,
        Action.ACCEPT,
        along=filled,
        actor=actor,
        data={"asked": [request.start, request.end]},
        start=start,
        end=end,
        charged_days=len(offered),
    )
    return [*ledger.to_insert(book), held_period(request, start, end), *log]


def _postpone_days(request: LeaveRequest, verdict: Verdict, *, actor: Any) -> list[Model]:
    if request.type != LeaveType.CT:
        sentence = _("Jenis cuti ini tidak dapat ditangguhkan.")
        raise RuleRefused([Problem(sentence, rule=rules.Rule.POSTPONE.value, field="outcome")])
    days = days_of(request)
    book = request_book(request, actor=actor)
    charges = ledger.charges_of(book, days)
    years = {charge.bucket.year for charge in rules.postponed_part(charges)}
    already = sum(bucket.postponed for bucket in book.buckets if bucket.kind == "O" and bucket.year in years)
    refusals = rules.check_postponement(
        charges,
        law=law_for(request.employee, request.start),
        not_before=verdict.not_before,
        postponed_already=already,
        contract=contract_of(request.employee),
    )
    if refusals:
        raise RuleRefused([refusal.problem for refusal in refusals])
    ledger.postpone(book, request, days, on=today())
    ledger.settle(book, [charge.bucket.year for charge in charges], today=today())
    HeldPeriod.objects.filter(request=request).delete()
    return ledger.to_insert(book)


_TOLD = {
    Outcome.APPROVED: notifications.Granted,
    Outcome.CHANGED: notifications.Offered,
    Outcome.POSTPONED: notifications.Postponed,
    Outcome.REFUSED: notifications.Refused,
}


def _about_decision(
    request: LeaveRequest, steps: Sequence[LeaveStep], verdict: Verdict, *, actor: Any
) -> list[Letter]:
    outcome = Outcome(verdict.outcome)
    facts = {
        "decided_by": actor.name,
        "reason": verdict.reason,
        "offered_start": verdict.start,
        "offered_end": verdict.end,
        "not_before": verdict.not_before,
    }
    occasion = request.version
    applicant = notifications.letter(_TOLD[outcome], request, [request.employee.user], occasion=occasion, **facts)
    superiors = [step.acted_by for step in steps if step.kind == StepKind.OPINION and step.acted_by_id != actor.pk]
    facts["outcome"] = outcome
    superior = notifications.letter(notifications.Decided, request, superiors, occasion=occasion, **facts)
    return [applicant, superior, *(_to_stand_in(request) if outcome == Outcome.APPROVED else [])]


def _to_stand_in(request: LeaveRequest) -> list[Letter]:
    if request.stand_in_id is None:
        return []
    person = Employee.objects.select_related("user").get(pk=request.stand_in_id)
    return [notifications.letter(notifications.StandIn, request, [person.user])]
