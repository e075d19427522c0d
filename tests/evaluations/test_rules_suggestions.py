from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.enums import OrgResult, Rating, ResultKind, Value
from evaluations.rules import behaviour
from evaluations.rules.sources import NoRuleError
from evaluations.rules.suggest import ResultMark, suggest_results, suggest_unit_head

ABOVE, EXPECTED, BELOW = Rating
MAIN, ADDITIONAL = ResultKind
RATINGS = st.sampled_from(Rating)
MARKS = st.lists(st.builds(ResultMark, st.sampled_from(ResultKind), RATINGS), min_size=1)


def _values(above, below=0):
    ratings = [ABOVE] * above + [BELOW] * below + [EXPECTED] * (7 - above - below)
    return dict(zip(Value, ratings, strict=True))


def test_seven_values_have_three_guides_each():
    guides = behaviour.guides_on().guides
    assert list(guides) == list(Value)
    assert len({str(text) for texts in guides.values() for text in texts}) == 21


def test_the_guides_are_in_the_official_words():
    guides = behaviour.guides_on(date(2026, 1, 1)).guides
    assert [str(guides[value][0]) for value in (Value.AKUNTABEL, Value.LOYAL)] == [
        "Melaksanakan tugas dengan jujur, bertanggung jawab, cermat, disiplin, dan berintegritas tinggi",
        "Memegang teguh ideologi Pancasila, UUD NRI 1945, setia kepada NKRI serta pemerintahan yang sah",
    ]


def test_before_berakhlak_there_are_no_guides():
    with pytest.raises(NoRuleError):
        behaviour.guides_on(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("marks", "wanted", "reason"),
    [
        (_values(7), ABOVE, "Tidak ada nilai di bawah ekspektasi dan 7 di atas ekspektasi."),
        (_values(4), ABOVE, "Tidak ada nilai di bawah ekspektasi dan 4 di atas ekspektasi."),
        (_values(3), EXPECTED, "Tidak ada nilai di bawah ekspektasi; 3 di atas ekspektasi, perlu 4."),
        (_values(6, 1), BELOW, "1 nilai di bawah ekspektasi, antara lain Kolaboratif."),
        ({Value.LOYAL: BELOW}, BELOW, "1 nilai di bawah ekspektasi, antara lain Loyal."),
    ],
    ids=["all-above", "four-above", "three-above", "one-below-outweighs-six", "one-below-tells-early"],
)
def test_counting_values_suggests_a_rating_with_its_reason(marks, wanted, reason):
    found = behaviour.suggest(marks)
    assert (found.value, str(found.reason)) == (wanted, reason)
    assert not found.citation.verified


def test_too_few_marks_suggest_nothing():
    six = dict(list(_values(6).items())[:6])
    assert behaviour.suggest(six) is behaviour.suggest({}) is None


def test_how_many_values_make_above_is_policy():
    assert behaviour.suggest(_values(4), above_values=5).value is EXPECTED


@pytest.mark.parametrize(
    ("marks", "wanted"),
    [
        ([(MAIN, ABOVE), (MAIN, ABOVE), (MAIN, EXPECTED)], ABOVE),
        ([(MAIN, ABOVE), (MAIN, EXPECTED)], EXPECTED),
        ([(MAIN, ABOVE), (MAIN, ABOVE), (MAIN, BELOW)], EXPECTED),
        ([(MAIN, BELOW), (MAIN, BELOW), (MAIN, ABOVE)], BELOW),
        ([(MAIN, BELOW), (ADDITIONAL, ABOVE), (ADDITIONAL, ABOVE)], BELOW),
        ([(MAIN, EXPECTED), (ADDITIONAL, BELOW)], EXPECTED),
        ([(ADDITIONAL, ABOVE)], ABOVE),
    ],
    ids=[
        "most-exceed",
        "half-is-not-most",
        "one-falls-short",
        "most-fall-short",
        "the-main-one-falls-short",
        "an-additional-one-alone-does-not",
        "without-main-results",
    ],
)
def test_marks_of_results_suggest_a_rating(marks, wanted):
    assert suggest_results([ResultMark(*mark) for mark in marks]).value is wanted


def test_the_reason_counts():
    found = suggest_results([ResultMark(MAIN, ABOVE), ResultMark(MAIN, ABOVE), ResultMark(MAIN, BELOW)])
    assert str(found.reason) == "Dari 3 hasil kerja, 2 di atas dan 1 di bawah ekspektasi."


@pytest.mark.parametrize(
    "marks", [[], [ResultMark(MAIN, ABOVE), ResultMark(MAIN)]], ids=["no-result", "one-unmarked"]
)
def test_without_all_marks_nothing_is_suggested(marks):
    assert suggest_results(marks) is None


@given(MARKS, st.integers(0))
def test_a_better_mark_never_suggests_a_worse_rating(marks, place):
    place %= len(marks)
    better = [*marks[:place], ResultMark(marks[place].kind, ABOVE), *marks[place + 1 :]]
    assert suggest_results(better).value.code <= suggest_results(marks).value.code


@pytest.mark.parametrize(
    ("result", "rating"),
    [
        (OrgResult.ISTIMEWA, ABOVE),
        (OrgResult.BAIK, EXPECTED),
        (OrgResult.BUTUH_PERBAIKAN, BELOW),
        (OrgResult.KURANG, BELOW),
        (OrgResult.SANGAT_KURANG, BELOW),
    ],
)
def test_the_result_of_a_unit_is_that_of_its_head(result, rating):
    found = suggest_unit_head(result)
    assert found.value is rating
    assert str(found.reason).startswith("Capaian organisasi unit yang dipimpin: ")
    assert not found.citation.verified


def test_what_a_unit_result_means_is_policy():
    assert suggest_unit_head(OrgResult.BAIK, {OrgResult.BAIK: ABOVE}).value is ABOVE
