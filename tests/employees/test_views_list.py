"""The staff list: search, filters, sort, pages, htmx, export; scope and cost."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.employees import filters, search, services
from kepegawaian.employees.enums import LegalState
from kepegawaian.employees.filters import PeopleFilter
from kepegawaian.employees.models import Employee
from kepegawaian.work import sheets
from kepegawaian.work.models import Job
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
LIST = "/pegawai/"


@pytest.fixture
def hr(client, gov):
    client.force_login(gov.hr.user)
    return client


def names(response):
    return [person.name for person in response.context["page"]]


def found(client, **query):
    return names(client.get(LIST, query))


# --- Who sees whom --------------------------------------------------------------------------------
def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(LIST).status_code == 302


def test_an_employee_without_a_team_has_no_staff_list(client, gov):
    client.force_login(gov.employee.user)
    assert client.get(LIST).status_code == 403


def test_hr_sees_everybody_and_a_head_his_unit_and_all_below(client, gov):
    client.force_login(gov.hr.user)
    assert len(found(client)) == Employee.objects.count()
    client.force_login(gov.section_head.user)
    assert set(found(client)) == {person.name for person in [gov.section_head, *gov.staff]}
    client.force_login(gov.office_head.user)
    assert gov.teachers[0].name in found(client)


def test_a_role_with_a_unit_sees_its_subtree(client, gov):
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.second_section).user
    client.force_login(officer)
    assert set(found(client)) == {person.name for person in [gov.second_section_head, *gov.second_staff]}


# --- Search ---------------------------------------------------------------------------------------
def test_search_finds_part_of_a_name_a_nip_or_a_position(hr, gov):
    gov.teachers[0].refresh_from_db()
    assert found(hr, q="dewi") == ["Dewi Dinas"]
    assert found(hr, q="dinas dewi") == ["Dewi Dinas"]
    assert found(hr, q=gov.employee.current_nip) == [gov.employee.name]
    assert found(hr, q=gov.employee.current_nip[-10:]) == [gov.employee.name]
    assert found(hr, q="guru ahli") == [gov.teachers[0].name]


def test_a_misspelt_name_finds_the_likely_ones_and_says_so(hr, gov):
    response = hr.get(LIST, {"q": "Sinta Sekertaris"})
    assert names(response) == ["Sinta Sekretaris"]
    assert "mirip" in response.content.decode()


def test_nobody_found_says_what_to_do(hr, gov):
    response = hr.get(LIST, {"q": "xyzzy"})
    assert (names(response), response.status_code) == ([], 200)
    assert "Periksa ejaan" in response.content.decode()


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "a\x00b", "123", "x" * 300, "((("])
def test_no_search_text_breaks_the_list(hr, gov, text):
    assert hr.get(LIST, {"q": text}).status_code == 200


# --- Filters and sort -----------------------------------------------------------------------------
def test_filters_narrow_and_show_as_removable_chips(hr, gov):
    response = hr.get(LIST, {"unit": str(gov.section.pk), "status": "pns", "q": "pegawai"})
    assert set(names(response)) == {person.name for person in gov.staff}
    html = response.content.decode()
    assert 'class="chip"' in html
    assert "Unit: Bidang Pelayanan Kesehatan" in html


def test_each_filter_narrows(hr, gov):
    pppk = EmployeeFactory(pppk=True, unit=gov.section)
    assert found(hr, status="pppk") == [pppk.name]
    assert found(hr, golongan="pppk-9") == [pppk.name]
    assert found(hr, golongan="pns-44") == [gov.secretary.name]
    assert found(hr, jenis="functional") == [gov.teachers[0].name]
    assert found(hr, unit=str(gov.school.pk), sort="-golongan") == [gov.teachers[0].name, gov.school_head.name]


def test_the_list_shows_who_still_works_unless_asked_otherwise(hr, gov):
    Employee.objects.filter(pk=gov.employee.pk).update(legal_state=LegalState.RETIRED)
    assert gov.employee.name not in found(hr)
    assert found(hr, keadaan="retired") == [gov.employee.name]
    assert gov.employee.name in found(hr, keadaan="semua")


@pytest.mark.parametrize(
    "query", [{"unit": "x"}, {"status": "x"}, {"golongan": "x"}, {"sort": "x"}, {"page": "x"}]
)
def test_unknown_values_count_as_not_chosen(hr, gov, query):
    assert len(found(hr, **query)) == Employee.objects.count()


def test_a_level_of_very_many_units_is_not_offered_but_the_chosen_one_is(client, gov, monkeypatch):
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.office).user
    client.force_login(officer)

    def offered(**query):
        return [words for _key, words in client.get(LIST, query).context["filter"].fields["unit"].choices[1:]]

    assert offered() == [gov.office.name, gov.section.name, gov.second_section.name, gov.school.name]
    monkeypatch.setattr(filters, "MOST", 3)
    assert offered() == [gov.office.name]
    assert offered(unit=str(gov.school.pk)) == [gov.office.name, gov.school.name]
    assert found(client, unit=str(gov.school.pk)) == [gov.school_head.name, gov.teachers[0].name]


@pytest.mark.parametrize("key", ["nama", "nip", "unit", "jabatan", "golongan"])
def test_every_column_sorts_both_ways(hr, gov, key):
    forwards = [person.pk for person in hr.get(LIST, {"sort": key}).context["page"]]
    backwards = [person.pk for person in hr.get(LIST, {"sort": f"-{key}"}).context["page"]]
    assert forwards == backwards[::-1]


def test_the_list_has_pages_of_25_and_keeps_the_filter(hr, gov):
    EmployeeFactory.create_batch(26, unit=gov.section, golongan="")
    first = hr.get(LIST, {"unit": str(gov.section.pk)})
    assert (len(names(first)), first.context["page"].count) == (25, 29)
    assert f"unit={gov.section.pk}&amp;page=2" in first.content.decode()
    second = hr.get(LIST, {"unit": str(gov.section.pk), "page": 2})
    assert len(names(second)) == 4


def test_htmx_gets_the_list_alone_and_the_count_for_screen_readers(hr, gov):
    html = hr.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="people"')
    assert "hx-swap-oob" in html
    assert "<html" not in html


# --- Cost -----------------------------------------------------------------------------------------
def statements(client, **query):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(LIST, query)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("query", [{}, {"q": "pegawai"}, {"q": "pegawwai"}, {"sort": "unit"}, {"status": "pns"}])
def test_the_list_costs_at_most_ten_statements_for_few_and_for_many(hr, gov, query):
    few = statements(hr, **query)
    EmployeeFactory.create_batch(30, unit=gov.section, golongan="")
    many = statements(hr, **query)
    assert few <= 10
    assert many <= 10


def test_a_head_pays_no_more(client, gov):
    client.force_login(gov.office_head.user)
    assert statements(client) <= 10


# --- Export ---------------------------------------------------------------------------------------
def export(client, query="", kind="csv"):
    return client.post(reverse("employees:export"), {"query": query, "format": kind})


def test_the_export_holds_exactly_the_filtered_people(hr, gov):
    response = export(hr, f"unit={gov.section.pk}&sort=-nama")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    listed = found(hr, unit=str(gov.section.pk), sort="-nama")
    assert [row["NAMA"] for row in rows] == listed
    assert rows[0]["NIP BARU"].startswith("'")


def test_the_sheet_keeps_numbers_and_formulas_as_text(hr, gov):
    services.change_facts(employee=gov.employee, changes={"name": "=1+1"})
    book = load_workbook(io.BytesIO(export(hr, "q==1", "xlsx").content))
    nip, name = book.active["A2"], book.active["B2"]
    assert (nip.value, nip.data_type, name.value, name.data_type) == (gov.employee.current_nip, "s", "=1+1", "s")
    text = export(hr, "q==1").content.decode("utf-8-sig")
    assert "'=1+1" in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=A1", "'=A1"),
        ("+62", "'+62"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("Budi", "Budi"),
        ("123", "123"),
        ("198609262015051001", "'198609262015051001"),
    ],
)
def test_nothing_that_a_spreadsheet_runs_or_rounds_is_written_bare(text, written):
    assert sheets.harmless(text) == written


def test_a_sheet_for_another_system_keeps_its_numbers_bare_and_its_formulas_shut():
    assert sheets.harmless("198609262015051001", uploaded=True) == "198609262015051001"
    assert sheets.harmless("=A1", uploaded=True) == "'=A1"


def test_the_export_is_recorded_with_its_filters(hr, gov):
    export(hr, "status=pns")
    event = Event.objects.get(verb="employees.exported")
    assert (event.actor, event.data["filters"]) == (gov.hr.user, {"status": "pns"})


def test_a_head_without_a_role_may_not_export_and_scope_holds(client, gov):
    client.force_login(gov.section_head.user)
    assert export(client).status_code == 403
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.second_section).user
    client.force_login(officer)
    assert gov.employee.name not in export(client).content.decode()


def test_a_long_list_is_written_by_a_worker_for_its_owner_alone(
    hr, gov, client, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(sheets, "AT_ONCE", 3)
    with django_capture_on_commit_callbacks(execute=True):
        response = export(hr, "sort=nip")
    job = Job.objects.get(kind="employees.export")
    assert response.url == reverse("work:job", args=[job.pk])
    assert (job.state, job.result["rows"]) == ("done", Employee.objects.count())
    file = hr.get(reverse("documents:file", args=[job.result["file"]]))
    assert len(b"".join(file.streaming_content).decode("utf-8-sig").splitlines()) == Employee.objects.count() + 1
    client.force_login(gov.employee.user)
    assert client.get(reverse("documents:file", args=[job.result["file"]])).status_code == 404


# --- Suggestions ----------------------------------------------------------------------------------
def test_suggestions_stay_within_what_the_reader_may_see(client, gov):
    client.force_login(gov.section_head.user)
    html = client.get(reverse("employees:suggest"), {"employee": "pegawai"}).content.decode()
    assert gov.employee.name in html
    assert gov.second_staff[0].name not in html


@pytest.mark.parametrize(
    ("find", "text", "index"),
    [
        (search.matching, "melkianus", "employee_name_trgm"),
        (search.matching, "melkianus", "employee_position_trgm"),
        (search.matching, "pranata laboratorium", "employee_position_trgm"),
        (search.matching, "471120", "employee_nip_trgm"),
        (search.similar, "melkinus", "employee_name_trgm"),
    ],
)
def test_the_search_uses_its_trigram_indexes_on_five_thousand_people(gov, crowd, find, text, index):
    plan = find(Employee.objects.all(), text).explain()
    assert index in plan, plan


@pytest.mark.parametrize("key", ["nama", "nip", "unit", "jabatan", "golongan", "-golongan", "-nama"])
def test_the_first_page_of_five_thousand_is_read_from_an_index(gov, crowd, key):
    plan = PeopleFilter({"sort": key}, user=gov.hr.user).found()[:26].explain()
    assert "Seq Scan" not in plan, plan
    assert "Sort" not in plan, plan


@pytest.fixture
def crowd(gov):
    """Five thousand more, by one INSERT, different in name, number and position."""
    own = {
        "id": "gen_random_uuid()",
        "user_id": "NULL",
        "siasn_id": "NULL",
        "name": "CASE WHEN n %% 1000 = 7 THEN 'Melkianus ' ELSE 'Sulaiman ' END || chr(65 + n %% 26)",
        "current_nip": "lpad(n::text, 8, '0') || '2010011001'",
        "current_position": "CASE WHEN n %% 1000 = 9 THEN 'Pranata Laboratorium' ELSE 'Guru Ahli' END",
        "current_unit_id": "NULL",
        "current_path": "'0000100' || (n %% 90)",
        "current_rank_order": "11 + (n %% 35)",
    }
    columns = [field.column for field in Employee._meta.concrete_fields]
    values = [own.get(column, f"sample.{column}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO employees_employee ({', '.join(columns)}) SELECT {', '.join(values)} "
            "FROM generate_series(1, %s) n, (SELECT * FROM employees_employee LIMIT 1) sample",
            [5000],
        )
        for index in ("name", "position", "nip"):  # as autovacuum does after a while
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"employee_{index}_trgm"])
        cursor.execute("ANALYZE employees_employee")
