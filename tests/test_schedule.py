"""The periodic jobs: each is a registered task that says what it does and may run twice."""

import inspect
import itertools

import pytest
from celery.schedules import crontab

from kepegawaian.celery import app
from kepegawaian.schedule import JOBS, SCHEDULE


@pytest.fixture(scope="module", autouse=True)
def _tasks():
    app.loader.import_default_modules()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.task)
class TestEachJob:
    def test_it_is_a_registered_task_with_a_sentence(self, job):
        assert job.task in app.tasks
        assert app.tasks[job.task].run.__doc__
        assert job.why

    def test_a_late_run_is_dropped_before_the_next_one_is_due(self, job):
        assert 0 < job.expires <= _shortest_pause(job.when)

    def test_it_needs_no_arguments(self, job):
        needed = inspect.signature(app.tasks[job.task].run).parameters.values()
        assert [one.name for one in needed if one.default is one.empty] == []


def _shortest_pause(when):
    """Seconds between two runs, the shortest there is."""
    if not isinstance(when, crontab):
        return when.run_every.total_seconds()
    if len(when.minute) > 1:
        minutes = sorted(when.minute)
        return min(later - earlier for earlier, later in itertools.pairwise(minutes)) * 60
    return 3600 if len(when.hour) > 1 else 86_400


def test_the_list_is_sorted_and_has_each_task_once():
    names = [job.task for job in JOBS]
    assert names == sorted(set(names))


def test_beat_reads_this_list_and_no_other():
    assert app.conf.beat_schedule == SCHEDULE
    assert [entry["task"] for entry in SCHEDULE.values()] == [job.task for job in JOBS]
