"""The law of annual leave as dated rows: numbers, articles, and since when (leave reference 0, 1.2, 3)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import Text


class Scheme(StrEnum):
    PNS = "pns"
    """PNS and CPNS."""
    PPPK = "pppk"
    """PPPK, part-time ones too (with a contract of one year, leave reference 3)."""


class Rule(StrEnum):
    """Ids shown with every refusal and step. R1-R10 are those of leave reference 2.1."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R10 = "R10"
    SERVICE = "CT-SERVICE"
    FIRST_YEAR = "CT-FIRST-YR"
    MINIMUM = "CT-MIN"
    HALF_DAY = "CT-HALF"
    BALANCE = "CT-BALANCE"
    OVERLAP = "CT-OVERLAP"
    AFTER_START = "CT-PAST"
    NOTICE = "CT-NOTICE"
    TEACHER = "CT-TEACHER"
    CONTRACT = "CT-CONTRACT"
    CONTRACT_END = "CT-END"
    COUNTRY = "CT-COUNTRY"
    POSTPONE = "CT-POSTPONE"
    RECALL = "CT-RECALL"
    LONG_LEAVE = "CB-CT"
    OPENING = "OPENING"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands. `verified` is False where the number is known but no text of it was seen."""

    regulation: Text
    place: str = ""
    verified: bool = True

    def __str__(self) -> str:
        return f"{self.regulation} {self.place}".strip()


LOCAL_SETTING = Citation(_("Pengaturan cuti pemerintah daerah"))
"""For what the law leaves open and a government decides for itself."""


@dataclass(frozen=True, slots=True)
class AnnualLeaveLaw:
    scheme: Scheme
    effective_from: datetime.date
    regulations: tuple[str, ...]
    articles: Mapping[Rule, Citation]
    date_verified: bool = True
    """False where the date of entry into force was not seen in a source."""
    own_days: int = 12
    carry_max: int = 6
    """Most days that an ordinary remainder of one year carries over (R2: 18 less the own 12)."""
    total_max: int = 24
    service_months: int = 12
    min_days: int = 1
    remote_extra_days: int = 12
    """Calendar days added for a destination that is hard to reach."""
    first_year_days: int = 0
    """Working days before a year's service, for family reasons only."""
    teachers_entitled: bool = True
    """Teachers and lecturers who have school holidays."""
    carries_over: bool = True
    contract_tiers: tuple[tuple[int, int], ...] = ()
    """(years, total): a contract longer than so many years allows this total; empty = no such limit."""
    credit_survives_year_end: bool = True
    """A *cuti bersama* missed in the last days of a year may be used in the next one."""

    def cite(self, rule: Rule) -> Citation:
        return self.articles.get(rule, LOCAL_SETTING)


class NoLawError(LookupError):
    """No row is in force on that date for that scheme."""


def _pp11(place: str, *, verified: bool = True) -> Citation:
    return Citation("PP 11/2017", place, verified)


