from datetime import date

import pytest

from evaluations.enums import Predikat, Rating
from evaluations.rules.matrix import derive, matrix_on, predikat
from evaluations.rules.sources import NoRuleError

ABOVE, EXPECTED, BELOW = Rating
CELLS = {
    "results-above-behaviour-above": (ABOVE, ABOVE, Predikat.SANGAT_BAIK),
    "results-above-behaviour-expected": (ABOVE, EXPECTED, Predikat.BAIK),
    "results-above-behaviour-below-(1,3)": (ABOVE, BELOW, Predikat.KURANG),
    "results-expected-behaviour-above": (EXPECTED, ABOVE, Predikat.BAIK),
    "results-expected-behaviour-expected": (EXPECTED, EXPECTED, Predikat.BAIK),
    "results-expected-behaviour-below-(2,3)": (EXPECTED, BELOW, Predikat.KURANG),
    "results-below-behaviour-above": (BELOW, ABOVE, Predikat.BUTUH_PERBAIKAN),
    "results-below-behaviour-expected": (BELOW, EXPECTED, Predikat.BUTUH_PERBAIKAN),
    "results-below-behaviour-below": (BELOW, BELOW, Predikat.SANGAT_KURANG),
}


@pytest.mark.parametrize(("results", "behaviour", "wanted"), CELLS.values(), ids=CELLS)
def test_the_cell_gives_its_predikat(results, behaviour, wanted):
    assert predikat(results, behaviour) is wanted


def test_the_matrix_has_exactly_these_cells():
    assert set(matrix_on().cells) == {(results, behaviour) for results, behaviour, _wanted in CELLS.values()}


@pytest.mark.parametrize("results", [ABOVE, EXPECTED], ids=["(1,3)", "(2,3)"])
def test_poor_behaviour_with_good_results_is_not_the_larger_of_the_two_codes(results):
    larger = max(results.code, BELOW.code)
    assert larger == Predikat.BUTUH_PERBAIKAN.code
    assert predikat(results, BELOW).code == 4


def test_values_of_a_column_find_their_cell():
    assert predikat("above", "below") is Predikat.KURANG


def test_the_derivation_names_both_ratings_the_source_and_the_predikat():
    found = derive(ABOVE, BELOW, on=date(2026, 12, 31))
    assert found.predikat is Predikat.KURANG
    assert [str(step) for step in found.steps] == [
        "Rating hasil kerja: Di atas ekspektasi.",
        "Rating perilaku kerja: Di bawah ekspektasi.",
        "Pertemuan keduanya pada matriks PermenPANRB 6/2022 Lampiran: Kurang/misconduct.",
    ]


def test_the_page_of_the_annex_is_marked_as_not_seen():
    assert not derive(ABOVE, ABOVE).citation.verified


def test_years_of_the_numeric_scale_have_no_matrix():
    assert matrix_on(date(2022, 1, 1)) is matrix_on()
    with pytest.raises(NoRuleError, match="2021-12-31"):
        predikat(ABOVE, ABOVE, on=date(2021, 12, 31))
