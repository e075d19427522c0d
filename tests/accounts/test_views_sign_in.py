"""Signing in: by NIP or e-mail, refused alike, and not endlessly."""

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from kepegawaian.audit.models import Event
from kepegawaian.lib.cache import SteadyRedisCache
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
KNOWN_AND_UNKNOWN = ["198001012005011001", "siti@contoh.test", "000000000000000000", "x@contoh.test"]
WRONG = "NIP/surel dan kata sandi tidak cocok"
WAIT = "Terlalu banyak percobaan"


def post(client, login, password=PASSWORD, **data):
    return client.post("/akun/login/", {"login": login, "password": password, **data})


@pytest.mark.parametrize(
    "login",
    [
        "198001012005011001",
        "19800101 200501 1 001",
        "19800101.200501.1.001",
        "'198001012005011001",
        "siti@contoh.test",
        " Siti@Contoh.Test ",
    ],
)
def test_the_person_is_known_by_nip_and_e_mail(client, user, login):
    response = post(client, login)
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_sign_in_leaves_an_event(client, user):
    post(client, user.nip)
    event = Event.objects.get(verb="accounts.signed_in")
    assert (event.actor_id, event.data) == (user.pk, {"by": ["password"]})


def test_signing_out_ends_the_session_and_leaves_an_event(client, user):
    post(client, user.nip)
    response = client.post("/akun/logout/", follow=True)
    assert "Anda sudah keluar" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(verb="accounts.signed_out", actor=user).count() == 1


def test_signing_out_takes_a_click_not_a_link(client, user):
    post(client, user.nip)
    client.get("/akun/logout/")
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "login", ["198001012005011001", "siti@contoh.test", "000000000000000000", "x@contoh.test"]
)
def test_known_and_unknown_people_are_refused_alike(client, user, login):
    response = post(client, login, "salah-sama-sekali")
    assert WRONG in response.content.decode()
    assert response.status_code == 200


def test_people_without_a_password_are_refused_alike(client):
    waiting = UserFactory(waiting=True)
    assert WRONG in post(client, waiting.nip, "!").content.decode()


@pytest.mark.parametrize(
    "login", ["198001012005011001", "siti@contoh.test", "000000000000000000", "x@contoh.test"]
)
def test_a_refusal_costs_one_look_at_a_password_whoever_it_is(client, user, login, monkeypatch):
    looks = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *args: looks.append(1) or encode(self, *args))
    post(client, login, "salah-sama-sekali")
    assert len(looks) == 1


def test_an_inactive_person_learns_so_only_with_the_right_password(client):
    gone = UserFactory(is_active=False)
    assert WRONG in post(client, gone.nip, "salah").content.decode()
    response = client.post("/akun/login/", {"login": gone.nip, "password": PASSWORD}, follow=True)
    assert "Akun Anda dinonaktifkan" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_five_failures_close_one_account_for_a_while(client, user, limits):
    for _ in range(5):
        assert WRONG in post(client, user.nip, "salah").content.decode()
    assert WAIT in post(client, user.nip, PASSWORD).content.decode()
    assert "_auth_user_id" not in client.session


def test_the_spelling_of_the_nip_does_not_reset_the_count(client, user, limits):
    for typed in ("198001012005011001", "19800101 200501 1 001", "1980.01.01 200501 1 001", "'198001012005011001"):
        post(client, typed, "salah")
    post(client, user.nip, "salah")
    assert WAIT in post(client, user.nip).content.decode()


def test_an_unknown_person_is_held_up_just_the_same(client, limits):
    for _ in range(5):
        post(client, "000000000000000000", "salah")
    assert WAIT in post(client, "000000000000000000", "salah").content.decode()


def test_others_sign_in_meanwhile_and_success_does_not_count(client, user, limits):
    for _ in range(5):
        post(client, "000000000000000000", "salah")
    for _ in range(8):
        assert post(Client(), user.nip).status_code == 302


def test_failures_from_one_address_are_counted_too(client, limits):
    for number in range(30):
        assert WRONG in post(client, f"{number:018d}", "salah").content.decode()
    assert WAIT in post(client, f"{31:018d}", "salah").content.decode()


def test_far_too_many_attempts_get_a_page_that_says_so(client, limits):
    limits.ACCOUNT_RATE_LIMITS = {**limits.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    for _ in range(2):
        post(client, "000000000000000000", "salah")
    response = post(client, "000000000000000000", "salah")
    assert response.status_code == 429
    assert "Terlalu banyak percobaan" in response.content.decode()


def test_the_limits_hold_while_the_cache_server_is_away(client, user, limits):
    caches = {**limits.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    limits.CACHES = {"default": caches}
    try:
        for _ in range(5):
            assert WRONG in post(client, user.nip, "salah").content.decode()
        assert WAIT in post(client, user.nip).content.decode()
        assert post(Client(), UserFactory().nip).status_code == 302
    finally:
        SteadyRedisCache.away_until = 0.0
        LocMemCache("stand-in", {}).clear()


def test_a_foreign_target_is_not_followed(client, user):
    assert post(client, user.nip, next="https://jahat.test/").url == "/"
    assert post(Client(), user.nip, next="/akun/saya/").url == "/akun/saya/"


def test_the_session_lasts_until_the_browser_closes_unless_asked(client, user, settings):
    response = post(client, user.nip)
    assert not response.cookies["sessionid"]["max-age"]
    response = post(Client(), user.nip, remember="on")
    assert response.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_the_sign_in_page_has_words_for_both_fields_and_no_placeholder(client):
    html = client.get("/akun/login/").content.decode()
    assert "NIP atau surel" in html
    assert "placeholder" not in html
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html


def test_english_is_complete_on_the_sign_in_page(client, user):
    client.cookies["language"] = "en"
    html = client.get("/akun/login/").content.decode()
    assert "Sign in" in html
    assert "Kata sandi" not in html
