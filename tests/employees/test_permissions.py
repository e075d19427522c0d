"""Who may do what with a person's record: each right, allowed and denied, with its reason."""

import pytest

from kepegawaian.accounts.roles import Role
from kepegawaian.employees import permissions, services
from kepegawaian.employees.models import Employee
from tests.employees.factories import UserFactory
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def users(gov):
    """Everybody who could want something of `gov.employee`."""

    def with_role(role, unit=None):
        return RoleAssignmentFactory(user=UserFactory(), role=role, unit=unit).user

    return {
        "own": gov.employee.user,
        "colleague": gov.colleague.user,
        "superior": gov.section_head.user,
        "higher": gov.office_head.user,
        "elsewhere": gov.second_section_head.user,
        "hr": gov.hr.user,
        "hr_unit": with_role(Role.HR_UNIT, gov.office),
        "hr_central_there": with_role(Role.HR_CENTRAL, gov.office),
        "hr_central_elsewhere": with_role(Role.HR_CENTRAL, gov.personnel),
        "leader": with_role(Role.LEADER),
        "inspector": with_role(Role.INSPECTOR),
        "admin": with_role(Role.ADMIN),
        "citizen": UserFactory(),
    }


CASES = {
    permissions.can_view: {
        "own",
        "superior",
        "higher",
        "hr",
        "hr_unit",
        "hr_central_there",
        "leader",
        "inspector",
    },
    permissions.can_edit: {"hr", "hr_central_there"},
    permissions.can_reveal: {"own", "hr", "hr_unit", "hr_central_there"},
    permissions.can_delegate: {"own", "hr", "hr_central_there"},
}


@pytest.mark.parametrize("right", CASES, ids=lambda right: right.__name__)
def test_each_right_is_held_by_these_and_nobody_else(gov, users, right):
    allowed = {name for name, user in users.items() if right(user, gov.employee)}
    assert allowed == CASES[right]
    assert all(right(user, gov.employee).reason for name, user in users.items() if name not in allowed)


def test_the_predicate_and_the_scope_of_lists_agree(gov, users):
    for user in users.values():
        seen = set(Employee.objects.visible_to(user))
        assert seen == {person for person in Employee.objects.all() if permissions.can_view(user, person)}


def test_heads_of_units_are_named_by_hr_of_the_unit(gov, users):
    allowed = {name for name, user in users.items() if permissions.can_name_head(user, gov.section)}
    assert allowed == {"hr", "hr_central_there"}


def test_the_staff_list_and_its_export(gov, users):
    assert {name for name, user in users.items() if permissions.can_list(user)} == set(users) - {
        "own",
        "colleague",
        "admin",
        "citizen",
    }
    assert {name for name, user in users.items() if permissions.can_export(user)} == {
        "hr",
        "hr_unit",
        "hr_central_there",
        "hr_central_elsewhere",
        "leader",
        "inspector",
    }


def test_new_people_are_entered_by_hr_of_their_unit(gov, users):
    assert {name for name, user in users.items() if permissions.can_create(user, gov.section)} == {
        "hr",
        "hr_central_there",
    }
    assert {name for name, user in users.items() if permissions.can_create(user, None)} == {"hr"}


def test_a_deactivated_officer_has_no_rights(gov):
    gov.hr.user.is_active = False
    assert not permissions.can_view(gov.hr.user, gov.employee)
    assert not permissions.can_edit(gov.hr.user, gov.employee)


def test_a_right_ends_with_the_role(gov, today):
    user = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_CENTRAL, valid_to="2026-03-01").user
    assert not permissions.can_view(user, gov.employee)


def test_a_plt_sees_the_people_he_leads_for_the_time(gov, today):
    user = gov.second_section_head.user
    assert not permissions.can_view(user, gov.employee)
    services.name_head(unit=gov.section, employee=gov.second_section_head, kind="plh", valid_from=today)
    user = type(user).objects.get(pk=user.pk)
    assert permissions.can_view(user, gov.employee)
