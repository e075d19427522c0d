"""Waiting steps follow a change of holder, with a row in the log, a moved item and a message."""

import datetime

from kepegawaian.employees import services as employees
from kepegawaian.employees.models import PositionHolding
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from leave.models import DeciderRule, LeaveStep, Transition
from leave.permissions import can_opine, open_step
from leave.services.handing_over import follow_holders
from tests.employees.factories import make_head
from tests.leave.factories import day


def holder_of(request):
    return request.steps.get(closed_at=None).holder


def test_a_new_plh_gets_what_waits_for_the_head(flow):
    request = flow.submitted()
    stand_in = make_head(flow.gov.section, kind="plh", name="Plh Baru", since=day(3, 2))
    assert holder_of(request) == stand_in.user
    item = WorkItem.objects.get(closed_at=None)
    assert (item.kind, item.holder) == ("leave.opinion", stand_in.user)


def test_handing_over_is_logged_and_told(flow):
    request = flow.submitted()
    stand_in = make_head(flow.gov.section, kind="plh", name="Plh Baru", since=day(3, 2))
    log = Transition.objects.get(request=request, action="handed_over")
    assert log.data == {
        "step": "opinion",
        "from": str(flow.gov.section_head.user_id),
        "to": str(stand_in.user_id),
    }
    assert Message.objects.filter(recipient=stand_in.user).get().kind == "leave.waiting"


def test_a_delegation_moves_the_decision_and_keeps_the_principal(flow):
    request = flow.opined()
    employees.delegate(
        principal=flow.gov.office_head,
        delegate=flow.gov.second_section_head,
        valid_from=day(3, 2),
        valid_to=day(3, 6),
        decree_number="800/2",
        actor=flow.gov.office_head.user,
    )
    step = request.steps.get(closed_at=None)
    assert (step.holder, step.principal) == (flow.gov.second_section_head.user, flow.gov.office_head)


def test_a_delegation_that_begins_later_moves_steps_on_its_day(flow, time_machine):
    request = flow.opined()
    employees.delegate(
        principal=flow.gov.office_head,
        delegate=flow.gov.second_section_head,
        valid_from=day(3, 4),
        valid_to=day(3, 6),
        decree_number="800/2",
        actor=flow.gov.office_head.user,
    )
    assert holder_of(request) == flow.gov.office_head.user
    time_machine.move_to(datetime.datetime(2026, 3, 4, 3, tzinfo=datetime.UTC))
    assert follow_holders() == 1
    assert holder_of(request) == flow.gov.second_section_head.user
    time_machine.move_to(datetime.datetime(2026, 3, 9, 3, tzinfo=datetime.UTC))
    assert follow_holders() == 1
    assert holder_of(request) == flow.gov.office_head.user


def test_following_twice_moves_nothing_the_second_time(flow):
    flow.submitted()
    assert follow_holders() == 0
    assert not Transition.objects.filter(action="handed_over").exists()


def test_a_step_without_holder_is_shown_to_the_central_office(flow):
    PositionHolding.objects.filter(heads=flow.gov.office).delete()
    request = flow.opined()
    item = WorkItem.objects.get(closed_at=None)
    assert holder_of(request) is None
    assert (item.kind, item.holder) == ("leave.no_holder", flow.gov.hr.user)
    assert Message.objects.filter(recipient=flow.gov.hr.user).get().kind == "leave.holder_missing"


def test_naming_a_plt_gives_the_step_its_holder(flow):
    PositionHolding.objects.filter(heads=flow.gov.office).delete()
    request = flow.opined()
    acting = make_head(flow.gov.office, kind="plt", name="Plt Baru", since=day(3, 2))
    assert holder_of(request) == acting.user
    assert WorkItem.objects.get(closed_at=None).kind == "leave.decision"


def test_a_completed_table_gives_steps_their_holder(flow):
    rows = list(DeciderRule.objects.filter(step="decision"))
    DeciderRule.objects.filter(step="decision").delete()
    request = flow.opined()
    DeciderRule.objects.bulk_create(rows)
    assert follow_holders(only_missing=True) == 1
    assert holder_of(request) == flow.gov.office_head.user


def test_closed_steps_stay_with_who_filled_them(flow):
    request = flow.granted()
    make_head(flow.gov.section, kind="plh", name="Plh Baru", since=day(3, 2))
    assert follow_holders() == 0
    assert not LeaveStep.objects.filter(request=request, holder__name="Plh Baru").exists()


def test_the_new_holder_acts_and_the_former_one_no_longer(flow):
    request = flow.submitted()
    make_head(flow.gov.section, kind="plh", name="Plh Baru", since=day(3, 2))
    step = open_step(request)
    assert can_opine(step.holder, request, step)
    assert not can_opine(flow.gov.section_head.user, request, step)
