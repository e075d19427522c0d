"""The talent nine-box (PermenPANRB 3/2020; performance reference 13). Axes and succession group are seen in a
source, numbers and actions of the boxes only known (K). The scoring of Kep Ka BKN 41/2025 is doubtful (?) and not
computed: potential is what HR recorded with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.enums import Potential, Predikat, Rating
from evaluations.rules.sources import Citation, Mark
from kepegawaian.lib.exceptions import Text

AXES = Citation("PermenPANRB 3/2020")
ACTIONS = Citation("PermenPANRB 3/2020", mark=Mark.KNOWN)
SUCCESSION = (7, 8, 9)

_ROTATE = _("Rotasi")
_DEVELOP = _("Pengembangan kompetensi")
_COACH = _("Bimbingan kinerja")
_COUNSEL = _("Konseling kinerja")
_PLACE = _("Penempatan yang sesuai")
_KEEP = _("Dipertahankan")
_SUCCEED = _("Masuk kelompok rencana suksesi")
_ENRICH = _("Pengayaan jabatan")
_WIDEN = _("Rotasi atau perluasan jabatan")
_PROMOTE = _("Dipromosikan dan dipertahankan")
_REWARD = _("Penghargaan")
_HANDLE = _("Diproses sesuai ketentuan")


@dataclass(frozen=True, slots=True)
class Box:
    number: int
    performance: Rating
    potential: Potential
    actions: tuple[Text, ...]
    citation: Citation = ACTIONS

    @property
    def succession(self) -> bool:
        return self.number in SUCCESSION


def _box(number: int, performance: Rating, potential: Potential, *actions: Text) -> Box:
    return Box(number, performance, potential, actions)


BOXES = (
    _box(1, Rating.BELOW, Potential.LOW, _HANDLE),
    _box(2, Rating.EXPECTED, Potential.LOW, _COACH, _DEVELOP, _PLACE),
    _box(3, Rating.BELOW, Potential.MEDIUM, _COACH, _COUNSEL, _DEVELOP, _PLACE),
    _box(4, Rating.ABOVE, Potential.LOW, _ROTATE, _DEVELOP),
    _box(5, Rating.EXPECTED, Potential.MEDIUM, _PLACE, _COACH, _DEVELOP),
    _box(6, Rating.BELOW, Potential.HIGH, _PLACE, _COACH, _COUNSEL),
    _box(7, Rating.ABOVE, Potential.MEDIUM, _KEEP, _SUCCEED, _ENRICH, _DEVELOP),
    _box(8, Rating.EXPECTED, Potential.HIGH, _KEEP, _SUCCEED, _WIDEN, _COACH),
    _box(9, Rating.ABOVE, Potential.HIGH, _PROMOTE, _SUCCEED, _REWARD),
)
_BY_AXES: Mapping[tuple[Rating, Potential], Box] = {(one.performance, one.potential): one for one in BOXES}
PERFORMANCE_OF: Mapping[Predikat, Rating] = {
    Predikat.SANGAT_BAIK: Rating.ABOVE,
    Predikat.BAIK: Rating.EXPECTED,
    Predikat.BUTUH_PERBAIKAN: Rating.BELOW,
    Predikat.KURANG: Rating.BELOW,
    Predikat.SANGAT_KURANG: Rating.BELOW,
}
"""The performance axis read from the year's *predikat* (K)."""


def box(performance: Rating, potential: Potential) -> Box:
    return _BY_AXES[performance, potential]


def box_of(predikat: Predikat, potential: Potential) -> Box:
    return box(PERFORMANCE_OF[predikat], potential)
