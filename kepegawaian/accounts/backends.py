"""Rights inside Django's admin: whoever may open it may work there; each model's admin narrows that down."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from kepegawaian.accounts.permissions import is_admin


class RoleBackend(BaseBackend):
    """Signs nobody in; answers `has_perm` from the role instead of rows per model."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return is_admin(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return is_admin(user_obj)
