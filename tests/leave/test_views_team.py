"""The team's month: who sees whose absence, bars and lists, and where a unit gets thin."""

import pytest

from kepegawaian.accounts.roles import Role
from leave import services
from leave.selectors import team_absences
from leave.team import TeamMonth, sizes_of
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import data, day
from tests.units.factories import RoleAssignmentFactory

URL = "/cuti/kalender-tim/"


def file_for(employee, start, end):
    request = services.save_draft(actor=employee.user, employee=employee, data=data(start, end))
    return services.submit(actor=employee.user, request=request)


def names(client, **query):
    return [row.name for row in client.get(URL, {"bulan": "2026-04", **query}).context["drawn"].rows]


@pytest.fixture
def filed(flow, gov):
    """One granted, one waiting, one of the other bidang."""
    file_for(gov.colleague, day(4, 8), day(4, 9))
    file_for(gov.second_staff[0], day(4, 13), day(4, 13))
    return flow.granted()


# --- Who sees whom --------------------------------------------------------------------------------
def test_colleagues_of_one_unit_see_each_other_and_nobody_else(sign_in, filed, gov):
    seen = {gov.employee.full_name, gov.colleague.full_name}
    assert set(names(sign_in(gov.employee))) == seen
    assert set(names(sign_in(gov.section_head))) == seen
    assert names(sign_in(gov.second_staff[0])) == [gov.second_staff[0].full_name]


def test_a_head_sees_everybody_below(sign_in, filed, gov):
    assert len(names(sign_in(gov.office_head))) == 3


def test_neither_reason_nor_kind_of_leave_is_shown(sign_in, filed, gov):
    html = sign_in(gov.colleague).get(URL, {"bulan": "2026-04"}).content.decode()
    assert gov.employee.full_name in html
    assert "Menengok orang tua" not in html
    assert "Cuti tahunan" not in html


def test_hr_chooses_a_unit_of_the_own_scope_alone(sign_in, filed, gov):
    assert len(names(sign_in(gov.hr), unit=gov.office.name)) == 3
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.section).user
    assert len(names(sign_in(officer), unit=gov.section.name)) == 2
    assert names(sign_in(officer), unit=gov.second_section.name) == []


def test_an_employee_cannot_choose_a_unit(sign_in, filed, gov):
    client = sign_in(gov.employee)
    assert set(names(client, unit=gov.second_section.name)) == {gov.employee.full_name, gov.colleague.full_name}
    assert 'name="unit"' not in client.get(URL).content.decode()


def test_an_account_without_a_record_or_role_has_no_team(client, db):
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 403


# --- How it is drawn ------------------------------------------------------------------------------
def test_a_leave_is_one_bar_over_its_days(filed, gov):
    absences = team_absences(gov.employee.user, day(4, 1), day(4, 30))
    drawn = TeamMonth(day(4, 1), day(4, 30), absences, {})
    rows = {row.name: row for row in drawn.rows}
    bars = [(cell.width, cell.kind) for cell in rows[gov.employee.full_name].cells if cell.label]
    assert bars == [(5, "leave")]
    assert [(cell.width, cell.kind) for cell in rows[gov.colleague.full_name].cells if cell.label] == [
        (2, "pending")
    ]
    assert all(sum(cell.width for cell in row.cells) == 30 for row in drawn.rows)


def test_a_leave_over_the_month_is_cut_in_the_grid_and_whole_in_the_list(gov):
    file_for(gov.employee, day(4, 29), day(5, 5))
    drawn = TeamMonth(day(5, 1), day(5, 31), team_absences(gov.employee.user, day(5, 1), day(5, 31)), {})
    assert next(cell for cell in drawn.rows[0].cells if cell.label).width == 5
    assert drawn.rows[0].spans == [("29 Apr – 5 Mei 2026", False)]


def test_months_can_be_turned_and_nonsense_is_this_month(sign_in, gov):
    client = sign_in(gov.employee)
    context = client.get(URL, {"bulan": "2026-01"}).context
    assert (context["previous"], context["next"]) == (day(12, 1, 2025), day(2, 1))
    for text in ("2026-13", "besok", "1066-01", ""):
        assert client.get(URL, {"bulan": text}).context["drawn"].first == day(3, 1)


def test_a_thin_unit_is_named_with_its_days(filed, gov):
    absences = team_absences(gov.employee.user, day(4, 1), day(4, 30))
    drawn = TeamMonth(day(4, 1), day(4, 30), absences, {})
    crowd = drawn.crowded(absences, sizes_of(absences), 30)
    assert [(one.unit, one.dates, one.away, one.size) for one in crowd] == [
        (gov.section.name, "8–9 Apr 2026", 2, 3)
    ]
    assert drawn.crowded(absences, sizes_of(absences), 70) == []


def test_an_empty_month_says_so(sign_in, gov):
    assert "Semua masuk bulan ini" in sign_in(gov.employee).get(URL).content.decode()


def test_it_costs_the_same_for_one_and_for_thirty(sign_in, gov, django_assert_max_num_queries):
    file_for(gov.employee, day(4, 6), day(4, 7))
    client = sign_in(gov.section_head)
    client.get(URL, {"bulan": "2026-04"})
    with django_assert_max_num_queries(10):
        client.get(URL, {"bulan": "2026-04"})
    for person in EmployeeFactory.create_batch(30, unit=gov.section):
        file_for(person, day(4, 8), day(4, 9))
    with django_assert_max_num_queries(10):
        assert len(names(client)) == 25
    assert len(names(client, page="2")) == 6
