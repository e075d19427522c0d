"""Verification in two steps: the app, the recovery codes."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from kepegawaian.accounts.crypto import Unreadable, seal, unseal
from kepegawaian.audit.models import Event
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ACTIVATE, AUTHENTICATE = "/akun/2fa/totp/activate/", "/akun/2fa/authenticate/"


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def secret(user):
    plain = generate_totp_secret()
    TOTP.activate(user, plain)
    return plain


@pytest.fixture
def half_way(client, user, secret):
    response = client.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    assert response.url == AUTHENTICATE
    return client


def test_activating_asks_for_the_password_then_for_a_code(client, user, sign_in, reauthenticated):
    sign_in(user, client)
    assert client.get(ACTIVATE).url.startswith("/akun/reauthenticate/")
    reauthenticated(client)
    secret = client.get(ACTIVATE).context["form"].secret
    response = client.post(ACTIVATE, {"code": code_of(secret)}, follow=True)
    assert "Kode pemulihan" in response.content.decode()
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}


def test_activating_is_told_by_mail_and_noted(
    client, user, sign_in, reauthenticated, django_capture_on_commit_callbacks
):
    reauthenticated(sign_in(user, client))
    secret = client.get(ACTIVATE).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACTIVATE, {"code": code_of(secret)})
    assert "Aplikasi autentikator diaktifkan" in [message.subject for message in mail.outbox]
    noted = Event.objects.filter(verb="accounts.second_factor_added").values_list("data__type", flat=True)
    assert "totp" in noted


def test_the_picture_can_be_scanned_on_a_dark_page(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    svg = client.get(ACTIVATE).context["totp_svg"]
    assert 'fill="#fff"' in svg


def test_a_wrong_code_activates_nothing(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    client.get(ACTIVATE)
    assert "tidak benar" in client.post(ACTIVATE, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_who_signed_in_long_ago_shows_himself_again_by_a_code(client, user, sign_in):
    sign_in(user, client)
    secret, page = generate_totp_secret(), reverse("mfa_reauthenticate")
    TOTP.activate(user, secret)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 302
    assert 'name="code"' in client.get(page).text
    assert "error-summary" in client.post(page, {"code": "000000"}).text
    assert client.post(page, {"code": code_of(secret)}).status_code == 302
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_secrets_lie_sealed_in_the_database(user, secret):
    kept = Authenticator.objects.get().data["secret"]
    assert secret not in kept
    assert unseal(kept) == secret


def test_a_former_secret_key_still_opens_what_it_sealed(settings):
    sealed = seal("rahasia")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 50
    assert unseal(sealed) == "rahasia"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_the_password_alone_is_not_enough(half_way):
    assert "_auth_user_id" not in half_way.session
    assert half_way.get("/akun/saya/").status_code == 302


@pytest.mark.parametrize("steps", [-1, 0, 1], ids=["slow clock", "exact", "fast clock"])
def test_the_code_of_the_app_opens(half_way, secret, steps):
    response = half_way.post(AUTHENTICATE, {"code": code_of(secret, steps)})
    assert response.url == "/"
    assert "_auth_user_id" in half_way.session


@pytest.mark.parametrize("code", ["", "000000", "abc"])
def test_a_wrong_code_does_not(half_way, code):
    assert "error-summary" in half_way.post(AUTHENTICATE, {"code": code}).content.decode()
    assert "_auth_user_id" not in half_way.session


def test_an_old_code_does_not(half_way, secret):
    assert "error-summary" in half_way.post(AUTHENTICATE, {"code": code_of(secret, -3)}).content.decode()


def test_a_code_seen_over_the_shoulder_does_not_work_again(half_way, user, secret):
    code = code_of(secret)
    half_way.post(AUTHENTICATE, {"code": code})
    thief = Client()
    thief.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    assert "error-summary" in thief.post(AUTHENTICATE, {"code": code}).content.decode()


def test_codes_cannot_be_guessed_endlessly(half_way, secret, limits):
    for _ in range(5):
        half_way.post(AUTHENTICATE, {"code": "000000"})
    assert "Terlalu banyak percobaan" in half_way.post(AUTHENTICATE, {"code": code_of(secret)}).content.decode()


def test_the_second_step_waits_ten_minutes_and_no_longer(client, user, secret):
    with time_machine.travel(time.time() - 601):
        client.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    response = client.post(AUTHENTICATE, {"code": code_of(secret)})
    assert response.url == "/akun/login/"


def test_signing_in_may_be_called_off_half_way(half_way):
    half_way.post("/akun/logout/", {"next": "/akun/login/"})
    assert half_way.get(AUTHENTICATE).url.startswith("/akun/login/")


def test_a_recovery_code_opens_once(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    secret = client.get(ACTIVATE).context["form"].secret
    client.post(ACTIVATE, {"code": code_of(secret)})
    [code, *_rest] = client.get("/akun/2fa/recovery-codes/").context["unused_codes"]
    for browser, opened in ((Client(), True), (Client(), False)):
        browser.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
        browser.post(AUTHENTICATE, {"code": code})
        assert ("_auth_user_id" in browser.session) is opened


def test_recovery_codes_can_be_taken_away_as_a_file(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    client.post("/akun/2fa/recovery-codes/generate/")
    TOTP.activate(user, generate_totp_secret())
    client.post("/akun/2fa/recovery-codes/generate/")
    response = client.get("/akun/2fa/recovery-codes/download/")
    assert response["Content-Type"].startswith("text/plain")
    assert len(response.content.decode().split("\n\n")[1].split()) == 10


def test_switching_it_off_asks_for_the_password_and_is_noted(client, user, secret, reauthenticated):
    client.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    client.post(AUTHENTICATE, {"code": code_of(secret)})
    assert client.get("/akun/2fa/totp/deactivate/").url.startswith("/akun/reauthenticate/")
    reauthenticated(client)
    client.post("/akun/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(verb="accounts.second_factor_removed").exists()


def test_there_are_other_ways_to_confirm_that_it_is_still_you(client, user, secret):
    client.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
    client.post(AUTHENTICATE, {"code": code_of(secret)})
    html = client.get("/akun/reauthenticate/?next=/akun/token/").content.decode()
    assert "Pakai kode autentikator atau kode pemulihan" in html
    response = client.post("/akun/2fa/reauthenticate/?next=/akun/token/", {"code": code_of(secret, 1)})
    assert response.url == "/akun/token/"


def test_the_app_shows_whose_code_it_is(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    url = client.get(ACTIVATE).context["totp_url"]
    assert "otpauth://totp/198001012005011001?" in url
    assert "issuer=Portal%20Kepegawaian%20Kota%20Contoh" in url


def test_keys_of_others_are_not_found(client, sign_in, reauthenticated, user):
    other = UserFactory()
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x"})
    reauthenticated(sign_in(user, client))
    for page in ("edit", "remove"):
        assert client.get(f"/akun/2fa/webauthn/keys/{key.pk}/{page}/").status_code == 404
