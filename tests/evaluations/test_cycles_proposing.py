"""Whom PostgreSQL proposes as assessor for everybody at once is whom the reporting line names to each."""

import datetime

import pytest

from evaluations.selectors.proposing import proposed
from kepegawaian.employees import services
from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import superior_of
from kepegawaian.lib.dates import today
from tests.employees.factories import EmployeeFactory, make_head
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db


def assert_same(on: datetime.date | None = None) -> None:
    on = on or today()
    found = proposed(on)
    for person in Employee.objects.all():
        holder = superior_of(person, on)
        expected = (holder.employee.pk, holder.title) if holder else None
        got = found.get(person.pk)
        assert (got and (got.assessor_id, got.capacity)) == expected, person.name


def test_an_ordinary_government(gov):
    assert_same()
    assert proposed(today())[gov.employee.pk].assessor_id == gov.section_head.pk
    assert gov.mayor.pk not in proposed(today())


def test_somebody_with_a_post_in_the_secretariat_itself(gov):
    EmployeeFactory(unit=gov.secretariat, name="Staf Setda")
    assert_same()


def test_vacant_posts_go_to_the_next_level_or_the_plt(gov):
    services.end_holding(row=gov.section_head.holdings.get(), on=today() - datetime.timedelta(days=1))
    assert_same()
    services.name_head(
        unit=gov.section,
        employee=gov.second_section_head,
        kind=HoldingKind.PLT,
        valid_from=today(),
    )
    assert_same()
    assert proposed(today())[gov.employee.pk].capacity.startswith("Plt. ")


def test_a_plh_goes_before_the_head_who_is_away(gov):
    services.name_head(
        unit=gov.office,
        employee=gov.section_head,
        kind=HoldingKind.PLH,
        valid_from=today(),
        valid_to=today() + datetime.timedelta(days=9),
    )
    assert_same()
    assert_same(today() + datetime.timedelta(days=10))


def test_delegates_act_but_never_for_themselves(gov):
    services.delegate(
        principal=gov.section_head,
        delegate=gov.employee,
        valid_from=today(),
        valid_to=today() + datetime.timedelta(days=30),
        decree_number="800/1",
    )
    assert_same()
    found = proposed(today())
    assert found[gov.colleague.pk].assessor_id == gov.employee.pk
    assert found[gov.employee.pk].assessor_id == gov.section_head.pk


def test_heads_without_a_live_account_or_out_of_service_are_passed_by(gov):
    gov.section_head.user.is_active = False
    gov.section_head.user.save(update_fields=["is_active"])
    Employee.objects.filter(pk=gov.office_head.pk).update(legal_state="suspended")
    assert_same()


def test_one_who_heads_two_levels_is_judged_from_above_both(gov):
    deep = UnitFactory(name="Seksi Rujukan", parent=gov.section)
    head = make_head(deep, name="Eka Seksi")
    services.name_head(unit=gov.section, employee=head, kind=HoldingKind.PLH, valid_from=today())
    EmployeeFactory(unit=deep, name="Staf Seksi")
    assert_same()
    assert proposed(today())[head.pk].assessor_id == gov.office_head.pk


def test_closed_units_and_people_without_a_post_have_no_say(gov):
    closed = UnitFactory(name="Bidang Lama", parent=gov.office)
    make_head(closed, name="Fajar Lama")
    EmployeeFactory(unit=closed, name="Staf Lama")
    EmployeeFactory(name="Tanpa Jabatan")
    closed.closed_on = today()
    closed.save(update_fields=["closed_on"])
    assert_same()


def test_only_the_people_asked_for(gov):
    assert list(proposed(today(), [gov.employee.pk])) == [gov.employee.pk]
