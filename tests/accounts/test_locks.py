"""A sign-in closed by failures: noted while it is closed, for everybody alike, and lifted by an officer."""

import datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kepegawaian.accounts import locks, services
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused
from tests.accounts.factories import PASSWORD, UserFactory, with_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def fail(login, times=5, **headers):
    for _ in range(times):
        response = Client(**headers).post("/akun/login/", {"login": login, "password": "salah-sekali"})
    return response


def sign_in(user):
    return Client().post("/akun/login/", {"login": user.nip, "password": PASSWORD})


def closed_people():
    return set(User.objects.filter(locks.closed_users()))


def test_the_fifth_failure_is_noted_and_the_fourth_is_not(user):
    fail(user.nip, 4)
    assert not locks.closed()
    fail(user.nip, 1)
    assert set(locks.closed()) == {user.nip}
    assert closed_people() == {user}
    until = locks.until(user, locks.closed())
    assert datetime.timedelta(minutes=4) < until - timezone.now() <= datetime.timedelta(minutes=5)


def test_it_opens_by_itself(user, time_machine):
    fail(user.nip)
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=6))
    assert not closed_people()
    assert sign_in(user).status_code == 302


def test_failures_by_e_mail_close_the_same_person(user):
    fail(user.email)
    assert closed_people() == {user}


def test_a_name_that_nobody_has_is_noted_alike_and_finds_nobody(user):
    fail("000000000000000000")
    assert set(locks.closed()) == {"000000000000000000"}
    assert not closed_people()


def test_another_host_name_gives_no_further_tries(user, settings):
    settings.ALLOWED_HOSTS = ["satu.test", "dua.test"]
    fail(user.nip, 4, headers={"host": "satu.test"})
    fail(user.nip, 1, headers={"host": "dua.test"})
    assert closed_people() == {user}


def test_failed_second_steps_and_codes_are_noted_too(user):
    TOTP.activate(user, generate_totp_secret())
    for _ in range(5):
        client = Client()
        client.post("/akun/login/", {"login": user.nip, "password": PASSWORD})
        client.post("/akun/2fa/authenticate/", {"code": "000000"})
    assert str(user.pk) in locks.closed()
    waiting = UserFactory(waiting=True)
    for _ in range(11):
        Client().post("/akun/aktivasi/", {"login": waiting.nip, "code": "AAAA-BBBB-CCCC-DDDD"})
    assert closed_people() == {user, waiting}


def test_lifting_lets_the_person_in_at_once_and_is_recorded(user):
    officer = with_role(Role.HR_CENTRAL)
    fail(user.nip)
    assert sign_in(user).status_code == 200
    services.lift_lock(user=user, actor=officer)
    assert not closed_people()
    assert sign_in(user).status_code == 302
    assert Event.objects.get(verb="accounts.lock_lifted").actor_id == officer.pk


def test_lifting_one_leaves_the_others_and_the_address_closed(user):
    other = UserFactory()
    fail(other.nip)
    fail(user.nip, 30)
    counters = cache.keys("*login_failed*ip*")
    services.lift_lock(user=user, actor=with_role(Role.HR_CENTRAL))
    assert closed_people() == {other}
    assert counters == cache.keys("*login_failed*ip*") != []


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.LEADER, Role.INSPECTOR])
def test_others_lift_nothing(user, role):
    fail(user.nip)
    with pytest.raises(PermissionRefused):
        services.lift_lock(user=user, actor=with_role(role))
    assert closed_people() == {user}


def test_the_notes_do_not_grow_without_end(user, monkeypatch):
    monkeypatch.setattr(locks, "AT_MOST", 2)
    for number in range(4):
        fail(f"{number:018d}")
    assert len(locks.closed()) == 2
