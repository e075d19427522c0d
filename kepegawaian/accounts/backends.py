"""Who stands behind a request, and what such a person may do in Django's admin."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend

from kepegawaian.accounts.models import User
from kepegawaian.accounts.permissions import is_admin
from kepegawaian.accounts.registry import brought_along
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, Slots


def _person(slot: Slots) -> Any:
    return User.objects.filter(pk=slot("person")).annotate(**brought_along(slot("today")))


_PERSON: Prepared[User] = Prepared(_person)


class PortalBackend(AuthenticationBackend):
    """Sign-in as allauth does it; every page then needs the person, the roles, the headed units and what the menu
    counts, and gets them all in one statement."""

    def get_user(self, user_id: Any) -> User | None:
        user = _PERSON.first(person=user_id, today=today())
        return user if user is not None and self.user_can_authenticate(user) else None


class RoleBackend(BaseBackend):
    """Signs nobody in; answers `has_perm` from the role instead of rows per model."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return is_admin(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return is_admin(user_obj)
