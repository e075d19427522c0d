import random
from collections import Counter

import pytest
from django.db import connection

from demo import performance_plans
from evaluations.enums import PlanState
from evaluations.models import Participant, Plan, PlanResult
from evaluations.selectors.plans import gaps_of, with_lines
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import make_world

pytestmark = pytest.mark.django_db


def test_the_invented_plans_hold_what_the_verbs_hold():
    world = make_world(staff=8)
    drafts, without = {world.gov.staff[0].pk}, {world.gov.staff[1].pk}
    written = performance_plans.load(world.cycle, random.Random(1), drafts=drafts, without=without)
    connection.check_constraints()
    states = Counter(Plan.objects.values_list("state", flat=True))
    assert written == sum(states.values()) == Participant.objects.count() - 1
    assert set(states) == {"agreed", "draft", "submitted", "returned"}
    assert WorkItem.objects.count() == states["submitted"] + states["returned"]
    for plan in with_lines(Plan.objects.all()):
        assert not gaps_of(plan).missing
        assert plan.participant.plan_id == plan.pk
        assert plan.version == 1 + plan.steps.count()
    agreed = Plan.objects.filter(state=PlanState.AGREED)
    assert all(plan.identity["assessor"]["name"] and plan.agreed_at for plan in agreed)
    assert PlanResult.objects.filter(intervenes__isnull=False).exists()


def test_a_year_that_is_over_has_agreed_plans_alone():
    world = make_world()
    performance_plans.load(world.cycle, random.Random(1), all_agreed=True)
    with_assessor = Participant.objects.exclude(assessor=None).count()
    assert Plan.objects.filter(state=PlanState.AGREED).count() == with_assessor
