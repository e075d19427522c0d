"""What a *predikat* leads to (performance reference 12): recommendations with their source. Nothing here acts; law
reserves each consequence to a person. Cuts of allowances are local rules and not named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.enums import FollowUp, Predikat
from evaluations.rules.sources import Citation, Sentence
from kepegawaian.employees.enums import AsnStatus

_SYSTEM = Citation("PermenPANRB 6/2022")
_IMPROVE = Citation("PP 30/2019", "Pasal 57-58")
_CONTRACT = Citation("PP 49/2018", "Pasal 37")
_PART_TIME = Citation("KepmenPANRB 16/2025", "diktum 13, 17, 18")

GOOD = (Predikat.SANGAT_BAIK, Predikat.BAIK)
POOR = (Predikat.KURANG, Predikat.SANGAT_KURANG)
PROMOTION_YEARS = 2


@dataclass(frozen=True, slots=True)
class Recommended:
    kind: FollowUp
    citation: Citation


_REWARDS = (FollowUp.TALENT_POOL, FollowUp.DEVELOPMENT, FollowUp.ALLOWANCE, FollowUp.PROMOTION)
_COACHING = (FollowUp.BIMBINGAN, FollowUp.KONSELING, FollowUp.COMPETENCY_CHECK)
_OF_CONTRACTS: Mapping[AsnStatus, tuple[Recommended, ...]] = {
    AsnStatus.PPPK: (Recommended(FollowUp.CONTRACT, _CONTRACT),),
    AsnStatus.PPPK_PART_TIME: (
        Recommended(FollowUp.CONTRACT, _PART_TIME),
        Recommended(FollowUp.FULL_TIME, _PART_TIME),
    ),
}


def recommendations(predikat: Predikat, status: AsnStatus) -> tuple[Recommended, ...]:
    """By the *predikat* of the year and the person's status; of a shorter period take `coaching_due` alone."""
    kinds = _REWARDS if predikat in GOOD else _COACHING
    found = [Recommended(kind, _SYSTEM) for kind in kinds]
    if improvement_due(predikat, status):
        found.append(Recommended(FollowUp.IMPROVEMENT, _IMPROVE))
    return (*found, *_OF_CONTRACTS.get(status, ()))


def coaching_due(predikat: Predikat) -> bool:
    """Whether *bimbingan* or *konseling kinerja* is recommended."""
    return predikat not in GOOD


def improvement_due(predikat: Predikat, status: AsnStatus) -> bool:
    """Whether the six months of PP 30/2019 Pasal 57-58 apply: PNS with *Kurang* or *Sangat Kurang*."""
    return status == AsnStatus.PNS and predikat in POOR


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether performance stands in the way of a regular promotion, and why."""

    open: bool
    reason: Sentence
    citation: Citation = _SYSTEM


def regular_promotion(by_year: Mapping[int, Predikat], year: int) -> Gate:
    """At least *Baik* in each of the two years before `year`. Necessary, never sufficient."""
    wanted = range(year - PROMOTION_YEARS, year)
    missing = [one for one in wanted if one not in by_year]
    if missing:
        text = _("Belum ada predikat kinerja tahun %(years)s.")
        return Gate(False, Sentence(text, {"years": _listed(missing)}))
    poor = [one for one in wanted if by_year[one] not in GOOD]
    if poor:
        text = _("Predikat kinerja tahun %(years)s di bawah Baik.")
        return Gate(False, Sentence(text, {"years": _listed(poor)}))
    text = _("Predikat kinerja dua tahun terakhir paling rendah Baik.")
    return Gate(True, Sentence(text))


def _listed(years: Sequence[int]) -> str:
    return ", ".join(str(one) for one in years)
