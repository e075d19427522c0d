"""What is forgotten every night, and what is not; addresses taken over from the record."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from kepegawaian.accounts import services
from kepegawaian.accounts.models import ActivationCode
from kepegawaian.accounts.tasks import forget_what_is_over
from kepegawaian.audit.models import Event
from tests.accounts.factories import UserFactory, confirmed_email

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_sessions_that_ran_out_leave_the_list(user, sign_in):
    over, running = sign_in(user), sign_in(user)
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - DAY)
    forget_what_is_over()
    assert UserSession.objects.get().session_key == running.session.session_key


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({"expires_at": 30 * DAY}, True, id="open"),
        pytest.param({"expires_at": -89 * DAY}, True, id="ran out lately"),
        pytest.param({"expires_at": -91 * DAY}, False, id="ran out long ago"),
        pytest.param({"expires_at": 30 * DAY, "used_at": -DAY}, True, id="used lately"),
        pytest.param({"expires_at": 30 * DAY, "used_at": -91 * DAY}, False, id="used long ago"),
    ],
)
def test_dead_codes_are_forgotten_after_a_while(user, fields, kept):
    now = timezone.now()
    ActivationCode.objects.create(user=user, digest="x", **{name: now + wait for name, wait in fields.items()})
    forget_what_is_over()
    assert ActivationCode.objects.exists() is kept


@pytest.mark.parametrize("email", ["Baru@Contoh.test", "", None])
def test_the_record_may_change_an_address_that_nobody_confirmed(user, email):
    EmailAddress.objects.create(user=user, email=user.email)
    assert services.record_email(user=user, email=email, actor=None)
    user.refresh_from_db()
    assert user.email == ("baru@contoh.test" if email else None)
    assert not EmailAddress.objects.exists()
    assert Event.objects.get().verb == "accounts.email_recorded"


def test_an_address_that_its_owner_confirmed_stays(user):
    confirmed_email(user)
    assert not services.record_email(user=user, email="baru@contoh.test", actor=None)
    user.refresh_from_db()
    assert user.email == "siti@contoh.test"


def test_the_same_address_again_changes_nothing(user):
    assert not services.record_email(user=user, email=" SITI@contoh.test", actor=None)
    assert not Event.objects.exists()


def test_an_address_of_somebody_else_is_not_taken(user):
    UserFactory(email="lain@contoh.test")
    assert not services.record_email(user=user, email="lain@contoh.test", actor=None)
