"""Reading XLSX and CSV row by row, and refusing what would hurt."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from kepegawaian.work import reading
from kepegawaian.work.reading import UnreadableSheet, open_sheet
from tests.employees.staff_files import csv_file, xlsx_file


def never(cells):
    return False


def read(path, is_header=never):
    with open_sheet(path, is_header) as sheet:
        return [(row.number, list(row.cells)) for row in sheet.rows]


def why(path):
    with pytest.raises(UnreadableSheet) as caught:
        read(path)
    return str(caught.value)


LINES = [["NIP", "NAMA"], ["'1990", "Ani"], [], ["'1991", " Budi "]]
ROWS = [(1, ["NIP", "NAMA"]), (2, ["'1990", "Ani"]), (4, ["'1991", "Budi"])]


def test_an_xlsx_gives_its_rows_with_the_numbers_of_the_sheet(tmp_path):
    assert read(xlsx_file(tmp_path / "a.xlsx", LINES)) == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_gives_the_same_whatever_its_separator_and_encoding(tmp_path, separator, encoding):
    assert read(csv_file(tmp_path / "a.csv", LINES, separator=separator, encoding=encoding)) == ROWS


def test_letters_outside_ascii_survive_an_old_encoding(tmp_path):
    path = csv_file(tmp_path / "a.csv", [["NAMA"], ["Renée d’Ávila"]], encoding="cp1252")
    assert read(path)[1] == (2, ["Renée d’Ávila"])


def test_a_line_break_inside_quotes_does_not_shift_the_numbers(tmp_path):
    path = csv_file(tmp_path / "a.csv", [["NAMA", "ALAMAT"], ["Ani", "Jl. A\nRT 1"], ["Budi", "Jl. B"]])
    assert [number for number, _cells in read(path)] == [1, 2, 3]


def test_a_separator_inside_quotes_is_not_counted(tmp_path):
    (tmp_path / "a.csv").write_text('"A;B;C;D",NAMA\n1,Ani\n')
    assert read(tmp_path / "a.csv")[0] == (1, ["A;B;C;D", "NAMA"])


def test_dates_numbers_and_booleans_keep_their_type(tmp_path):
    moment = datetime.datetime(1990, 9, 13, 0, 0)  # noqa: DTZ001 - as a sheet gives it
    line = [moment, 36526, 1.5, True]
    cells = read(xlsx_file(tmp_path / "a.xlsx", [line]))[0][1]
    assert cells == [datetime.date(1990, 9, 13), 36526, 1.5, True]


def test_a_formula_stays_the_text_that_was_typed(tmp_path):
    book = Workbook()
    book.active.append(["=1+1", '=HYPERLINK("http://x.test")'])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[0][1] == ["=1+1", '=HYPERLINK("http://x.test")']


def test_the_sheet_with_the_header_is_taken_wherever_it_stands(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", LINES, before=[[["Petunjuk"], ["Isi lembar kedua"]]])
    assert read(path, lambda cells: "NIP" in cells) == ROWS
    assert read(path)[0] == (1, ["Petunjuk"])


def test_the_estimate_counts_about_the_rows(tmp_path):
    with open_sheet(csv_file(tmp_path / "a.csv", LINES), never) as sheet:
        assert sheet.estimate == 4


# --- What is refused ------------------------------------------------------------------------------
def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"  \r\n")
    assert why(tmp_path / "a.csv") == "Berkas ini kosong."


def test_an_empty_workbook_says_so(tmp_path):
    assert why(xlsx_file(tmp_path / "a.xlsx", [])) == "Berkas ini kosong."


def test_an_old_or_locked_excel_file_says_how_to_save_it(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "Simpan sebagai .xlsx" in why(tmp_path / "a.xls")


def test_a_picture_is_no_sheet(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    assert why(tmp_path / "a.csv") == "Berkas ini bukan XLSX atau CSV."


@pytest.mark.parametrize("content", [b"PK\x03\x04 and then nothing", b"PK\x03\x04" + b"\0" * 300])
def test_a_broken_archive_is_a_sentence(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert "rusak" in why(tmp_path / "a.xlsx")


def test_an_archive_that_is_no_workbook_is_a_sentence(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("surat.txt", "Kepada Yth.")
    assert why(tmp_path / "a.xlsx") == "Berkas ini bukan lembar Excel (.xlsx)."


def repacked(path, name, content):
    """The workbook with one of its parts replaced."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = b"<worksheet>" + b" " * (60 * 1024 * 1024)
    path = repacked(xlsx_file(tmp_path / "a.xlsx", LINES), "xl/worksheets/sheet1.xml", bomb)
    assert path.stat().st_size < 200_000
    assert "terlalu besar" in why(path)


def test_a_bomb_of_nested_entities_is_a_sentence(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(10))
    xml = f"<!DOCTYPE bomb [{levels}]><worksheet><sheetData><row><c><v>&e9;</v></c></row></sheetData></worksheet>"
    path = repacked(xlsx_file(tmp_path / "a.xlsx", LINES), "xl/worksheets/sheet1.xml", xml.encode())
    assert "rusak" in why(path)


def test_a_damaged_sheet_inside_a_sound_archive_is_a_sentence(tmp_path):
    path = repacked(
        xlsx_file(tmp_path / "a.xlsx", LINES), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"
    )
    assert "rusak" in why(path)


def test_a_sheet_that_claims_a_billion_rows_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 50)
    cell = '<c r="A{0}" t="inlineStr"><is><t>x</t></is></c>'
    rows = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in (1, 999_999_999))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    path = repacked(xlsx_file(tmp_path / "a.xlsx", LINES), "xl/worksheets/sheet1.xml", far.encode())
    assert "lebih dari 50 baris" in why(path)


@pytest.mark.parametrize(
    ("limit", "lines", "sentence"),
    [
        ("MAX_ROWS", [["x"]] * 20, "lebih dari 5 baris"),
        ("MAX_COLUMNS", [["x"] * 6], "lebih dari 5 kolom"),
        ("MAX_TEXT", [["x" * 6]], "lebih dari 5 karakter"),
    ],
)
def test_each_limit_has_its_sentence(tmp_path, monkeypatch, limit, lines, sentence):
    monkeypatch.setattr(reading, limit, 5)
    assert sentence in why(csv_file(tmp_path / "a.csv", lines))


def test_wide_rows_of_nothing_are_not_wide(tmp_path):
    assert read(csv_file(tmp_path / "a.csv", [["x"] + [""] * 500])) == [(1, ["x"])]
