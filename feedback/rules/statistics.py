"""Tables that are published whole: no small number of a protected kind, and none that can be subtracted out."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from feedback.rules.cells import SMALLEST

_ALL = "*"
"""The key of a margin: no unit, no kind is called so."""
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shielded:
    """A table with its margins; None where a number is hidden."""

    cells: Mapping[str, Mapping[str, int | None]]
    row_totals: Mapping[str, int | None]
    column_totals: Mapping[str, int | None]
    total: int | None


def shielded(
    rows: Mapping[str, Mapping[str, int]],
    columns: Collection[str],
    protected: Collection[str],
    smallest: int = SMALLEST,
) -> Shielded:
    """Hide numbers from 1 to `smallest` - 1 in the `protected` columns. In every line, margins included, what is
    hidden is then at least two numbers that together make `smallest`; the smallest others go with it."""
    grid = _with_margins(rows, columns)
    hidden = {cell for cell, number in grid.items() if cell[1] in protected and 0 < number < smallest}
    lines = list(_lines(list(rows), list(columns)))
    while _hide_more(grid, hidden, lines, smallest):
        pass
    shown = {cell: None if cell in hidden else number for cell, number in grid.items()}
    return Shielded(
        cells={row: {column: shown[row, column] for column in columns} for row in rows},
        row_totals={row: shown[row, _ALL] for row in rows},
        column_totals={column: shown[_ALL, column] for column in columns},
        total=shown[_ALL, _ALL],
    )


def _with_margins(rows: Mapping[str, Mapping[str, int]], columns: Collection[str]) -> dict[Cell, int]:
    grid = {(row, column): numbers.get(column, 0) for row, numbers in rows.items() for column in columns}
    grid |= {(row, _ALL): sum(grid[row, column] for column in columns) for row in rows}
    return grid | {(_ALL, column): sum(grid[row, column] for row in rows) for column in (*columns, _ALL)}


def _lines(rows: list[str], columns: list[str]) -> Iterator[list[Cell]]:
    for row in (*rows, _ALL):
        yield [(row, column) for column in (*columns, _ALL)]
    for column in (*columns, _ALL):
        yield [(row, column) for row in (*rows, _ALL)]


def _hide_more(grid: Mapping[Cell, int], hidden: set[Cell], lines: list[list[Cell]], smallest: int) -> bool:
    """One round over all lines; whether anything was added. Inner cells go before margins, small before large."""
    before = len(hidden)
    for line in lines:
        gone = [cell for cell in line if cell in hidden]
        rest = sorted(
            (cell for cell in line if cell not in hidden and grid[cell]),
            key=lambda cell: (_ALL in cell, grid[cell], cell),
        )
        while gone and rest and (len(gone) < 2 or sum(grid[cell] for cell in gone) < smallest):
            gone.append(rest.pop(0))
        hidden.update(gone)
    return len(hidden) > before


def harmless(text: str) -> str:
    """For a cell of a sheet: with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
