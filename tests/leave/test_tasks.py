"""Periodic tasks and jobs: registered, thin, and safe to run at any time."""

import datetime

import pytest
from django.core.management import call_command

from kepegawaian.schedule import SCHEDULE
from kepegawaian.work.jobs import enqueue
from kepegawaian.work.models import Job
from kepegawaian.work.running import run
from leave import tasks, year_end
from leave.models import DeciderRule, LeaveSetting, Movement, YearRun
from tests.employees.factories import make_head
from tests.leave.factories import day, know_years, set_up_leave


@pytest.mark.parametrize("name", ["leave.close_year", "leave.credit_duties", "leave.follow_holders"])
def test_every_task_is_scheduled(name):
    assert name in SCHEDULE


def test_the_year_closes_on_the_first_of_january_just_after_midnight():
    when = SCHEDULE["leave.close_year"]["schedule"]
    assert (when.hour, when.minute) == ({0}, {10})


def test_the_yearly_task_closes_the_year_that_has_ended(flow, time_machine):
    tasks.close_leave_year()
    assert [run.year for run in YearRun.objects.all()] == [2025]
    time_machine.move_to(datetime.datetime(2026, 12, 31, 17, 10, tzinfo=datetime.UTC))
    tasks.close_leave_year()
    tasks.close_leave_year()
    assert set(YearRun.objects.values_list("year", flat=True)) == {2025, 2026}


def test_the_nightly_tasks_do_nothing_when_there_is_nothing(flow):
    tasks.credit_duties()
    tasks.follow_the_holders()
    assert not Movement.objects.exists()


def test_steps_follow_their_holders_at_night(flow, time_machine):
    request = flow.submitted()
    make_head(flow.gov.section, kind="plh", name="Plh Nanti", since=day(3, 4))
    time_machine.move_to(datetime.datetime(2026, 3, 4, 3, tzinfo=datetime.UTC))
    tasks.follow_the_holders()
    assert request.steps.get(closed_at=None).holder.name == "Plh Nanti"


def test_the_year_end_runs_as_a_job_with_progress(flow, time_machine):
    time_machine.move_to(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC))
    job = year_end.start_run(actor=flow.gov.hr.user, year=2026)
    assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["people"], job.done) == ("done", year_end.people().count(), job.total)


def test_a_job_that_cannot_run_says_why(flow):
    job = enqueue(year_end.JOB, owner=flow.gov.hr.user, arguments={"year": 2026})
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Tahun 2026 belum berakhir.")


def test_another_reading_is_posted_as_new_movements(flow, time_machine):
    """E20: 18 days by the strict reading, 24 by the lenient one."""
    know_years(flow.employee, 2024, 2025, left=12, unused=True)
    flow.granted(day(4, 6), day(4, 13))
    time_machine.move_to(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC))
    year_end.close_year(2026)
    set_up_leave(carry_n2_mode="lenient")
    job = enqueue(year_end.RECOMPUTE_JOB, owner=flow.gov.hr.user, arguments={})
    assert run(job.pk)
    rows = {row.kind: row.granted for row in flow.employee.leave_account.buckets.filter(year=2027)}
    assert rows == {"C2": 6, "C1": 6, "O": 12}
    again = enqueue(year_end.RECOMPUTE_JOB, owner=flow.gov.hr.user, arguments={})
    before = Movement.objects.count()
    run(again.pk)
    assert Movement.objects.count() == before
    assert Job.objects.filter(state="failed").count() == 0


def test_seeding_leave_twice_is_seeding_once(db, capsys):
    call_command("seed_leave")
    call_command("seed_leave")
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == "decider rules: 0 new, settings: unchanged"
    assert LeaveSetting.objects.count() == 1
    assert DeciderRule.objects.filter(abroad=True).get().decider == "ppk"
