"""Roles with a unit: which subtrees they open, and for how long."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from kepegawaian.accounts.roles import Right, Role
from kepegawaian.units import permissions
from kepegawaian.units.models import Unit, UnitPeriod, has_right, reads_whole_trail, scope_paths
from tests.employees.factories import UserFactory
from tests.units.factories import RoleAssignmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return UnitFactory(government=True)


@pytest.fixture
def office(root):
    return UnitFactory(office=True, name="Dinas Kesehatan", parent=root)


def user_with(role, unit=None, **kwargs):
    return RoleAssignmentFactory(user=UserFactory(), role=role, unit=unit, **kwargs).user


def test_without_a_unit_a_role_reaches_everywhere(root):
    assert scope_paths(user_with(Role.HR_CENTRAL), Right.EDIT_RECORDS) is None


def test_with_a_unit_it_reaches_its_subtree(root, office):
    section = UnitFactory(parent=office)
    user = user_with(Role.HR_UNIT, office)
    assert scope_paths(user, Right.VIEW_RECORDS) == [office.path]
    assert set(Unit.objects.in_scope(user, Right.VIEW_RECORDS)) == {office, section}


def test_a_role_without_the_right_reaches_nowhere(root, office):
    user = user_with(Role.HR_UNIT, office)
    assert scope_paths(user, Right.EDIT_RECORDS) == []
    assert not has_right(user, Right.EDIT_RECORDS)
    assert not Unit.objects.in_scope(user, Right.EDIT_RECORDS).exists()


@pytest.mark.parametrize(
    "dates",
    [{"valid_from": datetime.date(2026, 3, 3)}, {"valid_to": datetime.date(2026, 3, 1)}],
)
def test_a_role_counts_only_in_its_time(root, dates):
    assert not has_right(user_with(Role.HR_CENTRAL, **dates), Right.EDIT_RECORDS)


def test_roles_add_up(root, office):
    user = user_with(Role.LEADER, office)
    other = UnitFactory(office=True, name="Dinas Lain", parent=root)
    RoleAssignmentFactory(user=user, role=Role.INSPECTOR, unit=other)
    assert set(scope_paths(user, Right.VIEW_RECORDS)) == {office.path, other.path}


def test_visitors_and_closed_accounts_have_no_rights(root):
    closed = user_with(Role.HR_CENTRAL)
    closed.is_active = False
    for user in (AnonymousUser(), closed):
        assert scope_paths(user, Right.VIEW_RECORDS) == []


def test_roles_are_asked_once_a_request(root, django_assert_num_queries):
    user = user_with(Role.HR_CENTRAL)
    with django_assert_num_queries(1):
        for right in Right:
            has_right(user, right)


def test_only_a_right_over_everything_reads_the_whole_trail(root, office):
    assert reads_whole_trail(user_with(Role.INSPECTOR))
    assert reads_whole_trail(user_with(Role.INSPECTOR, root))
    assert not reads_whole_trail(user_with(Role.INSPECTOR, office))
    assert not reads_whole_trail(user_with(Role.HR_CENTRAL))


def test_the_tree_is_managed_by_those_with_the_right_there(root, office):
    manager = user_with(Role.ADMIN, office)
    assert permissions.can_manage(manager, office)
    assert not permissions.can_manage(manager, root)
    assert not permissions.can_manage(manager, None)
    assert permissions.can_manage(user_with(Role.ADMIN), None)
    assert "pengelola struktur" in str(permissions.can_manage(UserFactory(), office).reason)


def test_the_tree_is_read_by_employees_and_officers(root):
    assert permissions.can_see_tree(UserFactory(nip="198609262015051001"))
    assert permissions.can_see_tree(user_with(Role.LEADER))
    assert not permissions.can_see_tree(UserFactory())
    assert not permissions.can_see_tree(AnonymousUser())


def test_postgresql_refuses_the_same_role_twice(root):
    user = user_with(Role.LEADER)
    with pytest.raises(IntegrityError, match="role_assigned_once"), transaction.atomic():
        RoleAssignmentFactory(user=user, role=Role.LEADER)


def test_a_dated_row_holds_on_both_its_ends(root, office):
    period = UnitPeriod.objects.get(unit=office)
    period.valid_from, period.valid_to = TODAY, TODAY
    period.save()
    assert UnitPeriod.objects.in_force(TODAY).filter(unit=office).exists()
    for off in (-1, 1):
        assert not UnitPeriod.objects.in_force(TODAY + datetime.timedelta(days=off)).filter(unit=office).exists()


def test_open_units_are_those_of_the_day(root, office):
    Unit.objects.filter(pk=office.pk).update(opened_on=TODAY, closed_on=TODAY + datetime.timedelta(days=1))
    assert office in Unit.objects.open()
    assert office not in Unit.objects.open(TODAY + datetime.timedelta(days=1))
    assert office not in Unit.objects.open(TODAY - datetime.timedelta(days=1))
