"""The rows with errors or warnings, in the layout they came in and with a column that says what to mend."""

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kepegawaian.audit.services import record
from kepegawaian.employees.importing.issues import render
from kepegawaian.employees.importing.layouts import Layout
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.work.sheets import harmless

CSV, XLSX = "csv", "xlsx"
MIMES = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
REMARKS = "CATATAN"


def rows_of(batch: ImportBatch) -> "QuerySet[ImportRow]":
    return batch.rows.exclude(level="").order_by("number")


def _lines(batch: ImportBatch) -> Iterator[list[str]]:
    """The header, then each row as it was read; the remarks stand in the last column."""
    kept = [index for index, name in enumerate(batch.header) if name != REMARKS]
    yield [*(batch.header[index] for index in kept), REMARKS]
    for row in rows_of(batch).iterator(chunk_size=500):
        cells = [row.cells[index] if index < len(row.cells) else "" for index in kept]
        yield [*cells, "; ".join(_remark(issue) for issue in row.issues)]


def _remark(issue: dict[str, Any]) -> str:
    return f"{issue['column']}: {render(issue['message'], issue['params'])}"


def write_csv(lines: Iterator[list[str]], target: BinaryIO) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    text.detach()


def write_xlsx(lines: Iterator[list[str]], target: BinaryIO) -> None:
    """Every cell is text by type, so that no NIP is rounded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Catatan impor"))
    for line in lines:
        sheet.append([_cell(sheet, text) for text in line])
    book.save(target)


def _cell(sheet: Any, text: str) -> Any:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, value=text if text.isdigit() else harmless(text))
    cell.data_type, cell.number_format = "s", "@"
    return cell


WRITERS = {CSV: write_csv, XLSX: write_xlsx}


def write(batch: ImportBatch, kind: str, target: BinaryIO, *, actor: Any) -> None:
    """The sheet holds people's data in plain: its download goes into the trail."""
    record("employees.import_exported", batch, actor=actor, data={"kind": kind, "rows": rows_of(batch).count()})
    WRITERS[kind](_lines(batch), target)


def blank(layout: type[Layout], kind: str, target: BinaryIO) -> None:
    """An empty sheet with the columns of the layout as we write them."""
    WRITERS[kind](iter([[column.names[0] for column in layout.columns if column.stored]]), target)
