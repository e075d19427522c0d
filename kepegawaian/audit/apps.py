from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "kepegawaian.audit"
    label = "audit"
    verbose_name = _("Jejak")

    def ready(self) -> None:
        from kepegawaian.audit.models import Event
        from kepegawaian.audit.permissions import can_read
        from kepegawaian.lib.health import register_gauge
        from kepegawaian.lib.ui import shell

        register_gauge(
            "audit_unsealed_events", "Events not sealed yet", lambda: Event.objects.filter(seal=None).count()
        )
        shell.register(
            shell.MenuEntry(
                shell.OFFICE,
                _("Jejak"),
                "audit:events",
                "document-magnifying-glass",
                visible=lambda request: bool(can_read(request.user)),
                order=900,
                hint=_("Siapa melakukan apa, dan siapa membaca data terbatas."),
            )
        )
