"""The applicant's verbs: draft, submit, edit, withdraw."""

import datetime
import uuid
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kepegawaian.accounts.roles import Role
from kepegawaian.documents.models import IssuedDocument, StoredFile
from kepegawaian.documents.services import revoke_document
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import RoleAssignment, Unit
from leave import ledger, notifications, permissions
from leave.approvals import Case, Resolver
from leave.enums import WAITING, RequestState, StepKind
from leave.models import HeldPeriod, LeaveRequest, LeaveStep, RequestDay
from leave.services.guards import check_version, locked_request, verb
from leave.services.planning import DAY, Plan, RequestData, make_plan, refuse_plan
from leave.services.steps import Seat, announce, fill, move_request, open_step, reassign, stop_waiting
from leave.workflow import Action

_FIELDS = ("type", "start", "end", "reason", "address", "phone", "stand_in", "abroad", "country", "ground")


@verb
def save_draft(
    *,
    actor: Any,
    employee: Employee,
    data: RequestData,
    request: LeaveRequest | None = None,
    key: uuid.UUID | None = None,
) -> LeaveRequest:
    """Keep what was typed so far. Only what the database could not hold is refused.

    `key`: the id that a page gave its draft before anything was saved, so that sending it twice makes one.
    """
    demand(permissions.can_file(actor, employee))
    _check_shape(employee, data)
    if request is None and key is not None:
        request = LeaveRequest.objects.filter(pk=key, employee=employee).first()
    if request is None:
        ledger.locked_account(employee)
        draft = _new_draft(employee, data, key)
        draft.save(force_insert=True)
        return draft
    request = locked_request(request)
    demand(permissions.can_edit(actor, request))
    if request.state == RequestState.DRAFT:
        return _change_draft(request, data)
    return _edit(request, data, actor=actor)


def _new_draft(employee: Employee, data: RequestData, key: uuid.UUID | None) -> LeaveRequest:
    """Not in the database yet."""
    request = LeaveRequest(employee=employee, **({"id": key} if key else {}))
    _write(request, data)
    return request


def _change_draft(request: LeaveRequest, data: RequestData) -> LeaveRequest:
    _write(request, data)
    request.version += 1
    request.save()
    return request


@verb
def discard(*, actor: Any, request: LeaveRequest) -> None:
    """Throw a draft away with its attachments; one that came back from the personnel staff stays as withdrawn."""
    request = locked_request(request)
    demand(permissions.can_discard(actor, request))
    if request.submitted_at is not None:
        _withdraw(request, actor=actor, reason="")
        return
    StoredFile.objects.filter(subject_type=request._meta.label_lower, subject_id=request.pk).delete()
    request.delete()


@verb
def submit(*, actor: Any, request: LeaveRequest, version: int | None = None) -> LeaveRequest:
    """File a draft: reserve its days and let it wait for the first box. Doing it twice changes nothing."""
    request = locked_request(request)
    if request.state in WAITING and permissions.is_own(actor, request.employee):
        return request
    demand(permissions.can_submit(actor, request))
    check_version(request, version)
    return _submit(request, actor=actor)


def _submit(request: LeaveRequest, *, actor: Any) -> LeaveRequest:
    plan = _checked_plan(request, RequestData.of(request), actor=actor)
    rows = _hold(request, plan)
    rows += move_request(
        request,
        Action.SUBMIT,
        actor=actor,
        data={"days": plan.charged_days},
        charged_days=plan.charged_days,
        submitted_at=timezone.now(),
    )
    insert_together([*rows, _first_step(request, plan)])
    return request


def _sent_before(slot: Slots) -> Any:
    same = Q(type=slot("type"), start=slot("start"), end=slot("end"), state__in=WAITING, reason=slot("reason"))
    mine = LeaveRequest.objects.filter(same | Q(pk=slot("key")), employee=slot("employee"))
    return mine.order_by("-submitted_at")[:1]


_SENT_BEFORE: Prepared[LeaveRequest] = Prepared(_sent_before)


