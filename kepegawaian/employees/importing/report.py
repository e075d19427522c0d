"""The report of an import as JSON: `{"rows", "new", "changed", "unchanged", "refused", "issues": [...]}`."""

from collections.abc import Iterator
from typing import Any, TextIO

from django.core.serializers.json import DjangoJSONEncoder

from kepegawaian.employees.importing.issues import render
from kepegawaian.employees.models.imports import ImportBatch
from kepegawaian.work.verdicts import RowVerdict

COUNTS = ("rows", *RowVerdict.values)


def issues(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Every issue in the order of the sheet, `row` as the sheet counts it (header is 1)."""
    rows = batch.rows.exclude(level="").order_by("number").values_list("number", "issues")
    for number, found in rows.iterator(chunk_size=500):
        for issue in found:
            yield {
                "row": number,
                "column": issue["column"],
                "value": issue["value"],
                "level": issue["level"],
                "message": render(issue["message"], issue["params"]),
            }


def write(batch: ImportBatch, out: TextIO) -> None:
    """Issue by issue, so that a long report needs no memory."""
    encode = DjangoJSONEncoder(ensure_ascii=False).encode
    out.write("{")
    for name in COUNTS:
        out.write(f'"{name}": {batch.counts.get(name, 0)}, ')
    out.write('"issues": [')
    for index, issue in enumerate(issues(batch)):
        out.write((",\n" if index else "\n") + encode(issue))
    out.write("]}\n")
