"""Units without a head, naming one, handing authority on."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.employees import reporting, services
from kepegawaian.employees.models import Delegation
from tests.employees.factories import holding_of
from tests.units.factories import UnitFactory

TODAY = datetime.date(2026, 3, 2)
pytestmark = pytest.mark.django_db
MISSING = "/unit/tanpa-kepala/"


@pytest.fixture
def hr(client, gov):
    client.force_login(gov.hr.user)
    return client


def html(response):
    return response.content.decode()


def vacate(person):
    services.end_holding(row=holding_of(person), on=TODAY - datetime.timedelta(days=1))


# --- Units without a head -------------------------------------------------------------------------
def test_every_unit_with_an_able_head_is_left_out(hr, gov):
    assert "Semua unit sudah ada pimpinannya" in html(hr.get(MISSING))


def test_vacant_units_and_those_whose_head_cannot_act_are_listed(hr, gov):
    vacate(gov.section_head)
    services.change_facts(employee=gov.school_head, changes={"legal_state": "cltn"})
    text = html(hr.get(MISSING))
    assert "Bidang Pelayanan Kesehatan · Dinas Kesehatan" in text
    assert "SMP Negeri 3 · Dinas Kesehatan" in text
    assert "Bidang Kesehatan Masyarakat" not in text


def test_closed_units_and_units_with_a_plt_are_not_listed(hr, gov):
    vacate(gov.section_head)
    services.name_head(unit=gov.section, employee=gov.employee, kind="plt", valid_from=TODAY)
    type(gov.section)(pk=gov.section.pk)
    UnitFactory(name="Unit Tutup", parent=gov.office, opened_on=datetime.date(2001, 1, 1))
    type(gov.section).objects.filter(name="Unit Tutup").update(closed_on=TODAY)
    assert "Semua unit sudah ada pimpinannya" in html(hr.get(MISSING))


def test_the_list_is_for_hr_alone(client, gov):
    client.force_login(gov.office_head.user)
    assert client.get(MISSING).status_code == 403


def test_it_costs_the_same_for_one_unit_and_for_many(hr, gov):
    UnitFactory(parent=gov.office)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            hr.get(MISSING)
        return len(queries)

    few = statements()
    for _number in range(24):
        UnitFactory(parent=gov.office)
    assert statements() == few <= 10


# --- Naming a head --------------------------------------------------------------------------------
def name_page(unit):
    return reverse("heads:name", args=[unit.pk])


def test_hr_names_a_plt_by_nip_and_the_unit_is_no_longer_without_head(hr, gov):
    vacate(gov.section_head)
    data = {"kind": "plt", "employee": gov.second_section_head.current_nip, "valid_from": "2026-03-02"}
    assert hr.post(name_page(gov.section), data).url == reverse("units:detail", args=[gov.section.pk])
    assert reporting.sitting_head(gov.section, TODAY).title == "Plt. Kepala Bidang Pelayanan Kesehatan"


def test_a_person_is_taken_as_the_suggestion_writes_him(hr, gov):
    vacate(gov.section_head)
    typed = f"{gov.employee.full_name} ({gov.employee.current_nip})"
    hr.post(name_page(gov.section), {"kind": "definitive", "employee": typed, "valid_from": "2026-03-02"})
    assert reporting.sitting_head(gov.section, TODAY).employee == gov.employee


def test_a_name_that_fits_several_is_answered_with_them(hr, gov):
    vacate(gov.section_head)
    text = html(hr.post(name_page(gov.section), {"kind": "plt", "employee": "Bidang", "valid_from": "2026-03-02"}))
    assert "Citra Bidang" in text
    assert "Pilih salah satu" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "definitive"}, "Bayu Bidang masih menjabat"),
        ({"kind": "plt"}, "gunakan Plh"),
        ({"kind": "plh"}, "sampai kapan"),
        ({"kind": "plh", "valid_to": "2026-03-01"}, "sesudah tanggal mulai"),
        ({"kind": "plt", "employee": "Entah Siapa"}, "tidak ditemukan"),
    ],
)
def test_a_refusal_is_said_in_words(hr, gov, data, words):
    form = {"employee": gov.employee.current_nip, "valid_from": "2026-03-02", **data}
    response = hr.post(name_page(gov.section), form)
    assert response.status_code == 422
    assert words in html(response)


def test_hr_ends_a_plh(hr, gov):
    row = services.name_head(unit=gov.section, employee=gov.employee, kind="plh", valid_from=TODAY)
    page = reverse("heads:end", args=[gov.section.pk, row.pk])
    assert hr.post(page, {"on": "2026-03-05"}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == datetime.date(2026, 3, 5)


def test_naming_and_ending_are_for_hr_alone(client, gov):
    row = services.name_head(unit=gov.section, employee=gov.employee, kind="plh", valid_from=TODAY)
    client.force_login(gov.section_head.user)
    assert client.get(name_page(gov.section)).status_code == 403
    assert (
        client.post(reverse("heads:end", args=[gov.section.pk, row.pk]), {"on": "2026-03-05"}).status_code == 403
    )


# --- Delegations ----------------------------------------------------------------------------------
def give(client, gov, **data):
    form = {
        "delegate": gov.employee.current_nip,
        "valid_from": "2026-03-02",
        "valid_to": "2026-03-06",
        "decree_number": "800/5",
    }
    return client.post(reverse("employees:delegations", args=[gov.section_head.pk]), {**form, **data})


def test_an_official_hands_on_and_takes_back_from_his_own_page(client, gov):
    client.force_login(gov.section_head.user)
    assert client.get(reverse("employees:my_delegations")).status_code == 302
    assert give(client, gov).status_code == 302
    row = Delegation.objects.get()
    page = html(client.get(reverse("employees:delegations", args=[gov.section_head.pk])))
    assert "800/5" in page
    client.post(reverse("employees:end_delegation", args=[gov.section_head.pk, row.pk]))
    row.refresh_from_db()
    assert row.ended_at is not None


def test_a_refused_delegation_says_why(client, gov):
    client.force_login(gov.section_head.user)
    response = give(client, gov, delegate=gov.section_head.current_nip)
    assert response.status_code == 422
    assert "kepada orang lain" in html(response)


def test_ending_twice_says_so_instead_of_failing(client, gov):
    client.force_login(gov.section_head.user)
    give(client, gov)
    page = reverse("employees:end_delegation", args=[gov.section_head.pk, Delegation.objects.get().pk])
    client.post(page)
    assert "sudah diakhiri" in html(client.post(page, follow=True))


def test_a_superior_does_not_hand_on_for_others(client, gov):
    client.force_login(gov.office_head.user)
    assert give(client, gov).status_code == 403


def test_hr_sees_all_that_run_or_are_to_come(hr, gov):
    give(hr, gov)
    text = html(hr.get(reverse("employees:delegations_all")))
    assert gov.section_head.name in text
    assert gov.employee.name in text
