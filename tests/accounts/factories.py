"""Accounts for tests. An activated one has PASSWORD; `waiting` has none yet."""

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from tests.units.factories import RoleAssignmentFactory

PASSWORD = "tenun-ikat-sumba-77"
NEW_PASSWORD = "pinisi-berlayar-jauh-12"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        waiting = factory.Trait(activated_at=None, password=factory.LazyFunction(lambda: make_password(None)))

    nip = factory.Sequence(lambda n: f"19800101200501{1 + n:04d}")
    name = factory.Sequence(lambda n: f"Pegawai Contoh {n}")
    email = factory.LazyAttribute(lambda user: f"p{user.nip[-4:]}@contoh.test")
    activated_at = factory.LazyFunction(timezone.now)
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


def with_role(role: Role, **fields):
    """A person with that role over the whole government; admins may open the admin."""
    user = UserFactory(is_staff=role == Role.ADMIN, **fields)
    RoleAssignmentFactory(user=user, role=role)
    return user


def confirmed_email(user: User) -> EmailAddress:
    return EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
