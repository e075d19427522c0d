"""Accounts come, go and come back."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from kepegawaian.accounts import services
from kepegawaian.accounts.models import AccessToken, ActivationCode, User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused
from tests.accounts.factories import UserFactory, with_role

pytestmark = pytest.mark.django_db


def test_an_employee_gets_an_account_without_a_usable_password():
    user = services.create_for_employee(nip="198001012005011001", name="Siti", email=" Siti@Contoh.TEST ")
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not user.is_activated
    assert user.email == "siti@contoh.test"
    assert Event.objects.get().verb == "accounts.created"


def test_an_address_in_use_is_refused_beside_its_field(user):
    with pytest.raises(ApplicationError) as refusal:
        services.create_for_employee(nip="199003032015032003", name="Budi", email="SITI@contoh.test")
    assert [problem.field for problem in refusal.value.problems] == ["email"]
    assert User.objects.count() == 1


def test_many_accounts_can_be_built_and_inserted_at_once(django_assert_num_queries):
    users = [services.build_for_employee(nip=f"{n:018d}", name=f"P{n}", email="") for n in range(50)]
    with django_assert_num_queries(1):
        User.objects.bulk_create(users)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert len({user.password for user in users}) == 50


def test_deactivating_ends_tokens_and_codes_and_says_so():
    admin, user = with_role(Role.ADMIN), UserFactory()
    AccessToken.objects.create(user=user, name="a")
    services.issue_activation_code(user=user, actor=None)
    services.deactivate(user=user, actor=admin)
    user.refresh_from_db()
    assert not user.is_active
    assert not AccessToken.objects.exists()
    assert not ActivationCode.objects.exists()
    event = Event.objects.get(verb="accounts.deactivated")
    assert event.actor_id == admin.pk
    assert event.data == {"sessions": 0, "tokens": 1, "codes": 1}


def test_an_employee_deactivates_nobody():
    user = UserFactory()
    with pytest.raises(PermissionRefused):
        services.deactivate(user=user, actor=UserFactory())
    user.refresh_from_db()
    assert user.is_active


def test_the_system_may_deactivate_twice_without_a_second_event():
    user = UserFactory()
    for _ in range(2):
        services.deactivate(user=user, actor=None)
    assert Event.objects.filter(verb="accounts.deactivated").count() == 1


def test_reactivating_lets_the_person_in_again_with_the_old_password():
    user = UserFactory(is_active=False)
    services.reactivate(user=user, actor=with_role(Role.ADMIN))
    user.refresh_from_db()
    assert user.is_active
    assert Event.objects.filter(verb="accounts.reactivated").count() == 1


def test_reactivating_an_active_account_is_refused():
    with pytest.raises(PermissionRefused, match="tidak dinonaktifkan"):
        services.reactivate(user=UserFactory(), actor=with_role(Role.ADMIN))


def test_a_lost_phone_can_be_taken_off_the_account():
    user = UserFactory()
    Authenticator.objects.create(user=user, type="totp", data={})
    assert services.reset_second_factor(user=user, actor=with_role(Role.ADMIN)) == 1
    assert not Authenticator.objects.exists()
    assert Event.objects.get(verb="accounts.second_factor_reset").data == {"removed": 1}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"nip": "198001012005011001"}, id="nip"),
        pytest.param({"email": "siti@contoh.test"}, id="email"),
    ],
)
def test_the_database_refuses_a_second_account_with_the_same(fields):
    UserFactory(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**fields)


@pytest.mark.parametrize("fields", [{"email": "Siti@Contoh.test"}, {"email": ""}, {"nip": ""}])
def test_the_database_refuses_what_look_ups_would_miss(fields):
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**fields)


def test_people_without_an_address_do_not_collide():
    UserFactory(email=None)
    other = UserFactory()
    other.email = ""
    other.save()
    assert User.objects.filter(email=None).count() == 2


def test_the_database_refuses_two_open_codes():
    user = UserFactory()
    services.issue_activation_code(user=user, actor=None)
    row = ActivationCode.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivationCode.objects.create(user=user, digest="x", expires_at=row.expires_at)


def test_a_superuser_is_made_on_the_server():
    user = User.objects.create_superuser("199003032015032003", "rahasia-server", name="Admin")
    assert user.is_staff
    assert user.is_superuser
    assert user.is_activated
    assert User.objects.get_by_natural_key("199003032015032003") == user
