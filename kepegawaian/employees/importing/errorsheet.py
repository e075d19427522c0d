"""The rows with errors or warnings, in the layout they came in and with a column that says what to mend."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kepegawaian.audit.services import record
from kepegawaian.employees.importing.issues import render
from kepegawaian.employees.importing.layouts import Layout
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.work.sheets import write_lines

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


def write(batch: ImportBatch, kind: str, target: BinaryIO, *, actor: Any) -> None:
    """The sheet holds people's data in plain: its download goes into the trail."""
    record("employees.import_exported", batch, actor=actor, data={"kind": kind, "rows": rows_of(batch).count()})
    write_lines(_lines(batch), kind, target, _("Catatan impor"))


def blank(layout: type[Layout], kind: str, target: BinaryIO) -> None:
    """An empty sheet with the columns of the layout as we write them."""
    header = [column.names[0] for column in layout.columns if column.stored]
    write_lines([header], kind, target, _("Catatan impor"))
