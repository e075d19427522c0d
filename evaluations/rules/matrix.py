"""The 3x3 matrix of results and behaviour (PermenPANRB 6/2022, performance reference 7).

There is no formula and no weight: the quadrant decides (BKN's own answer, reference 1). A portal that takes the
larger of the two codes gives *Butuh Perbaikan* for poor behaviour with good results; the matrix says *Kurang*.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.enums import Predikat, Rating
from evaluations.rules.sources import Citation, Mark, Sentence, in_force

Cell = tuple[Rating, Rating]
"""Results first, behaviour second."""
_ROWS: Mapping[Rating, Sequence[Predikat]] = {
    Rating.ABOVE: (Predikat.SANGAT_BAIK, Predikat.BAIK, Predikat.KURANG),
    Rating.EXPECTED: (Predikat.BAIK, Predikat.BAIK, Predikat.KURANG),
    Rating.BELOW: (Predikat.BUTUH_PERBAIKAN, Predikat.BUTUH_PERBAIKAN, Predikat.SANGAT_KURANG),
}
"""By results; in each row behaviour above, as expected, below."""


@dataclass(frozen=True, slots=True)
class Matrix:
    effective_from: datetime.date
    citation: Citation
    cells: Mapping[Cell, Predikat]


MATRICES: Sequence[Matrix] = (
    # The years up to 2021 have the numbers of PP 30/2019 (reference 8). The page of the annex was not seen.
    Matrix(
        effective_from=datetime.date(2022, 1, 1),
        citation=Citation("PermenPANRB 6/2022", "Lampiran", Mark.KNOWN),
        cells={
            (results, behaviour): found
            for results, row in _ROWS.items()
            for behaviour, found in zip(Rating, row, strict=True)
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A *predikat* with the steps that gave it, the last one naming it."""

    predikat: Predikat
    steps: tuple[Sentence, ...]
    citation: Citation


def matrix_on(on: datetime.date | None = None) -> Matrix:
    """The matrix in force; None for the newest. Raises NoRuleError before the first one."""
    return in_force(MATRICES, on)


def predikat(results: Rating, behaviour: Rating, *, on: datetime.date | None = None) -> Predikat:
    """Of the cell; `on` is the last day of the period judged, None takes the newest matrix."""
    return matrix_on(on).cells[results, behaviour]


def derive(results: Rating, behaviour: Rating, *, on: datetime.date | None = None) -> Derivation:
    matrix = matrix_on(on)
    found = matrix.cells[results, behaviour]
    steps = (
        Sentence(_("Rating hasil kerja: %(rating)s."), {"rating": Rating(results).label}),
        Sentence(_("Rating perilaku kerja: %(rating)s."), {"rating": Rating(behaviour).label}),
        Sentence(
            _("Pertemuan keduanya pada matriks %(source)s: %(predikat)s."),
            {"source": matrix.citation, "predikat": found.label},
        ),
    )
    return Derivation(found, steps, matrix.citation)
