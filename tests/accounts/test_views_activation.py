"""The page of the first sign-in."""

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.utils import timezone

from kepegawaian.accounts import services
from kepegawaian.accounts.models import ActivationCode
from tests.accounts.factories import NEW_PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NIP = "199003032015032003"
WRONG = "NIP dan kode aktivasi tidak cocok"
WAIT = "Terlalu banyak percobaan"
URL = "/akun/aktivasi/"
PASSWORD_URL = "/akun/aktivasi/kata-sandi/"
CHOICE = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "email": ""}


@pytest.fixture
def waiting(db):
    return UserFactory(waiting=True, nip=NIP, name="Budi Santoso", email=None)


@pytest.fixture
def code(waiting):
    return services.issue_activation_code(user=waiting, actor=None)


def test_nip_and_code_lead_to_an_own_password_and_in(client, waiting, code):
    response = client.post(URL, {"login": "19900303 201503 2 003", "code": code.lower()})
    assert response.url == PASSWORD_URL
    assert "Budi Santoso" in client.get(PASSWORD_URL).content.decode()
    response = client.post(PASSWORD_URL, CHOICE)
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.check_password(NEW_PASSWORD)


def test_the_link_leaves_no_secret_behind(client, waiting, code):
    response = client.get(f"{URL}{code}/")
    assert response.url == URL
    assert "no-store" in response["Cache-Control"]
    page = client.get(URL).content.decode()
    assert code not in page
    assert 'name="code"' not in page
    assert code not in str(dict(client.session.items()))
    assert client.post(URL, {"login": NIP}).url == PASSWORD_URL


def test_opening_the_link_uses_nothing_up(client, waiting, code):
    for _ in range(3):
        client.get(f"{URL}{code}/")
    assert ActivationCode.objects.get().used_at is None


def test_the_link_of_somebody_else_asks_for_a_nip_that_does_not_fit(client, waiting, code):
    client.get(f"{URL}{code}/")
    assert WRONG in client.post(URL, {"login": UserFactory(waiting=True).nip}).content.decode()


def test_who_came_by_a_dead_link_may_type_another_code(client, waiting, code):
    client.get(f"{URL}SALAH/")
    assert WRONG in client.post(URL, {"login": NIP}).content.decode()
    assert client.post(f"{URL}?kode=lain", {"login": NIP, "code": code}).url == PASSWORD_URL


def refusals(waiting, code):
    other = UserFactory(waiting=True)
    return {
        "wrong code": {"login": NIP, "code": "AAAA-AAAA-AAAA-AAAA"},
        "unknown nip": {"login": "000000000000000000", "code": code},
        "other person": {"login": other.nip, "code": code},
        "nothing like a nip": {"login": "budi", "code": code},
    }


def test_every_refusal_reads_the_same(client, waiting, code):
    pages = set()
    for data in refusals(waiting, code).values():
        html = client.post(URL, data).content.decode()
        assert WRONG in html
        pages.add(html[html.index("error-summary") :].split("</div>")[0])
    assert len(pages) == 1


def test_an_expired_code_reads_the_same(client, waiting, code):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert WRONG in client.post(URL, {"login": NIP, "code": code}).content.decode()


def test_a_used_code_reads_the_same(client, waiting, code):
    client.post(URL, {"login": NIP, "code": code})
    client.post(PASSWORD_URL, CHOICE)
    assert WRONG in Client().post(URL, {"login": NIP, "code": code}).content.decode()


def test_two_browsers_with_one_code_give_one_account_one_password(client, waiting, code):
    late = Client()
    for browser in (client, late):
        browser.post(URL, {"login": NIP, "code": code})
    client.post(PASSWORD_URL, CHOICE)
    response = late.post(PASSWORD_URL, {**CHOICE, "password1": "x" * 12, "password2": "x" * 12}, follow=True)
    assert "sudah tidak berlaku" in response.content.decode()
    assert "_auth_user_id" not in late.session
    waiting.refresh_from_db()
    assert waiting.check_password(NEW_PASSWORD)


