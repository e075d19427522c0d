import datetime
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from kepegawaian.work import heartbeat, jobs, running, tasks
from kepegawaian.work.models import Job, JobState, WorkItem
from tests.accounts.factories import UserFactory
from tests.support import processes
from tests.work import handlers
from tests.work.factories import job

MINUTE = datetime.timedelta(minutes=1)


def _enqueue(kind=handlers.QUICK, **arguments):
    return jobs.enqueue(kind, owner=UserFactory(), arguments=arguments)


def _silent(row, minutes=3, **values):
    """The job as a worker left it that died some minutes ago."""
    Job.objects.filter(pk=row.pk).update(
        state=JobState.RUNNING, heartbeat_at=timezone.now() - minutes * MINUTE, **({"attempts": 1} | values)
    )


@pytest.mark.django_db
class TestRunning:
    def test_a_job_runs_once_its_transaction_is_in(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as queued:
            row = _enqueue()
        assert Job.objects.get().state == JobState.WAITING
        queued[0]()
        row.refresh_from_db()
        assert (row.state, row.result, row.attempts) == (JobState.DONE, {"steps": 8}, 1)
        assert (row.done, row.total, row.phase, row.error) == (8, 8, "Menulis", "")
        assert row.finished_at is not None

    def test_a_second_task_does_nothing(self):
        row = _enqueue()
        assert running.run(row.pk)
        assert not running.run(row.pk)
        assert WorkItem.objects.count() == 8

    def test_a_kind_that_nobody_registered_is_refused_at_once(self):
        with pytest.raises(ImproperlyConfigured, match=r"nobody\.knows"):
            _enqueue("nobody.knows")

    def test_a_refusal_is_told_in_its_own_words(self):
        row = _enqueue(handlers.REFUSED)
        running.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.error, row.done, row.total) == (JobState.FAILED, "Sheet ini kosong.", 3, 10)

    def test_any_other_error_shows_a_code_and_no_data(self, capsys):
        row = _enqueue(handlers.BROKEN)
        running.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.error) == (JobState.FAILED, f"Ada galat di sistem. Kode: {row.pk}")

    def test_words_are_the_owners(self):
        owner = UserFactory(language="en")
        row = jobs.enqueue(handlers.BROKEN, owner=owner, arguments={})
        running.run(row.pk)
        row.refresh_from_db()
        assert row.error.startswith("There was an error")

    def test_when_the_database_goes_away_the_job_waits_for_another_try(self, monkeypatch):
        row = _enqueue(handlers.QUICK)
        monkeypatch.setitem(running._kinds, handlers.QUICK, jobs.JobKind(handlers.QUICK, _gone, "x"))
        assert not running.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.error) == (JobState.WAITING, "OperationalError")
        assert running.take_lost() == [str(row.pk)]


def _gone(run):
    raise OperationalError("server closed the connection")


