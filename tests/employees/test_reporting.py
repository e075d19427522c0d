"""Who acts for a post, and who is whose superior: every awkward case."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepegawaian.accounts import services as accounts
from kepegawaian.employees import reporting, services
from kepegawaian.employees.enums import AsnStatus, HoldingKind, LegalState
from kepegawaian.units import services as units
from kepegawaian.units.models import UnitFunction
from tests.employees.factories import EmployeeFactory, holding_of, make_government, make_head
from tests.units.factories import UnitFactory

ON = datetime.date(2026, 3, 2)
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def gov():
    return make_government()


def superior(employee, on=ON):
    holder = reporting.superior_of(employee, on)
    return holder and holder.employee


def leave_post(employee, last=ON - DAY):
    return services.end_holding(row=holding_of(employee), on=last)


# --- The ordinary line ----------------------------------------------------------------------------
def test_staff_report_to_the_head_of_their_unit(gov):
    holder = reporting.superior_of(gov.employee, ON)
    assert holder.employee == gov.section_head
    assert (holder.user, holder.capacity, holder.principal) == (gov.section_head.user, "", None)
    assert (holder.unit, holder.title) == (gov.section, "Kepala Bidang Pelayanan Kesehatan")


def test_a_head_reports_to_the_head_of_the_unit_above(gov):
    assert superior(gov.section_head) == gov.office_head
    assert superior(gov.school_head) == gov.office_head


def test_heads_of_offices_report_to_the_secretary_who_reports_to_the_mayor(gov):
    assert superior(gov.office_head) == gov.secretary
    assert superior(gov.personnel_head) == gov.secretary
    assert superior(gov.secretary) == gov.mayor


def test_nobody_is_above_the_mayor(gov):
    assert superior(gov.mayor) is None


def test_staff_of_the_government_itself_report_to_the_secretary(gov):
    adviser = EmployeeFactory(unit=gov.root, position="Staf Ahli")
    assert superior(adviser) == gov.secretary


def test_an_official_without_a_nip_can_be_a_superior(gov):
    assert gov.mayor.status == AsnStatus.OFFICIAL
    assert reporting.superior_of(gov.secretary, ON).title == "Wali Kota Contoh"


def test_a_person_without_a_position_has_no_superior(gov):
    assert superior(EmployeeFactory()) is None


def test_it_is_asked_for_a_date(gov):
    services.end_holding(row=holding_of(gov.section_head), on=datetime.date(2024, 12, 31))
    newcomer = make_head(gov.section, since=datetime.date(2025, 1, 1))
    assert superior(gov.employee, datetime.date(2024, 12, 31)) == gov.section_head
    assert superior(gov.employee, datetime.date(2025, 1, 1)) == newcomer
    assert superior(gov.employee, datetime.date(2019, 12, 31)) is None


# --- Vacant posts ---------------------------------------------------------------------------------
def test_a_vacant_post_is_passed_by(gov):
    leave_post(gov.section_head)
    assert superior(gov.employee) == gov.office_head


def test_several_vacant_posts_are_passed_by_up_to_the_secretary_and_the_mayor(gov):
    leave_post(gov.section_head)
    leave_post(gov.office_head)
    assert superior(gov.employee) == gov.secretary
    leave_post(gov.secretary)
    assert superior(gov.employee) == gov.mayor
    leave_post(gov.mayor)
    assert superior(gov.employee) is None


def test_a_plt_stands_for_a_vacant_post(gov):
    leave_post(gov.section_head)
    services.name_head(unit=gov.section, employee=gov.second_section_head, kind=HoldingKind.PLT, valid_from=ON)
    holder = reporting.superior_of(gov.employee, ON)
    assert (holder.employee, holder.capacity) == (gov.second_section_head, "Plt.")
    assert holder.title == "Plt. Kepala Bidang Pelayanan Kesehatan"


def test_a_plh_goes_before_the_head_who_is_away_and_only_for_the_time(gov):
    services.name_head(
        unit=gov.section,
        employee=gov.second_section_head,
        kind=HoldingKind.PLH,
        valid_from=ON,
        valid_to=ON + 4 * DAY,
    )
    assert reporting.superior_of(gov.employee, ON).capacity == "Plh."
    assert superior(gov.employee, ON - DAY) == gov.section_head
    assert superior(gov.employee, ON + 5 * DAY) == gov.section_head


@pytest.mark.parametrize("state", [LegalState.CLTN, LegalState.SUSPENDED, LegalState.RETIRED])
def test_a_head_who_is_not_in_active_service_is_passed_by(gov, state):
    services.change_facts(employee=gov.section_head, changes={"legal_state": state})
    assert superior(gov.employee) == gov.office_head


def test_a_head_whose_account_is_closed_is_passed_by(gov):
    accounts.deactivate(user=gov.section_head.user, actor=None)
    assert superior(gov.employee) == gov.office_head


def test_a_head_without_any_account_is_passed_by(gov):
    leave_post(gov.section_head)
    make_head(gov.section, account=False, since=ON)
    assert superior(gov.employee) == gov.office_head


def test_the_head_of_a_closed_unit_is_passed_by(gov):
    type(gov.section).objects.filter(pk=gov.section.pk).update(closed_on=ON)
    assert superior(gov.employee, ON - DAY) == gov.section_head
    assert superior(gov.employee) == gov.office_head


# --- The requester is the holder ------------------------------------------------------------------
def test_a_plt_of_the_unit_above_is_not_his_own_superior(gov):
    leave_post(gov.office_head)
    services.name_head(unit=gov.office, employee=gov.section_head, kind=HoldingKind.PLT, valid_from=ON)
    assert superior(gov.section_head) == gov.secretary
    assert superior(gov.employee) == gov.section_head
    assert reporting.superior_of(gov.second_section_head, ON).employee == gov.section_head


def test_a_plh_for_his_superior_is_judged_one_higher(gov):
    services.name_head(unit=gov.office, employee=gov.section_head, kind=HoldingKind.PLH, valid_from=ON)
    assert superior(gov.section_head) == gov.secretary


def test_a_head_is_not_judged_by_his_own_plh(gov):
    services.name_head(unit=gov.section, employee=gov.employee, kind=HoldingKind.PLH, valid_from=ON)
    assert superior(gov.section_head) == gov.office_head
    assert superior(gov.employee) == gov.office_head
    assert superior(gov.colleague) == gov.employee


def test_a_plt_secretary_is_not_his_own_superior_as_head_of_an_office(gov):
    leave_post(gov.secretary)
    services.name_head(unit=gov.secretariat, employee=gov.office_head, kind=HoldingKind.PLT, valid_from=ON)
    assert superior(gov.office_head) == gov.mayor
    assert superior(gov.personnel_head) == gov.office_head


def test_heading_a_unit_outside_the_line_changes_nothing(gov):
    leave_post(gov.second_section_head)
    services.name_head(unit=gov.second_section, employee=gov.section_head, kind=HoldingKind.PLT, valid_from=ON)
    assert superior(gov.section_head) == gov.office_head


# --- Delegations ----------------------------------------------------------------------------------
def hand_on(principal, delegate, start=ON, end=ON + 6 * DAY):
    return services.delegate(
        principal=principal, delegate=delegate, valid_from=start, valid_to=end, decree_number="800/1/2026"
    )


@pytest.fixture
def in_march(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC))


@pytest.mark.usefixtures("in_march")
def test_a_delegate_acts_in_the_name_of_the_principal_for_the_period(gov):
    hand_on(gov.section_head, gov.colleague)
    holder = reporting.superior_of(gov.employee, ON)
    assert (holder.employee, holder.principal) == (gov.colleague, gov.section_head)
    assert (holder.capacity, holder.title) == ("a.n.", "a.n. Kepala Bidang Pelayanan Kesehatan")
    assert superior(gov.employee, ON + 7 * DAY) == gov.section_head


@pytest.mark.usefixtures("in_march")
def test_a_delegate_is_not_his_own_superior(gov):
    hand_on(gov.section_head, gov.colleague)
    holder = reporting.superior_of(gov.colleague, ON)
    assert (holder.employee, holder.principal) == (gov.section_head, None)


@pytest.mark.usefixtures("in_march")
def test_an_ended_delegation_no_longer_counts(gov):
    services.end_delegation(row=hand_on(gov.section_head, gov.colleague))
    assert superior(gov.employee) == gov.section_head


@pytest.mark.usefixtures("in_march")
def test_a_delegate_who_is_away_for_long_does_not_count(gov):
    hand_on(gov.section_head, gov.colleague)
    services.change_facts(employee=gov.colleague, changes={"legal_state": LegalState.CLTN})
    assert superior(gov.employee) == gov.section_head


@pytest.mark.usefixtures("in_march")
def test_the_delegate_of_a_plt_says_both(gov):
    leave_post(gov.section_head)
    services.name_head(unit=gov.section, employee=gov.second_section_head, kind=HoldingKind.PLT, valid_from=ON)
    hand_on(gov.second_section_head, gov.colleague)
    assert reporting.superior_of(gov.employee, ON).title == "a.n. Plt. Kepala Bidang Pelayanan Kesehatan"


@pytest.mark.usefixtures("in_march")
def test_two_who_delegate_to_each_other_make_no_circle(gov):
    hand_on(gov.section_head, gov.second_section_head)
    hand_on(gov.second_section_head, gov.section_head)
    assert superior(gov.employee) == gov.second_section_head
    assert superior(gov.second_staff[0]) == gov.section_head


# --- Heads of units -------------------------------------------------------------------------------
def test_the_head_of_a_unit_acts_for_it(gov):
    assert reporting.head_of(gov.office, ON).employee == gov.office_head
    assert reporting.sitting_head(gov.office, ON).employee == gov.office_head


def test_for_a_vacant_unit_the_next_above_acts_and_nobody_sits(gov):
    leave_post(gov.office_head)
    assert reporting.head_of(gov.office, ON).employee == gov.secretary
    assert reporting.sitting_head(gov.office, ON) is None


def test_a_head_who_asks_for_himself_is_answered_with_the_one_above(gov):
    assert reporting.head_of(gov.office, ON, requester=gov.office_head).employee == gov.secretary
    assert reporting.head_of(gov.section, ON, requester=gov.office_head).employee == gov.secretary
    assert reporting.head_of(gov.office, ON, requester=gov.employee).employee == gov.office_head


def test_every_unit_belongs_to_an_office(gov):
    assert reporting.office_of(gov.section) == gov.office
    assert reporting.office_of(gov.school) == gov.office
    assert reporting.office_of(gov.office) == gov.office
    assert reporting.office_of(gov.root) == gov.root


def test_units_are_found_by_what_they_do(gov):
    assert reporting.unit_with(UnitFunction.PERSONNEL) == gov.personnel
    assert reporting.unit_with(UnitFunction.HEAD_OF_GOVERNMENT) == gov.root


# --- Cost -----------------------------------------------------------------------------------------
def test_a_superior_costs_two_statements_at_any_depth(gov):
    unit = gov.section
    for level in range(8):
        unit = UnitFactory(parent=unit, name=f"Subbagian {level}")
    deep = EmployeeFactory(unit=unit)
    for employee in (gov.employee, deep, gov.secretary):
        with CaptureQueriesContext(connection) as queries:
            reporting.superior_of(employee, ON)
        assert len(queries) <= 2
    assert superior(deep) == gov.section_head


def test_a_unit_moved_elsewhere_has_the_superiors_of_its_new_place(gov):
    units.move(unit=gov.section, parent=gov.personnel, on=ON)
    leave_post(gov.section_head)
    assert superior(gov.employee) == gov.personnel_head
