"""Long work on many people whose worker is killed: what is done stays done, the next one goes on behind it, and
nobody is told, changed or written down twice."""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from evaluations import monitoring
from evaluations.enums import DeadlineKind
from evaluations.models import AssessorAssignment, Deadline, Feedback, FeedbackBox, Participant
from evaluations.services import feedback
from kepegawaian.audit.models import Event
from kepegawaian.documents.models import StoredFile
from kepegawaian.notifications.models import Delivery, Message
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState
from tests.evaluations.factories import make_world
from tests.evaluations.ratings_world import AFTER_FEEDBACK, AFTER_QUARTER, quarter_world

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORKER = """
import importlib, os, sys, time
import django
django.setup()
from django.db import connection
connection.close()
connection.settings_dict["NAME"] = sys.argv[1]
import time_machine
time_machine.travel(sys.argv[3], tick=True).start()
steps, target, *settings = sys.argv[4:]
for setting in settings:
    name, value = setting.split("=")
    module, name = name.rsplit(".", 1)
    setattr(importlib.import_module(module), name, int(value))
module, name = target.rsplit(".", 1)
module = importlib.import_module(module)
real = getattr(module, name)
done = []
def hangs(*args, **kwargs):
    done.append(real(*args, **kwargs))
    if len(done) == int(steps):
        print("here", flush=True)
        time.sleep(600)
    return done[-1]
setattr(module, name, hangs)
from kepegawaian.work import running
running.run(sys.argv[2])
"""


@pytest.fixture(autouse=True)
def _by_the_worker_alone(monkeypatch):
    monkeypatch.setattr("kepegawaian.work.jobs.publish_on_commit", lambda *args: None)


def killed_within(job, at, target, *limits, steps, shown=None):
    """A worker runs the job, hangs when `target` has returned for the time of that number, and is killed there, as
    soon as everybody sees that it is `shown` far (done, total)."""
    database = connection.settings_dict["NAME"]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, database, str(job.pk), at, str(steps), target, *limits],
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "kepegawaian.settings.test"},
    )
    try:
        assert worker.stdout.readline() == b"here\n"
        assert shown is None or _comes_to(job, shown)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    _until_its_connections_are_gone()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def _until_its_connections_are_gone():
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(query)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def _comes_to(job, shown) -> bool:
    for _ in range(200):
        if Job.objects.values_list("done", "total").get(pk=job.pk) == shown:
            return True
        time.sleep(0.05)
    return False


def finished(job) -> Job:
    """The next worker takes it over, as the sweeper lets it."""
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    assert running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    return job


def test_reminding_a_list(time_machine):
    time_machine.move_to("2026-03-02T03:00:00+00:00", tick=False)
    world = make_world(staff=6)
    due = datetime.date(2026, 3, 10)
    deadline = Deadline.objects.create(cycle=world.cycle, kind=DeadlineKind.PLAN_SUBMIT, due_on=due)
    job = monitoring.start_reminding(actor=world.gov.hr.user, query="tahun=2026", deadline=deadline)
    target, limit = "evaluations.services.reminders.notify_together", "evaluations.services.reminders.CHUNK=2"
    killed_within(job, "2026-03-02T16:59:00+00:00", target, limit, steps=3)
    told = Message.objects.filter(kind="evaluations.reminder")
    assert told.count() == 4  # the third chunk was never committed
    time_machine.move_to("2026-03-03T03:00:00+00:00", tick=False)
    everybody = Participant.objects.count()
    assert finished(job).result == {"told": everybody, "before": 0}
    assert told.count() == told.values("recipient").distinct().count() == Delivery.objects.count() == everybody
    assert Event.objects.filter(verb="evaluations.reminded").count() == 1


def test_naming_an_assessor_for_a_list():
    world = make_world(staff=6)
    new = world.gov.office_head
    job = monitoring.start_assigning(
        actor=world.gov.hr.user, query="tahun=2026", assessor=new, reason="SK pengganti"
    )
    at = datetime.datetime.now(tz=datetime.UTC).isoformat()
    killed_within(job, at, "evaluations.monitoring.set_assessor", steps=3)
    done = AssessorAssignment.objects.filter(assessor=new, reason="SK pengganti").count()
    assert done == job.cursor["changed"] == 2  # the third change was never committed
    result = finished(job).result
    rows = AssessorAssignment.objects.filter(assessor=new, reason="SK pengganti")
    assert rows.count() == rows.values("participant").distinct().count() == result["changed"]
    assert result["changed"] + sum(result["refused"].values()) == len(job.arguments["people"])
    before = {"changed": result["changed"], "refused": sum(result["refused"].values())}
    assert before == {"changed": Participant.objects.filter(assessor=new).count() - 2, "refused": 4}


def test_writing_a_sheet():
    world = make_world(staff=6)
    job = monitoring.PEOPLE.later(query="tahun=2026", kind="csv", actor=world.gov.hr.user)
    at = datetime.datetime.now(tz=datetime.UTC).isoformat()
    killed_within(job, at, "kepegawaian.work.sheets.store_content", steps=1)
    assert not StoredFile.objects.filter(subject_id=job.pk).exists()
    result = finished(job).result
    assert StoredFile.objects.get(subject_id=job.pk).pk.hex == result["file"].replace("-", "")
    assert Event.objects.filter(verb="evaluations.people_exported").count() == 1
    assert finished(job).result == result
    assert StoredFile.objects.filter(subject_id=job.pk).count() == 1


def given_by_all(time_machine):
    """Everybody of a section has written about everybody else; the last day for feedback is over."""
    time_machine.move_to(AFTER_QUARTER, tick=False)
    world = quarter_world(staff=6)
    people = [world.of(person) for person in world.gov.staff]
    for one in people:
        for giver in world.gov.staff:
            if giver.pk != one.employee_id:
                words = [feedback.Entry(f"Kata {giver.pk}")]
                feedback.give(actor=giver.user, participant=one, period=world.quarter, entries=words)
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    assert feedback.publish_due() == 1
    return people


def test_publishing_feedback_leaves_all_or_nothing(time_machine):
    people = given_by_all(time_machine)
    job = Job.objects.get(kind=feedback.PUBLISH)
    target, limit = "evaluations.services.feedback._empty", "evaluations.services.feedback.BOXES=2"
    killed_within(job, AFTER_FEEDBACK, target, limit, steps=3, shown=(66, 100))
    assert (Feedback.objects.count(), FeedbackBox.objects.count()) == (0, len(people))
    assert job.cursor == {}
    assert not Event.objects.filter(verb="evaluations.feedback_published").exists()
    for _time in range(2):
        assert finished(job).result == {}
        assert (Feedback.objects.count(), FeedbackBox.objects.count()) == (len(people) * (len(people) - 1), 0)
        assert Event.objects.filter(verb="evaluations.feedback_published").count() == 1
        assert Job.objects.filter(kind=feedback.TELL).count() == 1


def test_telling_that_feedback_is_published(time_machine):
    people = given_by_all(time_machine)
    finished(Job.objects.get(kind=feedback.PUBLISH))
    job = Job.objects.get(kind=feedback.TELL)
    target, limit = "evaluations.services.feedback.notify_together", "evaluations.services.feedback.TOLD_AT_ONCE=2"
    killed_within(job, AFTER_FEEDBACK, target, limit, steps=2)
    told = Message.objects.filter(kind="evaluations.feedback_published")
    assert (told.count(), job.cursor["told"]) == (2, 2)
    assert finished(job).result == {"told": len(people)}
    assert told.count() == told.values("recipient").distinct().count() == len(people)
