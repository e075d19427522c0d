from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployeesConfig(AppConfig):
    name = "kepegawaian.employees"
    label = "employees"
    verbose_name = _("Pegawai")

    def ready(self) -> None:
        from kepegawaian.employees import hooks
        from kepegawaian.employees.importing import hooks as importing

        hooks.register()
        importing.register()
