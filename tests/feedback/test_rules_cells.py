"""Numbers under five in published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules.cells import suppressed, suppressed_total


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 5, "b": 12}, {"a": 5, "b": 12}),
        ({"a": 4, "b": 12, "c": 9}, {"a": None, "b": 12, "c": None}),
        ({"a": 1, "b": 2, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 0, "b": 12}, {"a": 0, "b": 12}),
        ({"a": 3}, {"a": None}),
        ({}, {}),
    ],
)
def test_small_numbers_go_and_take_a_neighbour_with_them(cells, shown):
    assert suppressed(cells) == shown


def test_without_a_total_nothing_can_be_computed():
    assert suppressed({"a": 4, "b": 12}, with_total=False) == {"a": None, "b": 12}


def test_a_total_may_itself_be_too_small():
    assert suppressed_total({"a": 2, "b": 2}) is None
    assert suppressed_total({"a": 2, "b": 3}) == 5
    assert suppressed_total({}) == 0


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=8))
def test_no_number_from_one_to_four_is_ever_shown_or_left_alone(cells):
    shown = suppressed(cells)
    gaps = [key for key, number in shown.items() if number is None]
    assert not any(number is not None and 0 < number < 5 for number in shown.values())
    assert len(gaps) != 1 or sum(1 for number in cells.values() if number) == 1
