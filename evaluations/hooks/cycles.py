"""What the part "cycles" adds to the core, and the category that the messages of all parts stand in."""

from django.utils.translation import gettext_lazy as _

from evaluations.notifications.common import CATEGORY
from kepegawaian.audit.registry import register_verbs
from kepegawaian.notifications.base import Category, register_category

VERBS = {
    "evaluations.cycle_prepared": _("Menyiapkan tahun kinerja"),
    "evaluations.cycle_changed": _("Mengubah tahun kinerja"),
    "evaluations.cycle_opened": _("Membuka tahun kinerja"),
    "evaluations.cycle_closed": _("Menutup tahun kinerja"),
    "evaluations.assessor_changed": _("Mengubah pejabat penilai kinerja"),
}


def register() -> None:
    """Called once, from the package's `register`."""
    register_verbs(VERBS)
    register_category(
        Category(CATEGORY, _("Kinerja"), _("SKP, umpan balik, dan penilaian kinerja Anda atau tim Anda."))
    )
