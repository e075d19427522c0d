"""Reading and saving a staff file in tests, step by step."""

from pathlib import Path
from typing import Any

from kepegawaian.employees.importing import saving, services
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from tests.employees.staff_files import csv_file, table

NAMES = ["siasn", "nominatif", "leave_opening"]


def quiet(done: int, total: int, phase: Any = "") -> None:
    """Nobody watches the progress."""


def preview(path: Path, *, actor: Any = None) -> ImportBatch:
    batch = ImportBatch.objects.create(name=path.name, created_by=actor)
    services.show(batch, path, names=NAMES, progress=quiet)
    batch.refresh_from_db()
    return batch


def preview_rows(folder: Path, *rows: dict[str, Any], actor: Any = None) -> ImportBatch:
    return preview(csv_file(folder / "pegawai.csv", table(list(rows))), actor=actor)


def save(batch: ImportBatch, *, actor: Any = None) -> ImportBatch:
    """As a confirmed import is saved; raises what the job would meet."""
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.SAVING, confirmed_by=actor)
    saving.save(batch.pk, progress=quiet)
    batch.refresh_from_db()
    return batch


def import_rows(folder: Path, *rows: dict[str, Any], actor: Any = None) -> ImportBatch:
    return save(preview_rows(folder, *rows, actor=actor), actor=actor)


def verdicts(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def difference(batch: ImportBatch) -> dict[str, tuple[Any, Any]]:
    """What the only changed row would change."""
    row = batch.rows.get(verdict="changed")
    return {entry["field"]: (entry["old"], entry["new"]) for entry in row.difference}


def issues(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """(row, level, message) of every issue."""
    rows = batch.rows.order_by("number").values_list("number", "issues")
    return [(number, issue["level"], issue["message"]) for number, found in rows for issue in found]


def the_person(nip: str) -> Employee:
    return Employee.objects.get(numbers__value=nip.lstrip("'"))
