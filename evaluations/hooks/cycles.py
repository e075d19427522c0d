"""What the part "cycles" adds to the core, and the category that the messages of all parts stand in."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations import cards_cycles, monitoring
from evaluations.notifications.common import CATEGORY
from evaluations.services.cycles import may_see_job
from evaluations.services.cycles_following import follow_holder_change
from evaluations.services.cycles_opening import JOB, open_for_all
from kepegawaian.audit.registry import register_verbs
from kepegawaian.employees.registry import on_holder_change
from kepegawaian.notifications.base import Category, register_category
from kepegawaian.work.jobs import register_job
from kepegawaian.work.models import Job

VERBS = {
    "evaluations.cycle_prepared": _("Menyiapkan tahun kinerja"),
    "evaluations.cycle_changed": _("Mengubah tahun kinerja"),
    "evaluations.cycle_opened": _("Membuka tahun kinerja"),
    "evaluations.cycle_discarded": _("Menghapus tahun kinerja yang belum dibuka"),
    "evaluations.cycle_closed": _("Menutup tahun kinerja"),
    "evaluations.participant_left": _("Mencatat berhenti ikut penilaian kinerja"),
    "evaluations.participant_back": _("Mencatat kembali ikut penilaian kinerja"),
    "evaluations.transferred": _("Mencatat pindah jabatan dalam tahun kinerja"),
    "evaluations.evaluationsetting_added": _("Mengisi pengaturan kinerja"),
    "evaluations.evaluationsetting_changed": _("Mengubah pengaturan kinerja"),
    "evaluations.people_exported": _("Mengekspor peserta kinerja"),
    "evaluations.reminded": _("Mengingatkan peserta kinerja"),
    "evaluations.assessor_changed": _("Mengubah pejabat penilai kinerja"),
}


def cycle_page(job: Job) -> str:
    return reverse("evaluations:cycle", args=[job.arguments["cycle"]])


def register() -> None:
    """Called once, from the package's `register`."""
    cards_cycles.register()
    monitoring.register()
    on_holder_change(follow_holder_change)
    register_job(JOB, open_for_all, label=_("Pembukaan tahun kinerja"), allowed=may_see_job, done_url=cycle_page)
    register_verbs(VERBS)
    register_category(
        Category(CATEGORY, _("Kinerja"), _("SKP, umpan balik, dan penilaian kinerja Anda atau tim Anda."))
    )
