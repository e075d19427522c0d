from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Kinerja")

    def ready(self) -> None:
        from evaluations import hooks

        hooks.register()
