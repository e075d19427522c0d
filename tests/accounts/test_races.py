"""Two at once, on two real connections."""

import pytest
from django.contrib.auth.hashers import check_password

from kepegawaian.accounts import rules, services
from kepegawaian.accounts.models import AccessToken, ActivationCode, User
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError, StateChanged
from tests.accounts.factories import UserFactory
from tests.support.races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_code_used_twice_at_once_gives_one_password():
    user = UserFactory(waiting=True)
    code = services.issue_activation_code(user=user, actor=None)
    activation = services.find_activation(login=user.nip, digest=rules.digest(code))
    passwords = [f"kata-sandi-nomor-{number}" for number in range(4)]
    results = at_once(*[lambda p=p: services.activate(activation=activation, password=p) for p in passwords])
    winners = [place for place, result in enumerate(results) if isinstance(result, User)]
    assert len(winners) == 1
    assert sum(isinstance(result, StateChanged) for result in results) == 3
    assert check_password(passwords[winners[0]], User.objects.get().password)
    assert Event.objects.filter(verb="accounts.activated").count() == 1


def test_two_printers_at_once_leave_one_open_code():
    user = UserFactory(waiting=True)
    codes = at_once(*[lambda: services.issue_activation_code(user=user, actor=None)] * 4)
    assert ActivationCode.objects.filter(used_at=None).count() == 1
    valid = [c for c in codes if services.find_activation(login=user.nip, digest=rules.digest(c))]
    assert len(valid) == 1


def test_deactivation_against_activation_leaves_no_way_in():
    user = UserFactory(waiting=True)
    code = services.issue_activation_code(user=user, actor=None)
    activation = services.find_activation(login=user.nip, digest=rules.digest(code))
    at_once(
        lambda: services.activate(activation=activation, password="kata-sandi-apa-saja"),
        lambda: services.deactivate(user=user, actor=None),
    )
    user.refresh_from_db()
    assert not user.is_active
    assert services.find_activation(login=user.nip, digest=rules.digest(code)) is None


def test_tokens_made_at_once_do_not_pass_the_limit(settings):
    settings.TOKENS_AT_MOST = 3
    user = UserFactory()
    results = at_once(*[lambda: services.create_token(user=user, name="a", days=30)] * 6)
    assert AccessToken.objects.count() == 3
    assert sum(isinstance(result, ApplicationError) for result in results) == 3


def test_deactivated_twice_at_once_is_told_once():
    user = UserFactory()
    at_once(*[lambda: services.deactivate(user=user, actor=None)] * 3)
    assert Event.objects.filter(verb="accounts.deactivated").count() == 1
