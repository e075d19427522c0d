"""Publishing what was given anonymously: one job a closed period, seen while it runs, once whatever happens."""

import pytest
from django.urls import reverse

from evaluations.models import Feedback, FeedbackBox
from evaluations.services import feedback
from evaluations.tasks import publish_feedback
from kepegawaian.accounts.crypto import Unreadable
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import RuleRefused
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState
from tests.evaluations.ratings_world import AFTER_FEEDBACK, IN_QUARTER, published, quarter_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    """Three people wait to read what one colleague wrote of each; the last day for feedback is over."""
    time_machine.move_to(IN_QUARTER, tick=False)
    world = quarter_world(staff=3)
    for participant in (world.me, world.of(world.gov.section_head), world.of(world.gov.colleague)):
        give(world, participant)
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    return world


def give(world, participant):
    entries = [feedback.Entry("Sebuah kata")]
    giver = world.gov.staff[2].user
    return feedback.give(actor=giver, participant=participant, period=world.quarter, entries=entries)


def job() -> Job:
    return Job.objects.get(kind=feedback.PUBLISH)


def test_the_hour_gives_a_closed_period_to_one_job(world):
    for _hour in range(3):
        publish_feedback()
    assert job().arguments == {"period": str(world.quarter.pk), "cycle": str(world.cycle.pk)}
    world.quarter.refresh_from_db()
    assert world.quarter.feedback_closed_at is not None
    assert not Feedback.objects.exists()


def test_progress_is_told_in_hundredths_and_not_in_groups(world, monkeypatch):
    told = []
    monkeypatch.setattr(feedback, "BOXES", 1)
    monkeypatch.setattr(running.JobRun, "progress", lambda _run, *facts: told.append(facts))
    published()
    assert [(done, total) for done, total, _phase in told] == [(33, 100), (66, 100), (100, 100)]
    assert (job().state, job().result) == (JobState.DONE, {})
    assert Feedback.objects.count() == 3


def test_a_second_run_publishes_and_records_nothing(world):
    published()
    Job.objects.filter(pk=job().pk).update(state=JobState.WAITING, cursor={})
    assert running.run(job().pk)
    assert Feedback.objects.count() == 3
    assert Event.objects.filter(verb="evaluations.feedback_published").count() == 1
    assert Job.objects.filter(kind=feedback.TELL).count() == 1


def test_closed_stays_closed_when_the_deadline_is_moved_before_the_job_runs(world):
    assert feedback.publish_due() == 1
    world.cycle.deadlines.filter(kind="feedback").update(due_on="2026-12-31")
    with pytest.raises(RuleRefused, match="ditutup"):
        give(world, world.me)
    published()
    assert Feedback.objects.count() == 3


def test_boxes_of_an_unknown_key_wait_for_it_without_a_job_an_hour(world, monkeypatch):
    lost = FeedbackBox.objects.get(participant=world.me)

    def unseal(text):
        if text == lost.sealed:
            raise Unreadable
        return real(text)

    real = feedback.unseal
    with monkeypatch.context() as broken:
        broken.setattr(feedback, "unseal", unseal)
        assert [published(), published(), published()] == [1, 0, 0]
        assert list(FeedbackBox.objects.all()) == [lost]
    assert published() == 1
    assert not FeedbackBox.objects.exists()
    assert Feedback.objects.count() == 3


def test_a_failed_job_is_followed_by_another_in_the_next_hour(world, monkeypatch):
    def breaks(keys):
        raise ValueError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(feedback, "_empty", breaks)
        published()
    assert job().state == JobState.FAILED
    assert (FeedbackBox.objects.count(), Feedback.objects.count()) == (3, 0)
    assert published() == 1
    assert Feedback.objects.count() == 3


# --- Pages ----------------------------------------------------------------------------------------
def page(client, person, address):
    client.force_login(person.user)
    return client.get(address)


def test_hr_of_the_government_finds_the_progress_from_the_year(world, client):
    year = reverse("evaluations:cycle", args=[world.cycle.pk])
    assert "Umpan balik tanpa nama" not in page(client, world.gov.hr, year).text
    feedback.publish_due()
    progress = reverse("work:job", args=[job().pk])
    assert progress in client.get(year).text
    Job.objects.filter(pk=job().pk).update(state=JobState.RUNNING, done=40, total=100, phase="Menampilkan")
    assert '<progress value="40" max="100"' in client.get(progress).text
    Job.objects.filter(pk=job().pk).update(state=JobState.FAILED, error="Ada galat")
    assert "dicoba lagi setiap jam" in client.get(year).text
    Job.objects.filter(pk=job().pk).update(state=JobState.DONE, error="")
    assert progress not in client.get(year).text
    assert year in client.get(progress).text


@pytest.mark.parametrize("who", ["employee", "section_head", "office_head"])
def test_nobody_else_sees_it(world, client, who):
    feedback.publish_due()
    assert page(client, getattr(world.gov, who), reverse("work:job", args=[job().pk])).status_code == 404
