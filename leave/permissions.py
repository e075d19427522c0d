"""One predicate per right over leave; each denial says why. Scope is on the QuerySets.

The predicates over a request take its open step, so that a page asks the database for it once.
"""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.dates import today
from kepegawaian.units.models import covers, scope_paths, within
from leave.approvals import Case, Resolver
from leave.enums import RequestState, StepKind
from leave.models import LeaveRequest, LeaveStep
from leave.workflow import Action, move

NOT_YOURS = Denied(_("Hanya pemohon sendiri yang boleh melakukan ini."))
NOT_VISIBLE = Denied(_("Permohonan ini di luar wilayah kewenangan Anda."))
NOT_HOLDER = Denied(_("Permohonan ini sedang tidak menunggu Anda."))
NOT_ONESELF = Denied(_("Tidak seorang pun memutuskan cutinya sendiri."))
TOUCHED = Denied(_("Permohonan yang sudah diproses tidak dapat diubah; batalkan lalu ajukan lagi."))
CLOSED = Denied(_("Permohonan ini sudah selesai diproses."))
STARTED = Denied(
    _("Cuti sudah dimulai. Sisa harinya hanya dapat dibatalkan melalui pejabat yang memberikan cuti.")
)
NEVER_FILED = Denied(_("Draf yang belum diajukan tidak perlu dibatalkan; hapus saja."))
FILED = Denied(_("Permohonan ini sudah diajukan; batalkan saja."))
NOT_DECIDER = Denied(_("Hanya pejabat yang berwenang memberikan cuti yang boleh melakukan ini."))
NOT_RUNNING = Denied(_("Hanya cuti yang sedang dijalani yang dapat diakhiri lebih awal."))
NO_OFFER = Denied(_("Tidak ada perubahan yang menunggu jawaban Anda."))
NOT_MANAGER = Denied(_("Hanya pengelola kepegawaian BKPSDM yang boleh melakukan ini."))
NOT_OVERSEER = Denied(_("Daftar ini untuk pimpinan dan pengelola kepegawaian."))
NOT_CHECKER = Denied(_("Hanya pengelola kepegawaian yang memeriksa kelengkapan permohonan cuti."))
NOT_IN_SCOPE = Denied(_("Saldo cuti pegawai ini di luar wilayah kewenangan Anda."))
NO_RECORD = Denied(_("Akun Anda tidak terhubung dengan data pegawai."))


def is_own(user: Any, employee: Employee) -> bool:
    return employee.user_id is not None and employee.user_id == user.pk


def open_step(request: LeaveRequest) -> LeaveStep | None:
    return request.steps.filter(closed_at=None).first()


def is_untouched(request: LeaveRequest) -> bool:
    """Submitted, and nobody has filled a box since."""
    if request.state != RequestState.SUBMITTED:
        return False
    return not request.steps.filter(closed_at__gte=request.submitted_at).exists()


# --- The applicant --------------------------------------------------------------------------------
def can_file(user: Any, employee: Employee | None) -> Answer:
    if employee is None:
        return NO_RECORD
    return ALLOWED if is_own(user, employee) else NOT_YOURS


def can_view(user: Any, request: LeaveRequest) -> Answer:
    """The same requests as `LeaveRequest.objects.visible_to`, for one object at hand."""
    if is_own(user, request.employee):
        return ALLOWED
    visible = LeaveRequest.objects.visible_to(user).filter(pk=request.pk).exists()
    return ALLOWED if visible else NOT_VISIBLE


def can_submit(user: Any, request: LeaveRequest) -> Answer:
    if not is_own(user, request.employee):
        return NOT_YOURS
    return ALLOWED if move(request.state, Action.SUBMIT) else CLOSED


def can_edit(user: Any, request: LeaveRequest) -> Answer:
    """A draft, or what was submitted and not touched by anybody."""
    if not is_own(user, request.employee):
        return NOT_YOURS
    if request.state == RequestState.DRAFT or is_untouched(request):
        return ALLOWED
    return TOUCHED


def can_withdraw(user: Any, request: LeaveRequest) -> Answer:
    """Free before the leave starts; from its first day on only the rest, through the decider."""
    if not is_own(user, request.employee):
        return NOT_YOURS
    if move(request.state, Action.WITHDRAW) is None:
        return CLOSED
    if request.submitted_at is None:
        return NEVER_FILED
    if request.state == RequestState.GRANTED and request.start <= today():
        return STARTED
    return ALLOWED


def can_discard(user: Any, request: LeaveRequest) -> Answer:
    if not is_own(user, request.employee):
        return NOT_YOURS
    return ALLOWED if request.state == RequestState.DRAFT else FILED


