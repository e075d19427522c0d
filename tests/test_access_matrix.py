"""Every route x every role: what a GET and an empty POST answer. A route that is not listed fails.

`UPDATE_ACCESS_MATRIX=1 pytest tests/test_access_matrix.py -n 0` rewrites access_matrix.json; read the difference
line by line before committing it. "login" is the way to the sign-in page. The object in every address belongs to
`employee`, whose head is `superior` and whose office is headed by `decider`.
"""

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.calendars.models import Holiday, UnitPattern
from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.models import Delegation, ImportBatch, PersonPattern
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import Job
from tests.employees.factories import EmployeeFactory, UserFactory, make_head
from tests.leave.factories import Flow, make_leave_government
from tests.support.routes import routes
from tests.units.factories import RoleAssignmentFactory, UnitFactory

FILE = Path(__file__).with_name("access_matrix.json")
UPDATE = os.environ.get("UPDATE_ACCESS_MATRIX") == "1"
ROLES = (
    "anonymous",
    "citizen",
    "employee",
    "colleague",
    "outsider",
    "superior",
    "decider",
    "hr_unit",
    "hr_elsewhere",
    "hr_central",
    "leader",
    "inspector",
    "complaint_admin",
    "admin",
)
FIXED = {
    "code": "my",
    "name": "look.css",
    "slug": "tidak-ada",
    "kind": "leave.opinion",
    "year": 2026,
    "month": 3,
    "token": "tidak-ada",
    "key": "tidak-ada",
    "uidb36": "0",
    "provider_id": "tidak-ada",
}
OWN_KIND = {"employee_imports:blank": "csv", "employee_imports:error_sheet": "csv"}
OWN_NAME = {"employee_imports:blank": "siasn", "work:bulk": "opinion"}
OWN_CODE = {"accounts:activate_link": "TIDAK-ADA"}


@dataclass
class World:
    """One government with one of each thing that an address can name."""

    people: dict
    objects: dict

    def kwargs(self, route: str, names: tuple[str, ...]) -> dict:
        values = FIXED | self.objects["*"] | self.objects.get(route, self.objects.get(route.split(":")[0], {}))
        for overrides, name in ((OWN_KIND, "kind"), (OWN_NAME, "name"), (OWN_CODE, "code")):
            if route in overrides:
                values = values | {name: overrides[route]}
        return {name: values[name] for name in names}


def _people(gov) -> dict:
    other = UnitFactory(office=True, name="Dinas Sosial", parent=gov.root)
    users = {
        "citizen": UserFactory(name="Warga"),
        "employee": gov.employee.user,
        "colleague": gov.colleague.user,
        "outsider": EmployeeFactory(unit=other).user,
        "superior": gov.section_head.user,
        "decider": gov.office_head.user,
        "hr_unit": EmployeeFactory(unit=gov.office).user,
        "hr_elsewhere": EmployeeFactory(unit=other).user,
        "hr_central": gov.hr.user,
        "leader": gov.secretary.user,
        "inspector": EmployeeFactory(unit=other).user,
        "complaint_admin": EmployeeFactory(unit=other).user,
        "admin": EmployeeFactory(unit=gov.personnel).user,
    }
    users["admin"].is_staff = True
    users["admin"].save()
    for role in ("citizen", "leader", "inspector", "complaint_admin", "admin"):
        RoleAssignmentFactory(user=users[role], role=role)
    RoleAssignmentFactory(user=users["hr_unit"], role=Role.HR_UNIT, unit=gov.office)
    RoleAssignmentFactory(user=users["hr_elsewhere"], role=Role.HR_UNIT, unit=other)
    return users


