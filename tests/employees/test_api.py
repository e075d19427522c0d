"""People and units through the API: the same scope as the pages, least data."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepegawaian.employees import services
from tests.employees.factories import EmployeeFactory, UserFactory

pytestmark = pytest.mark.django_db
PEOPLE, UNITS = "/api/v1/employees/", "/api/v1/units/"


def names(response):
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_without_signing_in_there_is_nothing(client, db):
    assert client.get(PEOPLE).status_code in (401, 403)
    assert client.get(UNITS).status_code in (401, 403)


def test_the_list_has_the_scope_of_the_pages(client, gov):
    client.force_login(gov.employee.user)
    assert names(client.get(PEOPLE)) == [gov.employee.name]
    client.force_login(gov.section_head.user)
    assert set(names(client.get(PEOPLE))) == {person.name for person in [gov.section_head, *gov.staff]}


def test_a_stranger_is_not_found(client, gov):
    client.force_login(gov.employee.user)
    assert client.get(f"{PEOPLE}{gov.colleague.pk}/").status_code == 404
    assert client.get(f"{PEOPLE}kosong/").status_code == 404


def test_a_person_is_given_without_restricted_data(client, gov):
    services.change_facts(employee=gov.employee, changes={"nik": "5371021703850001"})
    client.force_login(gov.hr.user)
    body = client.get(f"{PEOPLE}{gov.employee.pk}/").json()
    assert body == {
        "id": str(gov.employee.pk),
        "nip": gov.employee.current_nip,
        "name": gov.employee.name,
        "full_name": gov.employee.full_name,
        "status": "pns",
        "legal_state": "active",
        "scheme": "pns",
        "golongan": "III/a",
        "position": "Penata Layanan Operasional",
        "position_kind": "executive",
        "unit": {"id": str(gov.section.pk), "name": "Bidang Pelayanan Kesehatan"},
    }


def test_me_is_the_caller_and_404_for_who_has_no_record(client, gov):
    client.force_login(gov.employee.user)
    assert client.get(f"{PEOPLE}me/").json()["id"] == str(gov.employee.pk)
    client.force_login(UserFactory())
    assert client.get(f"{PEOPLE}me/").status_code == 404


def test_the_list_is_searched_and_narrowed(client, gov):
    EmployeeFactory(pppk=True, unit=gov.school, name="Kontrak Satu")
    gone = EmployeeFactory(unit=gov.school, name="Sudah Pensiun", legal_state="retired")
    client.force_login(gov.hr.user)
    assert names(client.get(PEOPLE, {"q": "dewi"})) == ["Dewi Dinas"]
    assert names(client.get(PEOPLE, {"status": "pppk"})) == ["Kontrak Satu"]
    assert gone.name not in names(client.get(PEOPLE, {"unit": str(gov.school.pk)}))
    assert gone.name in names(client.get(PEOPLE, {"unit": str(gov.school.pk), "all": "true"}))
    assert names(client.get(PEOPLE, {"unit": str(gov.hr.pk)})) == []


@pytest.mark.parametrize("query", [{"unit": "x"}, {"status": "x"}, {"all": "x"}])
def test_what_makes_no_sense_is_a_problem_and_no_crash(client, gov, query):
    client.force_login(gov.hr.user)
    response = client.get(PEOPLE, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_nothing_is_written_through_it(client, gov):
    client.force_login(gov.hr.user)
    for address in (PEOPLE, f"{PEOPLE}{gov.employee.pk}/", UNITS):
        assert client.post(address, {}, content_type="application/json").status_code == 405


def test_a_list_costs_the_same_for_few_and_for_many(client, gov):
    client.force_login(gov.hr.user)

    def statements(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    few = statements(PEOPLE), statements(UNITS)
    EmployeeFactory.create_batch(20, unit=gov.section, golongan="")
    assert (statements(PEOPLE), statements(UNITS)) == few
    assert max(few) <= 6


# --- Units ----------------------------------------------------------------------------------------
def test_units_come_in_the_order_of_the_tree_with_their_parent(client, gov):
    client.force_login(gov.employee.user)
    rows = client.get(UNITS).json()["results"]
    assert [row["name"] for row in rows][:2] == ["Pemerintah Kota Contoh", "Sekretariat Daerah"]
    assert rows[0]["parent"] is None
    one = client.get(f"{UNITS}{gov.section.pk}/").json()
    assert (one["parent"], one["kind"]) == (str(gov.office.pk), "section")


def test_units_are_found_by_words_or_code_and_closed_ones_on_request(client, gov):
    type(gov.school).objects.filter(pk=gov.school.pk).update(code="U-7", closed_on="2026-01-01")
    client.force_login(gov.employee.user)
    assert names(client.get(UNITS, {"q": "smp"})) == []
    assert names(client.get(UNITS, {"q": "smp", "closed": "true"})) == ["SMP Negeri 3"]
    assert names(client.get(UNITS, {"code": "U-7", "closed": "1"})) == ["SMP Negeri 3"]
    assert client.get(f"{UNITS}{gov.school.pk}/").status_code == 200


def test_citizens_do_not_read_the_tree(client, gov):
    client.force_login(UserFactory())
    assert client.get(UNITS).status_code == 403
