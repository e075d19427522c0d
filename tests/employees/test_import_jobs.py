"""Confirming, cancelling, repeating; changes meanwhile, kills and races: all or nothing, once."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.employees import services as people
from kepegawaian.employees.importing import saving, services, staff
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.employees.models.imports import ImportBatch, ImportRow, ImportState
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused, StateChanged
from kepegawaian.units.models import Unit
from kepegawaian.work import tasks
from kepegawaian.work.models import Job, JobState, WorkItem
from tests.employees.factories import UserFactory
from tests.employees.imports import difference, import_rows, issues, preview_rows, quiet, save, verdicts
from tests.employees.staff_files import csv_text, person, table
from tests.support import processes
from tests.support.races import at_once
from tests.units.factories import RoleAssignmentFactory

ROW = person(7)


@pytest.fixture
def hr(db):
    user = UserFactory(name="HR Pusat")
    RoleAssignmentFactory(user=user, role=Role.HR_CENTRAL)
    return user


def upload(*rows, name="pegawai.csv"):
    return SimpleUploadedFile(name, csv_text(table(list(rows))).encode())


def start(hr, run, *rows):
    """Upload as the page does; `run` executes what waits for the commit."""
    with run(execute=True):
        batch = services.start(upload=upload(*rows), actor=hr)
    batch.refresh_from_db()
    return batch


def confirm(batch, hr, run):
    with run(execute=True):
        services.confirm(batch=batch, actor=hr)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


# --- The way of an import -------------------------------------------------------------------------
def test_a_file_is_read_waits_and_is_saved_only_after_confirmation(hr, run):
    batch = start(hr, run, ROW)
    assert (batch.state, batch.layout, batch.counts["new"]) == (ImportState.PREVIEW, "siasn", 1)
    assert not Employee.objects.exists()
    assert WorkItem.objects.get(kind=services.WAITING, closed_at=None).holder == hr
    confirm(batch, hr, run)
    assert (batch.state, batch.confirmed_by) == (ImportState.DONE, hr)
    assert Employee.objects.count() == 1
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_file_that_cannot_be_read_says_why(hr, run):
    with run(execute=True):
        batch = services.start(upload=SimpleUploadedFile("a.csv", b"NIP,UMUR\n1,2\n"), actor=hr)
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED
    assert (batch.error.startswith("Kolom"), batch.details["error"]) == (True, {"columns": "NAMA"})


@pytest.mark.parametrize("content", [b"", b"  \n", b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_is_refused_at_the_door(hr, content):
    with pytest.raises(RuleRefused):
        services.start(upload=SimpleUploadedFile("a.xlsx", content), actor=hr)


def test_a_file_above_the_limit_is_refused_at_the_door(hr, settings):
    settings.MAX_IMPORT_MB = 0
    with pytest.raises(RuleRefused, match="paling besar 0 MB"):
        services.start(upload=upload(ROW), actor=hr)


def test_only_who_holds_the_right_for_the_whole_government_may_start(gov):
    partly = UserFactory()
    RoleAssignmentFactory(user=partly, role=Role.HR_CENTRAL, unit=gov.office)
    with pytest.raises(PermissionRefused):
        services.start(upload=upload(ROW), actor=partly)
    RoleAssignmentFactory(user=partly, role=Role.HR_CENTRAL, unit=gov.root)
    del partly._current_roles
    assert services.start(upload=upload(ROW), actor=partly).state == ImportState.READING


def test_the_second_who_confirms_is_told(hr, run):
    batch = start(hr, run, ROW)
    services.confirm(batch=batch, actor=hr)
    with pytest.raises(StateChanged):
        services.confirm(batch=batch, actor=hr)
    assert Job.objects.filter(kind=services.SAVE_JOB).count() == 1


def test_nothing_to_save_cannot_be_confirmed(hr, run, tmp_path):
    import_rows(tmp_path, ROW)
    with pytest.raises(PermissionRefused):
        services.confirm(batch=start(hr, run, ROW), actor=hr)


def test_a_cancelled_import_keeps_no_rows_and_cannot_be_confirmed(hr, run):
    batch = start(hr, run, ROW)
    services.cancel(batch=batch, actor=hr)
    assert not ImportRow.objects.exists()
    with pytest.raises(StateChanged):
        services.confirm(batch=batch, actor=hr)
    with pytest.raises(StateChanged):
        services.cancel(batch=batch, actor=hr)


def test_a_reading_that_was_cancelled_stops(hr, tmp_path, monkeypatch):
    batch = services.start(upload=upload(ROW), actor=hr)
    compare = staff.Staff.compare

    def cancelled_meanwhile(self, rows):
        ImportBatch.objects.update(state=ImportState.CANCELLED)
        return compare(self, rows)

    monkeypatch.setattr(staff.Staff, "compare", cancelled_meanwhile)
    tasks.run_job(str(batch.job_id))
    batch.refresh_from_db()
    assert batch.state == ImportState.CANCELLED
    assert not ImportRow.objects.exists()


def test_a_reading_that_was_cut_off_starts_afresh(hr):
    batch = services.start(upload=upload(ROW), actor=hr)
    ImportRow.objects.create(batch=batch, number=2, verdict="new")
    tasks.run_job(str(batch.job_id))
    assert verdicts(batch) == ["new"]


def test_an_import_whose_job_gave_up_can_be_started_again_or_cancelled(hr, run):
    batch = start(hr, run, ROW)
    services.confirm(batch=batch, actor=hr)
    with pytest.raises(PermissionRefused):
        services.retry(batch=batch, actor=hr)
    Job.objects.filter(kind=services.SAVE_JOB).update(state=JobState.FAILED)
    with run(execute=True):
        services.retry(batch=batch, actor=hr)
    batch.refresh_from_db()
    assert (batch.state, Employee.objects.count()) == (ImportState.DONE, 1)


# --- Changes meanwhile ----------------------------------------------------------------------------
def test_a_change_since_the_preview_is_shown_again_and_not_overwritten(hr, run, tmp_path):
    import_rows(tmp_path, ROW)
    batch = start(hr, run, person(7, NAMA="Nama dari SIASN"))
    people.change_facts(employee=Employee.objects.get(), changes={"name": "Nama dari HR"})
    confirm(batch, hr, run)
    assert (batch.state, batch.error) == (ImportState.PREVIEW, services.CHANGED_MEANWHILE)
    assert difference(batch) == {"name": ("Nama dari HR", "Nama dari SIASN")}
    assert Employee.objects.get().name == "Nama dari HR"
    confirm(batch, hr, run)
    assert (batch.state, Employee.objects.get().name) == (ImportState.DONE, "Nama dari SIASN")


def test_a_person_entered_by_hand_since_the_preview_is_not_entered_twice(hr, run):
    batch = start(hr, run, ROW)
    people.create_employee(nip=ROW["NIP BARU"], name="Oleh HR", status="pns")
    confirm(batch, hr, run)
    assert batch.state == ImportState.PREVIEW
    assert verdicts(batch) == ["changed"]
    assert Employee.objects.get().name == "Oleh HR"


def test_a_collision_between_comparison_and_insert_is_shown_again(hr, run, monkeypatch):
    batch = start(hr, run, ROW)
    apply = staff.Staff.apply

    def collide(self, rows):
        User.objects.bulk_create([User(nip=ROW["NIP BARU"].strip("'"), name="Baru saja", password="!")])
        return apply(self, rows)

    monkeypatch.setattr(staff.Staff, "apply", collide)
    confirm(batch, hr, run)
    assert (batch.state, batch.error) == (ImportState.PREVIEW, services.CHANGED_MEANWHILE)
    assert not Employee.objects.exists()


def test_a_failure_near_the_end_leaves_nothing_behind(hr, tmp_path, monkeypatch):
    batch = preview_rows(tmp_path, *(person(n) for n in range(30)))

    def fail(self):
        raise ZeroDivisionError

    monkeypatch.setattr(staff.Staff, "finish", fail)
    with pytest.raises(ZeroDivisionError):
        save(batch)
    assert not (Employee.objects.exists())
    assert not (Unit.objects.exists())
    assert not (User.objects.exclude(pk=hr.pk).exists())


def test_saving_again_what_is_saved_does_nothing(db, tmp_path):
    batch = import_rows(tmp_path, ROW)
    assert saving.save(batch.pk, progress=quiet) is False
    assert Employee.objects.count() == 1


def test_statements_of_a_saving_do_not_grow_with_the_rows(db, tmp_path, django_assert_max_num_queries):
    """Units are made one by one; the people of a batch cost a fixed number."""
    import_rows(tmp_path, *(person(n) for n in range(40)))
    few = preview_rows(tmp_path, *(person(n, NAMA="B") for n in range(2)))
    with django_assert_max_num_queries(40) as counted:
        save(few)
    many = preview_rows(tmp_path, *(person(n, NAMA="C") for n in range(40)))
    with django_assert_max_num_queries(len(counted)):
        save(many)


# --- Races and kills ------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestForReal:
    def test_of_two_who_confirm_at_once_one_wins(self, tmp_path):
        users = [UserFactory() for _number in range(2)]
        for user in users:
            RoleAssignmentFactory(user=user, role=Role.HR_CENTRAL)
        batch = preview_rows(tmp_path, ROW)
        results = at_once(*((lambda user=user: services.confirm(batch=batch, actor=user)) for user in users))
        assert sorted(type(result).__name__ for result in results) == ["ImportBatch", "StateChanged"]
        batch.refresh_from_db()
        assert (batch.state, Employee.objects.count()) == (ImportState.DONE, 1)

    def test_the_same_file_saved_twice_at_once_enters_everybody_once(self, tmp_path):
        rows = [person(n) for n in range(20)]
        batches = [preview_rows(tmp_path, *rows) for _number in range(2)]
        ImportBatch.objects.update(state=ImportState.SAVING)

        def saving_one(batch):
            try:
                return saving.save(batch.pk, progress=quiet)
            except saving.Outdated:
                return "outdated"

        results = at_once(*((lambda batch=batch: saving_one(batch)) for batch in batches))
        assert sorted(map(str, results)) == ["True", "outdated"]
        assert Employee.objects.count() == 20

    def test_a_worker_killed_in_the_middle_of_saving_leaves_nothing_half_done(self, tmp_path):
        hr = UserFactory()
        RoleAssignmentFactory(user=hr, role=Role.HR_CENTRAL)
        batch = preview_rows(tmp_path, *(person(n) for n in range(1200)), actor=hr)
        with processes.house(tmp_path / "house") as house:
            first = house.worker(include="tests.employees.slow_saving")
            services.confirm(batch=batch, actor=hr)
            assert processes.until(lambda: Job.objects.filter(done=1200).exists())
            first.kill()
            assert processes.until(lambda: not Employee.objects.exists())
            assert not (PositionHolding.objects.exists())
            assert not (Unit.objects.exists())
            assert ImportBatch.objects.get().state == ImportState.SAVING
            house.worker()
            Job.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=5), queued_at=None)
            tasks.sweep_jobs()
            assert processes.until(lambda: ImportBatch.objects.get().state == ImportState.DONE)
        assert Employee.objects.count() == PositionHolding.objects.count() == 1200
        assert Job.objects.get().attempts == 2


@pytest.mark.slow
def test_ten_thousand_rows_are_read_saved_and_found_unchanged(db, tmp_path):
    rows = [person(n) for n in range(10_000)]
    assert import_rows(tmp_path, *rows).counts["new"] == 10_000
    again = preview_rows(tmp_path, *rows)
    assert (again.counts["unchanged"], issues(again)) == (10_000, [])


def test_the_sentence_of_a_refusal_reaches_the_caller(hr, run):
    batch = start(hr, run, ROW)
    confirm(batch, hr, run)
    with pytest.raises(ApplicationError, match="tidak dapat dibatalkan"):
        services.cancel(batch=batch, actor=hr)
