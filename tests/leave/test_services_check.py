"""The completeness check by the personnel staff, a setting of the unit that is off by default."""

import pytest

from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from leave import services
from leave.enums import RequestState
from leave.models import HeldPeriod, UnitLeaveSetting
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import data
from tests.units.factories import RoleAssignmentFactory


@pytest.fixture
def clerk(gov):
    """An HR officer of the office, which wants requests to be checked."""
    UnitLeaveSetting.objects.create(unit=gov.office, hr_check=True)
    clerk = EmployeeFactory(unit=gov.office, name="Lia Kepegawaian")
    RoleAssignmentFactory(user=clerk.user, role=Role.HR_UNIT, unit=gov.office)
    return clerk


def check(clerk, request, *, complete=True, **more):
    return services.check_complete(actor=clerk.user, request=request, complete=complete, **more)


def test_a_checked_unit_sends_requests_to_its_personnel_staff_first(flow, clerk):
    step = flow.submitted().steps.get()
    assert (step.kind, step.holder) == ("check", clerk.user)
    assert WorkItem.objects.get(closed_at=None).kind == "leave.check"


def test_the_nearest_unit_that_says_something_decides(flow, clerk):
    UnitLeaveSetting.objects.create(unit=flow.gov.section, hr_check=False)
    assert flow.submitted().steps.get().kind == "opinion"


def test_a_complete_request_goes_on_to_the_superior(flow, clerk):
    request = check(clerk, flow.submitted())
    assert request.state == RequestState.SUBMITTED
    assert request.steps.get(closed_at=None).holder == flow.gov.section_head.user
    assert list(request.transitions.values_list("action", flat=True)) == ["submit", "check"]


def test_an_incomplete_request_goes_back_with_its_days_freed(flow, clerk):
    request = check(clerk, flow.submitted(), complete=False, reason="Alamat belum lengkap")
    assert request.state == RequestState.DRAFT
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)
    assert not HeldPeriod.objects.exists()
    assert Message.objects.filter(recipient=flow.employee.user).get().kind == "leave.returned"


def test_a_returned_request_may_be_submitted_again(flow, clerk):
    request = check(clerk, flow.submitted(), complete=False, reason="Alamat belum lengkap")
    request = services.submit(actor=flow.employee.user, request=request)
    assert (request.state, request.charged_days) == (RequestState.SUBMITTED, 5)
    assert flow.bucket_sums() == (12, 5, 0, 0, 0)


def test_a_returned_draft_that_is_thrown_away_stays_in_the_log(flow, clerk):
    request = check(clerk, flow.submitted(), complete=False, reason="Alamat belum lengkap")
    services.discard(actor=flow.employee.user, request=request)
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN


def test_sending_back_needs_a_reason(flow, clerk):
    with pytest.raises(RuleRefused, match="dilengkapi"):
        check(clerk, flow.submitted(), complete=False)


def test_after_the_check_the_applicant_edits_no_more(flow, clerk):
    request = check(clerk, flow.submitted())
    with pytest.raises(PermissionRefused):
        services.edit(actor=flow.employee.user, request=request, data=services.RequestData.of(request))


def test_checking_twice_is_checking_once_and_others_hear_it(flow, clerk):
    request = check(clerk, flow.submitted())
    check(clerk, request)
    with pytest.raises(StateChanged, match="sudah diperiksa oleh Lia"):
        check(flow.gov.hr, request)


@pytest.mark.parametrize("who", ["employee", "section_head", "colleague"])
def test_only_personnel_staff_of_the_unit_check(flow, clerk, who):
    with pytest.raises(PermissionRefused):
        check(getattr(flow.gov, who), flow.submitted())


def test_central_personnel_staff_may_check_as_well(flow, clerk):
    assert check(flow.gov.hr, flow.submitted()).state == RequestState.SUBMITTED


def test_a_clerk_does_not_check_his_own_request(flow, clerk):
    request = services.file_request(actor=clerk.user, employee=clerk, data=data())
    assert request.steps.get().holder is None
    with pytest.raises(PermissionRefused):
        check(clerk, request)


def test_a_checked_unit_without_personnel_staff_turns_to_the_central_office(flow):
    UnitLeaveSetting.objects.create(unit=flow.gov.office, hr_check=True)
    step = flow.submitted().steps.get()
    item = WorkItem.objects.get(closed_at=None)
    assert (step.holder, item.kind, item.holder) == (None, "leave.no_holder", flow.gov.hr.user)
