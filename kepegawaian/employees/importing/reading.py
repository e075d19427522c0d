"""From a file to a preview: every row is parsed and compared, nothing is written to people."""

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.importing import bulk, registry
from kepegawaian.employees.importing.issues import Issue, worst
from kepegawaian.employees.importing.layouts import Compared, Header, Layout, Parsed, Row
from kepegawaian.employees.models.imports import ImportBatch, ImportRow, ImportState
from kepegawaian.employees.rules import Level
from kepegawaian.lib.dates import today
from kepegawaian.work.cells import text_of
from kepegawaian.work.reading import HEADER_WITHIN, Sheet, SheetRow, UnreadableSheet, open_sheet
from kepegawaian.work.verdicts import RowVerdict

Progress = Callable[[int, int, Any], None]


class Stopped(Exception):
    """Somebody cancelled the import while it was being read."""


@contextmanager
def local_copy(stored: StoredFile) -> Iterator[Path]:
    """The stored file as a path, wherever the storage keeps it."""
    with tempfile.NamedTemporaryFile(prefix="import-") as copy:
        with stored.file.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


def read(batch: ImportBatch, path: Path, *, names: Sequence[str], progress: Progress) -> None:
    """Fill the batch with the rows of the sheet and set its counts. A reading that was cut off starts afresh.

    `names`: the layouts that may be recognised. Raises UnreadableSheet.
    """
    batch.rows.all().delete()

    def is_header(cells: Sequence[Any]) -> bool:
        return registry.best(cells, names) is not None

    with open_sheet(path, is_header) as sheet:
        kind, header, rest = _header(sheet, names)
        layout = kind(on=today(), header=header)
        counts: Counter[str] = Counter()
        while chunk := list(islice(rest, bulk.CHUNK)):
            _compare_chunk(batch, layout, chunk, counts)
            progress(counts["rows"], max(sheet.estimate, counts["rows"]), _("Membaca dan membandingkan"))
            if not ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READING).exists():
                raise Stopped
    if not counts["rows"]:
        raise UnreadableSheet(gettext_noop("Tidak ada baris data di bawah judul kolom."))
    _think_again(batch, path, layout, counts)
    batch.layout, batch.right, batch.header = layout.name, layout.right, list(header.cells)
    left_out = {column.key for column in layout.columns if not column.stored}
    batch.details = {
        "plan": layout.plan(),
        "unknown": [text[:80] for text in header.unknown][:100],
        "left_out": [header.name(key) for key in header.places if key in left_out],
    }
    batch.counts = {name: counts[name] for name in ("rows", *RowVerdict.values, "error", "warning")}


def _header(sheet: Sheet, names: Sequence[str]) -> tuple[type[Layout], Header, Iterator[SheetRow]]:
    rows = iter(sheet.rows)
    nearest: Sequence[Any] = ()
    for row in islice(rows, HEADER_WITHIN):
        if found := registry.best(row.cells, names):
            return *found, rows
        if len(row.cells) > len(nearest):
            nearest = row.cells
    if not nearest:
        raise UnreadableSheet(gettext_noop("Berkas ini kosong."))
    raise registry.explain(nearest, names)


def _compare_chunk(batch: ImportBatch, layout: Layout, chunk: Sequence[SheetRow], counts: Counter[str]) -> None:
    parsed = [layout.parse(Row(row.number, row.cells, layout.header)) for row in chunk]
    for one in parsed:
        layout.remember(one)
    fit = [one for one in parsed if not one.refused]
    compared = {one.number: result for one, result in zip(fit, layout.compare(fit), strict=True)}
    rows = []
    for source, one in zip(chunk, parsed, strict=True):
        result = compared.get(one.number) or Compared(RowVerdict.REFUSED)
        if result.verdict == RowVerdict.REFUSED:
            layout.refused.add(one.number)
        rows.append(_row(batch, layout, source, one, result))
        counts[result.verdict] += 1
        counts["rows"] += 1
    bulk.insert(ImportRow, rows)


def _row(batch: ImportBatch, layout: Layout, source: SheetRow, parsed: Parsed, compared: Compared) -> ImportRow:
    issues = [issue.as_json() for issue in (*parsed.issues, *compared.issues)]
    to_save = compared.verdict in (RowVerdict.NEW, RowVerdict.CHANGED)
    return ImportRow(
        batch=batch,
        number=source.number,
        verdict=compared.verdict,
        level=worst(issues),
        employee_id=compared.subject,
        cells=_texts(source) if issues or to_save else [],
        values=parsed.values if to_save else named(layout, parsed.values),
        difference=compared.difference,
        issues=issues,
    )


def _texts(source: SheetRow) -> list[str]:
    return [text_of(cell) for cell in source.cells]


def named(layout: type[Layout] | Layout, values: dict[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in layout.shown if key in values}


def _think_again(batch: ImportBatch, path: Path, layout: Layout, counts: Counter[str]) -> None:
    """Write the issues that only the whole file shows, and count the levels."""
    found: dict[int, list[Issue]] = defaultdict(list)
    for thought in layout.afterthoughts():
        found[thought.number].append(thought.issue)
    numbers = iter(sorted(found))
    while some := list(islice(numbers, bulk.CHUNK)):
        rows = ImportRow.objects.filter(batch=batch, number__in=some).defer("cells")
        bulk.update(
            ImportRow,
            [_with_issues(layout, row, found[row.number], counts) for row in rows],
            ("verdict", "level", "values", "difference", "issues"),
        )
    _fetch_cells(batch, path, layout)
    levels = ImportRow.objects.filter(batch=batch).exclude(level="").values_list("level", flat=True)
    counts.update(levels.iterator())


def _fetch_cells(batch: ImportBatch, path: Path, layout: Layout) -> None:
    """Unchanged rows are kept without their cells; those that turn out to be twins are read once more."""
    bare = ImportRow.objects.filter(batch=batch, cells=[]).exclude(level="")
    wanted = dict(bare.values_list("number", "id"))
    if not wanted:
        return
    with open_sheet(path, lambda cells: registry.best(cells, [layout.name]) is not None) as sheet:
        again = ({"id": wanted[row.number], "cells": _texts(row)} for row in sheet.rows if row.number in wanted)
        while some := list(islice(again, bulk.CHUNK)):
            bulk.update(ImportRow, some, ("cells",))


def _with_issues(layout: Layout, row: ImportRow, issues: Iterable[Issue], counts: Counter[str]) -> dict[str, Any]:
    row.issues += [issue.as_json() for issue in issues]
    row.level = worst(row.issues)
    if row.level == Level.ERROR and row.verdict != RowVerdict.REFUSED:
        counts[row.verdict] -= 1
        counts[RowVerdict.REFUSED] += 1
        row.verdict, row.difference, row.values = RowVerdict.REFUSED, [], named(layout, row.values)
    names = ("id", "verdict", "level", "values", "difference", "issues")
    return {name: getattr(row, name) for name in names}
