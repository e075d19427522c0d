"""The ready-made government has the same rows that the verbs would have left."""

import pytest

from kepegawaian.employees import services
from kepegawaian.employees.models import Employee
from tests.employees.factories import SINCE, EmployeeFactory, make_head
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db
OWN = {"id", "user", "name", "birth_date", "current_nip", "current_unit", "current_path", "current_position"}


def facts(employee):
    values = {
        field.name: getattr(employee, field.name) for field in Employee._meta.fields if field.name not in OWN
    }
    numbers = list(employee.numbers.values_list("kind", "valid_from", "valid_to"))
    ranks = list(employee.ranks.values_list("golongan", "order", "valid_from", "valid_to"))
    posts = list(employee.holdings.values_list("position__kind", "kind", "valid_from", "valid_to"))
    return values, numbers, ranks, posts, employee.holdings.get().heads == employee.current_unit


def test_a_member_of_staff_is_as_the_verbs_make_one(gov):
    assert facts(gov.employee) == facts(EmployeeFactory(unit=gov.section))


def test_a_head_is_as_the_verbs_make_one(gov):
    unit = UnitFactory(parent=gov.office, name="Bidang Baru")
    assert facts(gov.section_head) == facts(make_head(unit))


def test_what_is_in_memory_is_what_is_in_the_database(gov):
    for employee in (gov.mayor, gov.hr, gov.section_head, gov.employee, gov.teachers[0]):
        stored = Employee.objects.get(pk=employee.pk)
        for field in Employee._meta.fields:
            assert getattr(stored, field.name) == getattr(employee, field.name), field.name


def test_the_mirror_is_up_to_date_and_everybody_may_sign_in(gov):
    assert services.refresh_current() == 0
    assert gov.mayor.current_nip == "WALIKOTA1"
    assert all(person.user.is_active and not person.user.has_usable_password() for person in gov.staff)
    assert gov.employee.holdings.get().valid_from == SINCE
