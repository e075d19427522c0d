"""The office: requests in scope, sheets, what is stuck, openings, the end of the year."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.employees.models import PositionHolding
from kepegawaian.work import running, sheets
from kepegawaian.work.models import Job
from leave import exporting, selectors, services
from leave.filters import OfficeFilter
from leave.models import LeaveStep, UnitLeaveSetting, YearRun
from leave.selectors.office import OfficeList
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import data, day, know_years
from tests.units.factories import RoleAssignmentFactory

LIST = "/cuti/kantor/"
SHEET = "/cuti/kantor/unduh/"
STUCK = "/cuti/kantor/tanpa-pejabat/"
CHECKS = "/cuti/kantor/pemeriksaan/"
OPENINGS = "/cuti/kantor/saldo-awal/"
YEAR_END = "/cuti/kantor/akhir-tahun/"


APRIL_6, APRIL_7 = day(4, 6), day(4, 7)


def file_for(employee, start=APRIL_6, end=APRIL_7, **more):
    request = services.save_draft(actor=employee.user, employee=employee, data=data(start, end, **more))
    return services.submit(actor=employee.user, request=request)


@pytest.fixture
def hr(sign_in, gov):
    return sign_in(gov.hr)


@pytest.fixture
def officer(gov):
    return RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.section).user


def keys(requests):
    return [one.pk for one in requests]


def found(client, **query):
    return keys(client.get(LIST, query).context["page"])


def text(response):
    return response.content.decode()


# --- The list -------------------------------------------------------------------------------------
def test_hr_sees_what_lies_in_scope_and_never_drafts(sign_in, gov, officer, flow):
    flow.draft(day(6, 1), day(6, 1))
    mine, other = file_for(gov.employee), file_for(gov.second_staff[0])
    assert set(found(sign_in(gov.hr))) == set(keys({mine, other}))
    assert found(sign_in(officer)) == keys([mine])


@pytest.mark.parametrize("sort", ["", "name", "-name", "start", "-days"])
@pytest.mark.parametrize(
    "who", ["hr", "officer", "section_head", "office_head", "second_section_head", "employee"]
)
def test_the_list_is_what_may_be_seen_of_others_in_the_order_asked_for(gov, officer, flow, who, sort):
    """By parts with an index each, it holds what the one condition holds that guards each request."""
    flow.draft(day(6, 1), day(6, 1))
    for person, first in (
        (gov.employee, 6),
        (gov.colleague, 8),
        (gov.second_staff[0], 13),
        (gov.section_head, 15),
    ):
        file_for(person, day(4, first), day(4, first + (first == 8)))
    user = officer if who == "officer" else getattr(gov, who).user
    seen = selectors.team_requests(user).order_by(*OfficeFilter.order(sort))
    parts = OfficeList(user, lambda rows: rows, OfficeFilter.order(sort))
    assert keys(parts.lines(0, 26)) == keys(seen)
    assert keys(parts.lines(1, 3)) == keys(seen[1:3])
    assert parts.size() == seen.count()


def test_who_holds_a_role_and_a_step_finds_each_request_once(gov, officer):
    filed, other = file_for(gov.employee), file_for(gov.second_staff[0])
    LeaveStep.objects.filter(request__in=(filed, other)).update(holder=officer)
    parts = OfficeList(officer, lambda rows: rows, ("-id",))
    assert keys(parts.lines(0, 26)) == keys([other, filed])
    assert parts.size() == 2


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
def test_leaders_and_inspectors_read_it(sign_in, gov, role):
    filed = file_for(gov.employee)
    user = RoleAssignmentFactory(user=UserFactory(), role=role).user
    assert found(sign_in(user)) == keys([filed])


def test_employees_have_no_such_list(sign_in, gov):
    for url in (LIST, SHEET, STUCK, CHECKS, OPENINGS, YEAR_END):
        assert sign_in(gov.employee).get(url).status_code == 403


def test_it_is_searched_by_name_and_number_and_narrowed(hr, gov):
    one = EmployeeFactory(unit=gov.section, name="Wahyuni Penata")
    filed, other = file_for(one), file_for(gov.second_staff[0], day(5, 4), day(5, 5))
    assert found(hr, q="wahyuni") == keys([filed])
    assert found(hr, q=one.current_nip) == keys([filed])
    assert found(hr, unit=gov.second_section.name) == keys([other])
    assert set(found(hr, unit=gov.office.name)) == set(keys({filed, other}))
    assert found(hr, start="2026-05-01", end="2026-05-31") == keys([other])
    assert found(hr, state="granted") == []
    assert set(found(hr, state="waiting")) == set(keys({filed, other}))


def test_a_filter_that_is_wrong_finds_nothing_and_says_why(hr, gov):
    file_for(gov.employee)
    response = hr.get(LIST, {"unit": "Dinas yang tidak ada"})
    assert response.context["page"].items == []
    assert "Unit ini tidak ditemukan" in text(response)


def test_it_is_sorted_by_its_headers(hr, gov):
    early, late = file_for(gov.second_staff[0], day(4, 1), day(4, 2)), file_for(gov.employee, day(5, 4), day(5, 4))
    assert found(hr, sort="start") == keys([early, late])
    assert found(hr, sort="-start") == keys([late, early])
    assert found(hr, sort="days") == keys([late, early])
    assert found(hr, sort="drop table") == keys([late, early])


def test_it_costs_the_same_for_one_and_for_fifty(hr, gov, django_assert_max_num_queries):
    file_for(gov.employee)
    with django_assert_max_num_queries(10):
        hr.get(LIST)
    for person in EmployeeFactory.create_batch(50, unit=gov.section):
        file_for(person)
    with django_assert_max_num_queries(10):
        assert len(found(hr)) == 25


# --- The sheet ------------------------------------------------------------------------------------
def test_the_csv_holds_what_the_filters_give_and_runs_nothing(hr, gov):
    one = EmployeeFactory(unit=gov.section, name="=cmd|' /C calc'!A0")
    file_for(one)
    file_for(gov.second_staff[0])
    response = hr.get(SHEET, {"jenis": "csv", "unit": gov.section.name})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["NIP", "Nama"]
    assert len(rows) == 2
    assert rows[1][0] == f"'{one.current_nip}"
    assert rows[1][1].startswith("'=cmd")


def test_the_xlsx_holds_dates_as_dates_and_names_as_text(hr, gov):
    file_for(EmployeeFactory(unit=gov.section, name="=1+1"))
    response = hr.get(SHEET, {"jenis": "xlsx"})
    row = next(load_workbook(io.BytesIO(response.content)).active.iter_rows(min_row=2))
    assert row[1].data_type == "s"
    assert row[5].value.date() == day(4, 6)
    assert row[7].value == 2


def test_taking_a_sheet_leaves_a_trace(hr, gov):
    hr.get(SHEET, {"jenis": "csv", "q": "Budi"})
    event = Event.objects.get(verb="leave.exported")
    assert event.actor == gov.hr.user
    assert event.data["filters"]["q"] == "Budi"


def test_a_long_sheet_is_made_by_a_worker_and_given_to_nobody_else(hr, gov, monkeypatch, sign_in):
    file_for(gov.employee)
    monkeypatch.setattr(sheets, "AT_ONCE", 0)
    assert "di latar belakang" in text(hr.get(SHEET, {"jenis": "csv"}))
    response = hr.post(reverse("leave:export_later"), {"query": "state=waiting", "jenis": "csv"})
    job = Job.objects.get(kind=exporting.REQUESTS.job)
    assert response.url == reverse("work:job", args=[job.pk])
    assert running.run(job.pk)
    job.refresh_from_db()
    result = job.result
    assert result["rows"] == 1
    url = reverse("documents:file", args=[result["file"]])
    assert gov.employee.current_nip in b"".join(hr.get(url)).decode()
    assert sign_in(gov.office_head).get(url).status_code == 404


def test_an_unknown_kind_of_sheet_is_not_found(hr):
    assert hr.get(SHEET, {"jenis": "exe"}).status_code == 404
    assert hr.post(reverse("leave:export_later"), {"jenis": "exe"}).status_code == 404


# --- What is stuck --------------------------------------------------------------------------------
def test_a_step_without_a_holder_is_listed_in_scope(sign_in, gov, officer):
    PositionHolding.objects.filter(heads=gov.office).update(valid_to=day(1, 1))
    filed = file_for(gov.section_head)
    assert filed.steps.get().holder is not None
    services.give_opinion(
        actor=filed.steps.get().holder, request=filed, verdict=services.Verdict("approved", "Setuju")
    )
    html = text(sign_in(gov.hr).get(STUCK))
    assert gov.section_head.full_name in html or "Semua permohonan ada pemegangnya" in html


def test_the_check_queue_is_that_of_the_own_units(sign_in, gov, officer):
    UnitLeaveSetting.objects.create(unit=gov.office, hr_check=True)
    file_for(gov.employee)
    file_for(gov.second_staff[0])
    html = text(sign_in(officer).get(CHECKS))
    assert gov.employee.full_name in html
    assert gov.second_staff[0].full_name not in html


# --- Openings -------------------------------------------------------------------------------------
def test_who_has_no_opening_yet_can_be_filtered(hr, gov):
    know_years(gov.employee, 2025, left=3)
    listed = lambda **query: keys(hr.get(OPENINGS, query).context["page"])  # noqa: E731
    assert gov.employee.pk in listed(entered="yes")
    assert gov.employee.pk not in listed(entered="no")
    assert gov.colleague.pk in listed(entered="no")
    assert listed(q=gov.colleague.name) == [gov.colleague.pk]


def test_each_line_says_whether_earlier_years_are_entered(hr, gov):
    know_years(gov.employee, 2025, left=3)
    lines = {line.pk: line.entered for line in hr.get(OPENINGS).context["page"]}
    assert (lines[gov.employee.pk], lines[gov.colleague.pk]) == (True, False)


def test_openings_cost_the_same_for_few_and_for_many(hr, gov, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        hr.get(OPENINGS)
    EmployeeFactory.create_batch(30, unit=gov.section)
    with django_assert_max_num_queries(10):
        hr.get(OPENINGS)


def test_only_who_manages_leave_opens_it(sign_in, officer):
    assert sign_in(officer).get(OPENINGS).status_code == 403


# --- The end of the year --------------------------------------------------------------------------
def test_each_person_is_previewed_with_what_goes_on_and_what_lapses(hr, gov):
    know_years(gov.employee, 2024, 2025)
    response = hr.get(YEAR_END, {"q": gov.employee.name})
    one = response.context["previews"][0]
    assert (one.employee, one.carried, one.lapsed, one.confirmed) == (gov.employee, {"C1": 6}, 6, True)


def test_counting_runs_as_a_job_and_its_result_is_listed(hr, gov):
    response = hr.post(YEAR_END, {"year": "2026", "action": "preview"})
    job = Job.objects.get(kind="leave.year_end")
    assert response.url == reverse("work:job", args=[job.pk])
    assert job.arguments == {"year": 2026, "preview": True}
    YearRun.objects.create(year=2026, preview=True, started_by=gov.hr.user)
    assert "dihitung saja" in text(hr.get(YEAR_END))


def test_a_year_that_still_runs_is_not_closed(hr):
    html = text(hr.post(YEAR_END, {"year": "2026", "action": "close"}))
    assert "Tahun 2026 belum berakhir" in html
    assert not Job.objects.exists()


def test_only_the_central_office_closes_years(sign_in, gov, officer):
    for person in (officer, gov.office_head):
        assert sign_in(person).get(YEAR_END).status_code == 403
        assert sign_in(person).post(YEAR_END, {"year": "2026"}).status_code == 403


def test_the_year_end_costs_the_same_for_few_and_for_many(hr, gov, django_assert_max_num_queries):
    know_years(gov.employee, 2024, 2025)
    with django_assert_max_num_queries(14):
        hr.get(YEAR_END)
    for person in EmployeeFactory.create_batch(20, unit=gov.section):
        file_for(person)
    with django_assert_max_num_queries(16):
        hr.get(YEAR_END)
