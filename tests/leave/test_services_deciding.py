"""Boxes VII and VIII and the applicant's answer: what each outcome does, and to whom it is told."""

import datetime

import pytest

from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import Job, WorkItem
from leave import services
from leave.enums import Outcome, RequestState
from leave.models import HeldPeriod, Movement, Transition
from leave.services import Verdict
from tests.employees.factories import make_head
from tests.leave.factories import data, day, know_years

REASON = {"reason": "Ada pemeriksaan BPK"}


def told(user):
    return list(Message.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


# --- Box VII ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        (Outcome.APPROVED, {}),
        (Outcome.CHANGED, {**REASON, "start": day(4, 13), "end": day(4, 15)}),
        (Outcome.POSTPONED, REASON),
        (Outcome.REFUSED, REASON),
    ],
)
def test_an_opinion_is_advice_and_always_passes_on(flow, outcome, more):
    request = flow.opine(flow.submitted(), outcome, **more)
    step = request.steps.get(closed_at=None)
    assert request.state == RequestState.OPINED
    assert (step.kind, step.holder, step.due_on) == ("decision", flow.gov.office_head.user, day(3, 5))
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_an_opinion_moves_the_work_item_and_tells_both(flow):
    flow.opined()
    item = WorkItem.objects.get(closed_at=None)
    assert (item.kind, item.holder) == ("leave.decision", flow.gov.office_head.user)
    assert told(flow.employee.user) == ["leave.opined"]
    assert told(flow.gov.office_head.user) == ["leave.waiting"]


@pytest.mark.parametrize("outcome", [Outcome.CHANGED, Outcome.POSTPONED, Outcome.REFUSED])
def test_all_but_approval_needs_a_reason(flow, outcome):
    with pytest.raises(RuleRefused) as error:
        flow.opine(flow.submitted(), outcome, reason=" ", start=day(5, 4), end=day(5, 5))
    assert [problem.field for problem in error.value.problems] == ["reason"]


def test_a_change_needs_its_dates_in_order(flow):
    request = flow.submitted()
    with pytest.raises(RuleRefused, match="tanggal baru"):
        flow.opine(request, Outcome.CHANGED, **REASON)
    with pytest.raises(RuleRefused, match="sesudah tanggal mulai"):
        flow.opine(request, Outcome.CHANGED, **REASON, start=day(5, 5), end=day(5, 4))


def test_an_unknown_outcome_is_refused(flow):
    with pytest.raises(RuleRefused, match="Pilih salah satu"):
        flow.opine(flow.submitted(), "perhaps")


@pytest.mark.parametrize("who", ["employee", "colleague", "office_head", "hr"])
def test_only_the_holder_gives_the_opinion(flow, who):
    request = flow.submitted()
    with pytest.raises(PermissionRefused):
        services.give_opinion(actor=getattr(flow.gov, who).user, request=request, verdict=Verdict("approved"))


def test_the_same_opinion_twice_is_one(flow):
    request = flow.submitted()
    flow.opine(request)
    assert flow.opine(request).state == RequestState.OPINED
    assert Transition.objects.filter(action="opine").count() == 1


def test_another_opinion_afterwards_hears_who_was_faster(flow):
    request = flow.opined()
    with pytest.raises(StateChanged, match=f"Pertimbangan sudah diberikan oleh {flow.gov.section_head.name}"):
        flow.opine(request, Outcome.REFUSED, **REASON)


def test_nobody_decides_on_what_he_did_not_see(flow):
    request = flow.submitted()
    services.edit(actor=flow.employee.user, request=request, data=data(day(5, 4), day(5, 6)))
    with pytest.raises(StateChanged, match="berubah sejak"):
        services.give_opinion(
            actor=flow.gov.section_head.user, request=request, verdict=Verdict("approved"), version=2
        )


def test_bulk_opinion_reports_each_request(flow):
    good, withdrawn = flow.submitted(), flow.submitted(day(5, 4), day(5, 5))
    services.withdraw(actor=flow.employee.user, request=withdrawn)
    results = services.bulk_opinion(flow.gov.section_head.user, [good.pk, withdrawn.pk], {})
    assert [result.ok for result in results] == [True, False]
    assert "dibatalkan pemohon" in str(results[1].message)


def test_bulk_opinion_does_not_see_requests_of_strangers(flow):
    results = services.bulk_opinion(flow.gov.second_section_head.user, [flow.submitted().pk], {})
    assert [(result.ok, str(result.message)) for result in results] == [(False, "Permohonan ini tidak ditemukan.")]


