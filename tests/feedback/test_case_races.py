"""Officers and reporters at the same moment, on real connections: one outcome, a clear word for the rest."""

import pytest

from feedback.enums import CaseState
from feedback.models import Case, CaseStep
from feedback.services import cases
from feedback.services.cases import Filing, tick
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.feedback.factories import make_desk
from tests.support.races import at_once, refusals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db, clock):
    return make_desk()


def test_two_admins_decide_at_once_and_one_of_them_is_told(desk):
    case = desk.opened()
    results = at_once(
        lambda: cases.assign(actor=desk.admin, case=case, unit=desk.gov.office),
        lambda: cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="Tidak jelas"),
    )
    assert [type(error) for error in refusals(results)] == [StateChanged]
    assert Case.objects.get(pk=case.pk).state in (CaseState.ASSIGNED, CaseState.REJECTED)
    assert list(CaseStep.objects.filter(case=case).values_list("version", flat=True)) == [1, 2, 3]


def test_two_liaisons_accept_and_one_becomes_the_officer(desk):
    case = desk.assigned()
    results = at_once(
        lambda: cases.accept(actor=desk.liaison, case=case), lambda: cases.accept(actor=desk.checker, case=case)
    )
    assert len(refusals(results)) == 1
    assert CaseStep.objects.filter(case=case, action="accept").count() == 1
    assert WorkItem.objects.filter(subject_id=case.pk, closed_at=None, kind="feedback.answer").count() == 1


def test_the_same_form_twice_at_once_is_one_case(desk):
    filing = Filing(text="Lampu padam", anonymous=True)
    first, second = at_once(*[lambda: cases.file_case(filing=filing, key="kunci")] * 2)
    assert (first.case, first.pin) == (second.case, second.pin)
    assert Case.objects.count() == 1


def test_two_cases_joined_crosswise_do_not_wait_for_each_other(desk):
    one, two = desk.opened(), desk.opened()
    results = at_once(
        lambda: cases.merge(actor=desk.admin, case=one, main=two),
        lambda: cases.merge(actor=desk.admin, case=two, main=one),
    )
    assert len(refusals(results)) == 1
    assert Case.objects.filter(state=CaseState.DUPLICATE).count() == 1


def test_silence_against_an_objection_has_one_outcome(desk, clock):
    case = desk.answered(user=desk.citizen)
    clock("02-02")
    results = at_once(
        lambda: tick(),
        lambda: cases.object_to_answer(by=desk.reporter(case), case=case, reason="Belum"),
    )
    state = Case.objects.get(pk=case.pk).state
    assert state == (CaseState.CLOSED if refusals(results) else CaseState.IN_PROCESS)


def test_two_beats_remind_and_escalate_once(desk, clock):
    desk.accepted()
    clock("02-06")
    at_once(tick, tick)
    assert (
        Message.objects.filter(kind="feedback.overdue", recipient=desk.leader).count() == 2
    )  # first and final limit
    assert CaseStep.objects.filter(action="escalate").count() == 2
