"""People at the same moment, on real connections: one outcome, and a clear sentence for the others."""

from collections import Counter

import pytest

from kepegawaian.lib.exceptions import ApplicationError, RuleRefused, StateChanged
from leave import services, year_end
from leave.enums import Outcome, RequestState
from leave.models import Bucket, HeldPeriod, LeaveRequest, Movement, Transition
from leave.services import Verdict
from tests.leave.factories import Flow, day, make_leave_government
from tests.support.races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gov(transactional_db):
    return make_leave_government()


@pytest.fixture
def flow(gov):
    return Flow(gov)


def submitting(flow, draft):
    return lambda: services.submit(actor=flow.employee.user, request=draft)


def test_fifty_parallel_submissions_never_take_more_than_twelve_days(flow):
    dates = [day(month, number) for month in (5, 6, 7, 8) for number in range(1, 29)]
    working = [date for date in dates if date.weekday() < 5][:50]
    drafts = [flow.draft(date, date) for date in working]
    results = at_once(*(submitting(flow, draft) for draft in drafts))
    assert Counter(type(result) for result in results) == {LeaveRequest: 12, RuleRefused: 38}
    assert flow.bucket_sums() == (12, 12, 0, 0, 0)
    assert LeaveRequest.objects.filter(state=RequestState.SUBMITTED).count() == 12
    assert Movement.objects.filter(kind="reserve").count() == 12


def test_fifty_parallel_submissions_never_overlap(flow):
    drafts = [flow.draft(day(5, 4), day(5, 4 + number % 5)) for number in range(50)]
    results = at_once(*(submitting(flow, draft) for draft in drafts))
    assert Counter(type(result) for result in results) == {LeaveRequest: 1, RuleRefused: 49}
    assert HeldPeriod.objects.count() == 1
    assert {error.problems[0].rule for error in results if isinstance(error, RuleRefused)} == {"CT-OVERLAP"}


def test_a_double_click_submits_once(flow):
    draft = flow.draft()
    results = at_once(*[submitting(flow, draft)] * 2)
    assert [result.state for result in results] == [RequestState.SUBMITTED] * 2
    assert Transition.objects.filter(action="submit").count() == 1
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_a_double_click_on_decide_decides_once(flow):
    request = flow.opined()
    results = at_once(*[lambda: flow.decide(request)] * 2)
    assert [result.state for result in results] == [RequestState.GRANTED] * 2
    assert Transition.objects.filter(action="grant").count() == 1
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)


def test_two_decisions_at_once_give_one_outcome_and_a_clear_message(flow):
    request = flow.opined()
    results = at_once(
        lambda: flow.decide(request),
        lambda: flow.decide(request, Outcome.REFUSED, reason="Tidak mungkin"),
    )
    refused = [result for result in results if isinstance(result, StateChanged)]
    assert len(refused) == 1
    assert f"sudah diputuskan oleh {flow.gov.office_head.name}" in str(refused[0])
    request.refresh_from_db()
    sums = {RequestState.GRANTED: (12, 0, 5, 0, 0), RequestState.REFUSED: (12, 0, 0, 0, 0)}
    assert flow.bucket_sums() == sums[request.state]


@pytest.mark.parametrize("round_", range(3))
def test_withdrawal_against_decision_gives_one_outcome(flow, round_):
    request = flow.opined()
    withdrawn, decided = at_once(
        lambda: services.withdraw(actor=flow.employee.user, request=request),
        lambda: flow.decide(request),
    )
    request.refresh_from_db()
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)
    assert request.state == RequestState.WITHDRAWN
    assert not isinstance(withdrawn, ApplicationError)
    if isinstance(decided, StateChanged):
        assert "dibatalkan pemohon" in str(decided)


def test_two_recalls_at_once_give_the_days_back_once(flow, time_machine):
    request = flow.granted()
    time_machine.move_to("2026-04-07T02:00:00+00:00", tick=False)

    def recall():
        return services.recall(
            actor=flow.gov.office_head.user, request=request, back_on=day(4, 9), reason="Banjir"
        )

    results = at_once(recall, recall)
    assert Counter(type(result) for result in results) == {LeaveRequest: 1, RuleRefused: 1}
    assert flow.bucket_sums() == (12, 0, 3, 0, 0)
    assert Transition.objects.filter(action="recall").count() == 1


def test_withdrawal_against_refusal_frees_the_days_once(flow):
    request = flow.opined()
    at_once(
        lambda: services.withdraw(actor=flow.employee.user, request=request),
        lambda: flow.decide(request, Outcome.REFUSED, reason="Tidak mungkin"),
    )
    assert Movement.objects.filter(kind="release").count() == 1
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)


def test_an_edit_against_an_opinion_is_never_opined_unseen(flow):
    request = flow.submitted()
    changed = services.RequestData(day(5, 4), day(5, 6), reason="Lain", address="Lain", phone="0811")
    edited, opined = at_once(
        lambda: services.edit(actor=flow.employee.user, request=request, data=changed),
        lambda: services.give_opinion(
            actor=flow.gov.section_head.user, request=request, verdict=Verdict("approved"), version=request.version
        ),
    )
    assert sum(isinstance(result, ApplicationError) for result in (edited, opined)) == 1


def test_two_year_ends_at_once_have_one_result(flow, time_machine):
    flow.granted()
    time_machine.move_to("2027-01-04T03:00:00+00:00")
    results = at_once(*[lambda: year_end.close_year(2026)] * 2)
    done = [result for result in results if isinstance(result, dict)]
    assert sum(result["opened"] for result in done) == year_end.people().count()
    assert Bucket.objects.filter(year=2027, kind="O").count() == year_end.people().count()


def test_a_year_end_beside_submissions_loses_nothing(flow, time_machine):
    drafts = [flow.draft(day(2, number, 2027), day(2, number, 2027)) for number in (1, 2, 3)]
    time_machine.move_to("2027-01-04T03:00:00+00:00")
    at_once(lambda: year_end.close_year(2026), *(submitting(flow, draft) for draft in drafts))
    buckets = {bucket.kind: bucket for bucket in flow.employee.leave_account.buckets.filter(year=2027)}
    assert (buckets["C1"].granted, buckets["C1"].reserved, buckets["O"].granted) == (6, 3, 12)
