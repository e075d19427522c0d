from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "kepegawaian.calendars"
    label = "calendars"
    verbose_name = _("Kalender")

    def ready(self) -> None:
        from kepegawaian.audit.registry import register_verbs
        from kepegawaian.calendars.permissions import can_see_patterns
        from kepegawaian.lib.ui import shell

        register_verbs(
            {
                "calendars.holiday_added": _("Menambah hari libur"),
                "calendars.holiday_changed": _("Mengubah hari libur"),
                "calendars.holiday_removed": _("Menghapus hari libur"),
                "calendars.pattern_removed": _("Menghapus pola kerja unit"),
                "calendars.pattern_set": _("Menetapkan pola kerja unit"),
                "calendars.seeded": _("Mengisi hari libur dari paket"),
            }
        )
        shell.register(
            shell.MenuEntry(
                shell.MY,
                _("Kalender"),
                "calendars:this_year",
                "calendar",
                order=200,
                hint=_("Hari libur nasional dan cuti bersama."),
            )
        )
        shell.register(
            shell.MenuEntry(
                shell.OFFICE,
                _("Pola kerja unit"),
                "calendars:patterns",
                "clock",
                visible=lambda request: bool(can_see_patterns(request.user)),
                order=700,
                hint=_("Lima hari, enam hari, atau bergilir."),
            )
        )
