"""The balance page: every figure with its reason, one's own and in scope, and the years before go-live."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from leave.drawing import BalanceDrawn, signed
from leave.enums import Outcome
from leave.models import OpeningYear
from leave.selectors import Balance, balance_of
from leave.services.opening import OpeningEntry, enter_opening
from tests.employees.factories import UserFactory
from tests.leave.factories import day, know_years
from tests.units.factories import RoleAssignmentFactory

MINE = "/cuti/saldo/"


def page(client, url=MINE, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def of(employee):
    return reverse("leave:balance_of", args=[employee.pk])


# --- The numbers ----------------------------------------------------------------------------------
def test_it_shows_each_bucket_with_granted_taken_reserved_and_left(sign_in, flow):
    know_years(flow.employee, 2024, 2025, left=6)
    flow.granted()
    flow.submitted(day(5, 4), day(5, 5))
    response = sign_in(flow.employee).get(MINE)
    rows = [
        (each.source, each.figure.granted, each.figure.taken, each.figure.reserved, each.figure.left)
        for each in response.context["drawn"].buckets
    ]
    assert rows == [("C1-2025", 6, 5, 1, 0), ("O-2026", 12, 0, 1, 11)]
    assert response.context["balance"].left == 11


def test_every_granted_figure_names_rule_and_article(sign_in, flow):
    know_years(flow.employee, 2024, 2025, left=9)
    html = page(sign_in(flow.employee))
    assert "Sisa 9 hari tahun 2025, dibatasi 6 hari" in html
    assert "R2 · PP 11/2017 Pasal 313 ayat (1)" in html
    assert "R1 · PP 11/2017 Pasal 311 ayat (2)" in html


def amounts(rows):
    return [int(str(row.amount or 0).replace("\N{MINUS SIGN}", "-")) for row in rows]


@pytest.mark.parametrize("openings", [{"left": 9}, {"left": 4}, {"left": 12, "unused": True}])
def test_the_amounts_of_a_derivation_add_up(flow, openings):
    know_years(flow.employee, 2024, 2025, **openings)
    for each in BalanceDrawn(balance_of(flow.employee)).buckets:
        assert sum(amounts(each.granted)) == each.figure.granted
        assert sum(amounts(each.left)) == each.figure.left


def test_what_a_correction_changed_is_said(flow):
    know_years(flow.employee, 2024, 2025, left=6)
    figure = replace(balance_of(flow.employee).buckets[0], granted=4)
    rows = BalanceDrawn(Balance(2026, day(3, 2), True, "strict", [figure])).buckets[0].granted
    assert (rows[-1].label, rows[-1].amount) == ("Koreksi", "\N{MINUS SIGN}2")


def test_what_lapses_says_until_when(sign_in, flow):
    know_years(flow.employee, 2024, 2025, left=6)
    html = page(sign_in(flow.employee))
    assert "<strong>6 hari</strong>" in html
    assert "Kam, 31 Des 2026" in html


def test_unknown_earlier_years_are_said_to_be_unconfirmed(sign_in, flow):
    html = page(sign_in(flow.employee))
    assert "belum dipastikan" in html
    know_years(flow.employee, 2024, 2025)
    assert "belum dipastikan" not in page(sign_in(flow.employee))


def test_the_movements_of_one_request_stand_together_and_add_up(flow):
    know_years(flow.employee, 2024, 2025)
    filed = flow.granted()
    entries = BalanceDrawn(balance_of(flow.employee)).entries
    assert [(entry.filed, entry.effect, entry.balance) for entry in entries] == [(None, 12, 12), (filed, -5, 7)]
    assert len(entries[1].lines) == 3
    assert signed(-5) == "\N{MINUS SIGN}5"


def test_a_source_shows_its_movements_alone_and_can_be_taken_off(sign_in, flow):
    know_years(flow.employee, 2024, 2025, left=6)
    html = page(sign_in(flow.employee), kotak="C1-2025")
    movements = html[html.index('id="mutasi"') :]
    assert "Sisa tahun lalu (2025)" in movements
    assert "Hak cuti tahunan 2026" not in movements
    assert 'href="?tahun=2026#mutasi"' in movements


def test_the_year_can_be_switched_and_nonsense_is_this_year(sign_in, flow):
    client = sign_in(flow.employee)
    assert client.get(MINE, {"tahun": "2027"}).context["balance"].year == 2027
    for text in ("1987", "99999", "dua", "-1", "２０２６"):
        assert client.get(MINE, {"tahun": text}).context["balance"].year == 2026


def test_a_right_that_is_yet_to_come_is_announced(sign_in, flow, time_machine):
    flow.employee.tmt_cpns = datetime.date(2025, 6, 1)
    flow.employee.save()
    response = sign_in(flow.employee).get(MINE)
    assert response.context["balance"].left == 0
    assert "dapat dipakai mulai 1 Jun 2026" in response.content.decode()


def test_postponed_days_leave_the_own_right(sign_in, flow):
    know_years(flow.employee, 2024, 2025)
    flow.decide(flow.opined(), Outcome.POSTPONED, reason="Pemeriksaan BPK")
    assert "Ditangguhkan ke tahun berikutnya" in page(sign_in(flow.employee))


# --- Whose ----------------------------------------------------------------------------------------
def test_hr_in_scope_and_heads_see_it_and_strangers_do_not(sign_in, gov):
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.section).user
    elsewhere = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.second_section).user
    for person in (gov.hr, officer, gov.section_head, gov.office_head):
        assert sign_in(person).get(of(gov.employee)).status_code == 200
    for person in (gov.colleague, elsewhere, gov.second_section_head):
        assert sign_in(person).get(of(gov.employee)).status_code == 404


def test_an_account_without_a_record_is_told_why(client, db):
    client.force_login(UserFactory())
    response = client.get(MINE)
    assert response.status_code == 403
    assert "tidak terhubung dengan data pegawai" in response.content.decode()


def test_it_costs_the_same_with_one_request_and_with_many(sign_in, flow, django_assert_max_num_queries):
    client = sign_in(flow.employee)
    flow.submitted(day(5, 4), day(5, 4))
    with django_assert_max_num_queries(18) as one:
        page(client)
    for number in range(5):
        flow.submitted(day(4, 6 + number), day(4, 6 + number))
    with django_assert_max_num_queries(len(one)):
        page(client)


# --- Years before go-live -------------------------------------------------------------------------
@pytest.fixture
def opening_url(gov):
    return reverse("leave:opening", args=[gov.employee.pk])


VALUES = {"year": "2025", "left": "6", "postponed": "0", "source": "Kartu cuti 2025"}


def test_hr_enters_a_year_and_the_carry_follows(sign_in, gov, opening_url):
    response = sign_in(gov.hr).post(opening_url, VALUES, follow=True)
    assert "Saldo awal 2025 disimpan" in response.content.decode()
    assert balance_of(gov.employee).of("C1") == 6


def test_what_cannot_be_true_is_refused_and_nothing_typed_is_lost(sign_in, gov, opening_url):
    html = sign_in(gov.hr).post(opening_url, VALUES | {"left": "13"}).content.decode()
    assert "paling banyak 12 hari" in html
    assert "Kartu cuti 2025" in html
    assert not OpeningYear.objects.exists()


def test_a_replaced_entry_stays_visible(sign_in, gov, opening_url):
    for left in (6, 4):
        entry = OpeningEntry(2025, left)
        enter_opening(actor=gov.hr.user, employee=gov.employee, entries=[entry], source=f"Kartu {left}")
    html = page(sign_in(gov.hr), opening_url)
    assert "Kartu 6" in html
    assert html.count("sudah diganti") == 1


def test_only_who_manages_leave_enters_and_never_for_himself(sign_in, gov, opening_url):
    assert sign_in(gov.section_head).post(opening_url, VALUES).status_code == 403
    assert sign_in(gov.colleague).post(opening_url, VALUES).status_code == 404
    own = reverse("leave:opening", args=[gov.hr.pk])
    assert sign_in(gov.hr).post(own, VALUES).status_code == 403
