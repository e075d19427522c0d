"""The arithmetic of satisfaction surveys (reference 4.2-4.5): exact fractions, rounded half up once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

EXACT, ROUNDED = "1/9", "0.11"
MAY_MISS = 2
"""A questionnaire with more elements left out is not counted (reference 4.2)."""
_HUNDREDTH = Decimal("0.01")
_FACTOR = 25
GRADES = ((Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"))
"""PermenPANRB 14/2017. Not those of Kepmenpan 25/2004, under which 82.00 was an A."""
SKM_ELEMENTS = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "behaviour",
    "complaints",
    "facilities",
)
"""Known by name, never by number: sources disagree which of the last two is the eighth."""


def round_half_up(value: Fraction, places: Decimal = _HUNDREDTH) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(places, ROUND_HALF_UP)


def grade(index: Decimal) -> str:
    """Of an IKM that is rounded to two places; below 25 it is no IKM, and the 0.11 weight can give that."""
    return next((letter for bound, letter in GRADES if index >= bound), "D")


@dataclass(frozen=True, slots=True)
class ElementScore:
    """`answered` may be less than the questionnaires. `converted` is the mean on the scale of the IKM."""

    slug: str
    total: int
    answered: int
    mean: Fraction
    weighted: Fraction

    @property
    def rounded(self) -> Decimal:
        return round_half_up(self.mean, Decimal("0.0001"))

    @property
    def converted(self) -> Decimal:
        return round_half_up(self.mean * _FACTOR)

    @property
    def grade(self) -> str:
        return grade(self.converted)


@dataclass(frozen=True, slots=True)
class Ikm:
    """`refused` questionnaires missed too much; `incomplete` ones were counted although they missed something."""

    respondents: int
    refused: int
    incomplete: int
    weight: str
    elements: tuple[ElementScore, ...]
    interval: Fraction

    @property
    def index(self) -> Decimal:
        return round_half_up(self.interval * _FACTOR)

    @property
    def grade(self) -> str:
        return grade(self.index)

    @property
    def lowest(self) -> tuple[ElementScore, ...]:
        """All elements, the one that needs work most first."""
        return tuple(sorted(self.elements, key=lambda score: (score.mean, score.slug)))


def weight_of(mode: str, elements: int) -> Fraction:
    """One n-th of the elements, or as old worksheets have it, rounded to two places (0.11 of nine)."""
    exact = Fraction(1, elements)
    return exact if mode == EXACT else Fraction(round_half_up(exact))


def ikm(
    answers: Iterable[Mapping[str, int]], elements: Sequence[str] = SKM_ELEMENTS, mode: str = EXACT
) -> Ikm | None:
    """The index of the questionnaires; None when not one of them counts."""
    rows = [{slug: row[slug] for slug in elements if row.get(slug) is not None} for row in answers]
    kept = [row for row in rows if len(elements) - len(row) <= MAY_MISS]
    totals = {slug: sum(row.get(slug, 0) for row in kept) for slug in elements}
    given = {slug: sum(slug in row for row in kept) for slug in elements}
    if not kept or not all(given.values()):
        return None
    incomplete = sum(len(row) < len(elements) for row in kept)
    return from_totals(
        totals, given, respondents=len(kept), refused=len(rows) - len(kept), incomplete=incomplete, mode=mode
    )


def from_totals(
    totals: Mapping[str, int],
    given: Mapping[str, int],
    *,
    respondents: int,
    refused: int = 0,
    incomplete: int = 0,
    mode: str = EXACT,
) -> Ikm:
    """From sums that the database made: the sum and the number of answers of each element."""
    weight = weight_of(mode, len(totals))
    scores = []
    for slug, total in totals.items():
        mean = Fraction(total, given[slug])
        scores.append(ElementScore(slug, total, given[slug], mean, mean * weight))
    interval = sum((score.weighted for score in scores), Fraction(0))
    return Ikm(respondents, refused, incomplete, mode, tuple(scores), interval)


# --- How many to ask ------------------------------------------------------------------------------
_CHI_SQUARE = Fraction(3841, 1000)
_HALF = Fraction(1, 4)  # P times Q, both one half
_ERROR = Fraction(25, 10_000)  # 5 percent, squared


def sample_size(population: int) -> int:
    """Krejcie and Morgan, rounded to nearest, which gives their table; rounding up does not."""
    if population < 1:
        return 0
    size = _CHI_SQUARE * population * _HALF / (_ERROR * (population - 1) + _CHI_SQUARE * _HALF)
    return int(round_half_up(size, Decimal(1)))


# --- SPKP, SPAK, staff ----------------------------------------------------------------------------
_STARS = 6
_POINTS = 4


def four_point_index(totals: Mapping[str, int], given: Mapping[str, int]) -> Decimal:
    """SPKP and SPAK: the mean of one to six stars, on four points."""
    means = [Fraction(total, given[slug]) for slug, total in totals.items()]
    return round_half_up(sum(means, Fraction(0)) / len(means) * _POINTS / _STARS)


FAVOURABLE = (4, 5)
PROMOTERS, DETRACTORS = (9, 10), range(7)


def favourable(values: Sequence[int]) -> Decimal | None:
    """Percent of answers 4 and 5 on a five-point scale."""
    if not values:
        return None
    return round_half_up(Fraction(100 * sum(value in FAVOURABLE for value in values), len(values)))


def enps(values: Sequence[int]) -> Decimal | None:
    """Percent of 9 and 10 minus percent of 0 to 6, on a scale of 0 to 10."""
    if not values:
        return None
    balance = sum(value in PROMOTERS for value in values) - sum(value in DETRACTORS for value in values)
    return round_half_up(Fraction(100 * balance, len(values)))


def shown_groups(sizes: Mapping[str, int], smallest: int = 10) -> frozenset[str]:
    """Groups whose result may be shown. Nobody may be found out by subtraction either: where those hidden are
    together fewer than `smallest`, the next larger group is hidden with them."""
    ordered = sorted(sizes.items(), key=lambda pair: (pair[1], pair[0]))
    hidden = [pair for pair in ordered if pair[1] < smallest]
    shown = [pair for pair in ordered if pair[1] >= smallest]
    while shown and hidden and 0 < sum(size for _name, size in hidden) < smallest:
        hidden.append(shown.pop(0))
    return frozenset(name for name, _size in shown)
