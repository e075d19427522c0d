"""Personal access tokens: the page, and what the API makes of them."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kepegawaian.accounts import services
from kepegawaian.accounts.models import AccessToken
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError
from tests.accounts.api import who
from tests.accounts.factories import PASSWORD, UserFactory, with_role

pytestmark = pytest.mark.django_db
URL = "/akun/token/"


@pytest.fixture
def secret(user):
    return services.create_token(user=user, name="Rekap absensi", days=90)


def test_a_token_stands_for_its_owner(user, secret):
    assert who(secret) == user
    assert who(secret, scheme="token") == user


@pytest.mark.parametrize("change", ["wrong", "short", "empty", "not ascii"])
def test_anything_else_is_refused(secret, change):
    tried = {"wrong": secret[:-1] + ("0" if secret[-1] != "0" else "1"), "short": secret[:20], "empty": "x"}
    assert who(tried.get(change, "é" * 20)) is None


def test_only_a_digest_is_kept(secret):
    [row] = AccessToken.objects.values()
    assert secret not in str(row)
    assert len(secret) >= 64
    assert secret not in str(list(Event.objects.values()))


def test_an_expired_token_is_refused_but_stays_in_the_list(user, secret):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        assert who(secret) is None
    assert AccessToken.objects.filter(user=user).count() == 1


def test_the_token_of_an_inactive_person_is_refused(user, secret):
    user.is_active = False
    user.save()
    assert who(secret) is None


def test_deactivation_ends_it_for_good(user, secret):
    services.deactivate(user=user, actor=with_role(Role.ADMIN))
    services.reactivate(user=user, actor=None)
    assert who(secret) is None


def test_the_day_of_use_is_noted_once_a_day(secret, django_assert_num_queries):
    with time_machine.travel(datetime.datetime(2026, 3, 16, 3, tzinfo=datetime.UTC), tick=False):
        with django_assert_num_queries(2):
            who(secret)
        with django_assert_num_queries(1):
            who(secret)
    assert AccessToken.objects.get().last_used_on == datetime.date(2026, 3, 16)


def test_a_person_has_no_more_than_the_setting_allows(user, settings):
    settings.TOKENS_AT_MOST = 2
    for name in "ab":
        services.create_token(user=user, name=name, days=30)
    with pytest.raises(ApplicationError, match="sudah memiliki 2 token"):
        services.create_token(user=user, name="c", days=30)


def test_making_one_asks_for_the_password_again(client, user, sign_in):
    sign_in(user, client)
    response = client.post(URL, {"name": "Laporan", "days": 30})
    assert response.url.startswith("/akun/reauthenticate/")
    assert not AccessToken.objects.exists()
    response = client.post(response.url, {"password": PASSWORD})
    assert AccessToken.objects.get().name == "Laporan", "what was typed is not lost"


def test_the_secret_is_shown_once(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    response = client.post(URL, {"name": "Laporan", "days": 365}, follow=True)
    shown = response.context["secret"]
    assert who(shown) == user
    assert shown in response.content.decode()
    assert shown not in client.get(URL).content.decode()
    assert AccessToken.objects.get().expiry.date() == timezone.now().date() + datetime.timedelta(days=365)


def test_the_secret_never_lies_open_in_the_session(client, user, sign_in, reauthenticated):
    reauthenticated(sign_in(user, client))
    client.post(URL, {"name": "Laporan", "days": 30})
    kept = str(dict(client.session.items()))
    shown = client.get(URL).context["secret"]
    assert shown
    assert shown not in kept


@pytest.mark.parametrize("days", [0, 31, 3650, "selamanya"])
def test_only_the_offered_spans_are_taken(client, user, sign_in, reauthenticated, days):
    reauthenticated(sign_in(user, client))
    response = client.post(URL, {"name": "Laporan", "days": days})
    assert "error-summary" in response.content.decode()
    assert not AccessToken.objects.exists()


def test_the_offered_spans_are_those_of_the_setting(client, user, sign_in):
    html = sign_in(user, client).get(URL).content.decode()
    assert all(f"{days} hari" in html for days in settings.TOKEN_DAYS)


def test_a_token_is_revoked_by_its_owner(client, user, sign_in, secret):
    sign_in(user, client)
    uid = AccessToken.objects.get().uid
    response = client.post(f"{URL}{uid}/cabut/", follow=True)
    assert "dicabut" in response.content.decode()
    assert who(secret) is None
    assert Event.objects.get(verb="accounts.token_revoked").data == {"token": str(uid)}


def test_a_stranger_finds_no_token_to_revoke(client, user, sign_in, secret):
    sign_in(UserFactory(), client)
    uid = AccessToken.objects.get().uid
    assert client.post(f"{URL}{uid}/cabut/").status_code == 404
    assert who(secret) == user


def test_the_list_shows_ones_own_alone(client, user, sign_in, secret):
    html = sign_in(UserFactory(), client).get(URL).content.decode()
    assert "Rekap absensi" not in html


def test_the_list_costs_the_same_with_one_and_with_twenty(client, user, sign_in, secret):
    sign_in(user, client)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for number in range(19):
        services.create_token(user=user, name=f"Token {number}", days=30)
    with CaptureQueriesContext(connection) as twenty:
        html = client.get(URL).content.decode()
    assert "Token 18" in html
    assert len(twenty) == len(one) <= 10
