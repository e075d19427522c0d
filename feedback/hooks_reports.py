"""What the citizens' pages add to the core: the pages of the public door."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepegawaian.lib.ui import shell


def _has_account(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def register() -> None:
    for entry in (
        shell.MenuEntry(
            shell.PUBLIC,
            pgettext_lazy("list", "Layanan"),
            "feedback:services",
            "building-library",
            visible=shell.everyone,
            order=10,
            hint=_("Syarat, waktu, biaya, dan jam layanan; cari dalam satu kotak."),
        ),
        shell.MenuEntry(
            shell.PUBLIC,
            _("Laporan warga"),
            "feedback:reports",
            "megaphone",
            visible=shell.everyone,
            order=20,
            hint=_("Buat laporan, dan baca laporan serta jawaban yang terbit."),
        ),
        shell.MenuEntry(
            shell.PUBLIC,
            _("Lacak laporan"),
            "feedback:find",
            "magnifying-glass",
            visible=shell.everyone,
            order=30,
            hint=_("Buka laporan Anda dengan nomor dan PIN."),
        ),
        shell.MenuEntry(
            shell.PUBLIC,
            _("Laporan saya"),
            "feedback:my_reports",
            "inbox",
            visible=_has_account,
            order=40,
            hint=_("Laporan dari akun Anda."),
        ),
        shell.MenuEntry(
            shell.PUBLIC,
            _("Bantuan"),
            "feedback:help",
            "question-mark-circle",
            visible=shell.everyone,
            order=90,
            hint=_("Cara melapor, batas waktu, aksesibilitas, privasi."),
        ),
    ):
        shell.register(entry)
