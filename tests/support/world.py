"""One government with one of each thing that an address can name, and a user of every role.

Every address names what belongs to `employee`, whose head is `superior` and whose office is headed by `decider`.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.calendars.models import Holiday, UnitPattern
from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.models import Delegation, Employee, ImportBatch, PersonPattern
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import Job
from leave.services import credit_collective_leave
from tests.employees.factories import EmployeeFactory, Government, UserFactory, make_head
from tests.leave.factories import Flow, make_leave_government
from tests.support import feedback_world
from tests.support.evaluations_world import evaluations_objects
from tests.support.feedback_world import feedback_objects
from tests.units.factories import RoleAssignmentFactory, UnitFactory

TODAY = "2026-03-02T02:00:00+00:00"
"""The moment its dates are made for."""
FIXED = {
    "act": "keluarkan",
    "code": "my",
    "name": "look.css",
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

    gov: Government
    people: dict
    objects: dict

    def kwargs(self, route: str, names: tuple[str, ...]) -> dict:
        values = (
            FIXED
            | feedback_world.FIXED
            | self.objects["*"]
            | self.objects.get(route, self.objects.get(route.split(":")[0], {}))
        )
        for overrides, name in ((OWN_KIND, "kind"), (OWN_NAME, "name"), (OWN_CODE, "code")):
            if route in overrides:
                values = values | {name: overrides[route]}
        return {name: values[name] for name in names}


def people_of(gov) -> dict:
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
        "whistle_officer": EmployeeFactory(unit=other).user,
        "complaint_admin": EmployeeFactory(unit=other).user,
        "complaint_liaison": EmployeeFactory(unit=gov.office).user,
        "admin": EmployeeFactory(unit=gov.personnel).user,
    }
    users["admin"].is_staff = True
    users["admin"].save()
    for role in ("citizen", "leader", "inspector", "whistle_officer", "complaint_admin", "admin"):
        RoleAssignmentFactory(user=users[role], role=role)
    RoleAssignmentFactory(user=users["hr_unit"], role=Role.HR_UNIT, unit=gov.office)
    RoleAssignmentFactory(user=users["complaint_liaison"], role=Role.COMPLAINT_LIAISON, unit=gov.office)
    RoleAssignmentFactory(user=users["hr_elsewhere"], role=Role.HR_UNIT, unit=other)
    return users


def _worked_on_collective_leave(employee: Employee, officer: User) -> datetime.date:
    missed = datetime.date(2026, 2, 16)
    Holiday.objects.create(date=missed, kind="collective", name_id="Cuti bersama", name_en="Collective leave")
    credit_collective_leave(actor=officer, employee=employee, missed=missed, order_number="800/1")
    return missed


def objects_of(gov, users) -> dict:
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
            "missed": _worked_on_collective_leave(employee, users["hr_central"]),
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
    return ids | feedback_objects(gov, users) | evaluations_objects(gov, users)


def make_world() -> World:
    gov = make_leave_government()
    users = people_of(gov)
    return World(gov, users, objects_of(gov, users))
