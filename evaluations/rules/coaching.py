"""Form B.1.8: nine statements about a coaching talk, answered by who was coached for the assessor's superior
(PermenPANRB 6/2022, annex; performance reference 12). The topics are seen, the wording is ours (K)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from evaluations.rules.sources import Citation, Mark
from kepegawaian.lib.exceptions import Text

FORM = Citation("PermenPANRB 6/2022", "B.1.8", mark=Mark.KNOWN)
COMPETENCY_FORM = Citation("PermenPANRB 6/2022", "B.1.9", mark=Mark.KNOWN)
STATEMENTS: Mapping[str, Text] = {
    "heard": _("Saya diberi kesempatan menyampaikan pendapat."),
    "listened": _("Pembina mendengarkan saya sampai selesai."),
    "facts": _("Pembicaraan memakai fakta dan bukti, bukan kesan."),
    "positive": _("Pembicaraan berlangsung dengan nada yang membangun."),
    "respect": _("Saya diperlakukan dengan hormat."),
    "questions": _("Pembina lebih banyak bertanya daripada menasihati."),
    "causes": _("Penyebab masalah dicari bersama."),
    "solutions": _("Jalan keluar disepakati bersama."),
    "clear": _("Saya tahu dengan jelas langkah berikutnya."),
}


def complete(answers: Mapping[str, object]) -> bool:
    """Every statement answered by yes or no, and nothing else."""
    return set(answers) == set(STATEMENTS) and all(isinstance(answer, bool) for answer in answers.values())