# --- Box VIII ---------------------------------------------------------------------------------------
def test_a_grant_takes_the_reserved_days(flow):
    request = flow.granted()
    assert request.state == RequestState.GRANTED
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_grant_tells_applicant_superior_and_stand_in_and_orders_the_letter(flow):
    flow.granted(stand_in=flow.gov.colleague)
    assert told(flow.employee.user) == ["leave.opined", "leave.granted"]
    assert told(flow.gov.section_head.user) == ["leave.waiting", "leave.decided"]
    assert told(flow.gov.colleague.user) == ["leave.stand_in"]
    assert Job.objects.get().kind == "leave.letter"


def test_a_refusal_frees_everything(flow):
    request = flow.decide(flow.opined(), Outcome.REFUSED, **REASON)
    assert request.state == RequestState.REFUSED
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)
    assert not HeldPeriod.objects.exists()
    assert told(flow.employee.user)[-1] == "leave.refused"


def test_a_refusal_without_a_reason_is_impossible(flow):
    request = flow.opined()
    with pytest.raises(RuleRefused):
        flow.decide(request, Outcome.REFUSED)
    request.refresh_from_db()
    assert request.state == RequestState.OPINED


def test_the_decider_may_differ_from_the_opinion(flow):
    request = flow.opine(flow.submitted(), Outcome.REFUSED, **REASON)
    assert flow.decide(request).state == RequestState.GRANTED


def test_a_postponement_moves_own_days_on_and_frees_the_others(flow):
    know_years(flow.employee, 2024, 2025, left=2)
    request = flow.decide(flow.opined(), Outcome.POSTPONED, **REASON, not_before=day(9, 1))
    assert (request.state, request.not_before) == (RequestState.POSTPONED, day(9, 1))
    assert flow.bucket_sums(2026, "C1") == (2, 0, 0, 0, 0)
    assert flow.bucket_sums(2026, "O") == (12, 0, 0, 3, 0)
    assert not HeldPeriod.objects.exists()


def test_carried_days_alone_cannot_be_postponed(flow):
    know_years(flow.employee, 2024, 2025, left=6)
    request = flow.opined()
    with pytest.raises(RuleRefused, match="hak cuti tahun berjalan"):
        flow.decide(request, Outcome.POSTPONED, **REASON)
    assert flow.bucket_sums(2026, "C1") == (6, 5, 0, 0, 0)


def test_a_postponement_waits_one_year_at_most(flow):
    with pytest.raises(RuleRefused) as error:
        flow.decide(flow.opined(), Outcome.POSTPONED, **REASON, not_before=day(1, 3, 2028))
    assert error.value.problems[0].rule == "CT-POSTPONE"


def test_postponed_days_are_there_next_year(flow, time_machine):
    flow.decide(flow.opined(), Outcome.POSTPONED, **REASON)
    time_machine.move_to(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC))
    flow.submitted(day(2, 1, 2027), day(2, 2, 2027))
    assert flow.bucket_sums(2027, "P") == (5, 2, 0, 0, 0)
    assert flow.bucket_sums(2027, "C1")[0] == 6


def test_two_deciders_hear_who_was_faster(flow):
    request = flow.granted()
    deputy = make_head(flow.gov.office, kind="plh", name="Plh Kilat", since=day(3, 1))
    with pytest.raises(StateChanged, match=f"sudah diputuskan oleh {flow.gov.office_head.name}"):
        services.decide(actor=deputy.user, request=request, verdict=Verdict(Outcome.REFUSED, "Tidak"))


def test_the_same_decision_twice_is_one(flow):
    request = flow.granted()
    assert flow.decide(request).state == RequestState.GRANTED
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)


def test_deciding_before_the_opinion_is_not_for_the_decider(flow):
    with pytest.raises(PermissionRefused):
        flow.decide(flow.submitted())


def test_deciding_on_a_withdrawn_request_says_so(flow):
    request = flow.opined()
    services.withdraw(actor=flow.employee.user, request=request)
    with pytest.raises(StateChanged, match="dibatalkan pemohon"):
        flow.decide(request)