@verb
def file_request(
    *, actor: Any, employee: Employee, data: RequestData, key: uuid.UUID | None = None
) -> LeaveRequest:
    """Draft and submit in one; the same request sent twice (a double click) is filed once.

    `key`: as in `save_draft`.
    """
    demand(permissions.can_file(actor, employee))
    _check_shape(employee, data)
    ledger.locked_account(employee)
    found = _SENT_BEFORE.first(
        employee=employee.pk, key=key, type=data.type, start=data.start, end=data.end, reason=data.reason.strip()
    )
    if found is None:
        return _submit(_new_draft(employee, data, key), actor=actor)
    if found.state != RequestState.DRAFT:
        return found
    return _submit(_change_draft(locked_request(found), data), actor=actor)


@verb
def edit(*, actor: Any, request: LeaveRequest, data: RequestData, version: int | None = None) -> LeaveRequest:
    """Change a submitted request that nobody has touched: its days are counted and reserved afresh."""
    request = locked_request(request)
    demand(permissions.can_edit(actor, request))
    check_version(request, version)
    _check_shape(request.employee, data)
    if request.state == RequestState.DRAFT:
        return _change_draft(request, data)
    return _edit(request, data, actor=actor)


def _edit(request: LeaveRequest, data: RequestData, *, actor: Any) -> LeaveRequest:
    before = {"start": request.start, "end": request.end, "days": request.charged_days}
    plan = _checked_plan(request, data, actor=actor)
    request.days.all().delete()
    request.held.all().delete()
    _write(request, data)
    rows = _hold(request, plan)
    rows += move_request(
        request,
        Action.EDIT,
        actor=actor,
        data={"before": before},
        charged_days=plan.charged_days,
        **{name: getattr(request, name) for name in _FIELDS},
    )
    insert_together(rows)
    _follow_edit(request)
    return request


@verb
def withdraw(*, actor: Any, request: LeaveRequest, reason: str = "") -> LeaveRequest:
    """Take a request back before its first day: reserved days are freed, granted ones given back."""
    request = locked_request(request)
    if request.state == RequestState.WITHDRAWN and permissions.is_own(actor, request.employee):
        return request
    demand(permissions.can_withdraw(actor, request))
    _withdraw(request, actor=actor, reason=reason)
    return request


def _withdraw(request: LeaveRequest, *, actor: Any, reason: str) -> None:
    steps = list(request.steps.select_related("holder", "acted_by"))
    told = [step.acted_by or step.holder for step in steps if step.kind != StepKind.RESPONSE]
    granted = request.state == RequestState.GRANTED
    rows = free_days(request, actor=actor)
    closed = [change for step in steps if step.closed_at is None for change in fill(step, actor=None)]
    insert_together([*rows, *move_request(request, Action.WITHDRAW, actor=actor, reason=reason, along=closed)])
    stop_waiting(request, by=actor)
    if granted:
        told.append(request.stand_in.user if request.stand_in else None)
        for document in IssuedDocument.objects.filter(
            subject_type=request._meta.label_lower, subject_id=request.pk, revoked_at=None
        ):
            revoke_document(document=document, actor=actor, reason=_("Cuti dibatalkan oleh pemohon."))
    notifications.tell(notifications.Withdrawn, request, told)


def free_days(request: LeaveRequest, *, actor: Any) -> list[Model]:
    """What the request reserves or has taken goes back to its buckets (rows for the caller to insert), and it
    holds no dates any more."""
    days, rows = days_of(request), []
    if days:
        book = request_book(request, actor=actor)
        give_back = ledger.give_back if request.state == RequestState.GRANTED else ledger.free
        give_back(book, request, days, on=today())
        ledger.settle(book, [bucket.year for bucket in book.buckets if _charged(bucket, days)], today=today())
        rows = ledger.to_insert(book)
    HeldPeriod.objects.filter(request=request).delete()
    return rows


_DAYS: Prepared[RequestDay] = Prepared(
    lambda slot: RequestDay.objects.filter(request=slot("request")).order_by("date")
)


def days_of(request: LeaveRequest) -> list[RequestDay]:
    return _DAYS.all(request=request.pk)