def _objects(gov, users) -> dict:
    employee, request = gov.employee, Flow(gov).submitted()
    attachment = StoredFile.objects.create(
        subject_type="leave.leaverequest",
        subject_id=request.pk,
        file=SimpleUploadedFile("surat.pdf", b"%PDF-1.4"),
        name="surat.pdf",
        mime="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=employee.user,
    )
    holiday = Holiday.objects.create(date="2026-03-19", kind="national", name_id="Nyepi", name_en="Nyepi")
    delegation = Delegation.objects.create(
        principal=employee,
        delegate=gov.colleague,
        valid_from="2026-03-01",
        valid_to="2026-03-31",
        decree_number="1",
    )
    pattern = PersonPattern.objects.create(employee=employee, kind="six_day", valid_from="2026-03-01")
    plt = make_head(UnitFactory(name="Seksi Gizi", parent=gov.section), HoldingKind.PLT)
    job = Job.objects.create(kind="leave.year_end", owner=users["hr_central"])
    batch = ImportBatch.objects.create(layout="siasn", state="preview", created_by=users["hr_central"])
    told = Message.objects.filter(recipient=users["superior"], kind="leave.waiting").latest("id")
    message = Message.objects.create(recipient=employee.user, kind=told.kind, key="1", context=told.context)
    ids = {
        "*": {
            "pk": employee.pk,
            "employee_id": employee.pk,
            "unit_id": gov.section.pk,
            "holiday_id": holiday.pk,
            "pattern_id": UnitPattern.objects.first().pk,
            "file_id": attachment.pk,
            "job_id": job.pk,
            "message_id": message.pk,
            "row": uuid.UUID(int=0),
            "uid": uuid.UUID(int=0),
        },
        "mfa_edit_webauthn": {"pk": 1},
        "mfa_remove_webauthn": {"pk": 1},
        "leave": {"pk": request.pk, "employee_id": employee.pk},
        "units": {"pk": gov.section.pk},
        "heads": {"pk": plt.holdings.get(heads__isnull=False).heads_id},
        "employee_imports": {"pk": batch.pk},
        "employee_activation": {"pk": gov.section.pk},
        "leave_api": {"pk": request.pk},
        "api:notice-read": {"pk": message.pk},
        "api:unit-detail": {"pk": gov.section.pk},
        "employees:end_delegation": {"pk": employee.pk, "row": delegation.pk},
        "employees:end_pattern": {"pk": employee.pk, "row": pattern.pk},
    }
    holding = employee.holdings.get()
    rank = employee.ranks.get()
    for name in ("correct", "end", "withdraw"):
        ids[f"employees:{name}_position"] = {"pk": employee.pk, "row": holding.pk}
        ids[f"employees:{name}_rank"] = {"pk": employee.pk, "row": rank.pk}
    return ids


@pytest.fixture
def world(db, time_machine) -> World:
    time_machine.move_to("2026-03-02T02:00:00+00:00", tick=False)
    gov = make_leave_government()
    users = _people(gov)
    return World(users, _objects(gov, users))


def _answer(client: Client, method: str, url: str) -> str:
    with transaction.atomic():
        json_body = {"content_type": "application/json"} if "/api/" in url and method == "post" else {}
        response = getattr(client, method)(url, **json_body)
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith(
        reverse("account_login") + "?next="
    ):
        return "login"
    return str(response.status_code)


def _matrix() -> dict[str, dict[str, str]]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def _write(role: str, found: dict[str, str]) -> None:
    table = _matrix()
    fresh = {route: table.get(route, {}) | {role: found[route]} for route in found}
    ordered = {route: {name: row[name] for name in ROLES if name in row} for route, row in sorted(fresh.items())}
    lines = [f" {json.dumps(route)}: {json.dumps(row)}" for route, row in ordered.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_listed(role, world):
    found = {}
    for route, names in routes().items():
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(world.people[role])
        url = reverse(route, kwargs=world.kwargs(route, names))
        found[route] = f"{_answer(client, 'get', url)} {_answer(client, 'post', url)}"
    if UPDATE:
        _write(role, found)
    listed = {route: row.get(role) for route, row in _matrix().items()}
    assert found == listed


def test_no_listed_answer_is_a_server_error():
    """But that of a portal whose worker does not run, which is what /health/ready/ is there to say."""
    table = {route: row for route, row in _matrix().items() if route != "health_ready"}
    assert [(route, role) for route, row in table.items() for role, answer in row.items() if "50" in answer] == []
    assert all(set(row) == set(ROLES) for row in table.values())
