"""An account for a citizen: a link to the address, a password, and nothing told to strangers."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from feedback.services import forums_people
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import RuleRefused
from kepegawaian.units.models import RoleAssignment

PASSWORD = "kapal-pinisi-berlayar-9"
NEW = {"name": "Dewi Baru", "email": "Dewi@Warga.test"}


def ask(client, callbacks, **facts):
    with callbacks(execute=True):
        return client.post("/warga/daftar/", NEW | facts)


def link():
    return re.search(r"/warga/daftar/\S+", mail.outbox[-1].body).group()


def test_a_link_by_mail_then_a_password_make_an_account(square, client, django_capture_on_commit_callbacks):
    response = ask(client, django_capture_on_commit_callbacks, next="/forum/jalan-2026/")
    assert response.status_code == 200
    assert not User.objects.filter(email="dewi@warga.test").exists()
    assert mail.outbox[-1].to == ["dewi@warga.test"]
    done = client.post(link(), {"password1": PASSWORD, "password2": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/forum/jalan-2026/")
    user = User.objects.get(email="dewi@warga.test")
    assert EmailAddress.objects.get(user=user).verified
    assert Event.objects.get(verb="feedback.citizen_joined").actor_id == user.pk
    assert RoleAssignment.objects.get(user=user).role == Role.CITIZEN
    assert client.get("/forum/saya/").status_code == 200
    assert square.propose(user).author == user


def test_a_known_address_is_told_to_its_owner_alone(square, client, django_capture_on_commit_callbacks):
    fresh = ask(client, django_capture_on_commit_callbacks)
    known = ask(client, django_capture_on_commit_callbacks, email=square.siti.email)
    assert fresh.content == known.content
    assert "akunnya sudah ada" in mail.outbox[-1].body
    assert "/warga/daftar/" not in mail.outbox[-1].body


def test_a_link_makes_one_account(square, client, django_capture_on_commit_callbacks):
    ask(client, django_capture_on_commit_callbacks)
    token = link().split("/")[3]
    forums_people.open_account(token=token, password=PASSWORD)
    with pytest.raises(RuleRefused, match="sudah ada"):
        forums_people.open_account(token=token, password=PASSWORD)


def test_an_old_or_forged_link_opens_nothing(square, client, time_machine, django_capture_on_commit_callbacks):
    ask(client, django_capture_on_commit_callbacks)
    path = link()
    assert client.get(path[:-3] + "x/").status_code == 410
    time_machine.move_to("2026-03-03T02:00:01+00:00", tick=False)
    assert client.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 410
    assert not User.objects.filter(email="dewi@warga.test").exists()


@pytest.mark.parametrize(
    "target", ["https://jahat.test/", "//jahat.test/", "javascript:alert(1)", "/\\jahat.test"]
)
def test_the_way_back_never_leads_elsewhere(square, client, django_capture_on_commit_callbacks, target):
    ask(client, django_capture_on_commit_callbacks, next=target)
    done = client.post(link(), {"password1": PASSWORD, "password2": PASSWORD})
    assert done["Location"] == "/forum/"


def test_a_weak_password_keeps_the_page(square, client, django_capture_on_commit_callbacks):
    ask(client, django_capture_on_commit_callbacks)
    assert client.post(link(), {"password1": "12345", "password2": "12345"}).status_code == 422


def test_a_wrong_address_is_refused_with_what_was_typed(db, client):
    response = client.post("/warga/daftar/", NEW | {"email": "bukan surel"})
    assert response.status_code == 422
    assert "Dewi Baru" in response.content.decode()
    assert not mail.outbox


def test_who_is_signed_in_needs_no_account(square, client):
    client.force_login(square.siti)
    assert client.get("/warga/daftar/")["Location"] == "/forum/"


def test_the_account_speaks_the_language_of_the_page(square, client, django_capture_on_commit_callbacks):
    client.cookies["language"] = "en"
    ask(client, django_capture_on_commit_callbacks)
    client.post(link(), {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(email="dewi@warga.test").language == "en"


def test_nobodys_mailbox_is_filled_by_strangers(square, client, django_capture_on_commit_callbacks):
    for _turn in range(5):
        assert ask(client, django_capture_on_commit_callbacks).status_code == 200
    assert len(mail.outbox) == 1


def test_a_name_of_a_group_is_masked_as_well(square, client):
    proposal = square.propose(group_name="Warga RT 3, hubungi 081234567890")
    for url in (f"/forum/usulan/{proposal.pk}/", "/forum/jalan-2026/", "/forum/jalan-2026/data.json"):
        body = client.get(url).content.decode()
        assert "081234567890" not in body, url
        assert "Warga RT 3" in body, url