def request_book(request: LeaveRequest, *, actor: Any) -> ledger.Book:
    return ledger.open_book(
        request.employee.leave_account,
        [today().year],
        employee=request.employee,
        setting=ledger.current_setting(),
        today=today(),
        actor=actor,
    )


def _charged(bucket: Any, days: list[RequestDay]) -> bool:
    return any(day.bucket_id == bucket.pk for day in days)


def _checked_plan(request: LeaveRequest, data: RequestData, *, actor: Any) -> Plan:
    require_fields(
        [
            ("reason", data.reason.strip(), _("Tuliskan alasan cuti.")),
            ("address", data.address.strip(), _("Tuliskan alamat selama menjalankan cuti.")),
            ("phone", data.phone.strip(), _("Tuliskan nomor telepon yang dapat dihubungi.")),
        ]
    )
    plan = make_plan(
        request.employee,
        data,
        account=request.employee.leave_account,
        setting=ledger.current_setting(),
        request=request if request.state == RequestState.SUBMITTED else None,
        source=request,
        on=today(),
        actor=actor,
    )
    refuse_plan(plan)
    return plan


def _hold(request: LeaveRequest, plan: Plan) -> list[Model]:
    """Rows that reserve the days and hold the dates; PostgreSQL has the last word on both."""
    days = ledger.reserve(plan.book, request, plan.allocation.charges, on=today())
    return [*ledger.to_insert(plan.book), *days, held_period(request, plan.data.start, plan.data.end)]


def held_period(request: LeaveRequest, start: datetime.date, end: datetime.date) -> HeldPeriod:
    return HeldPeriod(request=request, employee=request.employee, period=DateRange(start, end + DAY))


def _first_step(request: LeaveRequest, plan: Plan) -> LeaveStep:
    resolver = Resolver(Case.of(request), today())
    setting = plan.book.setting
    if resolver.needs_check():
        return open_step(request, StepKind.CHECK, checker(request), plan.deadline(setting.check_days))
    seat = Seat.of(resolver.opinion())
    return open_step(request, StepKind.OPINION, seat, plan.deadline(setting.opinion_days))


def checker(request: LeaveRequest) -> Seat:
    """The personnel officer of the nearest unit; any other of them may check as well."""
    path = request.employee.current_path
    paths = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
    assigned = RoleAssignment.objects.in_force(today()).filter(
        role=Role.HR_UNIT, unit__path__in=paths, user__is_active=True
    )
    assigned = assigned.exclude(user=request.employee.user_id).select_related("user", "unit")
    found = max(assigned.order_by("valid_from", "id"), key=lambda row: row.unit.depth, default=None)
    if found is None:
        return Seat(None, missing=_("Unit ini belum mempunyai pengelola kepegawaian."))
    return Seat(found.user, capacity=str(Role.HR_UNIT.label))


def _follow_edit(request: LeaveRequest) -> None:
    """The box still waits; its holder may be another, and the work item shows the new dates."""
    step = permissions.open_step(request)
    if step is None or step.kind == StepKind.CHECK or reassign(step):
        return
    announce(request, step, Seat(step.holder, step.capacity, step.principal))


def _check_shape(employee: Employee, data: RequestData) -> None:
    problems = []
    if data.end < data.start:
        sentence = _("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")
        problems.append(Problem(sentence, rule="period", field="end"))
    if data.abroad and not data.country.strip():
        sentence = _("Sebutkan negara tujuan cuti ke luar negeri.")
        problems.append(Problem(sentence, rule="CT-COUNTRY", field="country"))
    if data.stand_in is not None and data.stand_in.pk == employee.pk:
        problems.append(Problem(_("Pengganti harus orang lain."), rule="stand-in", field="stand_in"))
    if problems:
        raise RuleRefused(problems)


def _write(request: LeaveRequest, data: RequestData) -> None:
    for name in _FIELDS:
        value = getattr(data, name)
        setattr(request, name, value.strip() if isinstance(value, str) else value)
    if not request.abroad:
        request.country = ""
