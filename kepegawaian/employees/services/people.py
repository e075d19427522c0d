"""The verbs of a person's own facts: enter, change with the old value kept, number, leave service, reveal."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import services as accounts
from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.employees import permissions, rules
from kepegawaian.employees.enums import ACTIVE_STATES, AsnStatus, LegalState, NumberKind
from kepegawaian.employees.models import Employee, EmployeeNumber, PositionHolding, RankHolding
from kepegawaian.employees.registry import HolderChange, holder_changed
from kepegawaian.employees.services.current import refresh_current
from kepegawaian.employees.services.guards import DAY, clean, constraints_in_words, lock, refuse
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.units.models import Unit

RESTRICTED = ("nik", "npwp", "bpjs", "phone", "address")
"""Masked for everybody until shown for a reason, and every showing is recorded (UU 27/2022)."""
EDITABLE = (
    *("name", "title_front", "title_back", "birth_place", "birth_date", "sex", "religion", "marital_status"),
    *("nik", "npwp", "bpjs", "phone", "email", "email_gov", "address"),
    *("status", "legal_state", "tmt_cpns", "tmt_pns", "sk_cpns", "sk_cpns_date", "sk_pns", "sk_pns_date"),
    *("contract_start", "contract_end", "education_level", "education", "education_year", "school"),
)


@transaction.atomic
def create_employee(
    *,
    nip: str,
    name: str,
    status: str,
    unit: Unit | None = None,
    kind: str = "",
    number_from: datetime.date | None = None,
    account: bool = True,
    actor: User | None = None,
    **facts: Any,
) -> Employee:
    """Enter a person with the number in force and, unless told otherwise, an account without a password.

    `unit` only says whose HR may do it; the position is a row of its own (`add_position`). `facts` are fields
    of Employee. Refuses a number with errors; warnings are the caller's to show.
    """
    if actor is not None:
        demand(permissions.can_create(actor, unit))
    nip = rules.clean_number(nip)
    parts = _checked_number(nip, status, facts)
    employee = Employee(name=name.strip(), status=status, **facts)
    if parts is not None:
        employee.birth_date = employee.birth_date or parts.birth_date
        employee.sex = employee.sex or parts.sex
        if status in (AsnStatus.PNS, AsnStatus.CPNS):
            employee.tmt_cpns = employee.tmt_cpns or parts.tmt_cpns
    clean(employee, "name", "status", *facts)
    with constraints_in_words(EmployeeNumber, "nip"):
        if account:
            email = facts.get("email_gov") or facts.get("email") or None
            employee.user = accounts.create_for_employee(nip=nip, name=employee.name, email=email)
        employee.save(force_insert=True)
        EmployeeNumber.objects.create(
            employee=employee,
            kind=kind or (NumberKind.NI_PPPK if status in rules.PPPK_STATUSES else NumberKind.NIP),
            value=nip,
            valid_from=number_from or employee.tmt_cpns or employee.contract_start,
        )
    refresh_current([employee.pk])
    record("employees.created", employee, actor=actor, data={"status": status, "fields": sorted(facts)})
    employee.refresh_from_db()
    return employee


def _checked_number(nip: str, status: str, facts: Mapping[str, Any]) -> rules.NumberParts | None:
    """An elected official may have a number of any shape; an ASN's must be a possible one."""
    if status == AsnStatus.OFFICIAL and rules.parse_number(nip) is None:
        if not nip:
            raise refuse(_("Nomor masuk wajib diisi."), "nip")
        return None
    findings = rules.check_number(nip, on=today(), status=status)
    errors = [Problem(f.message, rule=f.code, field="nip") for f in findings if f.level is rules.Level.ERROR]
    if facts.get("nik"):
        nik = rules.check_nik(facts["nik"])
        errors += [Problem(f.message, rule=f.code, field="nik") for f in nik if f.level is rules.Level.ERROR]
    if errors:
        raise RuleRefused(errors)
    return rules.parse_number(nip)


