"""Passkeys in a real Chromium with a virtual authenticator: added, as second step, instead of a password."""

import pytest
from allauth.mfa.models import Authenticator

from kepegawaian.audit.models import Event
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(live_server):
    return UserFactory(nip="198001012005011001", name="Siti Aminah", email="siti@contoh.test")


@pytest.fixture
def phone(browser):
    """A page in a browser with a fingerprint reader that always says yes, until told otherwise."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    def refuse():
        session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": added["authenticatorId"], "isUserVerified": False}
        )

    page.refuse = refuse
    yield page
    context.close()


@pytest.fixture
def add_key(phone, live_server, person):
    def _add_key(*, passwordless):
        phone.goto(f"{live_server.url}/akun/login/?next=/akun/2fa/webauthn/add/")
        phone.fill("[name=login]", person.nip)
        phone.fill("[name=password]", PASSWORD)
        phone.click("form.form [type=submit]")
        phone.fill("[name=password]", PASSWORD)
        phone.click("form.form [type=submit]")
        phone.fill("[name=name]", "Ponsel Siti")
        if passwordless:
            phone.check("[name=passwordless]")
        phone.click("#passkey_button")
        phone.wait_for_url("**/akun/2fa/recovery-codes/")

    return _add_key


def sign_out(page, live_server):
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/akun/login/")


def test_a_passkey_lets_its_owner_in_without_a_password(phone, live_server, person, add_key):
    add_key(passwordless=True)
    key = Authenticator.objects.get(type="webauthn")
    assert (key.user_id, key.wrap().name, key.wrap().is_passwordless) == (person.pk, "Ponsel Siti", True)
    sign_out(phone, live_server)
    phone.click("text=Masuk dengan kunci sandi (passkey)")
    phone.click("#passkey_button")
    phone.wait_for_url(f"{live_server.url}/")
    phone.goto(f"{live_server.url}/akun/saya/")
    assert "19800101 200501 1 001" in phone.content()
    assert Event.objects.filter(verb="accounts.signed_in", actor=person).count() == 2


def test_a_key_is_the_second_step_after_the_password(phone, live_server, person, add_key):
    add_key(passwordless=False)
    sign_out(phone, live_server)
    phone.fill("[name=login]", person.nip)
    phone.fill("[name=password]", PASSWORD)
    phone.click("form.form [type=submit]")
    phone.wait_for_url("**/akun/2fa/authenticate/")
    phone.click("#passkey_button")
    phone.wait_for_url(f"{live_server.url}/")


def test_a_key_confirms_that_it_is_still_you(phone, live_server, person, add_key):
    add_key(passwordless=True)
    sign_out(phone, live_server)
    phone.goto(f"{live_server.url}/akun/kunci-sandi/")
    phone.click("#passkey_button")
    phone.wait_for_url(f"{live_server.url}/")
    phone.goto(f"{live_server.url}/akun/2fa/webauthn/reauthenticate/?next=/akun/2fa/recovery-codes/generate/")
    phone.click("#passkey_button")
    phone.wait_for_url(f"{live_server.url}/akun/2fa/recovery-codes/generate/")
    assert "Buat kode pemulihan" in phone.content()


def test_a_refusal_of_the_device_is_said_in_words(phone, live_server, person, add_key):
    add_key(passwordless=True)
    sign_out(phone, live_server)
    phone.goto(f"{live_server.url}/akun/kunci-sandi/")
    phone.refuse()
    phone.click("#passkey_button")
    phone.wait_for_selector("text=Kunci sandi tidak dapat dipakai", state="visible")
    assert "/akun/kunci-sandi/" in phone.url


def test_the_scripts_keep_to_the_content_security_policy(phone, live_server, person, add_key):
    broken = []
    phone.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    add_key(passwordless=True)
    for path in ("/akun/2fa/webauthn/", "/akun/2fa/", "/akun/saya/"):
        phone.goto(live_server.url + path)
    assert broken == []
    assert "Ponsel Siti" in phone.goto(f"{live_server.url}/akun/2fa/webauthn/").text()


def test_without_javascript_the_page_says_that_it_needs_it(browser, live_server):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/akun/kunci-sandi/")
    assert page.is_visible("noscript p")
    assert not page.is_visible("#passkey_button")
    page.close()
