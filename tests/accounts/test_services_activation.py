"""Codes of the first sign-in: made, replaced, used once, forgotten."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from kepegawaian.accounts import rules, services
from kepegawaian.accounts.models import AccessToken, ActivationCode
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, StateChanged
from tests.accounts.factories import NEW_PASSWORD, PASSWORD, UserFactory, with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(db):
    return UserFactory(waiting=True, nip="199003032015032003")


def find(user, code):
    return services.find_activation(login=user.nip, digest=rules.digest(code))


def test_only_the_digest_is_kept(waiting):
    code = services.issue_activation_code(user=waiting, actor=None)
    row = ActivationCode.objects.get()
    assert row.digest == rules.digest(code)
    assert code.replace("-", "") not in str(vars(row))
    assert code not in str(list(Event.objects.values()))


def test_a_code_lasts_as_long_as_the_setting_says(waiting, settings):
    settings.ACTIVATION_DAYS = 7
    code = services.issue_activation_code(user=waiting, actor=None)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7, seconds=-5)):
        assert find(waiting, code)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7, seconds=5)):
        assert find(waiting, code) is None


def test_a_new_code_ends_the_earlier_one(waiting):
    first = services.issue_activation_code(user=waiting, actor=None)
    second = services.issue_activation_code(user=waiting, actor=None)
    assert find(waiting, first) is None
    assert find(waiting, second)
    assert ActivationCode.objects.count() == 1


def test_activation_gives_a_password_and_uses_the_code_up(waiting):
    code = services.issue_activation_code(user=waiting, actor=None)
    user = services.activate(activation=find(waiting, code), password=NEW_PASSWORD, language="en")
    assert user.check_password(NEW_PASSWORD)
    assert user.is_activated
    assert user.language == "en"
    assert find(waiting, code) is None
    assert Event.objects.get(verb="accounts.activated").data["first"] is True


def test_a_code_opens_nothing_twice(waiting):
    code = services.issue_activation_code(user=waiting, actor=None)
    activation = find(waiting, code)
    services.activate(activation=activation, password=NEW_PASSWORD)
    with pytest.raises(StateChanged):
        services.activate(activation=activation, password="lain-lagi-dan-panjang")
    waiting.refresh_from_db()
    assert waiting.check_password(NEW_PASSWORD)


def test_a_code_replaced_in_between_opens_nothing(waiting):
    activation = find(waiting, services.issue_activation_code(user=waiting, actor=None))
    services.issue_activation_code(user=waiting, actor=None)
    with pytest.raises(StateChanged):
        services.activate(activation=activation, password=NEW_PASSWORD)


def test_the_code_of_somebody_else_is_as_wrong_as_none(waiting):
    code = services.issue_activation_code(user=waiting, actor=None)
    other = UserFactory(waiting=True)
    assert find(other, code) is None
    assert services.find_activation(login="000000000000000000", digest=rules.digest(code)) is None
    assert find(waiting, rules.new_code()) is None


def test_looking_up_costs_the_same_for_known_and_unknown_people(waiting, django_assert_num_queries):
    services.issue_activation_code(user=waiting, actor=None)
    for nip in (waiting.nip, "000000000000000000", ""):
        with django_assert_num_queries(1):
            services.find_activation(login=nip, digest=rules.digest("SALAH"))


def test_a_deactivated_person_cannot_activate(waiting):
    code = services.issue_activation_code(user=waiting, actor=None)
    activation = find(waiting, code)
    waiting.is_active = False
    waiting.save()
    assert find(waiting, code) is None
    with pytest.raises(StateChanged):
        services.activate(activation=activation, password=NEW_PASSWORD)


def test_a_code_for_an_account_in_use_resets_it_and_ends_its_tokens():
    user = UserFactory(language="en")
    AccessToken.objects.create(user=user, name="lama")
    code = services.issue_activation_code(user=user, actor=with_role(Role.HR_CENTRAL))
    assert user.check_password(PASSWORD), "the old password works until the code is used"
    services.activate(activation=find(user, code), password=NEW_PASSWORD, language="id")
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert user.language == "en", "somebody who chose a language keeps it"
    assert not AccessToken.objects.exists()


def test_a_unit_officer_makes_first_and_later_codes_but_none_for_an_admin(waiting):
    officer = with_role(Role.HR_UNIT)
    assert services.issue_activation_code(user=waiting, actor=officer)
    assert services.issue_activation_code(user=UserFactory(), actor=officer)
    with pytest.raises(PermissionRefused):
        services.issue_activation_code(user=with_role(Role.ADMIN), actor=officer)


def test_many_codes_cost_as_many_statements_as_two(django_assert_num_queries):
    officer = with_role(Role.HR_UNIT)
    services.issue_activation_codes(users=[UserFactory(waiting=True)], actor=officer)  # loads the roles
    for count in (2, 30):
        users = [UserFactory(waiting=True) for _ in range(count)]
        with django_assert_num_queries(6):
            codes = services.issue_activation_codes(users=users, actor=officer)
        assert len(set(codes.values())) == count


def test_one_refusal_makes_no_code_at_all(waiting):
    with pytest.raises(PermissionRefused):
        services.issue_activation_codes(users=[waiting, with_role(Role.ADMIN)], actor=with_role(Role.HR_UNIT))
    assert not ActivationCode.objects.exists()


def test_each_code_leaves_an_event(waiting):
    officer = with_role(Role.HR_UNIT)
    services.issue_activation_code(user=waiting, actor=officer)
    event = Event.objects.get(verb="accounts.activation_code_issued")
    assert (event.actor_id, event.subject_id) == (officer.pk, str(waiting.pk))


def test_a_link_is_mailed_in_the_language_of_its_reader(waiting, django_capture_on_commit_callbacks):
    waiting.language = "en"
    waiting.save()
    with django_capture_on_commit_callbacks(execute=True):
        services.send_activation_link(user=waiting, actor=None)
    [message] = mail.outbox
    assert message.to == [waiting.email]
    assert "http://127.0.0.1:8000/akun/aktivasi/" in message.body
    code = message.body.split("/akun/aktivasi/")[1].split("/")[0]
    assert find(waiting, code)


def test_without_an_address_no_link_is_made(waiting):
    waiting.email = None
    waiting.save()
    with pytest.raises(ApplicationError, match="Cetak kode"):
        services.send_activation_link(user=waiting, actor=None)
    assert not ActivationCode.objects.exists()
