import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.rules.statistics import harmless, shielded

COLUMNS = ("berkadar", "tidak_berkadar", "informasi")
ROWS = st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=6)
TABLES = ROWS.map(
    lambda rows: {
        name: dict(zip(COLUMNS, numbers, strict=True)) for name, numbers in zip("abcdef", rows, strict=False)
    }
)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the rule."""


def lines(table):
    """Each line with its margin: what a reader can add up."""
    for row in table.cells:
        yield [*table.cells[row].values(), table.row_totals[row]]
    for column in COLUMNS:
        yield [*(table.cells[row][column] for row in table.cells), table.column_totals[column]]
    yield [*table.row_totals.values(), table.total]
    yield [*table.column_totals.values(), table.total]


def test_large_numbers_and_small_ones_of_open_kinds_are_shown():
    table = shielded({"a": {"berkadar": 5, "informasi": 1}}, COLUMNS, ("berkadar",))
    assert table.cells["a"] == {"berkadar": 5, "tidak_berkadar": 0, "informasi": 1}
    assert (table.row_totals["a"], table.total) == (6, 6)


def test_a_small_protected_number_takes_another_with_it():
    rows = {
        "a": {"berkadar": 2, "tidak_berkadar": 7, "informasi": 20},
        "b": {"berkadar": 9, "tidak_berkadar": 8, "informasi": 30},
    }
    table = shielded(rows, COLUMNS, ("berkadar",))
    assert table.cells["a"] == {"berkadar": None, "tidak_berkadar": None, "informasi": 20}
    assert table.cells["b"] == {"berkadar": None, "tidak_berkadar": None, "informasi": 30}
    assert table.total == 76


def test_an_office_with_one_protected_case_alone_is_hidden_whole():
    table = shielded({"a": {"berkadar": 1}, "b": {"berkadar": 40, "informasi": 9}}, COLUMNS, ("berkadar",))
    assert table.cells["a"]["berkadar"] is None
    assert table.row_totals["a"] is None


@patient
@given(TABLES)
def test_nothing_hidden_can_be_subtracted_out(rows):
    table = shielded(rows, COLUMNS, ("berkadar",))
    for row, numbers in rows.items():
        assert not (0 < numbers["berkadar"] < 5) or table.cells[row]["berkadar"] is None
    for line in lines(table):
        assert line.count(None) != 1


@patient
@given(TABLES)
def test_what_is_shown_is_true_and_zero_is_never_hidden(rows):
    table = shielded(rows, COLUMNS, ("berkadar",))
    for row, numbers in rows.items():
        for column, number in numbers.items():
            assert table.cells[row][column] in ({number} if number == 0 else {number, None})
        assert table.row_totals[row] in {sum(numbers.values()), None}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx"])
def test_no_cell_runs_as_a_formula(text):
    assert harmless(text) == f"'{text}"
    assert harmless("Dinas Kesehatan") == "Dinas Kesehatan"
