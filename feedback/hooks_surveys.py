"""What surveys and statistics add to the core: doors, verbs of the trail, the item of a follow-up plan."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback import permissions_surveys as permissions
from feedback.models import Survey
from feedback.services.survey_plans import ITEM
from feedback.services.surveys import SUBJECT
from kepegawaian.audit.registry import register_part, register_verbs
from kepegawaian.documents.services import register_file_guard
from kepegawaian.lib.ui import shell
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "surveys.created": _("Menyiapkan survei"),
    "surveys.changed": _("Mengubah survei"),
    "surveys.reworded": _("Mengubah pertanyaan survei"),
    "surveys.opened": _("Membuka survei"),
    "surveys.closed": _("Menutup survei"),
    "surveys.published": _("Mengumumkan hasil survei"),
    "surveys.taken_back": _("Menarik pengumuman survei"),
    "surveys.tokens": _("Membuat kode survei"),
    "surveys.plan_added": _("Menambah rencana tindak lanjut"),
    "surveys.plan_changed": _("Mengubah rencana tindak lanjut"),
    "surveys.plan_reported": _("Melaporkan tindak lanjut survei"),
}


def _keeps(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(permissions.kinds_of(request.user))


def register() -> None:
    register_verbs(VERBS)
    register_part("surveys", _("Survei"))
    register_kind(ItemKind(ITEM, _("Tindak lanjut survei"), "clipboard-document-check"))
    register_file_guard(SUBJECT, lambda user, pk: Survey.objects.visible_to(user).filter(pk=pk).exists())
    shell.register(
        shell.MenuEntry(
            shell.OFFICE,
            _("Survei"),
            "feedback:survey_office",
            "clipboard-document-list",
            visible=_keeps,
            order=70,
            hint=_("Survei kepuasan, kode bagi responden, hasil dan tindak lanjutnya."),
        )
    )
    shell.register(
        shell.MenuEntry(
            shell.PUBLIC,
            _("Hasil survei"),
            "feedback:surveys",
            "face-smile",
            visible=shell.everyone,
            order=60,
            hint=_("Indeks kepuasan masyarakat tiap unit dan tindak lanjutnya."),
        )
    )
    shell.register(
        shell.MenuEntry(
            shell.PUBLIC,
            _("Statistik"),
            "feedback:statistics",
            "chart-bar",
            visible=shell.everyone,
            order=70,
            hint=_("Berapa laporan masuk, seberapa cepat dijawab, dan oleh siapa."),
        )
    )
