from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _may_open_admin(request: HttpRequest) -> bool:
    from kepegawaian.accounts.permissions import is_admin

    return request.user.is_authenticated and is_admin(request.user)


class AccountsConfig(AppConfig):
    name = "kepegawaian.accounts"
    label = "accounts"
    verbose_name = _("Akun")

    def ready(self) -> None:
        from kepegawaian.accounts import signals  # noqa: F401 - it connects its receivers
        from kepegawaian.accounts.trail import VERBS
        from kepegawaian.audit.registry import register_verbs
        from kepegawaian.lib.ui.shell import ME, MenuEntry, register

        register_verbs(VERBS)
        register(MenuEntry(ME, _("Akun saya"), "accounts:me", "user-circle", order=10))
        register(MenuEntry(ME, _("Token akses"), "accounts:tokens", "key", order=20))
        register(MenuEntry(ME, _("Admin portal"), "admin:index", "cog-6-tooth", _may_open_admin, order=90))