@pytest.mark.django_db
class TestResuming:
    def test_what_a_dead_worker_began_goes_on_at_the_cursor(self):
        row = _enqueue()
        _silent(row, cursor={"done": 6})
        tasks.sweep_jobs()
        row.refresh_from_db()
        assert (row.state, row.attempts) == (JobState.DONE, 2)
        assert sorted(WorkItem.objects.values_list("title", flat=True)) == ["6", "7"]

    def test_a_job_whose_worker_lives_is_left_to_it(self):
        row = _enqueue()
        _silent(row, minutes=1)
        assert running.take_lost() == []
        assert not running.run(row.pk)

    def test_what_the_broker_lost_is_queued_again_but_not_doubled(self):
        row = _enqueue()
        assert running.take_lost() == []
        Job.objects.update(queued_at=timezone.now() - 2 * MINUTE)
        assert running.take_lost() == [str(row.pk)]
        assert running.take_lost() == []

    def test_a_job_that_kills_its_workers_is_given_up(self):
        row = _enqueue()
        _silent(row, attempts=running.MAX_ATTEMPTS)
        assert not running.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.error) == (JobState.FAILED, "Terhenti 5 kali dan tidak dilanjutkan.")

    def test_a_worker_that_was_thought_dead_writes_nothing_more(self):
        row = _enqueue()
        slow_one = running._claim(row.pk)
        _silent(row)
        assert running.run(row.pk)
        with pytest.raises(jobs.JobLost), transaction.atomic():
            running.JobRun(slow_one, heartbeat.Heartbeat(slow_one)).save_cursor({"done": 1})
        assert not running._end(slow_one, heartbeat.Heartbeat(slow_one), JobState.FAILED, error="x")
        row.refresh_from_db()
        assert (row.state, row.cursor) == (JobState.DONE, {"done": 8})

    def test_a_job_that_was_taken_over_ends_quietly(self, monkeypatch):
        def overtaken(run):
            Job.objects.update(attempts=9)
            run.save_cursor({})

        row = _enqueue()
        monkeypatch.setitem(running._kinds, handlers.QUICK, jobs.JobKind(handlers.QUICK, overtaken, "x"))
        assert not running.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.attempts) == (JobState.RUNNING, 9)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestForReal:
    def test_progress_shows_while_the_handler_is_inside_a_transaction(self, monkeypatch):
        monkeypatch.setattr(heartbeat, "SHOW_EVERY", 0.05)
        seen = []

        def one_transaction(run):
            with transaction.atomic():
                run.progress(4, 10, "Menulis")
                processes.until(lambda: seen.append(_seen_elsewhere(run.job.pk)) or seen[-1] == 4, 10)

        monkeypatch.setitem(running._kinds, handlers.QUICK, jobs.JobKind(handlers.QUICK, one_transaction, "x"))
        _enqueue()
        assert seen[-1] == 4

    def test_a_beat_does_not_wait_for_the_handlers_own_lock(self, monkeypatch):
        monkeypatch.setattr(heartbeat, "SHOW_EVERY", 0.05)

        def locking(run):
            with transaction.atomic():
                run.save_cursor({"done": 1})
                run.progress(1, 2, "x")
                time.sleep(0.5)

        monkeypatch.setitem(running._kinds, handlers.QUICK, jobs.JobKind(handlers.QUICK, locking, "x"))
        started = time.monotonic()
        row = _enqueue()
        row.refresh_from_db()
        assert (row.state, row.cursor) == (JobState.DONE, {"done": 1})
        assert time.monotonic() - started < 5

    def test_a_job_survives_the_kill_of_its_worker_and_does_every_step_once(self, tmp_path):
        owner = UserFactory()
        with processes.house(tmp_path) as house:
            first = house.worker(include="tests.work.handlers")
            row = jobs.enqueue(handlers.SLOW, owner=owner, arguments={"pause": 0.5, "steps": STEPS})
            assert processes.until(lambda: WorkItem.objects.count() >= 3)
            first.kill()
            done = WorkItem.objects.count()
            assert done < STEPS
            house.worker(include="tests.work.handlers")
            Job.objects.update(heartbeat_at=timezone.now() - 5 * MINUTE, queued_at=None)
            tasks.sweep_jobs()
            assert processes.until(lambda: Job.objects.get().state == JobState.DONE)
        row.refresh_from_db()
        assert row.attempts == 2
        titles = sorted(WorkItem.objects.values_list("title", flat=True), key=int)
        assert titles == [str(step) for step in range(STEPS)]


STEPS = 12


def _seen_elsewhere(key):
    """What another session sees of the job's progress."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT done FROM work_job WHERE id = %s", [key])
            return cursor.fetchone()[0]
    finally:
        other.close()


@pytest.mark.django_db
def test_a_job_of_nobody_speaks_the_default_language():
    row = job(None, kind=handlers.BROKEN)
    running.run(row.pk)
    row.refresh_from_db()
    assert row.error.startswith("Ada galat")
