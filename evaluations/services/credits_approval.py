"""*Penetapan angka kredit*: who assesses the person establishes the sum that *Akumulasi* and PAK print, or gives
it back (PerBKN 3/2023; performance reference 11). Nothing is printed with a number before that."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import ApprovalState
from evaluations.links_follow_up import credits_url
from evaluations.models import CreditApproval
from evaluations.notifications import follow_up as notices
from evaluations.notifications.common import performance_office
from evaluations.papers.kinds import OF_CREDITS
from evaluations.permissions.follow_up import can_approve_credits, can_ask_credits, can_enter_credits
from evaluations.permissions.ratings import able
from evaluations.selectors.credits import approval_of, entries_of, has_conversion
from evaluations.selectors.duties import able as can_act
from evaluations.selectors.duties import capacity_of
from evaluations.selectors.line import part_now, superior_of_assessor
from evaluations.services.common import UNREAD, refused, verb
from evaluations.services.credits import TABLE, locked_employee
from evaluations.services.papers import order, revoke
from kepegawaian.audit.services import record
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.notifications.services import notify
from kepegawaian.work.services import close_item, open_item

ITEM, RETURNED_ITEM = "evaluations.credits_approve", "evaluations.credits_returned"
ESTABLISHED = "Diganti dokumen yang ditetapkan di portal"
"""Data of the page of a QR code, not a text of a page."""
IN_FORCE = (ApprovalState.WAITING, ApprovalState.APPROVED)


@verb
def ask(*, actor: Any, employee: Employee) -> CreditApproval:
    """By the person, the assessor or HR; where it waits or is established already, as it is."""
    employee = locked_employee(employee)
    demand(can_ask_credits(actor, employee))
    known = approval_of(employee)
    if known is not None and known.state in IN_FORCE:
        return known
    _require_sum(employee)
    row = CreditApproval.objects.create(employee=employee, asked_by=actor)
    record("evaluations.credits_asked", row, actor=actor, data={"employee": employee.pk})
    close_item(kind=RETURNED_ITEM, subject=employee, by=actor)
    _wait(row)
    return row


@verb
def approve(*, actor: Any, employee: Employee, seen: uuid.UUID) -> CreditApproval:
    """`seen`: the last movement that the assessor read; nobody approves what he did not see."""
    employee = locked_employee(employee)
    row = approval_of(employee)
    if row is not None and row.state == ApprovalState.APPROVED and row.entry_id == seen and _by(row, actor):
        return row
    row = _waiting(row, actor)
    _require_sum(employee)
    newest = entries_of(employee).last()
    if newest is None or newest.pk != seen:
        raise StateChanged(UNREAD)
    row.entry = newest
    _decide(row, ApprovalState.APPROVED, actor=actor)
    revoke(OF_CREDITS, employee.pk, reason=ESTABLISHED, actor=actor)
    order(OF_CREDITS, employee.pk, actor=actor)
    return row


@verb
def give_back(*, actor: Any, employee: Employee, reason: str) -> CreditApproval:
    """To HR, or to whom of HR asked; the person and who asked are told why."""
    employee = locked_employee(employee)
    row = approval_of(employee)
    if (
        row is not None
        and row.state == ApprovalState.RETURNED
        and row.reason == reason.strip()
        and _by(row, actor)
    ):
        return row
    row = _waiting(row, actor)
    require_fields([("reason", reason.strip(), _("Tuliskan alasan pengembalian."))])
    row.reason = reason.strip()[:200]
    _decide(row, ApprovalState.RETURNED, actor=actor)
    asker = row.asked_by if can_enter_credits(row.asked_by, employee) else None
    _open(RETURNED_ITEM, employee, asker or _office(employee))
    return row


def hand_over(employees: list[uuid.UUID], *, actor: Any = None) -> int:
    """What waits goes to who assesses these people now; how many moved. Called inside the transaction of the
    change, and every night."""
    rows = CreditApproval.objects.filter(employee__in=employees, state=ApprovalState.WAITING)
    moved = 0
    for found in list(rows.select_related("employee")):
        row = approval_of(locked_employee(found.employee))
        if row is not None and row.state == ApprovalState.WAITING:
            moved += _wait(row, actor=actor)
    return moved


@verb
def pass_on() -> int:
    """Every night: who was to establish a sum and can act no more leaves it to the next one."""
    stuck = CreditApproval.objects.filter(state=ApprovalState.WAITING).exclude(can_act("approver"))
    return hand_over(list(stuck.values_list("employee", flat=True)))


def _waiting(row: CreditApproval | None, actor: Any) -> CreditApproval:
    """Who decided otherwise meanwhile, on another page, is told so; everybody else has nothing to decide here."""
    if row is not None and row.state != ApprovalState.WAITING and _by(row, actor):
        raise StateChanged(UNREAD)
    demand(can_approve_credits(actor, row))
    assert row is not None
    return row


def _decide(row: CreditApproval, state: ApprovalState, *, actor: Any) -> None:
    employee = row.employee
    row.state, row.decided_at = state, timezone.now()
    row.save()
    close_item(kind=ITEM, subject=employee, by=actor)
    data = {"employee": employee.pk, "entry": row.entry_id, "reason": row.reason}
    approved = state == ApprovalState.APPROVED
    what = "evaluations.credits_approved" if approved else "evaluations.credits_returned"
    record(what, row, actor=actor, data=data)
    told = [user for user in (employee.user, row.asked_by) if user is not None and user != actor]
    context = {"name": employee.full_name, "state": state, "reason": row.reason}
    notify(notices.CreditsDecided, list(dict.fromkeys(told)), str(row.pk), context, credits_url(employee))


def _by(row: CreditApproval, actor: Any) -> bool:
    return row.approver is not None and row.approver.user_id == actor.pk


def _require_sum(employee: Employee) -> None:
    if not has_conversion(employee):
        message = _("Belum ada konversi predikat yang dapat ditetapkan.")
        raise refused(message, rule="no_sum", citation=TABLE)


def _wait(row: CreditApproval, *, actor: Any = None) -> bool:
    """For who establishes it; where nobody can, for HR, who then corrects the assessor. Whether it is another."""
    before = row.approver_id
    approver, row.capacity = _approver_of(row.employee)
    row.approver = approver
    row.save(update_fields=["approver", "capacity"])
    _open(ITEM, row.employee, approver.user if approver else _office(row.employee))
    moved = before != row.approver_id
    if moved:
        data = {"from": before, "to": row.approver_id}
        record("evaluations.credits_waiting", row, actor=actor or row.asked_by, data=data)
    return moved


def _approver_of(employee: Employee) -> tuple[Employee | None, str]:
    """The assessor of now and as what he assesses; the next one above where he cannot act (reference 3)."""
    part = part_now(employee)
    if part is None:
        return None, ""
    if part.assessor is not None and able(part.assessor):
        return part.assessor, capacity_of(part, part.assessor, today()) or part.assessor.current_position[:120]
    above = superior_of_assessor(part)
    return (above, above.current_position[:120]) if above is not None and able(above) else (None, "")


def _office(employee: Employee) -> Any:
    return next((user for user in performance_office() if user.pk != employee.user_id), None)


def _open(kind: str, employee: Employee, holder: Any) -> None:
    context = {"line": employee.current_position}
    open_item(
        kind=kind,
        subject=employee,
        holder=holder,
        title=employee.full_name,
        url=credits_url(employee),
        context=context,
    )
