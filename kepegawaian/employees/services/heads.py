"""The verbs of acting for a post: name a head, a Plt or a Plh, and hand authority on for a period."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.employees import permissions
from kepegawaian.employees.enums import ACTIVE_STATES, HoldingKind
from kepegawaian.employees.models import Delegation, Employee, PositionHolding
from kepegawaian.employees.registry import HolderChange, holder_changed
from kepegawaian.employees.services.guards import DAY, check_period, lock, refuse
from kepegawaian.employees.services.histories import finish_on, head_position, place
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.units.models import Unit


@transaction.atomic
def name_head(
    *,
    unit: Unit,
    employee: Employee,
    valid_from: datetime.date,
    kind: str = HoldingKind.DEFINITIVE,
    valid_to: datetime.date | None = None,
    decree_number: str = "",
    decree_date: datetime.date | None = None,
    signer: str = "",
    actor: User | None = None,
) -> PositionHolding:
    """Make a person head of the unit: definitive (which ends his position before), Plt or Plh (beside it)."""
    if actor is not None:
        demand(permissions.can_name_head(actor, unit))
        demand(permissions.can_be_named_by(actor, employee))
    if employee.legal_state not in ACTIVE_STATES:
        raise refuse(_("Pegawai ini tidak berkedudukan hukum aktif."), "employee")
    row = PositionHolding(
        employee=lock(employee),
        position=head_position(unit),
        unit=unit,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        decree_number=decree_number,
        decree_date=decree_date,
        signer=signer,
    )
    return place(row, actor)


@transaction.atomic
def end_head(*, row: PositionHolding, on: datetime.date, actor: User | None = None) -> PositionHolding:
    """The last day of a Plt or Plh, by who may name heads of that unit."""
    if actor is not None:
        demand(permissions.can_name_head(actor, row.heads or row.unit))
    if row.kind == HoldingKind.DEFINITIVE:
        raise refuse(_("Jabatan definitif diakhiri dari riwayat jabatan pegawai."))
    lock(row.employee)
    return finish_on(row, on, "", actor)


@transaction.atomic
def delegate(
    *,
    principal: Employee,
    delegate: Employee,
    valid_from: datetime.date,
    valid_to: datetime.date,
    decree_number: str,
    decree_date: datetime.date | None = None,
    actor: User | None = None,
) -> Delegation:
    """Let `delegate` decide in the name of `principal` for a period, by a written order (*a.n.*)."""
    principal = lock(principal)
    if actor is not None:
        demand(permissions.can_delegate(actor, principal))
    if principal.pk == delegate.pk:
        raise refuse(_("Wewenang dilimpahkan kepada orang lain."), "delegate")
    check_period(valid_from, valid_to)
    if valid_to < today():
        raise refuse(_("Masa pelimpahan sudah lewat."), "valid_to")
    if delegate.legal_state not in ACTIVE_STATES:
        raise refuse(_("Pegawai ini tidak berkedudukan hukum aktif."), "delegate")
    if not decree_number.strip():
        raise refuse(_("Isi nomor surat perintah."), "decree_number")
    headed = _headed(principal, valid_from, valid_to)
    if not headed:
        raise refuse(_("Pejabat ini tidak memimpin unit pada masa itu."), "principal")
    overlapping = Delegation.objects.filter(
        principal=principal, ended_at=None, valid_from__lte=valid_to, valid_to__gte=valid_from
    )
    if overlapping.exists():
        raise refuse(_("Sudah ada pelimpahan wewenang pada masa itu. Akhiri lebih dahulu."), "valid_from")
    row = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        decree_number=decree_number.strip(),
        decree_date=decree_date,
    )
    data = {"delegate": delegate.pk, "from": valid_from, "to": valid_to, "decree": decree_number, "row": row.pk}
    record("employees.delegated", principal, actor=actor, data=data)
    holder_changed(HolderChange(frozenset(headed), frozenset({principal.pk, delegate.pk})))
    return row


def _headed(principal: Employee, start: datetime.date, end: datetime.date) -> list:
    rows = PositionHolding.objects.standing().filter(
        Q(valid_to=None) | Q(valid_to__gte=start), employee=principal, heads__isnull=False, valid_from__lte=end
    )
    return list(rows.values_list("heads_id", flat=True))


@transaction.atomic
def end_delegation(*, row: Delegation, actor: User | None = None) -> Delegation:
    """End it now. One that had begun keeps its days up to yesterday; one to come never begins."""
    principal = lock(row.principal)
    if actor is not None:
        demand(permissions.can_delegate(actor, principal))
    row = Delegation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None:
        raise ApplicationError(_("Pelimpahan wewenang ini sudah diakhiri."))
    row.ended_at = timezone.now()
    last = today() - DAY
    if row.valid_to is not None and row.valid_from <= last < row.valid_to:
        row.valid_to = last
    row.save(update_fields=["ended_at", "valid_to"])
    record("employees.delegation_ended", principal, actor=actor, data={"row": row.pk, "delegate": row.delegate_id})
    headed = frozenset(_headed(principal, row.valid_from, row.valid_to or last))
    holder_changed(HolderChange(headed, frozenset({principal.pk, row.delegate_id})))
    return row
