"""The assessor is corrected by the person or HR, and what waits moves along; the year follows the records."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from evaluations.enums import AssessorSource, CycleState, EvaluationState, PlanState
from evaluations.models import AssessorAssignment, Cycle, EvaluationStep, Participant, PlanStep
from evaluations.services.assessors import correct_own_assessor, follow_line, set_assessor
from evaluations.services.cycles_following import follow_records
from evaluations.services.plans_flow import agree
from evaluations.services.ratings import sign
from kepegawaian.audit.models import Event
from kepegawaian.employees import services as people
from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from kepegawaian.work.services import open_item
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories import YEAR, make_evaluation, make_plan
from tests.support.races import at_once, refusals

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _day(time_machine):
    time_machine.move_to(datetime.datetime(YEAR, 5, 4, 3, tzinfo=datetime.UTC))


def correct(world, assessor=None, reason="Mutasi belum tercatat"):
    gov = world.gov
    return correct_own_assessor(
        actor=gov.employee.user, participant=world.me, assessor=assessor or gov.second_section_head, reason=reason
    )


def kinds(user):
    return set(Message.objects.filter(recipient=user).values_list("kind", flat=True))


def name_acting_head(world):
    people.name_head(
        unit=world.gov.section,
        employee=world.gov.second_section_head,
        kind=HoldingKind.PLH,
        valid_from=today(),
        valid_to=today() + 30 * DAY,
    )


# --- By the person ------------------------------------------------------------------------------------
def test_the_own_correction_holds_at_once_with_its_history(world):
    changed = correct(world)
    assert changed.assessor == world.gov.second_section_head
    first, second = world.me.assignments.order_by("valid_from")
    assert first.valid_to == today() - DAY
    assert (second.valid_from, second.valid_to, second.source) == (today(), None, AssessorSource.EMPLOYEE)
    event = Event.objects.get(verb="evaluations.assessor_changed")
    assert event.data["reason"] == "Mutasi belum tercatat"


def test_both_assessors_and_hr_are_told(world):
    correct(world)
    assert kinds(world.gov.second_section_head.user) == {"evaluations.assessor_new"}
    assert kinds(world.gov.section_head.user) == {"evaluations.assessor_left"}
    assert kinds(world.gov.hr.user) == {"evaluations.assessor_changed"}
    assert kinds(world.gov.employee.user) == set()


def test_submitted_plans_unsigned_evaluations_and_work_items_move(world):
    plan = make_plan(world.me, state=PlanState.SUBMITTED)
    rated = make_evaluation(world.me, world.quarter)
    open_item(
        kind="evaluations.plan",
        subject=plan,
        holder=world.gov.section_head.user,
        title="SKP",
        url="/kinerja/",
    )
    correct(world)
    rated.refresh_from_db()
    assert rated.assessor == world.gov.second_section_head
    assert PlanStep.objects.get(plan=plan, action="hand_over").actor == world.gov.employee.user
    assert EvaluationStep.objects.filter(evaluation=rated, action="hand_over").count() == 1
    assert {item.holder for item in WorkItem.objects.all()} == {world.gov.second_section_head.user}


def test_what_is_signed_keeps_its_assessor(world):
    make_plan(world.me)
    rated = make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    correct(world)
    rated.refresh_from_db()
    assert rated.assessor == world.gov.section_head


def test_nobody_assesses_himself_nor_is_assessed_by_whom_he_assesses(world):
    with pytest.raises(RuleRefused, match="dirinya sendiri"):
        correct(world, world.gov.employee)
    with pytest.raises(RuleRefused, match="dinilai oleh pegawai ini"):
        correct_own_assessor(
            actor=world.gov.section_head.user,
            participant=world.of(world.gov.section_head),
            assessor=world.gov.employee,
            reason="Salah",
        )


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for(world, reason):
    with pytest.raises(RuleRefused, match="alasan"):
        correct(world, reason=reason)


def test_who_cannot_sign_in_cannot_assess(world):
    EmployeeFactory(name="Tanpa akun", unit=world.gov.section)
    person = Employee.objects.select_related("user").get(name="Tanpa akun")
    person.user.is_active = False
    person.user.save(update_fields=["is_active"])
    with pytest.raises(RuleRefused, match="belum mempunyai akun"):
        correct(world, person)


def test_only_the_person_corrects_the_own_and_only_hr_that_of_others(world):
    with pytest.raises(PermissionRefused):
        correct_own_assessor(
            actor=world.gov.colleague.user,
            participant=world.me,
            assessor=world.gov.second_section_head,
            reason="x",
        )
    for actor in (world.gov.section_head.user, world.gov.employee.user):
        with pytest.raises(PermissionRefused):
            set_assessor(actor=actor, participant=world.me, assessor=world.gov.second_section_head, reason="x")


def test_a_closed_year_is_corrected_no_more(world):
    now = datetime.datetime.now(datetime.UTC)
    Cycle.objects.filter(pk=world.cycle.pk).update(state=CycleState.CLOSED, closed_at=now)
    with pytest.raises(PermissionRefused, match="ditutup"):
        correct(world)


# --- By HR --------------------------------------------------------------------------------------------
def test_hr_names_an_assessor_for_a_date_to_come_and_the_night_brings_it(world, time_machine):
    gov = world.gov
    plan = make_plan(world.me, state=PlanState.SUBMITTED)
    follow_records()
    set_assessor(
        actor=gov.hr.user,
        participant=world.me,
        assessor=gov.second_section_head,
        reason="SK berlaku Juni",
        valid_from=datetime.date(YEAR, 6, 1),
    )
    world.me.refresh_from_db()
    assert world.me.assessor == gov.section_head
    assert follow_records()["assessors"] == 0
    time_machine.move_to(datetime.datetime(YEAR, 6, 1, 3, tzinfo=datetime.UTC))
    assert follow_records()["assessors"] == 1
    world.me.refresh_from_db()
    assert world.me.assessor == gov.second_section_head
    assert plan.steps.filter(action="hand_over").count() == 1
    assert follow_records()["assessors"] == 0


def test_an_assessor_named_by_hand_who_can_act_no_more_is_followed_by_the_line(world):
    gov = world.gov
    set_assessor(actor=gov.hr.user, participant=world.me, assessor=gov.second_section_head, reason="SK")
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.second_section_head
    type(gov.hr.user).objects.filter(pk=gov.second_section_head.user_id).update(is_active=False)
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.section_head


def named_for_june(world):
    june = datetime.date(YEAR, 6, 1)
    facts = {"assessor": world.gov.personnel_head, "reason": "SK berlaku Juni", "valid_from": june}
    set_assessor(actor=world.gov.hr.user, participant=world.me, **facts)
    return june


def spans(world):
    rows = world.me.assignments.order_by("valid_from").values_list("assessor__name", "valid_from", "valid_to")
    return [(name, first, last) for name, first, last in rows]


def test_whom_hr_named_for_later_outlasts_a_correction_by_the_person(world, time_machine):
    gov, june = world.gov, named_for_june(world)
    correct(world)
    correct(world, gov.office_head)
    assert spans(world) == [
        (gov.section_head.name, datetime.date(YEAR, 1, 1), today() - DAY),
        (gov.office_head.name, today(), june - DAY),
        (gov.personnel_head.name, june, None),
    ]
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.office_head
    time_machine.move_to(datetime.datetime(YEAR, 6, 1, 3, tzinfo=datetime.UTC))
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.personnel_head


def test_who_is_named_for_later_keeps_nobody_from_following_the_line_until_then(world):
    june = named_for_june(world)
    name_acting_head(world)
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.second_section_head
    assert spans(world)[-2:] == [
        (world.gov.second_section_head.name, today(), june - DAY),
        (world.gov.personnel_head.name, june, None),
    ]


def test_hr_undoes_what_it_named_for_later(world):
    named_for_june(world)
    follow_line(actor=world.gov.hr.user, participant=world.me, reason="Batal")
    assert [last for _name, _first, last in spans(world)] == [today() - DAY, None]
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.section_head


def test_who_signs_today_signs_as_what_he_is_today(world):
    gov = world.gov
    world.me.assignments.update(capacity="Plh. Kepala Seksi")
    named_for_june(world)
    plan = agree(actor=gov.section_head.user, plan=make_plan(world.me, state=PlanState.SUBMITTED))
    assert plan.steps.get(action="agree").capacity == "Plh. Kepala Seksi"
    rated = make_evaluation(world.me, world.quarter, state=EvaluationState.ASSESSED)
    assert sign(actor=gov.section_head.user, evaluation=rated).capacity == "Plh. Kepala Seksi"


def test_the_database_wants_a_day_at_least(world):
    row = world.me.assignments.get()
    with pytest.raises(IntegrityError, match="assessor_ends_after_beginning"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(valid_to=row.valid_from - DAY)


def test_hr_undoes_a_correction_and_the_line_is_followed_again(world):
    correct(world)
    follow_line(actor=world.gov.hr.user, participant=world.me, reason="Keliru")
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.section_head
    latest = world.me.assignments.get(valid_to=None)
    assert latest.source == AssessorSource.PROPOSED
    assert kinds(world.gov.employee.user) == {"evaluations.assessor_changed"}


def test_an_assessor_before_the_person_joined_is_refused(world):
    with pytest.raises(RuleRefused, match="paling awal"):
        set_assessor(
            actor=world.gov.hr.user,
            participant=world.me,
            assessor=world.gov.second_section_head,
            reason="x",
            valid_from=datetime.date(YEAR - 1, 12, 1),
        )


# --- The records change ---------------------------------------------------------------------------------
def test_a_new_head_takes_over_at_once_with_what_waits(world):
    gov = world.gov
    plan = make_plan(world.me, state=PlanState.SUBMITTED)
    name_acting_head(world)
    world.me.refresh_from_db()
    assert world.me.assessor == gov.second_section_head
    assert world.me.assignments.get(valid_to=None).capacity.startswith("Plh. ")
    assert plan.steps.filter(action="hand_over").exists()


def test_a_corrected_assessor_does_not_follow_the_line(world):
    correct(world, world.gov.personnel_head)
    name_acting_head(world)
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.personnel_head


def test_a_transfer_ends_the_posting_and_begins_a_second_one(world):
    gov = world.gov
    make_plan(world.me)
    post = people.position_named("Analis Kesehatan", "functional")
    people.add_position(employee=gov.employee, position=post, unit=gov.second_section, valid_from=today())
    world.me.refresh_from_db()
    first, second = world.me.postings.all()
    assert first.valid_to == today() - DAY
    assert (second.unit, second.position, second.valid_from) == (gov.second_section, "Analis Kesehatan", today())
    assert (world.me.unit, world.me.path, world.me.plan) == (gov.second_section, gov.second_section.path, None)
    assert world.me.assessor == gov.second_section_head
    assert "evaluations.transferred" in kinds(gov.employee.user)
    assert first.plans.get().state == PlanState.AGREED


def test_a_correction_of_the_post_from_the_beginning_makes_no_second_posting(world):
    row = world.gov.employee.holdings.get()
    post = people.position_named("Analis Kesehatan", "functional")
    people.correct(row=row, changes={"position": post}, reason="Salah ketik")
    assert world.me.postings.get().position == "Analis Kesehatan"


def test_who_enters_service_joins_and_who_leaves_stops(world, time_machine):
    new = EmployeeFactory(unit=world.gov.section, name="Pegawai Baru", since=today())
    joined = Participant.objects.get(employee=new)
    assert (joined.joined_on, joined.assessor) == (today(), world.gov.section_head)
    people.end_service(employee=world.gov.colleague, on=today() - DAY)
    assert follow_records()["left"] <= 1
    left = world.of(world.gov.colleague)
    left.refresh_from_db()
    assert left.left_on == today() - DAY
    assert follow_records() == {"joined": 0, "moved": 0, "left": 0, "assessors": 0}


def test_unpaid_leave_excuses_and_coming_back_joins_again(world):
    Employee.objects.filter(pk=world.gov.employee.pk).update(legal_state="cltn")
    follow_records()
    world.me.refresh_from_db()
    assert "tanggungan negara" in world.me.excused_reason
    Employee.objects.filter(pk=world.gov.employee.pk).update(legal_state="active")
    follow_records()
    world.me.refresh_from_db()
    assert (world.me.excused_reason, world.me.joined_on) == ("", today())


def test_after_the_year_the_assessor_stays_as_long_as_he_can_act(world, time_machine):
    time_machine.move_to(datetime.datetime(YEAR + 1, 1, 5, 3, tzinfo=datetime.UTC))
    gov = world.gov
    name_acting_head(world)
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.section_head
    gov.section_head.user.is_active = False
    gov.section_head.user.save(update_fields=["is_active"])
    follow_records()
    world.me.refresh_from_db()
    assert world.me.assessor == gov.second_section_head


def test_a_unit_that_moves_in_the_tree_takes_the_paths_along(world):
    Participant.objects.filter(pk=world.me.pk).update(path="99999")
    follow_records()
    world.me.refresh_from_db()
    assert world.me.path == world.gov.section.path


# --- At once --------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_person_and_hr_at_once_leave_one_assessor_in_force(world):
    gov = world.gov
    by_hr = {"participant": world.me, "assessor": gov.personnel_head, "reason": "Menurut SK"}
    done = at_once(lambda: correct(world), lambda: set_assessor(actor=gov.hr.user, **by_hr))
    assert refusals(done) == []
    world.me.refresh_from_db()
    in_force = AssessorAssignment.objects.get(participant=world.me, valid_to=None)
    assert in_force.assessor_id == world.me.assessor_id
    assert world.me.version == 3
