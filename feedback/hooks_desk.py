"""What the officers' desk adds to the core: its pages in the menu, a card on the home page, the sheet."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback import permissions
from feedback.exporting_desk import CASES
from feedback.services import desk
from kepegawaian.audit.registry import register_verbs
from kepegawaian.lib.ui import shell
from kepegawaian.work.registry import WAITING, HomeCard, register_card


def _opens(request: HttpRequest) -> bool:
    return bool(permissions.can_open_desk(request.user))


def _files(request: HttpRequest) -> bool:
    return bool(permissions.can_file_for_others(request.user))


def _card(request: HttpRequest) -> dict[str, Any] | None:
    if not _opens(request):
        return None
    counts = desk.tab_counts(request.user)
    return {"counts": counts, "cap": desk.CAP} if counts["open"] else None


ENTRIES = (
    shell.MenuEntry(
        shell.OFFICE,
        _("Meja laporan warga"),
        "feedback:desk",
        "inbox-stack",
        visible=_opens,
        order=40,
        hint=_("Laporan warga menurut batas waktunya, dan apa yang harus dilakukan."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Catat laporan warga"),
        "feedback:counter",
        "phone",
        visible=_files,
        order=42,
        hint=_("Untuk warga di loket, di telepon, atau lewat surat."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Templat jawaban"),
        "feedback:desk_templates",
        "document-text",
        visible=_files,
        order=44,
        hint=_("Teks yang dipakai petugas sebagai awal."),
    ),
)


def register() -> None:
    for entry in ENTRIES:
        shell.register(entry)
    register_card(HomeCard("feedback.desk", "feedback/desk/_card.html", _card, section=WAITING, order=40))
    register_verbs(
        {
            "feedback.desk_exported": _("Mengekspor laporan warga"),
            "feedback.template": _("Menyimpan templat jawaban"),
        }
    )
    CASES.register(_("Unduhan laporan warga"))
