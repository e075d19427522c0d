"""The two sample files against the verdicts that came with them."""

import datetime
import json

import pytest
from django.core.management import call_command

from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.units.models import Unit, UnitFunction, UnitKind
from tests.employees.staff_files import DATA

pytestmark = pytest.mark.django_db
FILES = ["siasn_data_utama.xlsx", "siasn_data_utama.csv"]
LEVELS = {"error": {"error"}, "warning": {"warning"}, "error-or-warning": {"error", "warning"}}


@pytest.fixture(autouse=True)
def _when(time_machine):
    """The files were made in November 2026."""
    time_machine.move_to(datetime.datetime(2026, 11, 21, 3, tzinfo=datetime.UTC))


def report_of(name, tmp_path, **options):
    call_command("import_employees", str(DATA / name), report=tmp_path / "report.json", **options)
    return json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def expected(name):
    return json.loads((DATA / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_every_dirty_row_gets_its_verdict_and_no_clean_row_gets_one(name, tmp_path):
    report, wanted = report_of(name, tmp_path), expected(name)
    worst = {}
    for issue in report["issues"]:
        worst[issue["row"]] = "error" if "error" in (issue["level"], worst.get(issue["row"])) else "warning"
    assert report["rows"] == wanted["rows"]
    assert set(worst) == {verdict["sheet_row"] for verdict in wanted["verdicts"]}
    wrong = [v for v in wanted["verdicts"] if worst[v["sheet_row"]] not in LEVELS[v["level"]]]
    assert wrong == []
    assert report["refused"] == sum(level == "error" for level in worst.values())


def test_the_counts_add_up_and_the_people_are_there(tmp_path):
    report = report_of(FILES[0], tmp_path)
    assert (report["new"], report["changed"], report["unchanged"], report["refused"]) == (386, 0, 0, 14)
    assert Employee.objects.count() == 386
    assert not Employee.objects.filter(current_unit=None).exists()
    assert not Employee.objects.exclude(user__activated_at=None).exists()
    assert not any(user.has_usable_password() for user in (person.user for person in Employee.objects.all()[:5]))


def test_the_other_file_says_the_same_so_it_changes_nothing(tmp_path):
    first = report_of(FILES[0], tmp_path)
    second = report_of(FILES[1], tmp_path)
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, 386)
    assert {issue["row"] for issue in second["issues"]} == {issue["row"] for issue in first["issues"]}


def test_units_heads_and_functions_follow_from_the_file(tmp_path):
    report_of(FILES[1], tmp_path)
    root = Unit.objects.get(depth=1)
    assert (root.name, root.kind, root.function) == (
        "Pemerintah Kota Contoh",
        UnitKind.GOVERNMENT,
        "head_of_government",
    )
    assert Unit.objects.get(function=UnitFunction.SECRETARIAT).name == "Sekretariat Daerah"
    assert Unit.objects.get(function=UnitFunction.PERSONNEL).name == "Badan Kepegawaian dan Pengembangan SDM"
    assert Unit.objects.filter(depth=2, kind=UnitKind.OFFICE).count() == 7
    assert Unit.objects.filter(depth=3).count() == 18
    heads = PositionHolding.objects.filter(heads__isnull=False)
    assert heads.count() == 18
    camat = heads.get(heads__name="Kecamatan Oebobo")
    assert (camat.employee.name, camat.position.heads_id, camat.position.eselon) == (
        "Agustina Lay",
        camat.heads_id,
        "III.a",
    )


def test_a_dry_run_leaves_no_trace(tmp_path):
    report = report_of(FILES[0], tmp_path, dry_run=True)
    assert report["new"] == 386
    assert not (Employee.objects.exists())
    assert not (Unit.objects.exists())
    assert not (ImportBatch.objects.exists())


def test_what_was_saved_stands_in_the_records_alone(tmp_path):
    report_of(FILES[1], tmp_path)
    rows = ImportRow.objects.filter(level="")
    assert set(rows.values_list("values", flat=True)[0]) == {"nip", "name"}
    assert not rows.exclude(cells=[]).exists()
    assert ImportRow.objects.get(number=321).cells[3] == "GREGORIUS RAHAYU"
