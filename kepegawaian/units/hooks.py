"""What this app hangs on those below it: the words of the trail, the menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.audit.registry import register_verbs
from kepegawaian.lib.ui import shell
from kepegawaian.units.models import has_right

VERBS = {
    "units.changed": _("Mengubah keterangan unit"),
    "units.closed": _("Menutup unit"),
    "units.created": _("Membuat unit"),
    "units.moved": _("Memindahkan unit"),
    "units.renamed": _("Mengganti nama unit"),
    "units.reopened": _("Membuka kembali unit"),
    "units.role_changed": _("Mengubah penugasan peran"),
    "units.role_given": _("Memberi peran"),
}


def _officer(request: HttpRequest) -> bool:
    """Others reach the tree from their own record; a door for this page alone would only be in their way."""
    return has_right(request.user, Right.VIEW_RECORDS) or has_right(request.user, Right.MANAGE_UNITS)


def register() -> None:
    register_verbs(VERBS)
    shell.register(
        shell.MenuEntry(
            shell.OFFICE,
            _("Struktur organisasi"),
            "units:tree",
            "building-office-2",
            visible=_officer,
            order=30,
            hint=_("Unit, pimpinan, dan riwayatnya."),
        )
    )
