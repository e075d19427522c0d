"""What leave puts on the home page and behind the doors."""

import pytest
from django.urls import reverse

from kepegawaian.calendars.models import Holiday
from leave import services
from leave.models import Bucket
from leave.selectors import balance_of
from tests.employees.factories import UserFactory
from tests.leave.factories import data, day, know_years


def home(client):
    return client.get("/").content.decode()


@pytest.fixture
def me(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.employee)


def test_what_i_wait_for_names_the_holder_and_the_clock(me, flow):
    flow.submitted()
    html = home(me)
    assert "Ada pada Bayu Bidang" in html
    assert "Batas Rab, 4 Mar 2026" in html


def test_an_offer_waits_for_my_own_answer(me, flow):
    flow.offered(day(4, 13), day(4, 14))
    assert "Menunggu jawaban Anda" in home(me)


def test_my_next_leave_and_the_next_days_off_are_coming(me, flow):
    Holiday.objects.create(date=day(3, 19), kind="national", name_id="Hari Nyepi", name_en="Day of Silence")
    flow.granted()
    html = home(me)
    assert "6–10 Apr 2026" in html
    assert "Hari Nyepi" in html


def test_a_head_sees_who_of_the_team_is_away_soon(sign_in, flow, gov):
    services.save_draft(actor=gov.colleague.user, employee=gov.colleague, data=data())
    flow.submitted(day(3, 23), day(3, 24))
    html = home(sign_in(gov.section_head))
    assert "Tim Anda tidak masuk" in html
    assert gov.employee.full_name in html
    assert gov.colleague.full_name not in html


def test_my_number_is_that_of_the_balance_page_before_and_after_the_first_movement(me, flow):
    assert 'class="figure">12 ' in home(me)
    flow.submitted()
    assert Bucket.objects.exists()
    assert f'class="figure">{balance_of(flow.employee).left} ' in home(me)


def test_the_cards_cost_little(me, flow, django_assert_max_num_queries):
    flow.submitted()
    me.get("/")
    with django_assert_max_num_queries(15):
        me.get("/")


def test_an_account_without_a_record_has_no_cards_and_no_pages_of_leave(client, db):
    client.force_login(UserFactory())
    html = home(client)
    assert "Sisa cuti" not in html
    assert "/cuti/" not in html


def test_each_person_is_shown_the_pages_he_may_open(sign_in, gov):
    assert "/cuti/kantor/" not in home(sign_in(gov.employee))
    html = home(sign_in(gov.hr))
    for url in ("/cuti/kantor/", "/cuti/kantor/saldo-awal/", "/cuti/kantor/akhir-tahun/", "/cuti/saldo/"):
        assert f'href="{url}"' in html


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/cuti/saldo/", "Annual leave balance"),
        ("/cuti/saya/", "My leave"),
        ("/cuti/permohonan/baru/", "File annual leave"),
        ("/cuti/kalender-tim/", "Team calendar"),
    ],
)
def test_pages_speak_english_to_who_chose_it(me, gov, url, words):
    gov.employee.user.language = "en"
    gov.employee.user.save()
    assert words in me.get(url).content.decode()


def test_the_page_of_a_person_leads_to_the_balance_for_who_may_see_it(sign_in, flow, gov):
    url = reverse("employees:detail", args=[gov.employee.pk])
    balance = reverse("leave:balance_of", args=[gov.employee.pk])
    flow.submitted()
    html = sign_in(gov.hr).get(url).content.decode()
    assert balance in html
    assert 'class="figure">7 ' in html