# --- A change ---------------------------------------------------------------------------------------
def test_an_offer_holds_old_and_new_days(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    assert (request.state, request.offered_start) == (RequestState.OFFERED, day(4, 20))
    assert flow.bucket_sums() == (12, 8, 0, 0, 0)
    assert HeldPeriod.objects.filter(request=request).count() == 2
    item = WorkItem.objects.get(closed_at=None)
    assert (item.kind, item.holder) == ("leave.response", flow.employee.user)


def test_days_in_both_old_and_new_dates_are_held_once(flow):
    flow.offered(day(4, 8), day(4, 14))
    assert flow.bucket_sums() == (12, 7, 0, 0, 0)


def test_an_accepted_offer_is_granted_at_once_with_the_new_dates(flow):
    request = flow.offered(day(4, 8), day(4, 14))
    services.respond(actor=flow.employee.user, request=request, accept=True)
    request.refresh_from_db()
    assert (request.state, request.start, request.end) == (RequestState.GRANTED, day(4, 8), day(4, 14))
    assert request.charged_days == 5
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)
    assert list(request.days.values_list("date", "offer")) == [
        (day(4, number), False) for number in (8, 9, 10, 13, 14)
    ]
    assert HeldPeriod.objects.get(request=request).period.lower == day(4, 8)


def test_a_declined_offer_frees_everything(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    services.respond(actor=flow.employee.user, request=request, accept=False)
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)
    assert not HeldPeriod.objects.exists()


def test_the_answer_is_told_to_decider_and_superior(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    services.respond(actor=flow.employee.user, request=request, accept=True)
    assert told(flow.gov.office_head.user)[-1] == "leave.answered"
    assert told(flow.gov.section_head.user)[-1] == "leave.answered"


def test_answering_twice_alike_is_answering_once(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    for _ in range(2):
        services.respond(actor=flow.employee.user, request=request, accept=True)
    assert Transition.objects.filter(action="accept").count() == 1
    with pytest.raises(PermissionRefused):
        services.respond(actor=flow.employee.user, request=request, accept=False)


def test_an_offer_may_be_withdrawn_too(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    services.withdraw(actor=flow.employee.user, request=request)
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)


def test_nobody_else_answers_an_offer(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    with pytest.raises(PermissionRefused):
        services.respond(actor=flow.gov.office_head.user, request=request, accept=True)


def test_an_offer_of_the_same_dates_is_no_change(flow):
    with pytest.raises(RuleRefused, match="pilih Disetujui"):
        flow.offered(day(4, 6), day(4, 10))


def test_an_offer_into_other_leave_of_the_applicant_is_refused(flow):
    flow.submitted(day(4, 20), day(4, 21))
    with pytest.raises(RuleRefused) as error:
        flow.offered(day(4, 21), day(4, 22))
    assert error.value.problems[0].rule == "CT-OVERLAP"


def test_an_offer_that_cannot_be_held_beside_the_old_days_is_refused(flow):
    flow.granted(day(5, 4), day(5, 6))
    with pytest.raises(RuleRefused, match="sekaligus"):
        flow.offered(day(4, 20), day(4, 24))
    assert flow.bucket_sums() == (12, 5, 3, 0, 0)


# --- One person for both boxes ----------------------------------------------------------------------
@pytest.fixture
def head_request(flow):
    """The head of the section reports to the head of the office, who is his decider as well."""
    person = flow.gov.section_head
    return services.file_request(actor=person.user, employee=person, data=data())


@pytest.mark.parametrize("verb", [services.give_opinion, services.decide])
def test_superior_and_decider_in_one_fill_both_boxes_in_one_act(flow, head_request, verb):
    request = verb(actor=flow.gov.office_head.user, request=head_request, verdict=Verdict("approved"))
    assert request.state == RequestState.GRANTED
    steps = list(request.steps.values_list("kind", "outcome", "acted_by__name"))
    assert steps == [(kind, "approved", flow.gov.office_head.name) for kind in ("opinion", "decision")]
    assert list(request.transitions.values_list("action", flat=True)) == ["submit", "opine", "grant"]


def test_who_fills_both_boxes_is_not_told_about_himself(flow, head_request):
    services.decide(actor=flow.gov.office_head.user, request=head_request, verdict=Verdict("approved"))
    assert told(flow.gov.office_head.user) == ["leave.waiting"]
    assert told(flow.gov.section_head.user) == ["leave.granted"]


def test_a_rule_that_refuses_the_second_box_leaves_the_first_empty(flow, head_request):
    know = Verdict(Outcome.CHANGED, "Alasan", day(4, 6), day(4, 10))
    with pytest.raises(RuleRefused):
        services.decide(actor=flow.gov.office_head.user, request=head_request, verdict=know)
    assert head_request.steps.get().closed_at is None


def test_movements_of_a_request_are_by_its_actor(flow):
    request = flow.granted()
    actors = Movement.objects.filter(request=request).order_by("id").values_list("created_by__name", flat=True)
    assert list(actors) == [flow.employee.name, flow.gov.office_head.name, flow.gov.office_head.name]