@transaction.atomic
def change_facts(*, employee: Employee, changes: Mapping[str, Any], actor: User | None = None) -> Employee:
    """Change fields of the record; the trail keeps each old and new value. Nothing changed: nothing written."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    differing = {name: value for name, value in changes.items() if getattr(employee, name) != value}
    if not differing:
        return employee
    before = {name: getattr(employee, name) for name in differing}
    for name, value in differing.items():
        setattr(employee, name, value)
    clean(employee, *differing)
    employee.save(update_fields=list(differing))
    if "name" in differing and employee.user_id:
        User.objects.filter(employee=employee).update(name=employee.name)
    data = {name: {"from": before[name], "to": differing[name]} for name in differing}
    record("employees.changed", employee, actor=actor, data=data)
    if "legal_state" in differing:
        holder_changed(_powers_of(employee))
    return employee


def _powers_of(employee: Employee) -> HolderChange:
    headed = PositionHolding.objects.standing().in_force(today()).filter(employee=employee, heads__isnull=False)
    return HolderChange(frozenset(headed.values_list("heads_id", flat=True)), frozenset({employee.pk}))


@transaction.atomic
def change_number(
    *, employee: Employee, nip: str, on: datetime.date, kind: str = "", actor: User | None = None
) -> EmployeeNumber:
    """A new NIP or NI PPPK from `on` (a PPPK's contract elsewhere, a PPPK who becomes CPNS); the old one stays."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    nip = rules.clean_number(nip)
    parts = _checked_number(nip, employee.status, {})
    in_force = employee.numbers.filter(valid_to=None).exclude(kind=NumberKind.OLD_NIP)
    old = in_force.first()
    if old is not None and old.valid_from is not None and old.valid_from >= on:
        raise refuse(_("Nomor yang berlaku dimulai sesudah tanggal itu."), "on")
    in_force.update(valid_to=on - DAY)
    with constraints_in_words(EmployeeNumber, "nip"):
        number = EmployeeNumber.objects.create(
            employee=employee, kind=kind or (parts.kind if parts else NumberKind.NIP), value=nip, valid_from=on
        )
        User.objects.filter(employee=employee).update(nip=nip)
    refresh_current([employee.pk])
    data = {"from": old and old.value, "to": nip, "on": on}
    record("employees.number_changed", employee, actor=actor, data=data)
    return number


@transaction.atomic
def end_service(
    *,
    employee: Employee,
    on: datetime.date,
    legal_state: str = LegalState.RETIRED,
    decree_number: str = "",
    actor: User | None = None,
) -> Employee:
    """The person's last day was `on`: rank and positions end with it, the sign-in ends at once."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    if on >= today():
        raise refuse(_("Catat sesudah hari terakhir bekerja lewat."), "on")
    if legal_state in ACTIVE_STATES:
        raise refuse(_("Kedudukan hukum ini masih aktif."), "legal_state")
    powers = _powers_of(employee)
    for model in (RankHolding, PositionHolding):
        later = model.objects.standing().filter(employee=employee, valid_from__gt=on)
        if later.exists():
            raise refuse(_("Ada riwayat yang mulai sesudah tanggal itu. Perbaiki lebih dahulu."), "on")
        rows = model.objects.standing().filter(employee=employee)
        rows.filter(valid_to=None).update(valid_to=on)
        rows.filter(valid_to__gt=on).update(valid_to=on)
    before, employee.legal_state = employee.legal_state, legal_state
    employee.save(update_fields=["legal_state"])
    if employee.user is not None:
        accounts.deactivate(user=employee.user, actor=actor)
    refresh_current([employee.pk])
    data = {"on": on, "from": before, "to": legal_state, "decree": decree_number}
    record("employees.service_ended", employee, actor=actor, data=data)
    holder_changed(powers)
    return employee


@transaction.atomic
def reveal(*, employee: Employee, fields: tuple[str, ...], reason: str, actor: User) -> dict[str, str]:
    """The restricted values in plain, once, with who read them and why in the trail. One's own need no reason."""
    demand(permissions.can_reveal(actor, employee))
    if set(fields) - set(RESTRICTED):
        raise ValueError(f"not restricted: {fields}")
    reason = reason.strip()
    if not reason and not permissions.is_own(actor, employee):
        raise refuse(_("Tuliskan untuk keperluan apa data ini dibuka."), "reason")
    record("employees.revealed", employee, actor=actor, data={"fields": list(fields), "reason": reason})
    return {name: getattr(employee, name) for name in fields}