def test_ten_attempts_on_one_nip_are_enough(client, waiting, code, limits):
    for _ in range(10):
        assert WRONG in client.post(URL, {"login": NIP, "code": "SALAH"}).content.decode()
    response = client.post(URL, {"login": "19900303 201503 2 003", "code": code})
    assert response.status_code == 429
    assert WAIT in response.content.decode()


def test_an_unknown_nip_is_held_up_just_the_same(client, limits):
    for _ in range(10):
        client.post(URL, {"login": "000000000000000000", "code": "SALAH"})
    assert client.post(URL, {"login": "000000000000000000", "code": "SALAH"}).status_code == 429


def test_attempts_from_one_address_are_counted_too(client, limits):
    for number in range(60):
        client.post(URL, {"login": f"{number:018d}", "code": "SALAH"})
    assert client.post(URL, {"login": f"{99:018d}", "code": "SALAH"}).status_code == 429


def test_the_password_page_is_closed_without_a_proven_code(client, waiting, code):
    assert client.get(PASSWORD_URL).url == URL
    assert client.post(PASSWORD_URL, CHOICE).url == URL


def test_the_password_page_closes_after_a_quarter_of_an_hour(client, waiting, code):
    client.post(URL, {"login": NIP, "code": code})
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert client.post(PASSWORD_URL, CHOICE).url == URL


@pytest.mark.parametrize(
    ("passwords", "sentence"),
    [
        (("pendek", "pendek"), "terlalu pendek"),
        (("1234567890", "1234567890"), "angka semua"),
        (("passwordpassword", "password123lagi"), "Kedua kata sandi tidak sama"),
        (("budisantoso1", "budisantoso1"), "terlalu mirip dengan nama"),
        (("iloveyou123456", "iloveyou123456"), None),
    ],
)
def test_a_bad_password_gets_a_sentence_and_costs_no_code(client, waiting, code, passwords, sentence):
    client.post(URL, {"login": NIP, "code": code})
    response = client.post(PASSWORD_URL, {"password1": passwords[0], "password2": passwords[1], "email": ""})
    if sentence:
        assert sentence in response.content.decode()
        assert ActivationCode.objects.get().used_at is None
    else:
        assert response.status_code == 302


def test_an_address_given_is_confirmed_by_a_mail_to_it(client, waiting, code, django_capture_on_commit_callbacks):
    client.post(URL, {"login": NIP, "code": code})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PASSWORD_URL, {**CHOICE, "email": "Budi@Contoh.test"})
    waiting.refresh_from_db()
    assert waiting.email is None, "it counts only once it is confirmed"
    assert EmailAddress.objects.get().verified is False
    [message] = mail.outbox
    assert message.to == ["budi@contoh.test"]
    link = message.body.split("http://127.0.0.1:8000")[1].split()[0]
    client.post(link)
    waiting.refresh_from_db()
    assert waiting.email == "budi@contoh.test"


def test_a_second_factor_is_asked_for_here_too(client, code, waiting):
    TOTP.activate(waiting, generate_totp_secret())
    client.post(URL, {"login": NIP, "code": code})
    response = client.post(PASSWORD_URL, CHOICE)
    assert response.url == "/akun/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_whoever_is_signed_in_is_not_mixed_up(client, user, sign_in, code):
    sign_in(user, client)
    assert client.get(f"{URL}{code}/").url == URL
    assert client.get(URL).url == "/akun/saya/"
    assert client.get(PASSWORD_URL).url == URL
    assert "activation_link" not in client.session


def test_the_language_seen_at_activation_becomes_the_persons(client, waiting, code):
    client.cookies["language"] = "en"
    client.post(URL, {"login": NIP, "code": code})
    client.post(PASSWORD_URL, CHOICE)
    waiting.refresh_from_db()
    assert waiting.language == "en"


def test_who_has_no_nip_is_known_by_the_email(client):
    mayor = UserFactory(waiting=True, nip=None, email="wali.kota@contoh.test")
    code = services.issue_activation_code(user=mayor, actor=None)
    assert client.post(URL, {"login": "Wali.Kota@contoh.test", "code": code}).url == PASSWORD_URL
