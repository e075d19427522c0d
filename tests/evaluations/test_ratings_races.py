"""The assessor, HR and the person at the same moment, on real connections: one outcome, and clear refusals."""

import pytest
from django.db import transaction

from evaluations.enums import EvaluationState
from evaluations.models import Evaluation, EvaluationStep, FeedbackBox, Objection, Participant
from evaluations.services import feedback, objections, ratings
from evaluations.services.common import locked_participant
from kepegawaian.lib.exceptions import ApplicationError
from tests.evaluations.ratings_world import (
    AFTER_QUARTER,
    assessed,
    assessor_of,
    quarter_world,
    rated,
    read,
    user_of,
)
from tests.support.races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, time_machine):
    time_machine.move_to(AFTER_QUARTER, tick=False)
    return quarter_world(staff=3)


def refusals(results):
    return [result for result in results if isinstance(result, ApplicationError)]


def test_two_signatures_at_once_sign_once(world):
    row, actor = assessed(world.me, world.quarter), assessor_of(world.me)
    results = at_once(*[lambda: ratings.sign(actor=actor, evaluation=row)] * 2)
    assert len(refusals(results)) == 1
    assert EvaluationStep.objects.filter(evaluation=row, action="sign").count() == 1


def test_signing_while_the_assessor_changes_leaves_one_truth(world):
    row, actor = assessed(world.me, world.quarter), assessor_of(world.me)
    new = world.gov.second_section_head

    def change():
        with transaction.atomic():
            participant = locked_participant(world.me)
            Participant.objects.filter(pk=participant.pk).update(assessor=new)
            participant.assessor = new
            return ratings.hand_over_evaluations([participant])

    results = at_once(lambda: ratings.sign(actor=actor, evaluation=row), change)
    row.refresh_from_db()
    if row.state == EvaluationState.FINAL:
        assert (row.assessor, results[1]) == (world.gov.section_head, 0)
    else:
        assert (row.state, row.assessor, results[1]) == (EvaluationState.ASSESSED, new, 1)
        assert refusals(results)


def test_two_assessments_at_once_make_one_evaluation(world):
    actor = assessor_of(world.me)
    act = {"actor": actor, "participant": world.me, "period": world.quarter, "given": rated()}
    at_once(*[lambda: ratings.assess(**act)] * 2)
    assert Evaluation.objects.filter(participant=world.me).count() == 1


def test_an_objection_filed_twice_at_once_is_one(world):
    row, actor = read(world.me, world.quarter), user_of(world.me)
    act = {"actor": actor, "evaluation": row, "reasons": "Tidak dihitung"}
    results = at_once(*[lambda: objections.file_objection(**act)] * 2)
    assert len(refusals(results)) == 1
    assert Objection.objects.count() == 1


def test_words_given_at_once_all_reach_the_box(world):
    about = {"participant": world.me, "period": world.quarter}
    givers = [person.user for person in world.gov.staff[1:]]
    acts = [
        lambda user=user: feedback.give(actor=user, **about, entries=[feedback.Entry(f"Kata {user.pk}")])
        for user in givers
    ]
    assert refusals(at_once(*acts)) == []
    assert len(feedback._unsealed(FeedbackBox.objects.get())) == len(givers)


def test_words_given_while_the_period_closes_are_published_or_refused_but_never_lost(world, time_machine):
    about = {"participant": world.me, "period": world.quarter}
    first, second = (person.user for person in world.gov.staff[1:])
    feedback.give(actor=first, **about, entries=[feedback.Entry("Kata pertama")])
    world.cycle.deadlines.filter(kind="feedback").update(due_on="2026-03-31")

    def late():
        return feedback.give(actor=second, **about, entries=[feedback.Entry("Kata kedua")])

    results = at_once(late, feedback.publish_due)
    assert len(refusals(results)) == 1
    assert not FeedbackBox.objects.exists()
    assert world.me.feedback.count() == 1
