"""The sheet of remarks: the same layout, harmless to open, and good to import again."""

import csv
import io

import pytest
from openpyxl import load_workbook

from kepegawaian.audit.models import Event
from kepegawaian.employees import exporting
from kepegawaian.employees.importing import errorsheet, registry
from kepegawaian.employees.models import Employee
from tests.employees.factories import UserFactory
from tests.employees.imports import import_rows, preview, preview_rows, verdicts
from tests.employees.staff_files import HEADER, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
BAD = {"TANGGAL LAHIR": "31-02-1990"}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.test")']


def sheet(batch, kind):
    target = io.BytesIO()
    errorsheet.write(batch, kind, target, actor=UserFactory())
    return target.getvalue()


def lines(content, kind):
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    book = load_workbook(io.BytesIO(content))
    return [["" if cell is None else cell for cell in row] for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_has_the_columns_of_the_file_and_one_with_the_remarks(tmp_path, kind):
    batch = preview_rows(tmp_path, person(1), person(2, **BAD), person(3, EMAIL="bukan-email"))
    header, first, second = lines(sheet(batch, kind), kind)
    assert header == [*HEADER, "CATATAN"]
    assert first[HEADER.index("NAMA")] == "PEGAWAI NOMOR 2"
    assert first[-1] == "TANGGAL LAHIR: Bukan tanggal yang sah."
    assert second[-1] == "EMAIL: Bukan alamat surel."


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_the_file_is_only_text_in_the_sheet(tmp_path, formula):
    batch = preview_rows(tmp_path, person(1, ALAMAT=formula, **BAD))
    assert lines(sheet(batch, "csv"), "csv")[1][HEADER.index("ALAMAT")] == f"'{formula}"
    cell = load_workbook(io.BytesIO(sheet(batch, "xlsx"))).active.cell(2, HEADER.index("ALAMAT") + 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (formula, "s", True)


def test_a_nip_is_text_in_both_formats(tmp_path):
    batch = preview_rows(tmp_path, person(1, **BAD))
    nip = person(1)["NIP BARU"].strip("'")
    assert lines(sheet(batch, "csv"), "csv")[1][1] == f"'{nip}"
    cell = load_workbook(io.BytesIO(sheet(batch, "xlsx"))).active.cell(2, 2)
    assert (cell.value, cell.data_type, cell.number_format) == (nip, "s", "@")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_mended_sheet_can_be_imported_and_its_remarks_are_no_column(tmp_path, kind):
    content = sheet(preview_rows(tmp_path, person(1, ALAMAT="=1+1", **BAD)), kind)
    path = tmp_path / f"catatan.{kind}"
    path.write_bytes(content)
    again = preview(path)
    assert verdicts(again) == ["refused"]
    assert again.details["unknown"] == ["CATATAN"]
    assert again.rows.get().cells[HEADER.index("ALAMAT")] == "=1+1"
    assert lines(sheet(again, kind), kind)[0].count("CATATAN") == 1


def test_a_formula_is_saved_as_the_text_it_is(tmp_path):
    import_rows(tmp_path, person(1, ALAMAT="=1+1"))
    assert Employee.objects.get().address == "=1+1"


def test_the_download_is_in_the_trail(tmp_path):
    batch = preview_rows(tmp_path, person(1, **BAD))
    sheet(batch, "csv")
    event = Event.objects.get(verb="employees.import_exported")
    assert (event.subject_id, event.data) == (str(batch.pk), {"kind": "csv", "rows": 1})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", [layout.name for layout in registry.layouts()])
def test_the_empty_sheet_of_a_layout_is_recognised_as_that_layout(name, kind):
    target = io.BytesIO()
    errorsheet.blank(registry.layout(name), kind, target)
    header = lines(target.getvalue(), kind)[0]
    found = registry.best(header, [layout.name for layout in registry.layouts()])
    assert found[0].name == name
    assert found[1].unknown == ()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_exported_staff_list_comes_back_unchanged(tmp_path, kind):
    import_rows(tmp_path, person(1), person(2), person(3, **{"STATUS ASN": "CPNS"}))
    path = tmp_path / f"daftar.{kind}"
    with path.open("wb") as target:
        exporting.PEOPLE.write(Employee.objects.select_related("current_unit"), kind, target)
    assert verdicts(preview(path)) == ["unchanged"] * 3


def test_an_unchanged_row_that_turns_out_to_be_a_twin_comes_with_its_cells(tmp_path):
    import_rows(tmp_path, person(1), person(2))
    batch = preview_rows(tmp_path, person(1), person(2), person(1))
    assert verdicts(batch) == ["unchanged", "unchanged", "refused"]
    assert lines(sheet(batch, "csv"), "csv")[1][HEADER.index("NAMA")] == "PEGAWAI NOMOR 1"
    assert batch.rows.get(number=2).cells == []
