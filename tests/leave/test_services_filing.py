"""The applicant's verbs: what each writes, what each refuses, and that doing it twice changes nothing."""

import datetime

import pytest

from kepegawaian.audit.models import Event
from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.services import store_content
from kepegawaian.employees.enums import AsnStatus, LegalState
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.work.models import WorkItem
from leave import services
from leave.enums import MovementKind, RequestState
from leave.models import HeldPeriod, LeaveRequest, Movement, RequestDay, Transition
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import data, day, know_years, set_up_leave


def rules_of(error):
    return {problem.rule for problem in error.value.problems}


def refused(flow, *args, **kwargs):
    with pytest.raises(RuleRefused) as error:
        flow.submitted(*args, **kwargs)
    return rules_of(error)


# --- Submit -----------------------------------------------------------------------------------------
def test_a_submission_reserves_its_days_and_waits_for_the_superior(flow):
    request = flow.submitted()
    step = request.steps.get()
    assert (request.state, request.charged_days) == (RequestState.SUBMITTED, 5)
    assert (step.kind, step.holder, step.due_on) == ("opinion", flow.gov.section_head.user, day(3, 4))
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_a_submission_holds_its_dates_and_charges_each_working_day(flow):
    request = flow.submitted(day(4, 6), day(4, 12))
    held = HeldPeriod.objects.get(request=request).period
    assert (held.lower, held.upper) == (day(4, 6), day(4, 13))
    assert list(request.days.values_list("date", flat=True)) == [day(4, number) for number in range(6, 11)]


def test_a_submission_leaves_a_log_row_an_event_and_a_work_item(flow):
    request = flow.submitted()
    log = Transition.objects.get(request=request)
    assert (log.action, log.from_state, log.to_state, log.actor) == (
        "submit",
        "draft",
        "submitted",
        flow.employee.user,
    )
    assert Event.objects.get(subject_id=str(request.pk)).verb == "leave.submit"
    item = WorkItem.objects.get(closed_at=None)
    assert (item.kind, item.holder, item.due_on) == ("leave.opinion", flow.gov.section_head.user, day(3, 4))


def test_submitting_twice_is_submitting_once(flow):
    request = flow.submitted()
    again = services.submit(actor=flow.employee.user, request=request)
    assert again.state == RequestState.SUBMITTED
    assert Transition.objects.count() == 1
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_filing_the_same_twice_makes_one_request(flow):
    first, second = (
        services.file_request(actor=flow.employee.user, employee=flow.employee, data=data()) for _ in range(2)
    )
    assert first.pk == second.pk
    assert LeaveRequest.objects.count() == 1


def test_a_draft_reserves_nothing(flow):
    draft = flow.draft()
    assert draft.state == RequestState.DRAFT
    assert not Movement.objects.exists()
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize("field", ["reason", "address", "phone"])
def test_reason_address_and_phone_are_needed_to_submit(flow, field):
    draft = flow.draft(**{field: "  "})
    with pytest.raises(RuleRefused) as error:
        services.submit(actor=flow.employee.user, request=draft)
    assert [problem.field for problem in error.value.problems] == [field]


def test_more_days_than_left_are_refused(flow):
    assert refused(flow, day(4, 6), day(4, 22)) == {"CT-BALANCE"}
    assert not RequestDay.objects.exists()


def test_a_weekend_alone_is_refused(flow):
    assert refused(flow, day(4, 11), day(4, 12)) == {"CT-MIN"}


def test_days_before_today_are_refused(flow):
    assert "CT-PAST" in refused(flow, day(2, 23), day(2, 24))


def test_dates_that_another_request_holds_are_refused(flow):
    flow.submitted()
    assert refused(flow, day(4, 10), day(4, 13)) == {"CT-OVERLAP"}


def test_the_same_dates_of_a_colleague_do_not_matter(flow):
    flow.submitted()
    other = flow.gov.colleague
    request = services.file_request(actor=other.user, employee=other, data=data())
    assert request.state == RequestState.SUBMITTED


def test_a_short_notice_warns_or_refuses_as_set(flow):
    assert flow.submitted(day(3, 4), day(3, 4)).charged_days == 1
    set_up_leave(notice_refuses=True)
    assert refused(flow, day(3, 5), day(3, 5)) == {"CT-NOTICE"}


