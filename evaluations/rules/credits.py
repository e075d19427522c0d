"""*Angka kredit* from the *predikat* (PermenPANRB 1/2023, PerBKN 3/2023; performance reference 11).

Values keep four places and are rounded only for print; every amount is a Decimal.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from evaluations.enums import CreditKind, Jenjang, Predikat
from evaluations.rules.policy import DEFAULT
from evaluations.rules.sources import Citation, Sentence, in_force
from kepegawaian.lib.exceptions import Text

MONTHS = 12
PLACES = Decimal("0.0001")
"""What the ledger keeps."""


class CreditError(ValueError):
    """Points that cannot be computed; `message` is meant for the user."""

    def __init__(self, message: Text | Sentence) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Level:
    """A row of the table. `to_rank`: points for the next *pangkat* within or out of the *jenjang*; `to_jenjang`:
    for the next *jenjang*, None where there is none; `base`: conventional points at its start (K)."""

    jenjang: Jenjang
    coefficient: Decimal
    to_rank: Decimal
    to_jenjang: Decimal | None
    golongan: tuple[str, ...]
    base: Decimal


@dataclass(frozen=True, slots=True)
class CreditTable:
    effective_from: datetime.date
    citation: Citation
    percents: Mapping[Predikat, int]
    levels: Mapping[Jenjang, Level]


def _level(
    jenjang: Jenjang, coefficient: str, next_steps: tuple[int, int | None], golongan: str, base: int
) -> Level:
    to_rank, to_jenjang = next_steps
    return Level(
        jenjang,
        Decimal(coefficient),
        Decimal(to_rank),
        Decimal(to_jenjang) if to_jenjang is not None else None,
        tuple(golongan.split()),
        Decimal(base),
    )


_LEVELS = (
    _level(Jenjang.PEMULA, "3.75", (15, 15), "II/a", 25),
    _level(Jenjang.TERAMPIL, "5", (20, 60), "II/b II/c II/d", 40),
    _level(Jenjang.MAHIR, "12.5", (50, 100), "III/a III/b", 100),
    _level(Jenjang.PENYELIA, "25", (100, None), "III/c III/d", 200),
    _level(Jenjang.AHLI_PERTAMA, "12.5", (50, 100), "III/a III/b", 100),
    _level(Jenjang.AHLI_MUDA, "25", (100, 200), "III/c III/d", 200),
    _level(Jenjang.AHLI_MADYA, "37.5", (150, 450), "IV/a IV/b IV/c", 400),
    _level(Jenjang.AHLI_UTAMA, "50", (200, None), "IV/d IV/e", 850),
)
TABLES: Sequence[CreditTable] = (
    # BKN converts the whole of 2023; the day of entry into force within the year was not seen.
    CreditTable(
        effective_from=datetime.date(2023, 1, 1),
        citation=Citation("PerBKN 3/2023"),
        percents=dict(zip(Predikat, (150, 100, 75, 50, 25), strict=True)),
        levels={level.jenjang: level for level in _LEVELS},
    ),
)
_LADDERS = (tuple(Jenjang)[:4], tuple(Jenjang)[4:])


def table_on(on: datetime.date | None = None) -> CreditTable:
    """The table in force; None for the newest. Raises NoRuleError before the first one."""
    return in_force(TABLES, on)


def level(jenjang: Jenjang, *, on: datetime.date | None = None) -> Level:
    return table_on(on).levels[jenjang]


def jenjang_named(text: str) -> Jenjang | None:
    """Of "Ahli Muda", "ahli muda", "ahli_muda"; None where a post has none of the eight."""
    word = "_".join(text.replace("_", " ").lower().split())
    return next((one for one in Jenjang if one.value == word), None)


def next_jenjang(jenjang: Jenjang) -> Jenjang | None:
    """Within the skill or the expertise category; None at its top."""
    ladder = next(found for found in _LADDERS if jenjang in found)
    rank = ladder.index(jenjang) + 1
    return ladder[rank] if rank < len(ladder) else None


@dataclass(frozen=True, slots=True)
class Conversion:
    jenjang: Jenjang
    predikat: Predikat
    months: int
    percent: int
    coefficient: Decimal
    citation: Citation

    @property
    def product(self) -> Decimal:
        """Months x percent x coefficient: exact, before anything is divided."""
        return self.months * self.percent * self.coefficient

    @property
    def value(self) -> Decimal:
        return stored(self.product / (MONTHS * 100))

    @property
    def step(self) -> Sentence:
        """The reckoning in words."""
        return Sentence(
            "%(months)s/12 x %(percent)s%% x %(coefficient)s = %(value)s",
            {
                "months": self.months,
                "percent": self.percent,
                "coefficient": self.coefficient,
                "value": self.value,
            },
        )


def convert(
    jenjang: Jenjang, predikat: Predikat, *, months: int = MONTHS, on: datetime.date | None = None
) -> Conversion:
    """`months` whole months in that *jenjang*; `on` is the last day of what is converted."""
    if not 1 <= months <= MONTHS:
        raise CreditError(_("Konversi angka kredit untuk 1 sampai 12 bulan."))
    table = table_on(on)
    return Conversion(
        jenjang, predikat, months, table.percents[predikat], table.levels[jenjang].coefficient, table.citation
    )


def stored(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def printed(value: Decimal, *, rounding: str = DEFAULT.rounding, places: int = DEFAULT.printed_places) -> Decimal:
    """For a document. `rounding` is a mode of `decimal`: half up, or down where an office truncates (K)."""
    return value.quantize(Decimal(1).scaleb(-places), rounding)


@dataclass(frozen=True, slots=True)
class Accumulation:
    """`exact` counts for gaps; `printed` is the sum of the printed lines, so that the column adds up."""

    exact: Decimal
    printed: Decimal


def accumulate(
    values: Iterable[Decimal], *, rounding: str = DEFAULT.rounding, places: int = DEFAULT.printed_places
) -> Accumulation:
    rows = list(values)
    lines = [printed(row, rounding=rounding, places=places) for row in (Decimal(0), *rows)]
    return Accumulation(sum(rows, Decimal(0)), sum(lines, Decimal(0)))


def months_held(year: int, first: datetime.date, last: datetime.date | None = None) -> frozenset[int]:
    """Months of `year` wholly within first..last, both included; `last` None goes on."""
    return frozenset(
        month
        for month in range(1, MONTHS + 1)
        if first <= datetime.date(year, month, 1) and (last is None or _month_end(year, month) <= last)
    )


def months_left(held: Iterable[int], issued: Iterable[int]) -> int:
    """How many of the months held no earlier part-year conversion has taken (reference 11, K)."""
    return len(frozenset(held) - frozenset(issued))


def _month_end(year: int, month: int) -> datetime.date:
    after = datetime.date(year + month // MONTHS, month % MONTHS + 1, 1)
    return after - datetime.timedelta(days=1)


def integrasi(conventional: Decimal, jenjang: Jenjang, *, base: Decimal | None = None) -> Decimal:
    """What an old total brings in: it less the base value of the *jenjang*. Raises CreditError below the base."""
    start = level(jenjang).base if base is None else base
    if conventional < start:
        message = _("Angka kredit konvensional %(total)s kurang dari nilai dasar jenjang %(base)s.")
        raise CreditError(Sentence(message, {"total": conventional, "base": start}))
    return stored(conventional - start)


def education_bonus(jenjang: Jenjang, *, percent: Decimal = DEFAULT.education_percent) -> Decimal:
    """For a new and higher degree: a share of what the next rank needs (K)."""
    return stored(level(jenjang).to_rank * percent / 100)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger; `on` is the last day of what it counts for."""

    on: datetime.date
    value: Decimal
    kind: CreditKind = CreditKind.CONVERSION


