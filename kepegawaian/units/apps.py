from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "kepegawaian.units"
    label = "units"
    verbose_name = _("Unit organisasi")

    def ready(self) -> None:
        from kepegawaian.accounts.registry import bring_along, register_roles
        from kepegawaian.audit.registry import register_inspectors
        from kepegawaian.units import hooks
        from kepegawaian.units.models import current_roles, reads_whole_trail, roles_along

        register_roles(lambda user: {role for role, _path in current_roles(user)})
        bring_along("_current_roles", roles_along)
        register_inspectors(reads_whole_trail)
        hooks.register()
