"""The two parties and their tabs at the same moment, on real connections: one outcome, and a word to the other."""

import pytest
from django.db import transaction

from evaluations.enums import PlanState
from evaluations.models import Participant, Plan, PlanStep
from evaluations.services import plans as verbs
from evaluations.services.plans_lines import RESULT
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import make_world
from tests.evaluations.plans import agreed, started, submitted
from tests.support.races import at_once, refusals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


@pytest.fixture
def world(transactional_db):
    return make_world(staff=ROUNDS)


def test_withdrawing_while_it_is_agreed_to_has_one_outcome(world):
    head = world.gov.section_head.user
    for employee in world.gov.staff:
        me = world.of(employee)
        plan = submitted(me)
        results = at_once(
            lambda plan=plan, user=employee.user: verbs.withdraw(actor=user, plan=plan, version=plan.version),
            lambda plan=plan: verbs.agree(actor=head, plan=plan, version=plan.version),
        )
        assert len(refusals(results)) == 1
        plan.refresh_from_db()
        assert plan.state in (PlanState.DRAFT, PlanState.AGREED)
        assert (plan.agreed_at is not None) == (plan.state == PlanState.AGREED)
        assert not WorkItem.objects.filter(subject_id=plan.pk, closed_at=None).exists()
        assert PlanStep.objects.filter(plan=plan).count() == 2


def test_agreeing_twice_at_once_agrees_once(world):
    plan = submitted(world.me)
    results = at_once(*[lambda: verbs.agree(actor=world.gov.section_head.user, plan=plan)] * 4)
    assert [result.state for result in results] == [PlanState.AGREED] * 4
    assert PlanStep.objects.filter(plan=plan, action="agree").count() == 1


def test_returning_and_agreeing_at_once_do_one_of_the_two(world):
    head, plan = world.gov.section_head.user, submitted(world.me)
    results = at_once(
        lambda: verbs.agree(actor=head, plan=plan, version=plan.version),
        lambda: verbs.give_back(actor=head, plan=plan, note="Lagi", version=plan.version),
    )
    assert len(refusals(results)) == 1


def test_starting_twice_at_once_makes_one_plan(world):
    user = world.me.employee.user
    results = at_once(*[lambda: verbs.start(actor=user, participant=world.me)] * 4)
    assert len(refusals(results)) == 3
    assert Plan.objects.filter(participant=world.me).count() == 1


def test_beginning_a_new_version_twice_at_once_makes_one(world):
    user, plan = world.me.employee.user, agreed(world.me)
    results = at_once(*[lambda: verbs.change(actor=user, plan=plan, reason="Anggaran")] * 3)
    assert len(refusals(results)) == 2
    assert list(Plan.objects.filter(participant=world.me).values_list("number", flat=True)) == [2, 1]


def test_two_tabs_writing_one_line_keep_one_text_and_hand_back_the_other(world):
    user, plan = world.me.employee.user, started(world.me)
    key = (RESULT, str(plan.results.get().pk))
    seen = verbs.mark(verbs.Lines(plan).values(key))
    texts = ["Dari tab pertama", "Dari tab kedua"]
    first, second = at_once(
        *[
            lambda text=text: verbs.save_lines(
                actor=user, plan=plan, changes=[verbs.LineChange(key, {"text": text}, seen)]
            )
            for text in texts
        ]
    )
    kept = plan.results.get().text
    loser = first if first.clashes else second
    assert len(first.clashes) + len(second.clashes) == 1
    assert loser.clashes[key]["text"] == kept


def test_submitting_while_a_line_is_saved_loses_no_line_silently(world):
    user, plan = world.me.employee.user, started(world.me)
    key = (RESULT, str(plan.results.get().pk))
    change = verbs.LineChange(key, {"text": "Teks akhir"})
    saved, sent = at_once(
        lambda: verbs.save_lines(actor=user, plan=plan, changes=[change]),
        lambda: verbs.submit(actor=user, plan=plan),
    )
    assert sent.state == PlanState.SUBMITTED
    assert isinstance(saved, ApplicationError) == (plan.results.get().text != "Teks akhir")


def test_a_plan_submitted_while_the_assessor_changes_waits_for_the_new_one(world):
    new = world.gov.second_section_head
    for employee in world.gov.staff:
        me = world.of(employee)
        plan = started(me)

        def reassign(me=me):
            with transaction.atomic():
                Participant.objects.select_for_update().get(pk=me.pk)
                Participant.objects.filter(pk=me.pk).update(assessor=new)
                verbs.hand_over_plans([me])

        at_once(lambda plan=plan, user=employee.user: verbs.submit(actor=user, plan=plan), reassign)
        item = WorkItem.objects.get(subject_id=plan.pk, closed_at=None)
        assert item.holder_id == new.user_id
