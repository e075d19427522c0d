"""What the part "follow_up" adds to the core."""

from django.utils.translation import gettext_lazy as _

from evaluations.registry import on_result_change
from evaluations.services import credits, papers
from kepegawaian.audit.registry import register_verbs
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "evaluations.credit_converted": _("Mengonversi predikat menjadi angka kredit"),
    "evaluations.credit_entered": _("Memasukkan angka kredit"),
    "evaluations.credit_reversed": _("Mengoreksi angka kredit"),
    "evaluations.jenjang_entered": _("Mengisi jenjang jabatan fungsional"),
}


def register() -> None:
    """Called once, from the package's `register`."""
    register_verbs(VERBS)
    register_kind(ItemKind(credits.JENJANG_ITEM, _("Jenjang jabatan fungsional"), "academic-cap"))
    papers.register()
    on_result_change(credits.follow_result)
    on_result_change(papers.follow_result)
