"""What the part "ratings" adds to the core: evaluations, results of units, objections."""

from django.utils.translation import gettext_lazy as _

from evaluations.services import objections, organisation, ratings_steps
from evaluations.services.ratings import bulk_sign
from kepegawaian.audit.registry import register_verbs
from kepegawaian.work.registry import ItemKind, register_bulk_action, register_kind

VERBS = {
    "evaluations.period_opened": _("Membuka evaluasi satu periode"),
    "evaluations.draft_saved": _("Menyimpan draf penilaian kinerja"),
    "evaluations.evaluation_assess": _("Menilai kinerja"),
    "evaluations.evaluation_reopen": _("Membuka kembali penilaian kinerja"),
    "evaluations.evaluation_sign": _("Menandatangani evaluasi kinerja"),
    "evaluations.evaluation_receive": _("Menyatakan sudah membaca evaluasi kinerja"),
    "evaluations.evaluation_replace": _("Mengganti evaluasi kinerja karena putusan keberatan"),
    "evaluations.evaluation_hand_over": _("Memindahkan evaluasi kinerja ke pejabat penilai lain"),
    "evaluations.organisation_set": _("Menetapkan capaian kinerja organisasi"),
    "evaluations.distribution_explained": _("Menuliskan alasan pola distribusi"),
    "evaluations.objection_filed": _("Mengajukan keberatan atas evaluasi kinerja"),
    "evaluations.objection_withdraw": _("Mencabut keberatan atas evaluasi kinerja"),
    "evaluations.objection_hear": _("Mendengar kedua pihak dalam keberatan"),
    "evaluations.objection_keep": _("Memutus keberatan: hasil tetap"),
    "evaluations.objection_alter": _("Memutus keberatan: hasil diubah"),
    "evaluations.objection_handed_over": _("Memindahkan keberatan ke pejabat lain"),
}


def register() -> None:
    """Called once, from the package's `register`."""
    register_verbs(VERBS)
    register_kind(ItemKind(ratings_steps.ITEM, _("Penilaian kinerja"), "clipboard-document-check"))
    register_kind(ItemKind(organisation.ITEM, _("Capaian organisasi"), "building-office"))
    register_kind(ItemKind(objections.ITEM, _("Keberatan atas evaluasi"), "scale"))
