from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


def _unread(request: HttpRequest) -> int:
    from kepegawaian.notifications.services import unread_count

    along: int | None = getattr(request.user, "unread_along", None)
    return unread_count(request.user) if along is None else along


class NotificationsConfig(AppConfig):
    name = "kepegawaian.notifications"
    label = "notifications"
    verbose_name = _("Pemberitahuan")

    def ready(self) -> None:
        from kepegawaian.accounts.registry import bring_along
        from kepegawaian.audit.registry import register_verbs
        from kepegawaian.lib import health
        from kepegawaian.lib.ui import shell
        from kepegawaian.notifications import checks, monitoring, services

        # Every process must know every message: the worker to word it, the inbox to list it.
        autodiscover_modules("notifications")
        register_verbs({"notifications.tried_again": _("Mengirim ulang surel")})
        checks.check_messages  # noqa: B018 - importing it registered it
        health.register_check("deliveries", monitoring.deliveries_late)
        health.register_gauge("deliveries", "E-mails by state", monitoring.deliveries_by_state)
        health.register_gauge("delivery_wait_seconds", "Wait of the oldest e-mail that is due", monitoring.wait)
        bring_along("unread_along", services.unread_along)
        shell.tools.notices = shell.MenuEntry(
            shell.HOME,
            _("Pemberitahuan"),
            "notifications:inbox",
            "bell",
            badge=_unread,
        )
        shell.register(
            shell.MenuEntry(shell.ME, _("Pilihan pemberitahuan"), "notifications:preferences", "bell", order=40)
        )
