"""The demo's ratings stand under the same rules as people's own."""

import random

import pytest

from demo import performance_ratings, performance_transfer
from evaluations.enums import EvaluationState, PlanState
from evaluations.models import Evaluation, Feedback, FeedbackInvitation, Objection, Posting, Progress
from evaluations.selectors.feedback import feedback_shown
from evaluations.selectors.ratings import of_unit
from tests.evaluations.factories import make_cycle, make_plan
from tests.evaluations.ratings_world import quarter_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    time_machine.move_to("2026-08-10T02:00:00+00:00", tick=False)
    world = quarter_world(staff=5)
    for participant in world.people.values():
        if participant.plan is None and participant.assessor is not None:
            make_plan(participant)
    make_cycle(2025)
    performance_ratings.load(random.Random(1))
    return world


def test_a_running_year_has_progress_words_ratings_and_what_waits(world):
    states = set(Evaluation.objects.values_list("state", flat=True))
    assert EvaluationState.FINAL in states
    assert Evaluation.objects.filter(state=EvaluationState.OPEN).exists()
    assert Progress.objects.exists()
    assert FeedbackInvitation.objects.filter(given=False).exists()
    assert not Objection.objects.filter(decider=None).exists()
    first = Feedback.objects.filter(anonymous=True).first().participant
    periods = list(world.cycle.periods.exclude(kind="year"))
    assert [batch.givers for batch in feedback_shown(first, periods).anonymous] == [performance_ratings.GIVERS]


def test_somebody_has_moved_and_his_rating_stays_where_it_was_earned(world):
    Posting.objects.update(valid_from="2026-01-05")
    moved = performance_transfer.load(world.cycle, left_alone=[])
    former, now = moved.postings.select_related("unit").order_by("number")
    assert (str(former.valid_to), str(now.valid_from)) == ("2026-06-30", "2026-07-01")
    plans = moved.plans.order_by("posting__number").values_list("state", flat=True)
    assert [*plans] == [PlanState.SUPERSEDED, PlanState.AGREED]
    period = world.cycle.periods.get(start="2026-04-01", end="2026-06-30")
    rated = [of_unit(one.unit.path, period).filter(participant=moved).exists() for one in (former, now)]
    assert rated == [True, False]


def test_whom_a_visitor_looks_for_stays_where_he_is(world):
    everybody = [one.employee_id for one in world.people.values()]
    assert performance_transfer.load(world.cycle, left_alone=everybody) is None
