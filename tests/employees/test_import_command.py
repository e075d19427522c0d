"""The command: its report, its table, its exit."""

import json

import pytest
from django.core.management import CommandError, call_command

from kepegawaian.employees.importing import saving, services
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from tests.employees.staff_files import csv_file, person, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def file(folder, *rows, **options):
    return csv_file(folder / "pegawai.csv", table(list(rows)), **options)


def test_the_report_counts_and_names_row_column_level_and_message(tmp_path):
    path = file(tmp_path, person(1), person(2, EMAIL="bukan-email"), person(3, NAMA=""))
    call_command("import_employees", str(path), report=tmp_path / "out.json")
    report = json.loads((tmp_path / "out.json").read_text())
    issues = report.pop("issues")
    assert report == {"rows": 3, "new": 2, "changed": 0, "unchanged": 0, "refused": 1}
    assert [(issue["row"], issue["column"], issue["level"]) for issue in issues] == [
        (3, "EMAIL", "warning"),
        (4, "NAMA", "error"),
    ]
    assert issues[1]["message"] == "Nama kosong."


def test_the_table_says_what_became_of_the_rows(tmp_path, capsys):
    call_command("import_employees", str(file(tmp_path, person(1), person(2, NAMA=""))))
    printed = capsys.readouterr().out
    assert "Baru" in printed
    assert "Nama kosong." in printed


def test_many_issues_are_cut_short_and_say_where_the_rest_is(tmp_path, capsys):
    call_command("import_employees", str(file(tmp_path, *(person(n, NAMA="") for n in range(25)))), dry_run=True)
    printed = capsys.readouterr().out
    assert printed.count("Nama kosong.") == 20
    assert "--report" in printed
    assert "tidak ada yang disimpan" in printed


def test_the_file_is_kept_with_the_import(tmp_path):
    call_command("import_employees", str(file(tmp_path, person(1))))
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.file.name, batch.created_by) == (ImportState.DONE, "pegawai.csv", None)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"NIP,UMUR\n1,2\n", "NAMA"),
        (b"PK\x03\x04", "tidak diterima"),
        (b"%PDF-1.4", "tidak diterima"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_that_cannot_be_read_ends_with_an_error(tmp_path, content, sentence, dry_run):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(CommandError, match=None if dry_run else sentence):
        call_command("import_employees", str(tmp_path / "a.xlsx"), dry_run=dry_run)
    assert not Employee.objects.exists()


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="tidak ditemukan"):
        call_command("import_employees", str(tmp_path / "tidak-ada.csv"))


def test_a_nominatif_with_semicolons_in_an_old_encoding_is_imported(tmp_path):
    row = {
        "NO": "1",
        "NAMA": "Drs. René Tanesib, M.Si.",
        "NIP BARU": "'198609262015051001",
        "GOLRU": "III/d",
        "PANGKAT": "Penata Tingkat I",
        "TMT GOLRU": "01/04/2023",
        "SATKER": "Dinas Kesehatan",
        "JABATAN": "Kepala Dinas Kesehatan",
        "TMT JABATAN": "2024-01-02",
        "TGL LAHIR": "26-09-1986",
    }
    call_command("import_employees", str(file(tmp_path, row, separator=";", encoding="cp1252")))
    employee = Employee.objects.get()
    assert employee.full_name == "Drs. René Tanesib, M.Si."
    assert (employee.sex, employee.status, employee.current_golongan) == ("M", "pns", "III/d")
    assert employee.holdings.get().heads.name == "Dinas Kesehatan"
    call_command("import_employees", str(file(tmp_path, row, separator=";")))
    assert ImportBatch.objects.first().counts["unchanged"] == 1


def test_records_that_change_under_the_command_are_compared_again(tmp_path, monkeypatch):
    tries = []
    original = services.show

    def shown(*args, **kwargs):
        tries.append(kwargs.get("notice", ""))
        return original(*args, **kwargs)

    def outdated_once(*args, **kwargs):
        if len(tries) == 1:
            raise saving.Outdated
        return saving.save(*args, **kwargs)

    monkeypatch.setattr(services, "show", shown)
    monkeypatch.setattr("kepegawaian.employees.management.commands.import_employees.save", outdated_once)
    call_command("import_employees", str(file(tmp_path, person(1))))
    assert tries == ["", services.CHANGED_MEANWHILE]
    assert Employee.objects.count() == 1


def test_records_that_never_rest_end_the_command(tmp_path, monkeypatch):
    def outdated(*args, **kwargs):
        raise saving.Outdated

    monkeypatch.setattr("kepegawaian.employees.management.commands.import_employees.save", outdated)
    with pytest.raises(CommandError, match="Ulangi"):
        call_command("import_employees", str(file(tmp_path, person(1))))
