"""What the part "execution" adds to the core: progress, evidence, feedback."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations.hooks.cycles import cycle_page
from evaluations.permissions.execution import can_read_evidence
from evaluations.services.cycles import may_see_job
from evaluations.services.feedback import ITEM, PUBLISH, TELL, publish_boxes, tell_of_published
from kepegawaian.audit.registry import register_verbs
from kepegawaian.documents.services import register_file_guard
from kepegawaian.lib.ui import shell
from kepegawaian.work.jobs import register_job
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "evaluations.progress_saved": _("Mengisi realisasi kinerja"),
    "evaluations.evidence_added": _("Menambah bukti dukung kinerja"),
    "evaluations.evidence_removed": _("Menghapus bukti dukung kinerja"),
    "evaluations.feedback_asked": _("Meminta umpan balik kinerja"),
    "evaluations.feedback_given": _("Memberi umpan balik kinerja dengan nama"),
    "evaluations.feedback_published": _("Menampilkan umpan balik kinerja tanpa nama"),
}


def _is_employee(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "nip", None))


def register() -> None:
    """Called once, from the package's `register`."""
    shell.register(
        shell.MenuEntry(
            shell.MY,
            _("Umpan balik"),
            "evaluations:feedback_inbox",
            "chat-bubble-left-right",
            visible=_is_employee,
            order=32,
            hint=_("Beri dan minta umpan balik kinerja."),
        )
    )
    register_verbs(VERBS)
    register_kind(ItemKind(ITEM, _("Umpan balik kinerja"), "chat-bubble-left-right"))
    register_file_guard("evaluations.progress", can_read_evidence)
    register_job(
        PUBLISH, publish_boxes, label=_("Penampilan umpan balik"), allowed=may_see_job, done_url=cycle_page
    )
    register_job(TELL, tell_of_published, label=_("Pemberitahuan umpan balik"))
