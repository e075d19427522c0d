"""OpenID Connect against a provider that runs in the test: whom it may let in, and as whom."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from kepegawaian.accounts import services
from kepegawaian.accounts.models import ActivationCode, User
from kepegawaian.audit.models import Event
from tests.accounts.factories import UserFactory, confirmed_email
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.django_db
LOGIN = "/akun/oidc/sso/login/"


@pytest.fixture(scope="module")
def server():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def provider(server, settings):
    server.claims, server.broken = {"sub": "orang-1"}, False
    app = {
        "provider_id": "sso",
        "name": "SSO Uji",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": server.url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return server


@pytest.fixture
def come_back(provider):
    """Signs in at the provider and returns with the page that the portal then shows."""

    def _come_back(client, query="", **claims):
        provider.claims |= claims
        response = client.get(LOGIN + query)
        assert response.url.startswith(f"{provider.url}/authorize?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}
        provider.challenge = asked["code_challenge"]
        return client.get(f"{LOGIN}callback/", {"code": "1", "state": asked["state"]})

    return _come_back


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_the_sign_in_page_offers_it_without_asking_a_table(client, provider, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = client.get("/akun/login/").content.decode()
    assert "Masuk lewat SSO Uji" in html
    assert LOGIN in html


def test_without_a_provider_nothing_is_offered(client):
    assert "Masuk lewat" not in client.get("/akun/login/").content.decode()
    assert client.get(LOGIN).status_code == 404


def test_rows_in_the_database_are_no_provider(client):
    SocialApp.objects.create(provider="openid_connect", provider_id="lain", name="Lain", client_id="x")
    assert "Masuk lewat" not in client.get("/akun/login/").content.decode()


def test_the_nip_of_the_claim_names_the_person(client, user, come_back):
    response = come_back(client, nip="19800101 200501 1 001")
    assert response.url == "/"
    assert signed_in_as(client) == str(user.pk)
    assert SocialAccount.objects.get().user_id == user.pk
    assert Event.objects.get(verb="accounts.identity_linked").data["provider"] == "sso"


def test_the_claim_that_carries_the_nip_is_a_setting(client, user, come_back, settings):
    settings.OIDC_NIP_CLAIM = "employee_number"
    come_back(client, employee_number=user.nip)
    assert signed_in_as(client) == str(user.pk)


def test_a_verified_address_names_the_person_too(client, user, come_back):
    come_back(client, email="Siti@Contoh.test", email_verified=True)
    assert signed_in_as(client) == str(user.pk)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"email": "siti@contoh.test"}, id="address not verified"),
        pytest.param({"email": "siti@contoh.test", "email_verified": "false"}, id="verified as text"),
        pytest.param({"email": "lain@contoh.test", "email_verified": True}, id="unknown address"),
        pytest.param({"nip": "000000000000000000"}, id="unknown NIP"),
        pytest.param(
            {"nip": "000000000000000000", "email": "siti@contoh.test", "email_verified": True},
            id="NIP of somebody else goes before the address",
        ),
        pytest.param({}, id="nothing"),
        pytest.param({"nip": None, "email": None, "email_verified": True}, id="empty claims"),
    ],
)
def test_nobody_named_means_nobody_in_and_nobody_made(client, user, come_back, claims):
    response = come_back(client, **claims)
    assert response.status_code == 403
    assert "Akun tidak ditemukan" in response.content.decode()
    assert signed_in_as(client) is None
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_linking_by_address_can_be_switched_off(client, user, come_back, settings):
    settings.OIDC_LINK_BY_EMAIL = False
    come_back(client, email="siti@contoh.test", email_verified=True)
    assert signed_in_as(client) is None


def test_an_inactive_person_is_not_linked(client, come_back):
    gone = UserFactory(is_active=False)
    assert come_back(client, nip=gone.nip).status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_linked_person_who_was_deactivated_stays_out(client, user, come_back):
    come_back(client, nip=user.nip)
    services.deactivate(user=user, actor=None)
    browser = Client()
    response = come_back(browser, nip=user.nip)
    assert response.url == "/akun/inactive/"
    assert signed_in_as(browser) is None


def test_the_link_holds_even_when_the_claims_change(client, user, come_back):
    come_back(client, nip=user.nip)
    other = UserFactory()
    browser = Client()
    come_back(browser, nip=other.nip)
    assert signed_in_as(browser) == str(user.pk)


def test_the_first_time_activates_and_ends_the_printed_code(client, come_back):
    waiting = UserFactory(waiting=True)
    services.issue_activation_code(user=waiting, actor=None)
    come_back(client, nip=waiting.nip)
    waiting.refresh_from_db()
    assert waiting.is_activated
    assert not waiting.has_usable_password()
    assert not ActivationCode.objects.exists()
    assert "belum memiliki kata sandi" in client.get("/akun/saya/").content.decode()


def test_the_second_factor_of_the_portal_is_asked_for_here_too(client, user, come_back):
    TOTP.activate(user, generate_totp_secret())
    assert come_back(client, nip=user.nip).url == "/akun/2fa/authenticate/"
    assert signed_in_as(client) is None


def test_an_answer_to_a_question_nobody_asked_is_refused(client, user, provider):
    provider.claims |= {"nip": user.nip}
    html = client.get(f"{LOGIN}callback/", {"code": "1", "state": "tebakan"}).content.decode()
    assert "Tidak berhasil masuk" in html
    assert signed_in_as(client) is None


def test_a_person_who_cancels_there_is_told_what_else_there_is(client, provider):
    state = parse_qs(urlsplit(client.get(LOGIN).url).query)["state"][0]
    response = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert "Batal masuk" in response.content.decode()


def test_a_provider_that_is_away_gives_a_page_not_an_error(client, provider):
    provider.broken = True
    response = client.get(LOGIN)
    assert response.status_code == 502
    assert "Tidak berhasil masuk" in response.content.decode()


def test_a_provider_that_does_not_answer_gives_the_same_page(client, provider, settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    assert client.get(LOGIN).status_code == 502


def test_a_stolen_code_is_worth_nothing_without_its_proof(client, user, provider):
    provider.claims |= {"nip": user.nip}
    state = parse_qs(urlsplit(client.get(LOGIN).url).query)["state"][0]
    provider.challenge = "bukti-orang-lain"
    html = client.get(f"{LOGIN}callback/", {"code": "1", "state": state}).content.decode()
    assert "Tidak berhasil masuk" in html


def test_a_signed_in_person_links_and_unlinks_himself(client, user, sign_in, reauthenticated, come_back):
    confirmed_email(user)
    reauthenticated(sign_in(user, client))
    response = come_back(client, query="?process=connect")
    assert response.url == "/akun/3rdparty/"
    assert "SSO Uji" in client.get("/akun/saya/").content.decode()
    account = SocialAccount.objects.get(user=user)
    client.post("/akun/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
    verbs = Event.objects.filter(verb__contains="identity").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.identity_linked", "accounts.identity_unlinked"]


def test_the_only_way_in_cannot_be_unlinked(client, come_back):
    waiting = UserFactory(waiting=True)
    come_back(client, nip=waiting.nip)
    account = SocialAccount.objects.get()
    response = client.post("/akun/3rdparty/", {"account": account.pk})
    assert "Buat kata sandi terlebih dahulu" in response.content.decode()
    assert SocialAccount.objects.exists()


def test_an_address_without_a_client_stops_the_start(monkeypatch):
    import importlib

    from kepegawaian.settings import accounts

    monkeypatch.setenv("OIDC_SERVER_URL", "https://sso.contoh.test")
    monkeypatch.delenv("OIDC_CLIENT_ID", raising=False)
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        importlib.reload(accounts)
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    importlib.reload(accounts)
    assert accounts.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["client_id"] == "portal"
    monkeypatch.undo()
    importlib.reload(accounts)


@pytest.mark.parametrize("rate", ["5", "5/5m/orang", "lima/5m/ip", "5/5m/ip;6/1h/ip"])
def test_a_rate_that_is_none_stops_the_start(rate):
    from kepegawaian.settings.accounts import _rate

    with pytest.raises(ImproperlyConfigured, match="SIGN_IN_RATE"):
        _rate("SIGN_IN_RATE", rate)
