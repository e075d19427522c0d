from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _waiting(request: HttpRequest) -> int:
    from kepegawaian.work.inbox import waiting_count

    along: int | None = getattr(request.user, "waiting_along", None)
    return waiting_count(request.user) if along is None else along


class WorkConfig(AppConfig):
    name = "kepegawaian.work"
    label = "work"
    verbose_name = _("Pekerjaan")

    def ready(self) -> None:
        from kepegawaian.accounts.registry import bring_along
        from kepegawaian.lib import health
        from kepegawaian.lib.ui import shell
        from kepegawaian.notifications.base import Category, register_category
        from kepegawaian.work import inbox, monitoring

        register_category(
            Category("work", _("Pengingat"), _("Saat yang menunggu Anda sudah sampai pada batas waktunya."))
        )
        bring_along("waiting_along", inbox.count_along)
        health.register_gauge("jobs", "Background jobs by state", monitoring.jobs_by_state)
        shell.register(
            shell.MenuEntry(
                shell.HOME,
                _("Menunggu saya"),
                "work:inbox",
                "inbox",
                badge=_waiting,
                order=10,
                hint=_("Semua yang menunggu tindakan Anda, dari semua layanan."),
            )
        )
        shell.register(shell.MenuEntry(shell.ME, _("Proses saya"), "work:jobs", "arrow-path", order=60))
