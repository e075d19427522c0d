from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeaveConfig(AppConfig):
    name = "leave"
    verbose_name = _("Cuti")

    def ready(self) -> None:
        from leave import cards, hooks

        hooks.register()
        cards.register()
