"""The page of a person, one's own, what is masked there, and every form that changes it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.calendars.models import PatternKind
from kepegawaian.employees import services
from kepegawaian.employees.enums import LegalState
from kepegawaian.employees.models import Employee
from kepegawaian.employees.person import masked
from tests.employees.factories import UserFactory, holding_of, make_nip
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
NIK, PHONE = "5371021703850001", "081234567890"


@pytest.fixture
def person(gov):
    return services.change_facts(
        employee=gov.employee, changes={"nik": NIK, "phone": PHONE, "address": "Jl. Rahasia No. 7"}
    )


@pytest.fixture
def hr(client, gov):
    client.force_login(gov.hr.user)
    return client


def url(name, person, *args):
    return reverse(f"employees:{name}", args=[person.pk, *args])


def html(response):
    return response.content.decode()


# --- Who sees the page ----------------------------------------------------------------------------
def test_colleagues_and_citizens_get_404_on_every_address_of_a_person(client, gov):
    row, rank = holding_of(gov.employee).pk, gov.employee.ranks.get().pk
    pages = [
        *(url(name, gov.employee) for name in ("detail", "edit", "number", "end_service", "days", "delegations")),
        *(url(name, gov.employee) for name in ("add_rank", "add_position")),
        *(url(name, gov.employee, row) for name in ("correct_position", "end_position", "withdraw_position")),
        *(url(name, gov.employee, rank) for name in ("correct_rank", "withdraw_rank")),
        url("roster", gov.employee, 2026, 3),
    ]
    for stranger in (gov.second_section_head.user, gov.colleague.user, UserFactory()):
        client.force_login(stranger)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(url("reveal", gov.employee), {"reason": "x"}).status_code == 404


def test_a_superior_reads_the_page_and_changes_nothing(client, gov):
    client.force_login(gov.section_head.user)
    page = client.get(url("detail", gov.employee))
    assert page.status_code == 200
    assert "Ubah data" not in html(page)
    refused = client.get(url("edit", gov.employee))
    assert refused.status_code == 403
    assert "Hanya pengelola kepegawaian" in html(refused)


def test_the_page_names_rank_post_unit_superior_and_service(hr, gov):
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=datetime.date(2024, 3, 2), mk_years=6)
    text = html(hr.get(url("detail", gov.employee)))
    for words in (
        "Penata Muda Tingkat I (III/b)",
        "Penata Layanan Operasional",
        "Bidang Pelayanan Kesehatan",
        "Bayu Bidang",
        "8 tahun 0 bulan",
        "16 tahun 2 bulan",
    ):
        assert words in text


def test_the_page_shows_corrected_rows_with_their_reason(hr, gov):
    row = services.add_rank(employee=gov.employee, golongan="III/c", valid_from=datetime.date(2024, 4, 1))
    services.correct(row=row, changes={"golongan": "III/b", "order": 32}, reason="Salah baca SK")
    text = html(hr.get(url("detail", gov.employee)))
    assert "<s>Penata (III/c)</s>" in text
    assert "Salah baca SK" in text


def test_the_page_costs_the_same_with_one_row_and_with_many(hr, gov):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert hr.get(url("detail", gov.employee)).status_code == 200
        return len(queries)

    few = statements()
    for year in range(2021, 2026):
        services.add_rank(employee=gov.employee, golongan="III/b", valid_from=datetime.date(year, 4, 1))
        position = services.position_named(f"Analis {year}", "executive")
        services.add_position(
            employee=gov.employee, position=position, unit=gov.section, valid_from=datetime.date(year, 4, 1)
        )
    assert statements() == few <= 15


# --- One's own ------------------------------------------------------------------------------------
def test_everybody_with_a_record_has_my_record(client, gov):
    client.force_login(gov.employee.user)
    text = html(client.get(reverse("employees:me")))
    assert "Data saya" in text
    assert "Ada yang keliru?" in text
    assert gov.section_head.name in text


def test_who_has_no_record_has_no_such_page(client, db):
    client.force_login(UserFactory())
    assert client.get(reverse("employees:me")).status_code == 404


# --- Masked values --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("nik", NIK, "•" * 13 + "001"),
        ("phone", "0812", "•••812"),
        ("address", "Jl. Rahasia No. 7", "••••••••"),
        ("npwp", "", ""),
    ],
)
def test_masks_leave_what_its_owner_knows_it_by(name, value, shown):
    assert masked(name, value) == shown


def test_restricted_values_are_masked_for_everybody_the_owner_too(client, gov, person):
    for user in (gov.hr.user, gov.section_head.user, person.user):
        client.force_login(user)
        text = html(client.get(url("detail", person)))
        assert not any(value in text for value in (NIK, PHONE, "Jl. Rahasia"))


def test_hr_sees_them_once_after_saying_why_and_it_is_recorded(hr, gov, person):
    shown = hr.post(url("reveal", person), {"reason": "Cek kepesertaan BPJS"})
    assert NIK in html(shown)
    assert "no-store" in shown["Cache-Control"]
    assert NIK not in html(hr.get(url("detail", person)))
    event = Event.objects.get(verb="employees.revealed")
    assert (event.actor, event.data["reason"]) == (gov.hr.user, "Cek kepesertaan BPJS")


def test_without_a_reason_nothing_is_shown_and_the_field_says_so(hr, person):
    response = hr.post(url("reveal", person), {"reason": " "})
    assert response.status_code == 422
    assert 'id="id_reason_error"' in html(response)
    assert NIK not in html(response)
    assert not Event.objects.filter(verb="employees.revealed").exists()


def test_the_owner_sees_his_own_without_a_reason(client, person):
    client.force_login(person.user)
    assert NIK in html(client.post(url("reveal", person)))
    assert Event.objects.get(verb="employees.revealed").actor == person.user


def test_a_superior_may_not_open_them(client, gov, person):
    client.force_login(gov.section_head.user)
    assert client.post(url("reveal", person), {"reason": "ingin tahu"}).status_code == 403


def test_a_get_never_reveals(hr, person):
    assert hr.get(url("reveal", person)).status_code == 405


# --- Facts ----------------------------------------------------------------------------------------
def edited(person, **changes):
    form = {name: getattr(person, name) for name in ("name", "status", "legal_state", "birth_date", "sex")}
    return {**{key: value for key, value in form.items() if value}, **changes}


def test_hr_changes_facts_and_the_old_values_stay_in_the_trail(hr, gov, person):
    response = hr.post(url("edit", person), edited(person, title_back="S.E.", tmt_cpns="2010-01-01"))
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.title_back == "S.E."
    assert Event.objects.filter(verb="employees.changed").latest("id").data == {
        "title_back": {"from": "", "to": "S.E."}
    }


def test_restricted_inputs_are_empty_and_empty_keeps_the_value(hr, person):
    assert NIK not in html(hr.get(url("edit", person)))
    hr.post(url("edit", person), edited(person, tmt_cpns="2010-01-01", phone="-", address="Jl. Baru"))
    person.refresh_from_db()
    assert (person.nik, person.phone, person.address) == (NIK, "", "Jl. Baru")


def test_a_wrong_value_is_said_beside_the_field_and_nothing_typed_is_lost(hr, person):
    response = hr.post(url("edit", person), edited(person, name="Nama Baru", email="bukan surel"))
    assert response.status_code == 422
    assert 'value="Nama Baru"' in html(response)
    assert 'id="id_email_error"' in html(response)
    person.refresh_from_db()
    assert person.name != "Nama Baru"


def test_leaving_service_is_not_a_mere_change_of_state(hr, person):
    response = hr.post(url("edit", person), edited(person, legal_state=LegalState.RETIRED))
    assert response.status_code == 422


def test_hr_enters_a_new_person_and_goes_on_to_the_post(hr, gov):
    new = {"nip": "19900101 201501 2 001", "name": "Baru Sekali", "status": "pns", "legal_state": "active"}
    response = hr.post(reverse("employees:create"), {**new, "unit": "Bidang Pelayanan Kesehatan"})
    made = Employee.objects.get(name="Baru Sekali")
    assert response.url == url("add_position", made)
    assert (made.current_nip, made.sex, made.birth_date) == ("199001012015012001", "F", datetime.date(1990, 1, 1))


def test_a_taken_number_is_said_beside_the_number(hr, gov):
    new = {"nip": gov.employee.current_nip, "name": "Kembar", "status": "pns", "legal_state": "active"}
    response = hr.post(reverse("employees:create"), new)
    assert response.status_code == 422
    assert "sudah dipakai pegawai lain" in html(response)


def test_only_hr_reaches_the_form_for_new_people(client, gov):
    client.force_login(gov.section_head.user)
    assert client.get(reverse("employees:create")).status_code == 403


def test_hr_gives_a_new_number(hr, gov):
    response = hr.post(url("number", gov.employee), {"nip": make_nip(905), "on": "2026-03-02"})
    assert response.status_code == 302
    gov.employee.refresh_from_db()
    assert gov.employee.current_nip == make_nip(905)


def test_hr_enters_that_somebody_has_left(hr, gov):
    data = {"on": "2026-02-28", "legal_state": "retired", "decree_number": "882/1"}
    assert hr.post(url("end_service", gov.employee), data).status_code == 302
    gov.employee.user.refresh_from_db()
    assert not gov.employee.user.is_active
    assert hr.get(url("detail", gov.employee)).status_code == 200


# --- Histories ------------------------------------------------------------------------------------
def test_hr_adds_a_rank_by_choice(hr, gov):
    data = {
        "golongan": "pns:32",
        "valid_from": "2025-04-01",
        "mk_years": 5,
        "mk_months": 2,
        "decree_number": "823/1",
    }
    assert hr.post(url("add_rank", gov.employee), data).status_code == 302
    gov.employee.refresh_from_db()
    assert gov.employee.current_golongan == "III/b"


def test_a_refused_rank_keeps_what_was_typed(hr, gov):
    data = {
        "golongan": "pns:32",
        "valid_from": "2020-01-01",
        "mk_years": 5,
        "mk_months": 2,
        "decree_number": "823/9",
    }
    response = hr.post(url("add_rank", gov.employee), data)
    assert response.status_code == 422
    assert 'value="823/9"' in html(response)
    assert "Sudah ada riwayat dengan TMT itu" in html(response)


def test_hr_adds_a_post_in_a_unit_found_by_its_words(hr, gov):
    data = {
        "kind": "functional",
        "name": "Arsiparis Ahli Muda",
        "unit": "bidang kesehatan masyarakat",
        "valid_from": "2026-01-01",
    }
    assert hr.post(url("add_position", gov.employee), data).status_code == 302
    gov.employee.refresh_from_db()
    assert gov.employee.current_unit == gov.second_section


def test_words_that_fit_several_units_are_answered_with_them(hr, gov):
    data = {"kind": "functional", "name": "Arsiparis", "unit": "bidang", "valid_from": "2026-01-01"}
    text = html(hr.post(url("add_position", gov.employee), data))
    assert "Bidang Kesehatan Masyarakat · Dinas Kesehatan" in text
    assert "<datalist" in text


def test_hr_corrects_a_rank_and_a_post(hr, gov):
    rank, post = gov.employee.ranks.get(), holding_of(gov.employee)
    data = {"golongan": "pns:33", "valid_from": "2020-01-01", "mk_years": 0, "mk_months": 0, "reason": "Salah"}
    assert hr.post(url("correct_rank", gov.employee, rank.pk), data).status_code == 302
    data = {"kind": "executive", "name": "Arsiparis", "unit": gov.section.name, "valid_from": "2021-01-01"}
    page = url("correct_position", gov.employee, post.pk)
    assert hr.post(page, data).status_code == 422
    assert hr.post(page, {**data, "reason": "Salah"}).status_code == 302
    gov.employee.refresh_from_db()
    assert (gov.employee.current_golongan, gov.employee.current_position) == ("III/c", "Arsiparis")


def test_the_correction_of_a_heads_post_leaves_unit_and_name_alone(hr, gov):
    row = holding_of(gov.section_head)
    page = url("correct_position", gov.section_head, row.pk)
    assert 'name="unit"' not in html(hr.get(page))
    assert hr.post(page, {"valid_from": "2020-02-01", "reason": "TMT"}).status_code == 302
    assert holding_of(gov.section_head).heads == gov.section


def test_a_superseded_row_has_no_form_any_more(hr, gov):
    rank = gov.employee.ranks.get()
    services.correct(row=rank, changes={"mk_years": 1}, reason="x")
    assert hr.get(url("correct_rank", gov.employee, rank.pk)).status_code == 404


def test_hr_takes_a_row_back_and_ends_a_post(hr, gov):
    rank = services.add_rank(employee=gov.employee, golongan="III/b", valid_from=datetime.date(2025, 4, 1))
    assert hr.post(url("withdraw_rank", gov.employee, rank.pk), {"reason": "Keliru"}).status_code == 302
    post = holding_of(gov.employee)
    assert hr.post(url("end_position", gov.employee, post.pk), {"on": "2026-02-28"}).status_code == 302
    gov.employee.refresh_from_db()
    assert (gov.employee.current_golongan, gov.employee.current_position) == ("III/a", "")


def test_a_row_of_another_person_is_not_reached_through_this_one(hr, gov):
    assert hr.get(url("correct_rank", gov.employee, gov.colleague.ranks.get().pk)).status_code == 404


# --- Days -----------------------------------------------------------------------------------------
def test_hr_sets_a_pattern_and_ends_it(hr, gov):
    data = {"kind": PatternKind.OTHER, "weekdays": [0, 2], "valid_from": "2026-03-02"}
    assert hr.post(url("days", gov.employee), data).status_code == 302
    row = gov.employee.patterns.get()
    assert row.weekdays == [0, 2]
    assert hr.post(url("end_pattern", gov.employee, row.pk), {"on": "2026-03-31"}).status_code == 302
    assert "Hari kerja lain" in html(hr.get(url("days", gov.employee)))


def test_hr_ticks_the_duties_of_a_month(hr, gov):
    page = url("roster", gov.employee, 2026, 3)
    assert hr.post(page, {"dates": ["2026-03-01", "2026-03-05"]}).status_code == 302
    assert gov.employee.duty_days.count() == 2
    assert html(hr.get(page)).count("checked") == 2
    assert hr.post(page, {"dates": ["2026-04-01"]}).status_code == 422


# --- A role with a unit ---------------------------------------------------------------------------
def test_hr_of_a_unit_reads_and_reveals_there_but_edits_nothing(client, gov, person):
    client.force_login(RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.office).user)
    assert client.get(url("detail", person)).status_code == 200
    assert NIK in html(client.post(url("reveal", person), {"reason": "Cek"}))
    assert client.get(url("edit", person)).status_code == 403
    assert client.get(url("detail", gov.hr)).status_code == 404