def can_respond(user: Any, request: LeaveRequest) -> Answer:
    if not is_own(user, request.employee):
        return NOT_YOURS
    return ALLOWED if request.state == RequestState.OFFERED else NO_OFFER


# --- Those who hold a step ------------------------------------------------------------------------
def can_check(user: Any, request: LeaveRequest, step: LeaveStep | None) -> Answer:
    """The personnel staff of the applicant's unit, whoever of them the step stands with."""
    if step is None or step.kind != StepKind.CHECK:
        return NOT_HOLDER
    if is_own(user, request.employee):
        return NOT_ONESELF
    return ALLOWED if covers(user, Right.CHECK_LEAVE, request.employee.current_path) else NOT_HOLDER


def can_opine(user: Any, request: LeaveRequest, step: LeaveStep | None) -> Answer:
    if step is None or step.kind != StepKind.OPINION:
        return NOT_HOLDER
    return _holds(user, request, step)


def can_decide(user: Any, request: LeaveRequest, step: LeaveStep | None) -> Answer:
    """Who holds box VIII; or who holds box VII and is the decider too: one person fills both in one act."""
    if step is None or step.kind not in (StepKind.OPINION, StepKind.DECISION):
        return NOT_HOLDER
    answer = _holds(user, request, step)
    if answer and step.kind == StepKind.OPINION and not fills_both(user, request):
        return NOT_HOLDER
    return answer


def can_recall(user: Any, request: LeaveRequest) -> Answer:
    """Who decides on such leave today ends a running one early: for urgent service, or at the employee's wish."""
    if is_own(user, request.employee):
        return NOT_ONESELF
    if move(request.state, Action.RECALL) is None or not request.start <= today() <= request.end:
        return NOT_RUNNING
    holder = Resolver(Case.of(request), today()).decision().holder
    return ALLOWED if holder is not None and holder.user.pk == user.pk and user.is_active else NOT_DECIDER


def fills_both(user: Any, request: LeaveRequest) -> bool:
    """Whether the superior `user` is the deciding officer of this request, too."""
    holder = Resolver(Case.of(request), today()).decision().holder
    return holder is not None and holder.user.pk == user.pk


def _holds(user: Any, request: LeaveRequest, step: LeaveStep) -> Answer:
    if is_own(user, request.employee):
        return NOT_ONESELF
    return ALLOWED if step.holder_id == user.pk and user.is_active else NOT_HOLDER


# --- Balances, settings, files --------------------------------------------------------------------
def can_view_balance(user: Any, employee: Employee) -> Answer:
    """One's own, of people below units one heads, in the scope of one's role, and of who waits for one."""
    if is_own(user, employee) or covers(user, Right.VIEW_LEAVE, employee.current_path):
        return ALLOWED
    if within(employee.current_path, headed_paths(user)):
        return ALLOWED
    held = LeaveStep.objects.filter(holder_id=user.pk, closed_at=None, request__employee=employee)
    return ALLOWED if held.exists() else NOT_IN_SCOPE


def can_enter_opening(user: Any, employee: Employee) -> Answer:
    if not covers(user, Right.MANAGE_LEAVE, employee.current_path):
        return NOT_MANAGER
    return NOT_ONESELF if is_own(user, employee) else ALLOWED


def can_credit(user: Any, employee: Employee) -> Answer:
    return can_enter_opening(user, employee)


def can_manage(user: Any) -> Answer:
    """The decider table, the settings and the year's end concern the whole government."""
    return ALLOWED if scope_paths(user, Right.MANAGE_LEAVE) is None else NOT_MANAGER


def can_oversee(user: Any) -> Answer:
    """The list of requests: for whoever has a role over leave or heads a unit. Its rows are in scope anyway."""
    return ALLOWED if scope_paths(user, Right.VIEW_LEAVE) != [] or headed_paths(user) else NOT_OVERSEER


def can_check_anywhere(user: Any) -> Answer:
    return ALLOWED if scope_paths(user, Right.CHECK_LEAVE) != [] else NOT_CHECKER


def can_manage_anywhere(user: Any) -> Answer:
    """Enter earlier years for the people of some unit."""
    return ALLOWED if scope_paths(user, Right.MANAGE_LEAVE) != [] else NOT_MANAGER


def can_read_letter(user: Any, request_id: uuid.UUID) -> bool:
    """Whoever may see the request."""
    return LeaveRequest.objects.visible_to(user).filter(pk=request_id).exists()


def can_read_attachment(user: Any, request_id: uuid.UUID) -> bool:
    """The applicant, those who hold or held a step, and the personnel staff who process it; nobody who merely
    looks on."""
    return LeaveRequest.objects.attachments_open_to(user).filter(pk=request_id).exists()
