"""One's own account, the e-mail, the sessions, the language."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kepegawaian.accounts import services
from kepegawaian.audit.models import Event
from tests.accounts.factories import PASSWORD, UserFactory, confirmed_email

pytestmark = pytest.mark.django_db
ME, EMAIL, SESSIONS = "/akun/saya/", "/akun/email/", "/akun/sessions/"


@pytest.fixture
def signed_in(client, user, sign_in):
    return sign_in(user, client)


@pytest.fixture
def add(reauthenticated, signed_in, django_capture_on_commit_callbacks):
    def _add(email):
        reauthenticated(signed_in)
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in.post(EMAIL, {"email": email, "action_add": ""})

    return _add


def confirm(client, message):
    link = message.body.split("http://127.0.0.1:8000")[1].split()[0]
    assert client.get(link).status_code == 200
    return client.post(link, follow=True)


def test_it_shows_who_i_am_and_how_my_account_is_guarded(signed_in, user):
    html = signed_in.get(ME).content.decode()
    assert "19800101 200501 1 001" in html
    assert "siti@contoh.test" in html
    assert "belum dikonfirmasi" in html
    assert "1 sesi sedang berjalan" in html
    assert "Belum aktif" in html


def test_it_counts_second_factors_and_tokens(signed_in, user):
    Authenticator.objects.create(user=user, type="totp", data={})
    Authenticator.objects.create(user=user, type="webauthn", data={})
    services.create_token(user=user, name="a", days=30)
    html = " ".join(signed_in.get(ME).content.decode().split())
    assert "aplikasi autentikator, 1 kunci sandi" in html
    assert "1 token untuk program" in html


def test_it_costs_the_same_with_one_session_and_with_six(signed_in, user, sign_in):
    with CaptureQueriesContext(connection) as one:
        signed_in.get(ME)
    for _ in range(5):
        sign_in(user)
        services.create_token(user=user, name="a", days=30)
    with CaptureQueriesContext(connection) as six:
        signed_in.get(ME)
    assert len(six) == len(one) <= 10


# --- E-mail ---------------------------------------------------------------------------------------
def test_changing_the_address_asks_for_the_password_again(signed_in):
    response = signed_in.post(EMAIL, {"email": "baru@contoh.test", "action_add": ""})
    assert response.url.startswith("/akun/reauthenticate/")


def test_the_address_changes_once_the_new_one_is_confirmed(signed_in, user, add):
    confirmed_email(user)
    add("Baru@Contoh.test")
    user.refresh_from_db()
    assert user.email == "siti@contoh.test"
    [message] = mail.outbox
    assert message.to == ["baru@contoh.test"]
    confirm(signed_in, message)
    user.refresh_from_db()
    assert user.email == "baru@contoh.test"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("baru@contoh.test", True)]
    assert Event.objects.filter(verb="accounts.email_changed", subject_id=str(user.pk)).exists()


def test_an_unconfirmed_address_of_the_record_stays_meanwhile(signed_in, user, add):
    signed_in.get(EMAIL)
    add("baru@contoh.test")
    user.refresh_from_db()
    assert user.email == "siti@contoh.test"
    html = signed_in.get(EMAIL).content.decode()
    assert "baru@contoh.test belum dikonfirmasi" in html


def test_the_former_address_is_told_of_the_change(signed_in, user, add, django_capture_on_commit_callbacks):
    confirmed_email(user)
    add("baru@contoh.test")
    with django_capture_on_commit_callbacks(execute=True):
        confirm(signed_in, mail.outbox.pop())
    [message] = mail.outbox
    assert message.to == ["siti@contoh.test"]
    assert "dari siti@contoh.test menjadi baru@contoh.test" in message.body


def test_a_waiting_change_can_be_called_off(signed_in, user, add):
    confirmed_email(user)
    add("baru@contoh.test")
    signed_in.post(EMAIL, {"email": "baru@contoh.test", "action_remove": ""})
    assert not EmailAddress.objects.filter(email="baru@contoh.test").exists()
    user.refresh_from_db()
    assert user.email == "siti@contoh.test"


def test_whether_somebody_else_has_the_address_is_not_said(signed_in, user, add):
    other = UserFactory(email="lain@contoh.test")
    confirmed_email(other)
    taken = add("lain@contoh.test")
    free = add("bebas@contoh.test")
    assert (taken.status_code, taken.url) == (free.status_code, free.url)


def test_an_address_that_another_confirmed_cannot_be_taken(signed_in, user, add):
    other = UserFactory(email="lain@contoh.test")
    confirmed_email(other)
    add("lain@contoh.test")
    link = mail.outbox[0].body.split("http://127.0.0.1:8000")[1].split()[0]
    assert "sudah dipakai" in signed_in.get(link).content.decode()
    signed_in.post(link)
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.email, other.email) == ("siti@contoh.test", "lain@contoh.test")


def test_whoever_reads_the_mail_gets_the_address_that_a_record_had_by_mistake(signed_in, user, add):
    other = UserFactory(email="baru@contoh.test")
    add("baru@contoh.test")
    confirm(signed_in, mail.outbox[0])
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.email, other.email) == ("baru@contoh.test", None)
    assert Event.objects.filter(verb="accounts.email_withdrawn", subject_id=str(other.pk)).count() == 1


def test_the_address_of_the_record_can_be_confirmed_as_it_is(signed_in, user, django_capture_on_commit_callbacks):
    signed_in.get(EMAIL)
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(EMAIL, {"email": user.email, "action_send": ""})
    confirm(signed_in, mail.outbox[0])
    assert "belum dikonfirmasi" not in signed_in.get(ME).content.decode()


# --- Sessions -------------------------------------------------------------------------------------
def test_the_list_names_each_session_and_marks_this_one(signed_in, user):
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile")
    phone.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    html = signed_in.get(SESSIONS).content.decode()
    assert "Chrome, Android" in html
    assert html.count("sesi ini") == 1
    assert "Akhiri semua sesi lain" in html


def test_signing_out_everywhere_leaves_this_session_alone(signed_in, user, sign_in):
    phone = sign_in(user)
    response = signed_in.post(SESSIONS, follow=True)
    assert "Semua sesi lain sudah diakhiri" in response.content.decode()
    assert phone.get(ME).status_code == 302
    assert signed_in.get(ME).status_code == 200
    assert Event.objects.get(verb="accounts.sessions_ended").data == {"sessions": 1}


def test_sessions_of_others_are_neither_seen_nor_ended(signed_in, sign_in):
    other = sign_in(UserFactory())
    signed_in.post(SESSIONS)
    assert other.get(ME).status_code == 200


def test_ending_all_sessions_reaches_those_that_no_list_knows(user):
    hidden = Client()
    hidden.force_login(user)
    UserSession.objects.all().delete()
    services.end_all_sessions(user)
    assert hidden.get(ME).status_code == 302


def test_deactivation_ends_every_session_for_good(signed_in, user):
    services.deactivate(user=user, actor=None)
    assert signed_in.get(ME).status_code == 302
    services.reactivate(user=user, actor=None)
    assert signed_in.get(ME).status_code == 302


# --- Language -------------------------------------------------------------------------------------
def test_the_stored_language_wins_over_the_cookie(signed_in, user):
    signed_in.cookies["language"] = "en"
    assert signed_in.get(ME)["Content-Language"] == "id"
    user.language = "en"
    user.save()
    signed_in.cookies["language"] = "id"
    assert signed_in.get(ME)["Content-Language"] == "en"


def test_switching_the_language_is_kept_for_every_device(signed_in, user, sign_in):
    signed_in.post("/tampilan/bahasa/", {"language": "en", "next": ME})
    user.refresh_from_db()
    assert user.language == "en"
    assert sign_in(user).get(ME)["Content-Language"] == "en"


def test_a_language_nobody_speaks_here_is_ignored(signed_in, user):
    type(user).objects.filter(pk=user.pk).update(language="xx")
    assert signed_in.get(ME)["Content-Language"] == "id"


def test_a_visitor_costs_no_statement(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/akun/login/")["Content-Language"] == "id"
