"""The demo's ratings stand under the same rules as people's own."""

import random

import pytest

from demo import performance_ratings
from evaluations.enums import EvaluationState
from evaluations.models import Evaluation, Feedback, FeedbackInvitation, Objection, Progress
from evaluations.selectors.feedback import feedback_shown
from tests.evaluations.factories import make_cycle, make_plan
from tests.evaluations.ratings_world import quarter_world

pytestmark = pytest.mark.django_db


def test_a_running_year_has_progress_words_ratings_and_what_waits(time_machine):
    time_machine.move_to("2026-08-10T02:00:00+00:00", tick=False)
    world = quarter_world(staff=5)
    for participant in world.people.values():
        if participant.plan is None and participant.assessor is not None:
            make_plan(participant)
    make_cycle(2025)
    performance_ratings.load(random.Random(1))
    states = set(Evaluation.objects.values_list("state", flat=True))
    assert EvaluationState.FINAL in states
    assert Evaluation.objects.filter(state=EvaluationState.OPEN).exists()
    assert Progress.objects.exists()
    assert FeedbackInvitation.objects.filter(given=False).exists()
    assert not Objection.objects.filter(decider=None).exists()
    first = Feedback.objects.filter(anonymous=True).first().participant
    periods = list(world.cycle.periods.exclude(kind="year"))
    assert [batch.givers for batch in feedback_shown(first, periods).anonymous] == [performance_ratings.GIVERS]
