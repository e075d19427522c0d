import pytest
from django.test import Client

from kepegawaian.settings.accounts import ACCOUNT_RATE_LIMITS
from tests.accounts.factories import PASSWORD, UserFactory


@pytest.fixture
def user(db):
    return UserFactory(nip="198001012005011001", name="Siti Aminah", email="siti@contoh.test")


@pytest.fixture
def sign_in(db):
    """Signs in by the page, as people do, so that the session is in their list."""

    def _sign_in(user, client=None, password=PASSWORD):
        client = client or Client()
        response = client.post("/akun/login/", {"login": user.nip or user.email, "password": password})
        assert response.status_code == 302
        return client

    return _sign_in


@pytest.fixture
def limits(settings):
    """The limits as they are in real use; tests otherwise run without any."""
    settings.ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS
    return settings


@pytest.fixture
def reauthenticated():
    """A client whose owner has just typed the password again."""

    def _reauthenticate(client, password=PASSWORD):
        client.post("/akun/reauthenticate/", {"password": password})
        return client

    return _reauthenticate
