"""Each right, person by person: allowed, or denied with a reason."""

import pytest

from kepegawaian.accounts.roles import Role
from leave import permissions
from leave.models import LeaveRequest, LeaveStep
from leave.permissions import open_step
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import day
from tests.units.factories import RoleAssignmentFactory

PEOPLE = ["employee", "colleague", "section_head", "office_head", "second_section_head", "hr", "secretary"]


def who(gov, answer_of):
    return {name for name in PEOPLE if answer_of(getattr(gov, name).user)}


def test_who_sees_a_waiting_request(flow):
    request = flow.opined()
    seen = who(flow.gov, lambda user: permissions.can_view(user, request))
    assert seen == {"employee", "section_head", "office_head", "hr"}
    assert seen == who(flow.gov, lambda user: LeaveRequest.objects.visible_to(user).filter(pk=request.pk).exists())


def test_a_draft_is_seen_by_its_author_alone(flow):
    draft = flow.draft()
    assert who(flow.gov, lambda user: permissions.can_view(user, draft)) == {"employee"}


def test_a_leader_sees_the_requests_of_his_subtree(flow):
    leader, stranger = EmployeeFactory(), EmployeeFactory()
    RoleAssignmentFactory(user=leader.user, role=Role.LEADER, unit=flow.gov.office)
    RoleAssignmentFactory(user=stranger.user, role=Role.LEADER, unit=flow.gov.personnel)
    request = flow.submitted()
    assert permissions.can_view(leader.user, request)
    assert not permissions.can_view(stranger.user, request)


def test_who_may_act_while_the_superior_is_asked(flow):
    request = flow.submitted()
    step = open_step(request)
    assert who(flow.gov, lambda user: permissions.can_opine(user, request, step)) == {"section_head"}
    assert who(flow.gov, lambda user: permissions.can_decide(user, request, step)) == set()
    assert who(flow.gov, lambda user: permissions.can_edit(user, request)) == {"employee"}
    assert who(flow.gov, lambda user: permissions.can_withdraw(user, request)) == {"employee"}


def test_who_may_act_while_the_decider_is_asked(flow):
    request = flow.opined()
    step = open_step(request)
    assert who(flow.gov, lambda user: permissions.can_opine(user, request, step)) == set()
    assert who(flow.gov, lambda user: permissions.can_decide(user, request, step)) == {"office_head"}
    assert who(flow.gov, lambda user: permissions.can_edit(user, request)) == set()


def test_nobody_acts_once_it_is_over(flow):
    request = flow.decide(flow.opined(), "refused", reason="Tidak")
    step = open_step(request)
    assert step is None
    for right in (permissions.can_opine, permissions.can_decide, permissions.can_check):
        assert who(flow.gov, lambda user, right=right: right(user, request, step)) == set()
    assert permissions.can_withdraw(flow.employee.user, request) == permissions.CLOSED


def test_only_the_applicant_answers_an_offer(flow):
    request = flow.offered(day(4, 20), day(4, 21))
    assert who(flow.gov, lambda user: permissions.can_respond(user, request)) == {"employee"}


def test_nobody_fills_a_box_of_his_own_request(flow):
    request = flow.submitted()
    step = open_step(request)
    step.holder = flow.employee.user
    assert str(permissions.can_opine(flow.employee.user, request, step).reason) == str(
        permissions.NOT_ONESELF.reason
    )


def test_a_deactivated_holder_acts_no_more(flow):
    request = flow.submitted()
    user = flow.gov.section_head.user
    user.is_active = False
    assert not permissions.can_opine(user, request, open_step(request))


def test_who_sees_a_balance(flow):
    seen = who(flow.gov, lambda user: permissions.can_view_balance(user, flow.employee))
    assert seen == {"employee", "section_head", "office_head", "hr"}


def test_the_holder_of_a_step_sees_the_balance_behind_it(flow):
    flow.submitted(abroad=True, country="Malaysia")
    assert not permissions.can_view_balance(flow.gov.secretary.user, flow.employee)
    flow.opine(LeaveRequest.objects.get())
    assert permissions.can_view_balance(flow.gov.mayor.user, flow.employee)


def test_who_manages_openings_and_the_table(flow):
    assert who(flow.gov, lambda user: permissions.can_enter_opening(user, flow.employee)) == {"hr"}
    assert who(flow.gov, permissions.can_manage) == {"hr"}
    assert not permissions.can_enter_opening(flow.gov.hr.user, flow.gov.hr)


def test_a_personnel_office_of_one_unit_does_not_manage_the_whole(flow):
    clerk = EmployeeFactory()
    RoleAssignmentFactory(user=clerk.user, role=Role.HR_CENTRAL, unit=flow.gov.office)
    assert not permissions.can_manage(clerk.user)
    assert permissions.can_enter_opening(clerk.user, flow.employee)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_letter_is_read_by_who_sees_the_request(flow, name):
    request = flow.opined()
    user = getattr(flow.gov, name).user
    assert permissions.can_read_letter(user, request.pk) == bool(permissions.can_view(user, request))


def officer(role, unit=None):
    return RoleAssignmentFactory(user=EmployeeFactory().user, role=role, unit=unit).user


READERS = {
    Role.HR_CENTRAL: True,
    Role.HR_UNIT: True,
    Role.LEADER: False,
    Role.INSPECTOR: False,
    Role.ADMIN: False,
    Role.COMPLAINT_ADMIN: False,
}


@pytest.mark.parametrize(("role", "reads"), READERS.items())
def test_attachments_are_for_those_who_process_and_not_for_those_who_look_on(flow, role, reads):
    request = flow.opined()
    assert permissions.can_read_attachment(officer(role), request.pk) is reads


def test_personnel_staff_elsewhere_read_no_attachments(flow):
    request = flow.opined()
    assert permissions.can_read_attachment(officer(Role.HR_UNIT, flow.gov.office), request.pk)
    assert not permissions.can_read_attachment(officer(Role.HR_UNIT, flow.gov.personnel), request.pk)


def test_present_and_past_holders_and_the_applicant_read_attachments(flow):
    request = flow.submitted()
    assert attachment_readers(flow, request) == {"employee", "section_head", "hr"}
    flow.opine(request)
    assert attachment_readers(flow, request) == {"employee", "section_head", "office_head", "hr"}
    flow.decide(request)
    assert attachment_readers(flow, request) == {"employee", "section_head", "office_head", "hr"}


def test_nobody_reads_the_attachments_of_somebody_elses_draft(flow):
    assert attachment_readers(flow, flow.draft()) == {"employee"}


def test_a_leader_who_decides_reads_what_he_decides_on(flow):
    user = flow.gov.secretary.user
    RoleAssignmentFactory(user=user, role=Role.LEADER)
    request = flow.submitted()
    assert permissions.can_view(user, request)
    assert not permissions.can_read_attachment(user, request.pk)
    LeaveStep.objects.filter(request=request, closed_at=None).update(holder=user)
    assert permissions.can_read_attachment(user, request.pk)


def attachment_readers(flow, request):
    return who(flow.gov, lambda user: permissions.can_read_attachment(user, request.pk))


def test_a_user_without_a_record_files_nothing(flow):
    answer = permissions.can_file(flow.gov.hr.user, None)
    assert not answer
    assert "tidak terhubung" in str(answer.reason)
