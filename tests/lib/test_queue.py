import pytest
import time_machine
from django.db import transaction
from kombu.exceptions import OperationalError

from kepegawaian.lib import queue


class Task:
    """Stands for a Celery task; `away` as long as the broker is."""

    name = "tests.task"

    def __init__(self):
        self.away, self.asked, self.taken = False, 0, []

    def apply_async(self, args, retry):
        assert retry is False
        self.asked += 1
        if self.away:
            raise OperationalError("connection refused")
        self.taken.append(args)


@pytest.fixture
def task(monkeypatch):
    monkeypatch.setattr(queue, "_silent_until", 0.0)
    return Task()


def test_a_task_is_handed_over(task):
    assert queue.publish(task, 1, "b")
    assert task.taken == [(1, "b")]


def test_a_broker_that_is_away_is_no_error(task):
    task.away = True
    assert not queue.publish(task)


def test_after_a_failure_nobody_waits_again_for_a_moment(task, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(queue.time, "monotonic", lambda: now)
    task.away = True
    assert [queue.publish(task) for _time in range(3)] == [False] * 3
    assert task.asked == 1
    task.away, now = False, now + queue.PAUSE_SECONDS
    assert queue.publish(task)


def test_other_errors_are_not_hidden(task):
    task.apply_async = None
    with pytest.raises(TypeError):
        queue.publish(task)


@pytest.mark.django_db
def test_a_task_waits_for_the_commit(task, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue.publish_on_commit(task, 7)
        assert task.taken == []
    assert task.taken == [(7,)]


@pytest.mark.django_db
def test_whatever_happens_at_the_hand_over_the_click_succeeds(task, django_capture_on_commit_callbacks):
    task.apply_async = None
    with django_capture_on_commit_callbacks() as callbacks:
        queue.publish_on_commit(task)
    assert len(callbacks) == 1


@time_machine.travel("2026-03-16", tick=False)
def test_the_pause_does_not_depend_on_the_wall_clock(task):
    task.away = True
    queue.publish(task)
    with time_machine.travel("2030-01-01", tick=False):
        task.away = False
        assert not queue.publish(task)