@dataclass(frozen=True, slots=True)
class Appointment:
    """To a *jenjang* or, within it, to a rank; `since` is its TMT."""

    since: datetime.date
    jenjang: Jenjang
    golongan: str


def running_total(
    entries: Iterable[Entry], appointments: Sequence[Appointment], *, surplus_stays: bool = DEFAULT.surplus_stays
) -> Decimal:
    """Points in the present *jenjang*: 0 again with each new one (BKN, read as the *integrasi* column).

    Without `surplus_stays` a promotion within the *jenjang* leaves no more than its rank stands for (K).
    """
    posts = sorted(appointments, key=lambda post: post.since)
    rows = sorted(entries, key=lambda row: row.on)
    total, before = Decimal(0), None
    for number, post in enumerate(posts):
        until = posts[number + 1].since if number + 1 < len(posts) else None
        if before is None or before.jenjang != post.jenjang:
            total = Decimal(0)
        elif not surplus_stays:
            total = min(total, _needed(post.jenjang, post.golongan))
        total += sum(
            (row.value for row in rows if row.on >= post.since and (until is None or row.on < until)), Decimal(0)
        )
        before = post
    return total


def _needed(jenjang: Jenjang, golongan: str) -> Decimal:
    """Points that stand for being of that rank, from the start of the *jenjang*."""
    row = level(jenjang)
    return row.golongan.index(golongan) * row.to_rank


@dataclass(frozen=True, slots=True)
class Gap:
    """To a next rank or level: `target` names it, `needed` is counted from the start of the *jenjang*."""

    target: Text
    needed: Decimal
    total: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.needed - self.total, Decimal(0))

    @property
    def met(self) -> bool:
        """Points alone promote nobody: *predikat*, vacancy and *uji kompetensi* too (reference 11)."""
        return self.total >= self.needed

    def years(self, yearly: Decimal) -> int:
        """Whole years of `yearly` points that it still takes."""
        return math.ceil(self.missing / yearly)


@dataclass(frozen=True, slots=True)
class Standing:
    total: Decimal
    rank: Gap | None
    jenjang: Gap | None


_GOLONGAN = tuple(
    f"{group}/{room}" for group in ("I", "II", "III", "IV") for room in "abcde"[: 4 + (group == "IV")]
)


def standing(jenjang: Jenjang, golongan: str, total: Decimal, *, on: datetime.date | None = None) -> Standing:
    """How far the person is; None where the table names no further step, and of the rank without a `golongan`.

    Raises CreditError for a rank outside the *jenjang* (one not adjusted yet: somebody has to look).
    """
    row, follower = level(jenjang, on=on), next_jenjang(jenjang)
    upper = Gap(follower.label, row.to_jenjang, total) if follower and row.to_jenjang else None
    return Standing(total, _rank_gap(row, golongan, total) if golongan else None, upper)


def _rank_gap(row: Level, golongan: str, total: Decimal) -> Gap | None:
    if golongan not in row.golongan:
        message = _("Golongan %(golongan)s bukan golongan jenjang %(jenjang)s.")
        raise CreditError(Sentence(message, {"golongan": golongan, "jenjang": row.jenjang.label}))
    held = row.golongan.index(golongan) + 1
    if held == len(row.golongan) and row.to_jenjang is None:
        return None
    return Gap(_GOLONGAN[_GOLONGAN.index(golongan) + 1], held * row.to_rank, total)
