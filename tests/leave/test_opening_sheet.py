"""Opening years from a sheet, with the import machinery of employees: preview first, then all or nothing."""

import pytest

from kepegawaian.employees.importing import registry
from kepegawaian.lib.exceptions import PermissionRefused
from leave.models import LeaveAccount, Movement, OpeningYear
from leave.opening_sheet import OpeningSheet
from tests.employees.factories import EmployeeFactory
from tests.employees.imports import issues, preview, save, verdicts
from tests.employees.staff_files import csv_file

HEADER = ["NIP", "NAMA", "TAHUN", "SISA", "DITANGGUHKAN", "TIDAK DIPAKAI", "DASAR"]


@pytest.fixture
def sheet(tmp_path):
    def write(*rows):
        lines = [[*row, *[""] * (len(HEADER) - len(row))] for row in rows]
        return csv_file(tmp_path / "saldo.csv", [HEADER, *lines])

    return write


def buckets(employee):
    return {row.kind: row.granted for row in employee.leave_account.buckets.all()}


def test_the_layout_is_known_to_the_import_pages():
    assert registry.layout("leave_opening") is OpeningSheet


def test_a_sheet_gives_openings_and_carries(flow, sheet):
    nip = flow.employee.current_nip
    batch = preview(sheet((nip, "", 2025, 4, "", "tidak", "SK 1"), (nip, "", "2024", "0")), actor=flow.gov.hr.user)
    assert (batch.layout, verdicts(batch)) == ("leave_opening", ["new", "new"])
    save(batch, actor=flow.gov.hr.user)
    assert buckets(flow.employee) == {"C1": 4, "O": 12}
    assert LeaveAccount.objects.get(employee=flow.employee).confirmed
    assert OpeningYear.objects.filter(entered_by=flow.gov.hr.user).count() == 2


def test_nothing_is_saved_before_somebody_confirms(flow, sheet):
    preview(sheet((flow.employee.current_nip, "", 2025, 4)), actor=flow.gov.hr.user)
    assert not OpeningYear.objects.exists()


def test_importing_the_same_again_changes_nothing(flow, sheet):
    path = sheet((flow.employee.current_nip, "", 2025, 4))
    save(preview(path), actor=flow.gov.hr.user)
    again = preview(path)
    assert verdicts(again) == ["unchanged"]
    assert Movement.objects.count() == 2


def test_a_changed_row_shows_what_was_there(flow, sheet):
    nip = flow.employee.current_nip
    save(preview(sheet((nip, "", 2025, 4))), actor=flow.gov.hr.user)
    batch = preview(sheet((nip, "", 2025, 6)))
    assert verdicts(batch) == ["changed"]
    assert batch.rows.get().difference == [{"field": "left", "old": 4, "new": 6}]
    save(batch, actor=flow.gov.hr.user)
    assert buckets(flow.employee)["C1"] == 6


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("199001012015011001", "", 2025, 4), "NIP ini tidak dikenal."),
        (("", "", 2025, 4), "NIP kosong."),
        (("{nip}", "", 2022, 4), "Di luar batas %(low)d sampai %(high)d."),
        (("{nip}", "", "", 4), "Tahun kosong."),
        (("{nip}", "", 2025, "banyak"), "Bukan bilangan bulat."),
        (("{nip}", "", 2025, 6, 9), "Sisa dan hari yang ditangguhkan tahun %(year)s bersama-sama paling banyak"),
        (("{nip}", "", 2025, 2, "", "ya"), "Tahun %(year)s tidak mungkin sama sekali tidak dipakai"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_its_reason(flow, sheet, row, message):
    cells = [str(cell).format(nip=flow.employee.current_nip) for cell in row]
    batch = preview(sheet(cells))
    assert verdicts(batch) == ["refused"]
    found = issues(batch)
    assert (found[0][0], found[0][1]) == (2, "error")
    assert found[0][2].startswith(message)


def test_two_rows_for_one_person_and_year_are_refused(flow, sheet):
    nip = flow.employee.current_nip
    assert verdicts(preview(sheet((nip, "", 2025, 4), (nip, "", 2025, 5)))) == ["refused", "refused"]


def test_nobody_imports_his_own_opening(flow, sheet):
    batch = preview(sheet((flow.gov.hr.current_nip, "", 2025, 4)))
    with pytest.raises(PermissionRefused, match="NIP Anda sendiri"):
        save(batch, actor=flow.gov.hr.user)
    assert not OpeningYear.objects.exists()


def test_many_rows_cost_no_more_statements(flow, sheet, django_assert_max_num_queries):
    people = EmployeeFactory.create_batch(12, unit=flow.gov.section)
    batch = preview(sheet(*((person.current_nip, "", 2025, 4) for person in people)))
    with django_assert_max_num_queries(34):
        save(batch, actor=flow.gov.hr.user)
    assert OpeningYear.objects.count() == 12
