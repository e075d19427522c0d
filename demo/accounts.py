"""Sign-ins for every role, written to a file that `make demo` prints."""

import datetime
import json
import random
import secrets
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from demo.names import LEVELS
from demo.people import Person
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.units.models import RoleAssignment, UnitFunction, UnitKind

SINCE = datetime.date(2024, 1, 1)
LIAISON_OFFICE = "Disdukcapil"
CITIZEN = "warga@contoh.test"
REPORTED = ("DPUPR", "Disdikbud", "Dishub")
"""Offices that the protected channel has reports about; its officers come from others."""
CONFIRMED = (Role.COMPLAINT_ADMIN, Role.COMPLAINT_LIAISON)
"""Who also writes in forums, for which an address has to be confirmed."""


def choose(people: list[Person]) -> dict[str, Person]:
    """Who plays which part: an employee, his superior and deciding officer of one office, HR, leaders."""
    office_head = next(p for p in people if p.heads and p.node.name.startswith("Dinas Kesehatan"))
    office = office_head.node
    superior = next(
        p for p in people if p.heads and p.node.parent is office and any(_reports_to(q, p) for q in people)
    )
    team = [p for p in people if _reports_to(p, superior)]
    employee = min(team, key=lambda p: p.post not in LEVELS)  # a functional official, who earns credit points
    staff = [p for p in people if not p.heads and p.status == "pns" and p is not employee]
    personnel = [p for p in staff if p.node.office.function == UnitFunction.PERSONNEL]
    in_office = [p for p in staff if p.node.office is office and p.node.kind != UnitKind.SERVICE]
    elsewhere = [p for p in staff if p.node.office not in (office,) and p not in personnel]
    admin = _complaint_admin([p for p in people if p.status == "pns" and p not in personnel[:2]])
    others = [p for p in elsewhere if p is not admin]
    liaison = next((p for p in others if p.node.office.short == LIAISON_OFFICE), others[0])
    others = [p for p in others if p is not liaison]
    inspectors = [p for p in others if p.node.office.name.startswith("Inspektorat")] or others[1:]
    taken = (employee, admin, liaison, inspectors[0], *personnel[:2], *in_office[:1])
    keepers = [p for p in [*inspectors[1:], *others[::-1], *staff] if p not in taken]
    return {
        "employee": employee,
        "superior": superior,
        "decider": office_head,
        Role.HR_UNIT: in_office[0],
        Role.HR_CENTRAL: personnel[0],
        Role.COMPLAINT_ADMIN: admin,
        Role.COMPLAINT_LIAISON: liaison,
        Role.LEADER: next(p for p in people if p.heads and p.node.function == UnitFunction.SECRETARIAT),
        Role.INSPECTOR: inspectors[0],
        Role.WHISTLE_OFFICER: next((p for p in keepers if p.node.office.short not in REPORTED), keepers[0]),
        Role.ADMIN: personnel[1],
    }


def _complaint_admin(people: list[Person]) -> Person:
    """Of an office without services, for nobody handles a case about his own: a secretary if there is one."""
    offices = (UnitFunction.SECRETARIAT, UnitFunction.PERSONNEL)
    able = [p for p in people if p.node.office.function in offices and p.node is not p.node.office]
    return min(able, key=lambda p: (offices.index(p.node.office.function), bool(p.heads)))


def _reports_to(person: Person, superior: Person) -> bool:
    return not person.heads and person.node is superior.node and person.status == "pns"


def _scope(role: str, person: Person) -> Any:
    return person.node.office.id if role in (Role.HR_UNIT, Role.COMPLAINT_LIAISON) else None


def open_accounts(people: list[Person], path: Path, rng: random.Random) -> list[dict[str, str]]:
    """Give the chosen people a password and their role; every other account stays without one."""
    password = f"contoh-{secrets.token_hex(4)}"
    hashed = make_password(password)
    rows = []
    for role, person in choose(people).items():
        email = f"{role}@contoh.test"
        User.objects.filter(pk=person.user_id).update(
            password=hashed, email=email, activated_at=timezone.now(), is_staff=role == Role.ADMIN
        )
        if role in Role.values and role != Role.EMPLOYEE:
            RoleAssignment.objects.create(
                user_id=person.user_id, role=role, unit_id=_scope(role, person), valid_from=SINCE
            )
        if role in CONFIRMED:
            EmailAddress.objects.create(user_id=person.user_id, email=email, verified=True, primary=True)
        rows.append({"role": str(role), "login": person.nip, "password": password, "name": person.name})
    citizen = User.objects.create(email=CITIZEN, name="Warga Contoh", password=hashed, activated_at=timezone.now())
    EmailAddress.objects.create(user=citizen, email=CITIZEN, verified=True, primary=True)
    RoleAssignment.objects.create(user=citizen, role=Role.CITIZEN, valid_from=SINCE)
    rows.append({"role": "citizen", "login": CITIZEN, "password": password, "name": citizen.name})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    path.chmod(0o600)
    return rows
