"""BerAKHLAK: seven values with three guides each (SE MenPANRB 20/2021; performance reference 6), and what counting
would suggest. There are no levels of behaviour: one rating for all of it, judged by the assessor."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.enums import Rating, Value
from evaluations.rules.policy import DEFAULT
from evaluations.rules.sources import LOCAL_POLICY, Citation, Mark, Sentence, Suggestion, in_force
from kepegawaian.lib.exceptions import Text

Guides = tuple[Text, Text, Text]


@dataclass(frozen=True, slots=True)
class GuideSet:
    effective_from: datetime.date
    citation: Citation
    guides: Mapping[Value, Guides]


_BERAKHLAK: dict[Value, Guides] = {
    Value.BERORIENTASI_PELAYANAN: (
        _("Memahami dan memenuhi kebutuhan masyarakat"),
        _("Ramah, cekatan, solutif, dan dapat diandalkan"),
        _("Melakukan perbaikan tiada henti"),
    ),
    Value.AKUNTABEL: (
        _("Melaksanakan tugas dengan jujur, bertanggung jawab, cermat, disiplin, dan berintegritas tinggi"),
        _("Menggunakan kekayaan dan barang milik negara secara bertanggung jawab, efektif, dan efisien"),
        _("Tidak menyalahgunakan kewenangan jabatan"),
    ),
    Value.KOMPETEN: (
        _("Meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah"),
        _("Membantu orang lain belajar"),
        _("Melaksanakan tugas dengan kualitas terbaik"),
    ),
    Value.HARMONIS: (
        _("Menghargai setiap orang apa pun latar belakangnya"),
        _("Suka menolong orang lain"),
        _("Membangun lingkungan kerja yang kondusif"),
    ),
    Value.LOYAL: (
        _("Memegang teguh ideologi Pancasila, UUD NRI 1945, setia kepada NKRI serta pemerintahan yang sah"),
        _("Menjaga nama baik sesama ASN, pimpinan, instansi, dan negara"),
        _("Menjaga rahasia jabatan dan negara"),
    ),
    Value.ADAPTIF: (
        _("Cepat menyesuaikan diri menghadapi perubahan"),
        _("Terus berinovasi dan mengembangkan kreativitas"),
        _("Bertindak proaktif"),
    ),
    Value.KOLABORATIF: (
        _("Memberi kesempatan kepada berbagai pihak untuk berkontribusi"),
        _("Terbuka dalam bekerja sama untuk menghasilkan nilai tambah"),
        _("Menggerakkan pemanfaatan berbagai sumber daya untuk tujuan bersama"),
    ),
}
GUIDE_SETS: Sequence[GuideSet] = (
    # The words are seen, the number of the circular is known; forms of 6/2022 carry them from its first year on.
    GuideSet(datetime.date(2022, 1, 1), Citation("SE MenPANRB 20/2021", mark=Mark.KNOWN), _BERAKHLAK),
)


def guides_on(on: datetime.date | None = None) -> GuideSet:
    """The wording in force; None for the newest. Raises NoRuleError before the first one."""
    return in_force(GUIDE_SETS, on)


def suggest(
    marks: Mapping[Value, Rating], *, above_values: int = DEFAULT.behaviour_above_values
) -> Suggestion[Rating] | None:
    """By counting: any value below gives below, enough above give above. None until all seven are marked, except
    that one below already tells. An app's habit, not a rule (reference 6): only ever a suggestion."""
    below = [value for value, mark in marks.items() if mark == Rating.BELOW]
    above = [value for value, mark in marks.items() if mark == Rating.ABOVE]
    if below:
        text = _("%(count)s nilai di bawah ekspektasi, antara lain %(value)s.")
        reason = Sentence(text, {"count": len(below), "value": Value(below[0]).label})
        return Suggestion(Rating.BELOW, reason, LOCAL_POLICY)
    if len(marks) < len(Value):
        return None
    params = {"count": len(above), "needed": above_values}
    if len(above) >= above_values:
        reason = Sentence(_("Tidak ada nilai di bawah ekspektasi dan %(count)s di atas ekspektasi."), params)
        return Suggestion(Rating.ABOVE, reason, LOCAL_POLICY)
    text = _("Tidak ada nilai di bawah ekspektasi; %(count)s di atas ekspektasi, perlu %(needed)s.")
    return Suggestion(Rating.EXPECTED, Sentence(text, params), LOCAL_POLICY)
