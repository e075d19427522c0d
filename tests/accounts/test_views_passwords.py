"""Changing a password, and getting a new one by mail."""

import re

import pytest
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError

from kepegawaian.accounts import tasks
from kepegawaian.accounts.crypto import seal, unseal
from kepegawaian.accounts.models import AccessToken
from kepegawaian.audit.models import Event
from kepegawaian.lib import queue
from tests.accounts.api import who
from tests.accounts.factories import NEW_PASSWORD, PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
RESET, CHANGE = "/akun/password/reset/", "/akun/password/change/"
NEW = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    def _ask(login):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(RESET, {"email": login})

    return _ask


def link_in(message):
    return re.search(r"http://127\.0\.0\.1:8000(/akun/password/reset/key/\S+)", message.body)[1]


def open_link(client, link):
    response = client.get(link)
    assert "set-password" in response.url, "the key leaves the address"
    return response.url


@pytest.mark.parametrize(
    "login", ["198001012005011001", "19800101 200501 1 001", "siti@contoh.test", " SITI@contoh.test"]
)
def test_the_link_comes_by_mail_to_the_address_of_the_account(ask, user, login):
    ask(login)
    [message] = mail.outbox
    assert message.to == ["siti@contoh.test"]
    assert message.subject == "Buat kata sandi baru"
    assert "Yth. Siti Aminah," in message.body


def test_the_link_gives_a_new_password_and_ends_everything(client, ask, user, sign_in):
    elsewhere = sign_in(user)
    AccessToken.objects.create(user=user, name="program")
    ask(user.nip)
    url = open_link(client, link_in(mail.outbox[0]))
    response = client.post(url, NEW, follow=True)
    assert "Kata sandi sudah diganti" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert elsewhere.get("/akun/saya/").status_code == 302
    assert not AccessToken.objects.exists()
    assert Event.objects.get(verb="accounts.password_changed").data["by"] == "mail"


def test_the_link_works_once(client, ask, user):
    ask(user.nip)
    link = link_in(mail.outbox[0])
    client.post(open_link(client, link), NEW)
    assert "tidak berlaku lagi" in Client().get(link).content.decode()


def test_a_link_made_up_opens_nothing(client, user):
    assert "tidak berlaku lagi" in client.get(f"{RESET}key/{user.pk.hex}-abc-def/").content.decode()


def test_known_and_unknown_people_get_the_same_answer(client, user):
    pages = [
        client.post(RESET, {"email": login}, follow=True).content
        for login in (user.nip, user.email, "000000000000000000", "tidak-ada@contoh.test")
    ]
    assert len({re.sub(rb"csrf\S+ value=\S+", b"", page) for page in pages}) == 1


def test_the_click_asks_no_table_about_the_person(client, user, monkeypatch, django_assert_num_queries):
    queued = []
    monkeypatch.setattr(tasks.answer_reset_request, "apply_async", lambda args, **_: queued.append(args))
    for login in (user.nip, "000000000000000000"):
        with django_assert_num_queries(0):
            client.post(RESET, {"email": login})
    assert [unseal(sealed) for (sealed,) in queued] == [user.nip, "000000000000000000"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": None}], ids=["inactive", "no address"])
def test_nothing_is_sent_to_whom_it_would_not_help(ask, fields):
    ask(UserFactory(**fields).nip)
    assert mail.outbox == []


def test_whoever_was_never_activated_is_told_how_instead(ask):
    ask(UserFactory(waiting=True, language="en").nip)
    [message] = mail.outbox
    assert "/akun/aktivasi/" in message.body
    assert "password/reset/key" not in message.body
    assert message.subject == "Your account has not been activated"


def test_the_worker_needs_no_page_to_send_it(user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.answer_reset_request(seal("19800101 200501 1 001"))
    assert link_in(mail.outbox[0])


def test_asking_again_and_again_is_held_up(client, user, limits):
    codes = [client.post(RESET, {"email": user.nip}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_a_broker_that_is_away_holds_up_nobody(client, ask, user, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(queue, "_silent_until", 0.0)
    monkeypatch.setattr(tasks.answer_reset_request, "apply_async", refuse)
    monkeypatch.setattr(tasks.deliver_mail, "apply_async", refuse)
    assert ask(user.nip).status_code == 302
    assert len(mail.outbox) == 1
    monkeypatch.setattr(queue, "_silent_until", 0.0)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client, user, sign_in):
    sign_in(user, client)
    phone, program = sign_in(user), AccessToken.objects.create(user=user, name="program")[1]
    assert who(program) == user
    response = client.post(CHANGE, {"oldpassword": PASSWORD, **NEW})
    assert response.url == "/akun/saya/"
    assert client.get("/akun/saya/").status_code == 200
    assert phone.get("/akun/saya/").status_code == 302
    assert who(program) is None


def test_only_this_session_is_listed_afterwards(client, user, sign_in):
    sign_in(user, client)
    sign_in(user)
    client.post(CHANGE, {"oldpassword": PASSWORD, **NEW})
    assert "1 sesi sedang berjalan" in client.get("/akun/saya/").content.decode()


def test_the_old_password_must_be_right(client, user, sign_in):
    sign_in(user, client)
    response = client.post(CHANGE, {"oldpassword": "salah", **NEW})
    assert "Kata sandi sekarang tidak benar" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_rules_are_said_before_and_not_only_after(client, user, sign_in):
    sign_in(user, client)
    assert "Paling sedikit 10 huruf atau angka" in client.get(CHANGE).content.decode()
    response = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": "password12", "password2": "password12"})
    assert "terlalu umum" in response.content.decode()


def test_a_change_is_told_by_mail(client, user, sign_in, django_capture_on_commit_callbacks):
    sign_in(user, client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(CHANGE, {"oldpassword": PASSWORD, **NEW})
    [message] = mail.outbox
    assert message.subject == "Kata sandi Anda diganti"
    assert "127.0.0.1" in message.body
