"""Every page of the sign-in package and of ours, in both languages."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

PUBLIC = {
    "account_login": 200,
    "account_inactive": 200,
    "account_signup": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key_done": 200,
    "account_email_verification_sent": 200,
    "accounts:activate": 200,
    "accounts:passkey": 200,
    "socialaccount_login_cancelled": 200,
}
OWN = [
    "account_logout",
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "accounts:me",
    "accounts:tokens",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "socialaccount_connections",
    "usersessions_list",
]
ENGLISH_LEFT = re.compile(r"\b(Sign In|Password|Please|Your account|Forgot|Username)\b")

INDONESIAN_LEFT = re.compile(r"\b(?:kata sandi|surel|anda|dengan|untuk|masuk|akun|belum|yang)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_ours_and_indonesian(client, db, name):
    response = client.get(reverse(name))
    html = response.content.decode()
    assert response.status_code == PUBLIC[name]
    assert 'class="card focus-card"' in html
    assert not ENGLISH_LEFT.search(html)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_asks_no_table_of_a_visitor(client, db, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse(name))


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_the_own_account_is_ours_and_indonesian(user, sign_in, reauthenticated, name):
    client = reauthenticated(sign_in(user))
    html = client.get(reverse(name)).content.decode()
    assert 'class="brand' in html or "focus-card" in html
    assert not ENGLISH_LEFT.search(html)


@pytest.mark.parametrize("name", [*PUBLIC, *OWN])
def test_english_is_complete(user, sign_in, reauthenticated, name):
    user.language = "en"
    user.save()
    client = Client() if name in PUBLIC else reauthenticated(sign_in(user))
    client.cookies["language"] = "en"
    html = client.get(reverse(name)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert INDONESIAN_LEFT.findall(re.sub(r"<[^>]*>", " ", main)) == []


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_deactivate_totp"])
def test_a_page_of_the_second_factor_in_use_is_ours(user, sign_in, reauthenticated, name):
    client = reauthenticated(sign_in(user))
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert not ENGLISH_LEFT.search(response.content.decode())


@pytest.mark.parametrize("path", ["/akun/login/", "/akun/password/reset/", "/akun/aktivasi/"])
def test_a_form_drawn_once_is_drawn_per_language_and_forgets_what_others_typed(client, db, path):
    client.cookies["language"] = "en"
    english = client.get(path).content.decode()
    client.cookies["language"] = "id"
    indonesian = client.get(path).content.decode()
    assert english != indonesian
    typed = {"login": "tipikal-sekali", "email": "tipikal-sekali" * 30, "nip": "tipikal-sekali"}
    assert "tipikal-sekali" in client.post(path, typed).content.decode()
    again = client.get(path).content.decode()
    assert "tipikal-sekali" not in again
    assert "error-summary" not in again


def test_the_form_of_a_link_is_not_the_form_of_a_visitor(client, db):
    assert 'name="code"' in client.get("/akun/aktivasi/").content.decode()
    client.get("/akun/aktivasi/KODE/")
    assert 'name="code"' not in client.get("/akun/aktivasi/").content.decode()
    assert 'name="code"' in Client().get("/akun/aktivasi/").content.decode()


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_the_own_account_is_closed_to_visitors(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert "/akun/login/" in response.url


def test_nobody_registers_by_himself(client, db):
    response = client.post("/akun/signup/", {"username": "x", "password1": "y", "password2": "y"})
    assert "Anda tidak perlu mendaftar" in response.content.decode()


def test_pages_carry_no_inline_script_and_no_foreign_host(user, sign_in, reauthenticated):
    client = reauthenticated(sign_in(user))
    for name in ("accounts:passkey", "mfa_add_webauthn", "account_login"):
        html = client.get(reverse(name), follow=True).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html)
        assert "http://" not in html.replace("http://www.w3.org", "")