def test_the_year_after_next_cannot_be_asked_for(flow):
    assert refused(flow, day(1, 10, 2028), day(1, 11, 2028)) == {"period"}


def test_next_year_charges_the_own_days_of_next_year_alone(flow):
    know_years(flow.employee, 2024, 2025, left=6)
    request = flow.submitted(day(1, 11, 2027), day(1, 15, 2027))
    assert flow.bucket_sums(2027) == (12, 5, 0, 0, 0)
    assert {each.bucket.kind for each in request.days.select_related("bucket")} == {"O"}


def test_leave_over_new_year_charges_each_day_to_its_year(flow):
    flow.submitted(day(12, 29), day(1, 6, 2027))
    assert flow.bucket_sums(2026)[1] == 3
    assert flow.bucket_sums(2027)[1] == 4


def test_carried_days_go_before_own_days(flow):
    know_years(flow.employee, 2024, 2025, left=2)
    flow.submitted()
    assert flow.bucket_sums(2026, "C1") == (2, 2, 0, 0, 0)
    assert flow.bucket_sums(2026, "O") == (12, 3, 0, 0, 0)


def test_an_unknown_first_service_day_gives_no_right(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(tmt_cpns=None, tmt_pns=None)
    assert "CT-SERVICE" in refused(flow)


def test_a_first_year_without_right_names_the_day_it_begins(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(tmt_cpns=day(6, 1, 2025))
    with pytest.raises(RuleRefused, match="1 Juni 2026"):
        flow.submitted()


def test_who_is_not_in_service_cannot_file(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(legal_state=LegalState.CLTN)
    with pytest.raises(RuleRefused, match="CLTN"):
        flow.submitted()


def test_an_elected_official_has_no_annual_leave(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(status=AsnStatus.OFFICIAL)
    assert "CT-SERVICE" in refused(flow)


def test_other_kinds_of_leave_are_not_filed_here_yet(flow):
    with pytest.raises(RuleRefused, match="belum dapat diajukan"):
        flow.submitted(type="CB")


def test_abroad_without_a_country_is_refused_even_as_a_draft(flow):
    with pytest.raises(RuleRefused) as error:
        flow.draft(abroad=True)
    assert [problem.field for problem in error.value.problems] == ["country"]


def test_one_cannot_stand_in_for_oneself(flow):
    with pytest.raises(RuleRefused, match="orang lain"):
        flow.draft(stand_in=flow.employee)


def test_nobody_files_for_another_person(flow):
    with pytest.raises(PermissionRefused):
        services.save_draft(actor=flow.gov.hr.user, employee=flow.employee, data=data())
    draft = flow.draft()
    with pytest.raises(PermissionRefused):
        services.submit(actor=flow.gov.colleague.user, request=draft)


def test_an_old_page_cannot_submit_what_has_changed_since(flow):
    draft = flow.draft()
    services.save_draft(actor=flow.employee.user, employee=flow.employee, data=data(reason="Lain"), request=draft)
    with pytest.raises(StateChanged):
        services.submit(actor=flow.employee.user, request=draft, version=draft.version)


def test_a_key_of_somebody_elses_draft_is_no_way_in(flow):
    draft = flow.draft()
    other = flow.gov.colleague
    with pytest.raises(StateChanged):
        services.save_draft(actor=other.user, employee=other, data=data(reason="Milik saya"), key=draft.pk)
    draft.refresh_from_db()
    assert (draft.employee, draft.reason) == (flow.employee, "Menengok orang tua")


# --- Edit and withdraw ------------------------------------------------------------------------------
def test_an_untouched_request_may_be_edited_and_is_reserved_afresh(flow):
    request = flow.submitted()
    services.edit(actor=flow.employee.user, request=request, data=data(day(5, 4), day(5, 6)))
    request.refresh_from_db()
    assert (request.start, request.charged_days, request.version) == (day(5, 4), 3, 3)
    assert flow.bucket_sums() == (12, 3, 0, 0, 0)
    assert HeldPeriod.objects.get(request=request).period.lower == day(5, 4)


def test_an_edited_request_stays_with_the_same_superior_and_shows_the_new_dates(flow):
    request = flow.submitted()
    services.edit(actor=flow.employee.user, request=request, data=data(day(5, 4), day(5, 6)))
    item = WorkItem.objects.get(closed_at=None)
    assert item.context["start"] == "2026-05-04"
    assert request.steps.filter(closed_at=None).count() == 1


def test_an_edit_may_keep_part_of_its_own_dates(flow):
    request = flow.submitted()
    services.edit(actor=flow.employee.user, request=request, data=data(day(4, 8), day(4, 14)))
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_an_edit_that_asks_too_much_changes_nothing(flow):
    request = flow.submitted()
    with pytest.raises(RuleRefused):
        services.edit(actor=flow.employee.user, request=request, data=data(day(4, 6), day(4, 30)))
    request.refresh_from_db()
    assert (request.end, request.version) == (day(4, 10), 2)
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_a_request_with_an_opinion_is_no_longer_edited(flow):
    request = flow.opined()
    with pytest.raises(PermissionRefused):
        services.edit(actor=flow.employee.user, request=request, data=data())


@pytest.mark.parametrize("state", ["submitted", "opined"])
def test_a_waiting_request_is_withdrawn_freely(flow, state):
    request = getattr(flow, state)()
    services.withdraw(actor=flow.employee.user, request=request, reason="Batal pergi")
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)
    assert not HeldPeriod.objects.exists()
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert not request.steps.filter(closed_at=None).exists()


def test_granted_days_come_back_when_withdrawn_before_the_start(flow):
    request = flow.granted()
    services.withdraw(actor=flow.employee.user, request=request)
    kinds = list(Movement.objects.filter(request=request).values_list("kind", flat=True))
    assert kinds == [MovementKind.RESERVE, MovementKind.RELEASE, MovementKind.TAKE, MovementKind.RETURN]
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)


def test_from_the_first_day_of_leave_on_it_is_not_withdrawn(flow, time_machine):
    request = flow.granted()
    time_machine.move_to(datetime.datetime(2026, 4, 6, 3, tzinfo=datetime.UTC))
    with pytest.raises(PermissionRefused, match="sudah dimulai"):
        services.withdraw(actor=flow.employee.user, request=request)


def test_withdrawing_twice_is_withdrawing_once(flow):
    request = flow.submitted()
    for _ in range(2):
        services.withdraw(actor=flow.employee.user, request=request)
    assert Transition.objects.filter(action="withdraw").count() == 1


def test_freed_dates_may_be_asked_for_again(flow):
    services.withdraw(actor=flow.employee.user, request=flow.submitted())
    assert flow.submitted().state == RequestState.SUBMITTED


def test_only_the_applicant_withdraws(flow):
    with pytest.raises(PermissionRefused):
        services.withdraw(actor=flow.gov.section_head.user, request=flow.submitted())


def test_a_draft_is_thrown_away_without_a_trace(flow):
    services.discard(actor=flow.employee.user, request=flow.draft())
    assert not LeaveRequest.objects.exists()


def test_attachments_go_with_a_draft_that_is_thrown_away(flow):
    draft = flow.draft()
    store_content(content=b"x", name="a.pdf", mime="application/pdf", subject=draft, actor=flow.employee.user)
    services.discard(actor=flow.employee.user, request=draft)
    assert not StoredFile.objects.exists()


def test_a_draft_that_was_never_filed_is_thrown_away_and_not_withdrawn(flow):
    with pytest.raises(PermissionRefused, match="hapus saja"):
        services.withdraw(actor=flow.employee.user, request=flow.draft())


def test_a_filed_request_is_withdrawn_and_not_thrown_away(flow):
    request = flow.submitted()
    with pytest.raises(PermissionRefused, match="batalkan saja"):
        services.discard(actor=flow.employee.user, request=request)
    assert request.transitions.count() == 1


def test_a_renewed_contract_keeps_the_right(gov):
    """E21: continuous since 2022 by renewals; the contract on record began this January."""
    person = EmployeeFactory(pppk=True, unit=gov.section, contract_start=day(1, 1), contract_end=day(12, 31, 2030))
    assert services.file_request(actor=person.user, employee=person, data=data()).charged_days == 5


def test_a_new_pppk_waits_for_a_year(gov):
    person = EmployeeFactory(
        pppk=True,
        unit=gov.section,
        nip="198503172025211999",
        contract_start=day(9, 1, 2025),
        contract_end=day(8, 31, 2030),
    )
    with pytest.raises(RuleRefused) as error:
        services.file_request(actor=person.user, employee=person, data=data())
    assert rules_of(error) == {"CT-SERVICE"}
