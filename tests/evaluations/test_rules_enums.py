import pytest
from django.db.models import TextChoices

from evaluations import enums
from kepegawaian.lib.ui.icons import ICONS

LISTS = [
    found
    for found in vars(enums).values()
    if isinstance(found, type) and issubclass(found, TextChoices) and found is not TextChoices
]
WITH_LOOK = [found for found in LISTS if hasattr(found, "tone")]


@pytest.mark.parametrize("choices", WITH_LOOK, ids=lambda found: found.__name__)
def test_every_state_has_a_tone_and_an_icon_of_the_sprite(choices):
    assert {choice.tone for choice in choices} <= {"neutral", "wait", "success", "danger", "info"}
    assert {choice.icon for choice in choices} <= set(ICONS)


@pytest.mark.parametrize("choices", LISTS, ids=lambda found: found.__name__)
def test_values_fit_the_columns(choices):
    assert len(choices) > 0
    assert max(len(value) for value in choices.values) <= 30


def test_ratings_carry_the_codes_of_siasn():
    assert {rating.value: rating.code for rating in enums.Rating} == {"above": 1, "expected": 2, "below": 3}


def test_predikat_carry_the_codes_of_siasn():
    assert {predikat.value: predikat.code for predikat in enums.Predikat} == {
        "sangat_baik": 1,
        "baik": 2,
        "butuh_perbaikan": 3,
        "kurang": 4,
        "sangat_kurang": 5,
    }


def test_months_are_code_1_and_quarters_code_2_and_a_year_has_none():
    assert [(kind.code, kind.months) for kind in enums.PeriodKind] == [(1, 1), (2, 3), (None, 12)]


def test_the_curve_runs_from_sangat_kurang_to_sangat_baik():
    assert [predikat.code for predikat in enums.CHART_ORDER] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("text", "predikat"),
    [
        ("Sangat Baik", enums.Predikat.SANGAT_BAIK),
        (" Baik ", enums.Predikat.BAIK),
        ("CUKUP", enums.Predikat.BUTUH_PERBAIKAN),
        ("Butuh Perbaikan", enums.Predikat.BUTUH_PERBAIKAN),
        ("Misconduct", enums.Predikat.KURANG),
        ("Kurang / misconduct", enums.Predikat.KURANG),
        ("SK", enums.Predikat.SANGAT_KURANG),
        ("sangat_kurang", enums.Predikat.SANGAT_KURANG),
    ],
)
def test_spellings_of_a_predikat_are_understood(text, predikat):
    assert enums.Predikat.named(text) is predikat


@pytest.mark.parametrize("text", ["", "luar biasa", "3"])
def test_an_unknown_spelling_is_no_predikat(text):
    assert enums.Predikat.named(text) is None
