"""What the protected channel adds to the core: its pages. No verbs of the trail, no items of work, no card."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback import permissions_whistle as permissions
from kepegawaian.lib.ui import shell


def _handles(request: HttpRequest) -> bool:
    return bool(permissions.can_open_desk(request.user))


def register() -> None:
    for entry in (
        shell.MenuEntry(
            shell.PUBLIC,
            _("Lapor pelanggaran"),
            "feedback:whistle",
            "shield-exclamation",
            visible=shell.everyone,
            order=35,
            hint=_("Kanal rahasia untuk dugaan korupsi atau penyalahgunaan wewenang; tanpa akun dan tanpa jejak."),
        ),
        shell.MenuEntry(
            shell.OFFICE,
            _("Meja pelanggaran"),
            "feedback:whistle_desk",
            "shield-exclamation",
            visible=_handles,
            order=50,
            hint=_("Laporan kanal rahasia yang boleh Anda tangani."),
        ),
    ):
        shell.register(entry)
