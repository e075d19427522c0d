"""Sheets as XLSX. Only who writes one loads this: openpyxl takes 8 MB, which most web processes need not hold."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kepegawaian.work.sheets import RUNS


def write(lines: Iterable[Sequence[Any]], target: BinaryIO, title: str) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in line])
    book.save(target)


def _text(sheet: Any, text: str) -> Any:
    """Text by type, so that nothing is computed and no digit is lost."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"  # whatever openpyxl took it for
    if text.startswith(RUNS):
        cell.quotePrefix = True
    return cell
