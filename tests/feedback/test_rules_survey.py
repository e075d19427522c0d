"""The arithmetic of surveys: worked examples and bounds of reference 4.2-4.5."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules import survey
from feedback.rules.survey import EXACT, ROUNDED, SKM_ELEMENTS, ikm

EXAMPLE_1 = ["433434434", "332433433", "443444434", "322433323", "333433334"]
EXAMPLE_2 = [105, 101, 100, 116, 102, 105, 106, 105, 115]


def questionnaires(rows):
    return [dict(zip(SKM_ELEMENTS, map(int, row), strict=True)) for row in rows]


def of_totals(totals, n, mode=EXACT):
    sums = dict(zip(SKM_ELEMENTS, totals, strict=True))
    return survey.from_totals(sums, dict.fromkeys(SKM_ELEMENTS, n), respondents=n, mode=mode)


class TestExample1:
    found = ikm(questionnaires(EXAMPLE_1))
    old = ikm(questionnaires(EXAMPLE_1), mode=ROUNDED)

    def test_totals_and_means(self):
        assert [score.total for score in self.found.elements] == [17, 15, 13, 20, 16, 17, 18, 14, 18]
        means = ["3.4", "3.0", "2.6", "4.0", "3.2", "3.4", "3.6", "2.8", "3.6"]
        assert [score.mean for score in self.found.elements] == [Fraction(mean) for mean in means]

    def test_exact(self):
        assert survey.round_half_up(self.found.interval, Decimal("0.000001")) == Decimal("3.288889")
        assert (self.found.index, self.found.grade) == (Decimal("82.22"), "B")

    def test_with_the_rounded_weight(self):
        weighted = [".374", ".330", ".286", ".440", ".352", ".374", ".396", ".308", ".396"]
        assert [score.weighted for score in self.old.elements] == [Fraction(value) for value in weighted]
        assert self.old.interval == Fraction("3.256")
        assert (self.old.index, self.old.grade, self.old.weight) == (Decimal("81.40"), "B", "0.11")

    def test_the_lowest_elements_first(self):
        first, second = self.found.lowest[:2]
        assert (first.slug, first.converted, first.grade) == ("time", Decimal("65.00"), "C")
        assert second.slug == "complaints"


@pytest.mark.parametrize(("mode", "index"), [(EXACT, "91.48"), (ROUNDED, "90.56")])
def test_example_2_as_published(mode, index):
    found = of_totals(EXAMPLE_2, 29, mode)
    assert (found.index, found.grade) == (Decimal(index), "A")
    assert found.elements[0].rounded == Decimal("3.6207")


@pytest.mark.parametrize(("mode", "index", "letter"), [(EXACT, "88.75", "A"), (ROUNDED, "87.86", "B")])
def test_example_3_the_weight_changes_the_grade(mode, index, letter):
    found = of_totals([355] * 9, 100, mode)
    assert (found.index, found.grade) == (Decimal(index), letter)


@pytest.mark.parametrize(
    ("value", "mode", "index"),
    [(4, EXACT, "100.00"), (1, EXACT, "25.00"), (4, ROUNDED, "99.00"), (1, ROUNDED, "24.75")],
)
def test_the_ends_of_the_scale(value, mode, index):
    assert of_totals([value] * 9, 1, mode).index == Decimal(index)


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        ("100.00", "A"),
        ("88.31", "A"),
        ("88.30", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65.00", "C"),
        ("64.99", "D"),
        ("25.00", "D"),
        ("24.75", "D"),
        ("82.00", "B"),
    ],
)
def test_bounds_of_the_grades(index, letter):
    assert survey.grade(Decimal(index)) == letter


def test_there_is_no_gap_between_two_grades():
    assert survey.grade(survey.round_half_up(Fraction("88.305"))) == "A"
    assert survey.grade(survey.round_half_up(Fraction("88.3049"))) == "B"


# --- Missing answers ------------------------------------------------------------------------------
def test_a_missing_element_is_left_out_of_its_own_mean():
    rows = questionnaires(["444444444", "222222222"])
    del rows[1]["cost"]
    found = ikm(rows)
    cost = next(score for score in found.elements if score.slug == "cost")
    assert (cost.answered, cost.mean) == (1, 4)
    assert (found.respondents, found.incomplete, found.refused) == (2, 1, 0)


def test_a_questionnaire_with_more_than_two_missing_is_refused():
    rows = questionnaires(["444444444", "111111111"])
    for slug in ("cost", "time", "product"):
        rows[1][slug] = None
    found = ikm(rows)
    assert (found.respondents, found.refused, found.index) == (1, 1, Decimal("100.00"))


def test_nothing_to_count_is_no_index():
    assert ikm([]) is None
    assert ikm([{"cost": 4}]) is None


@given(st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=1, max_size=30))
def test_an_index_lies_within_its_scale_and_order_does_not_matter(values):
    rows = [dict(zip(SKM_ELEMENTS, row, strict=True)) for row in values]
    found = ikm(rows)
    assert Decimal(25) <= found.index <= Decimal(100)
    assert found.index == ikm(rows[::-1]).index
    assert found.interval == sum(Fraction(sum(row), 9) for row in values) / len(values)


# --- Sample ---------------------------------------------------------------------------------------
TABLE = """10-10 15-14 20-19 25-24 30-28 40-36 50-44 60-52 70-59 80-66 90-73 100-80 120-92 140-103 160-113 180-123
200-132 220-140 240-148 250-152 280-162 300-169 340-181 360-186 400-196 440-205 500-217 550-226 600-234 700-248
800-260 900-269 1000-278 1200-291 1500-306 2000-322 2600-335 3000-341 3500-346 4000-351 5000-357 6000-361 7000-364
8000-367 10000-370 15000-375 20000-377 30000-379 50000-381 75000-382 1000000-384"""


@pytest.mark.parametrize("pair", TABLE.split())
def test_krejcie_and_morgan(pair):
    population, sample = map(int, pair.split("-"))
    assert survey.sample_size(population) == sample


def test_of_nobody_nobody_is_asked():
    assert survey.sample_size(0) == 0


# --- SPKP, SPAK, staff ----------------------------------------------------------------------------
def test_six_stars_become_four_points():
    slugs = ("information", "requirements")
    assert survey.four_point_index(dict.fromkeys(slugs, 60), dict.fromkeys(slugs, 10)) == Decimal("4.00")
    assert survey.four_point_index({"a": 54}, {"a": 10}) == Decimal("3.60")


def test_shares_of_a_staff_survey():
    assert survey.favourable([5, 4, 3, 1]) == Decimal("50.00")
    assert survey.enps([10, 9, 8, 7, 6, 0]) == Decimal("0.00")
    assert survey.enps([10, 10, 3]) == Decimal("33.33")
    assert survey.favourable([]) is survey.enps([]) is None


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 10, "b": 40}, {"a", "b"}),
        ({"a": 9, "b": 40, "c": 50}, {"c"}),
        ({"a": 9, "b": 9, "c": 50}, {"c"}),
        ({"a": 5, "b": 40}, set()),
        ({"a": 0, "b": 40}, {"b"}),
        ({}, set()),
    ],
)
def test_groups_under_ten_are_hidden_and_cannot_be_computed(sizes, shown):
    assert survey.shown_groups(sizes) == shown
