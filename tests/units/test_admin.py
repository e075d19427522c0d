"""The admin reads people and units; roles are given and ended there, never by oneself, never deleted."""

import datetime

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.employees import services
from kepegawaian.units.models import RoleAssignment
from tests.employees.factories import UserFactory, make_government
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = UserFactory(is_staff=True)
    RoleAssignmentFactory(user=user, role=Role.ADMIN)
    client.force_login(user)
    client.user = user
    return client


@pytest.mark.parametrize(
    "model",
    [
        "units_unit",
        "units_indicator",
        "units_roleassignment",
        "employees_employee",
        "employees_position",
        "employees_delegation",
        "employees_personpattern",
        "employees_dutyday",
        "employees_importbatch",
    ],
)
def test_every_list_opens(admin, model):
    assert admin.get(reverse(f"admin:{model}_changelist")).status_code == 200


def test_people_are_read_without_restricted_fields_and_not_changed(admin):
    gov = make_government(staff=1)
    services.change_facts(employee=gov.employee, changes={"nik": "5371021703850001"})
    page = reverse("admin:employees_employee_change", args=[gov.employee.pk])
    text = admin.get(page).content.decode()
    assert gov.employee.name in text
    assert "5371021703850001" not in text
    assert admin.post(page, {"name": "X"}).status_code == 403
    assert admin.get(reverse("admin:employees_employee_add")).status_code == 403


def test_a_unit_is_read_with_its_history(admin):
    gov = make_government(staff=1)
    assert (
        "Dinas Kesehatan" in admin.get(reverse("admin:units_unit_change", args=[gov.office.pk])).content.decode()
    )


def give(admin, user, **data):
    form = {"user": user.pk, "role": Role.HR_CENTRAL, "unit": "", "valid_from": "2026-01-01", "decree": "800/7"}
    return admin.post(reverse("admin:units_roleassignment_add"), {**form, **data})


def test_a_role_is_given_and_recorded(admin):
    user = UserFactory()
    assert give(admin, user).status_code == 302
    event = Event.objects.get(verb="units.role_given")
    assert (event.actor, event.subject_id, event.data["role"]) == (admin.user, str(user.pk), Role.HR_CENTRAL)


def test_nobody_gives_himself_a_role_or_changes_his_own(admin):
    assert "admin lain" in give(admin, admin.user).content.decode()
    own = RoleAssignment.objects.get(user=admin.user)
    page = reverse("admin:units_roleassignment_change", args=[own.pk])
    assert admin.post(page, {"valid_to": "", "decree": "x"}).status_code == 403


def test_a_role_is_ended_by_a_date_and_not_deleted(admin):
    row = RoleAssignmentFactory(user=UserFactory())
    page = reverse("admin:units_roleassignment_change", args=[row.pk])
    assert admin.post(page, {"valid_to": "2026-03-01", "decree": "800/8"}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == datetime.date(2026, 3, 1)
    assert admin.post(reverse("admin:units_roleassignment_delete", args=[row.pk])).status_code == 403
