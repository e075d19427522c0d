"""Pages of the unit tree: any date, any depth, closed units on request, changes by HR."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.employees import services as people
from kepegawaian.units import services, tree
from kepegawaian.units.models import Unit
from tests.employees.factories import UserFactory, holding_of, make_government
from tests.units.factories import UnitFactory

TODAY = datetime.date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def gov(db, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC))
    return make_government()


@pytest.fixture
def hr(client, gov):
    client.force_login(gov.hr.user)
    return client


@pytest.fixture
def reader(client, gov):
    client.force_login(gov.employee.user)
    return client


def html(response):
    return response.content.decode()


def page(name, unit):
    return reverse(f"units:{name}", args=[unit.pk])


# --- The tree -------------------------------------------------------------------------------------
def test_every_employee_reads_the_tree_and_a_citizen_does_not(client, gov):
    client.force_login(gov.employee.user)
    assert client.get("/unit/").status_code == 200
    client.force_login(UserFactory())
    assert client.get("/unit/").status_code == 403
    assert client.get(page("detail", gov.office)).status_code == 403


def test_the_tree_shows_the_first_level_with_heads_and_offers_the_branches(reader, gov):
    text = html(reader.get("/unit/"))
    assert "Dinas Kesehatan" in text
    assert "Dewi Dinas" in text
    assert "Bidang Pelayanan Kesehatan" not in text
    assert f'hx-get="{page("branch", gov.office)}"' in text
    assert f"buka={gov.office.pk}" in text


def test_without_javascript_a_branch_opens_by_its_link(reader, gov):
    deep = UnitFactory(parent=gov.section, name="Seksi Imunisasi")
    text = html(reader.get("/unit/", {"buka": str(gov.section.pk)}))
    assert "Seksi Imunisasi" in text
    assert "Bidang Kesehatan Masyarakat" in text
    assert str(deep.pk) in text


def test_htmx_gets_one_branch(reader, gov):
    text = html(reader.get(page("branch", gov.office)))
    assert "Bidang Pelayanan Kesehatan" in text
    assert "<html" not in text


def test_the_tree_of_another_day_has_the_names_and_parents_of_that_day(reader, gov):
    services.rename(unit=gov.section, name="Bidang Baru", on=TODAY)
    services.move(unit=gov.second_section, parent=gov.personnel, on=TODAY)
    then = html(reader.get("/unit/", {"buka": str(gov.office.pk), "pada": "2026-03-01"}))
    assert "Bidang Pelayanan Kesehatan" in then
    assert "Bidang Kesehatan Masyarakat" in then
    now = html(reader.get("/unit/", {"buka": str(gov.office.pk)}))
    assert "Bidang Baru" in now
    assert "Bidang Kesehatan Masyarakat" not in now


def test_closed_units_are_shown_on_request(reader, gov):
    old = UnitFactory(parent=gov.office, name="Bidang Lama")
    services.close(unit=old, on=TODAY)
    assert "Bidang Lama" not in html(reader.get("/unit/", {"buka": str(gov.office.pk)}))
    shown = html(reader.get("/unit/", {"buka": str(gov.office.pk), "tutup": "on"}))
    assert "Bidang Lama" in shown
    assert "Ditutup" in shown


@pytest.mark.parametrize("query", [{"buka": "x"}, {"pada": "kapan"}, {"pada": "1900-01-01"}, {"buka": ""}])
def test_odd_addresses_still_give_a_tree(reader, gov, query):
    assert reader.get("/unit/", query).status_code == 200


def test_a_branch_costs_the_same_for_few_units_and_for_many(reader, gov):
    def statements(address):
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    addresses = ["/unit/", page("branch", gov.office), page("detail", gov.office)]
    few = [statements(address) for address in addresses]
    for number in range(30):
        UnitFactory(parent=gov.office, name=f"Unit {number}")
    assert [statements(address) for address in addresses] == few
    assert max(few) <= 17


# --- One unit -------------------------------------------------------------------------------------
def test_a_unit_shows_head_days_history_and_what_lies_below(reader, gov):
    services.rename(unit=gov.office, name="Dinas Kesehatan dan KB", on=datetime.date(2026, 1, 1), decree="Perda 1")
    text = html(reader.get(page("detail", gov.office)))
    for words in ("Dewi Dinas", "5 hari kerja", "Perda 1", "Dinas Kesehatan dan KB", "Bidang Pelayanan Kesehatan"):
        assert words in text


def test_people_of_a_unit_are_shown_to_who_may_see_them(client, gov):
    client.force_login(gov.employee.user)
    assert gov.colleague.name not in html(client.get(page("detail", gov.section)))
    client.force_login(gov.section_head.user)
    assert gov.colleague.name in html(client.get(page("detail", gov.section)))
    assert gov.second_staff[0].name not in html(client.get(page("detail", gov.second_section)))


def test_people_of_a_unit_are_asked_as_of_a_date(hr, gov):
    position = people.position_named("Arsiparis", "executive")
    people.add_position(employee=gov.employee, position=position, unit=gov.school, valid_from=TODAY)
    assert gov.employee.name not in html(hr.get(page("detail", gov.section)))
    then = html(hr.get(page("detail", gov.section), {"pada": "2026-03-01"}))
    assert gov.employee.name in then
    assert "keadaan pada 1 Maret 2026" in then


def test_a_unit_without_a_head_says_who_acts(hr, gov):
    people.end_holding(row=holding_of(gov.section_head), on=datetime.date(2026, 3, 1))
    text = html(hr.get(page("detail", gov.section)))
    assert "Belum ada pimpinan" in text
    assert "Dewi Dinas" in text
    assert reverse("heads:name", args=[gov.section.pk]) in text


def test_an_unknown_unit_is_not_found(reader, gov):
    assert reader.get("/unit/00000000-0000-7000-8000-000000000000/").status_code == 404


# --- Changes --------------------------------------------------------------------------------------
def test_hr_makes_a_unit(hr, gov):
    data = {"name": "Seksi Gizi", "parent": gov.section.name, "kind": "section", "opened_on": "2026-03-01"}
    made = hr.post(reverse("units:create"), data)
    unit = Unit.objects.get(name="Seksi Gizi")
    assert made.url == page("detail", unit)
    assert Unit.objects.get_parent(unit) == gov.section


def test_the_form_for_a_unit_below_another_names_it(hr, gov):
    text = html(hr.get(reverse("units:create"), {"induk": str(gov.section.pk)}))
    assert "Bidang Pelayanan Kesehatan · Dinas Kesehatan" in text


def test_hr_renames_moves_closes_and_reopens(hr, gov):
    unit = UnitFactory(parent=gov.office, name="Bidang X")
    assert hr.post(page("rename", unit), {"name": "Bidang Y", "on": "2026-02-01"}).status_code == 302
    assert hr.post(page("move", unit), {"parent": gov.personnel.name, "on": "2026-02-01"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.path.startswith(gov.personnel.path)) == ("Bidang Y", True)
    assert hr.post(page("close", unit), {"on": "2026-03-02"}).status_code == 302
    assert "sudah ditutup" in html(hr.get(page("detail", unit)))
    assert hr.post(page("reopen", unit), {"on": "2026-03-02"}).status_code == 302
    unit.refresh_from_db()
    assert unit.closed_on is None


def test_hr_changes_what_has_no_history(hr, gov):
    data = {"short_name": "Dinkes", "kind": "office", "function": "", "timezone": "Asia/Makassar", "code": "D-1"}
    assert hr.post(page("edit", gov.office), data).status_code == 302
    gov.office.refresh_from_db()
    assert (gov.office.short_name, gov.office.timezone, gov.office.code) == ("Dinkes", "Asia/Makassar", "D-1")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("close", {"on": "2026-03-02"}, "3 unit di bawahnya"),
        ("move", {"parent": "Bidang Pelayanan Kesehatan", "on": "2026-03-02"}, "bawah dirinya sendiri"),
        ("move", {"parent": "Entah", "on": "2026-03-02"}, "tidak ditemukan"),
        ("edit", {"kind": "office", "function": "personnel"}, "sudah dipegang unit lain"),
        ("rename", {"name": "", "on": "2026-03-02"}, 'id="id_name_error"'),
        ("reopen", {"on": "2026-03-02"}, "tidak ditutup"),
    ],
)
def test_a_refused_change_says_why(hr, gov, name, data, words):
    response = hr.post(page(name, gov.office), data)
    assert response.status_code == 422
    assert words in html(response)


def test_a_unit_in_which_people_work_is_not_closed(hr, gov):
    assert "3 pegawai" in html(hr.post(page("close", gov.section), {"on": "2026-03-02"}))


def test_others_get_403_with_the_reason(client, gov):
    client.force_login(gov.office_head.user)
    for name in ("edit", "rename", "move", "close", "reopen"):
        response = client.get(page(name, gov.office))
        assert response.status_code == 403
        assert "pengelola struktur organisasi" in html(response)
    assert client.get(reverse("units:create")).status_code == 403


# --- Units by words -------------------------------------------------------------------------------
def test_units_are_found_by_code_name_or_name_and_parent(gov):
    Unit.objects.filter(pk=gov.school.pk).update(code="U-77")
    assert tree.find("U-77") == [gov.school]
    assert tree.find("smp negeri 3") == [gov.school]
    assert tree.find("SMP Negeri 3 · Dinas Kesehatan") == [gov.school]
    assert tree.find("negeri") == [gov.school]
    assert len(tree.find("bidang")) == 2
    assert tree.find("entah") == []


def test_units_of_one_name_are_told_apart_by_their_parent(gov):
    first = UnitFactory(parent=gov.office, name="Sekretariat")
    second = UnitFactory(parent=gov.personnel, name="Sekretariat")
    assert set(tree.find("Sekretariat")) == {first, second}
    assert tree.find(f"Sekretariat · {gov.personnel.name}") == [second]


def test_suggestions_name_the_parent(reader, gov):
    text = html(reader.get(reverse("units:suggest"), {"unit": "pelayanan"}))
    assert text.strip().startswith('<option value="Bidang Pelayanan Kesehatan · Dinas Kesehatan">')