_BKN24_CT = Citation("Peraturan BKN 24/2017", "III.A")
_PNS_ARTICLES = {
    Rule.R1: _pp11("Pasal 311 ayat (2)"),
    Rule.SERVICE: _pp11("Pasal 311 ayat (1)"),
    Rule.R2: _pp11("Pasal 313 ayat (1)"),
    Rule.R3: _pp11("Pasal 313 ayat (2)"),
    Rule.R5: _pp11("Pasal 313 ayat (2)"),
    Rule.R4: _pp11("Pasal 314"),
    Rule.POSTPONE: _pp11("Pasal 314"),
    Rule.TEACHER: _pp11("Pasal 315"),
    Rule.RECALL: _pp11("Pasal 338", verified=False),
    Rule.R7: _pp11("Pasal 333"),
    Rule.LONG_LEAVE: Citation("Peraturan BKN 24/2017", "III.B"),
    Rule.BALANCE: _pp11("Pasal 311 ayat (2) dan 313"),
    Rule.MINIMUM: _BKN24_CT,
    Rule.HALF_DAY: _BKN24_CT,
    Rule.COUNTRY: Citation("Peraturan BKN 24/2017", "IV", verified=False),
}
_PNS_2017 = AnnualLeaveLaw(
    scheme=Scheme.PNS,
    effective_from=datetime.date(2017, 4, 7),
    date_verified=False,
    regulations=("PP 11/2017", "Peraturan BKN 24/2017"),
    articles=_PNS_ARTICLES,
    teachers_entitled=False,
    credit_survives_year_end=False,
)
_PNS_2020 = replace(
    _PNS_2017,
    effective_from=datetime.date(2020, 2, 28),
    regulations=("PP 11/2017", "PP 17/2020", "Peraturan BKN 24/2017"),
    articles={**_PNS_ARTICLES, Rule.TEACHER: Citation("PP 17/2020", "Pasal 315")},
    teachers_entitled=True,
)
_PNS_2021 = replace(
    _PNS_2020,
    effective_from=datetime.date(2021, 7, 26),
    date_verified=True,
    regulations=("PP 11/2017", "PP 17/2020", "Peraturan BKN 24/2017", "Peraturan BKN 7/2021"),
    articles={
        **_PNS_2020.articles,
        Rule.R7: Citation("Peraturan BKN 7/2021", "III.F.6-7"),
        Rule.COUNTRY: Citation("Peraturan BKN 7/2021", "IV.3"),
    },
    credit_survives_year_end=True,
)


def _pp49(place: str, *, verified: bool = True) -> Citation:
    return Citation("PP 49/2018", place, verified)


_PPPK_ARTICLES = {
    Rule.R1: _pp49("Pasal 78 ayat (2)"),
    Rule.SERVICE: _pp49("Pasal 78 ayat (1)"),
    Rule.FIRST_YEAR: _pp49("Pasal 80"),
    Rule.TEACHER: _pp49("Pasal 81"),
    Rule.BALANCE: _pp49("Pasal 78 ayat (2)"),
    Rule.MINIMUM: _pp49("Pasal 78"),
    Rule.HALF_DAY: _pp49("Pasal 78"),
    Rule.CONTRACT_END: _pp49("", verified=False),
    Rule.R7: _pp49("", verified=False),
}
_PPPK_2018 = AnnualLeaveLaw(
    scheme=Scheme.PPPK,
    effective_from=datetime.date(2018, 11, 28),
    date_verified=False,
    regulations=("PP 49/2018",),
    articles=_PPPK_ARTICLES,
    remote_extra_days=6,
    first_year_days=6,
    teachers_entitled=False,
    # Carrying over came with Peraturan BKN 7/2022; the PP is silent on it.
    carries_over=False,
    credit_survives_year_end=False,
)
_BKN7 = "Peraturan BKN 7/2022"
_PPPK_2022 = replace(
    _PPPK_2018,
    effective_from=datetime.date(2022, 4, 14),
    date_verified=True,
    regulations=("PP 49/2018", _BKN7),
    articles={
        **_PPPK_ARTICLES,
        **dict.fromkeys((Rule.R2, Rule.R3, Rule.R5, Rule.CONTRACT), Citation(_BKN7, "Pasal 7")),
        **dict.fromkeys((Rule.R4, Rule.POSTPONE), Citation(_BKN7, "Pasal 7", verified=False)),
        **dict.fromkeys((Rule.MINIMUM, Rule.HALF_DAY, Rule.R7), Citation(_BKN7)),
    },
    carries_over=True,
    contract_tiers=((2, 18), (3, 24)),
    credit_survives_year_end=True,
)

ANNUAL_LEAVE_LAWS: Sequence[AnnualLeaveLaw] = (_PNS_2017, _PNS_2020, _PNS_2021, _PPPK_2018, _PPPK_2022)


def law_on(date: datetime.date, scheme: Scheme) -> AnnualLeaveLaw:
    """The row in force on that date. Raises NoLawError before the first one."""
    in_force = [law for law in ANNUAL_LEAVE_LAWS if law.scheme is scheme and law.effective_from <= date]
    if not in_force:
        raise NoLawError(f"no annual leave law for {scheme} on {date}")
    return max(in_force, key=lambda law: law.effective_from)
