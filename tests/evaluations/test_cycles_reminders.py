"""Reminders go to whose turn it is, at their moments, once: a beat that stood still, two beats, quiet hours."""

import datetime

import pytest
from django.utils import timezone, translation

from evaluations.enums import CycleState, DeadlineKind, EvaluationState, FeedbackRelation, PlanState
from evaluations.models import (
    Cycle,
    Deadline,
    Evaluation,
    EvaluationSetting,
    FeedbackInvitation,
    OrganisationResult,
    Participant,
    Progress,
    ReminderRun,
)
from evaluations.services import reminders
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message
from tests.evaluations.factories import YEAR, make_evaluation, make_plan, make_world
from tests.support.races import at_once

pytestmark = pytest.mark.django_db
DUE = datetime.date(YEAR, 4, 10)


@pytest.fixture
def world():
    return make_world(staff=3)


@pytest.fixture
def at(time_machine):
    def move(month, day, hour=10):
        """Local time of the government (WIB, UTC+7)."""
        moment = datetime.datetime(
            YEAR, month, day, hour, 20, tzinfo=datetime.timezone(datetime.timedelta(hours=7))
        )
        time_machine.move_to(moment)

    move(4, 1)
    return move


def deadline(world, kind=DeadlineKind.ASSESS, due=DUE):
    period = None if kind in (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PLAN_AGREE) else world.quarter
    return Deadline.objects.create(cycle=world.cycle, period=period, kind=kind, due_on=due)


def only(world, *people):
    """Nobody else takes part."""
    keys = [world.of(person).pk for person in people]
    Participant.objects.exclude(pk__in=keys).update(left_on=datetime.date(YEAR, 1, 2))


def told():
    return sorted(
        Message.objects.filter(kind__startswith="evaluations.remind").values_list("recipient__name", flat=True)
    )


# --- Moments --------------------------------------------------------------------------------------------
def test_before_at_and_after_each_once(world, at):
    only(world, world.gov.employee)
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    days = []
    for number in range(25, 31):
        at(3, number)
        days += [(3, number)] * reminders.remind()
    for number in range(1, 25):
        at(4, number)
        days += [(4, number)] * reminders.remind()
        assert reminders.remind() == 0
    assert days == [(3, 27), (4, 7), (4, 10), (4, 11), (4, 17)]
    runs = ReminderRun.objects.order_by("on").values_list("moment", "told")
    assert list(runs) == [("before:14", 1), ("before:3", 1), ("at", 1), ("after:1", 1), ("after:7", 1)]


def test_a_beat_that_stood_still_over_a_deadline_catches_up_once(world, at):
    only(world, world.gov.employee)
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 7)
    assert reminders.remind() == 1
    at(4, 15)  # "at" and "after:1" were missed
    assert reminders.remind() == 1
    assert reminders.remind() == 0
    assert set(ReminderRun.objects.values_list("moment", flat=True)) == {"before:3", "after:1"}


def test_what_is_long_past_is_not_brought_up(world, at):
    deadline(world, DeadlineKind.PLAN_SUBMIT, datetime.date(YEAR, 1, 31))
    assert reminders.remind() == 0


def test_a_deadline_that_hr_moves_is_reminded_by_its_new_date(world, at):
    only(world, world.gov.employee)
    row = deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10)
    assert reminders.remind() == 1
    Deadline.objects.filter(pk=row.pk).update(due_on=datetime.date(YEAR, 4, 20))
    at(4, 17)
    assert reminders.remind() == 1
    at(4, 20)
    assert reminders.remind() == 1


def test_the_settings_say_how_many_days(world, at):
    EvaluationSetting.objects.create(remind_before="5", remind_after="")
    only(world, world.gov.employee)
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 5)
    assert reminders.remind() == 1
    at(4, 18)
    assert reminders.remind() == 1  # the day itself, caught up
    assert ReminderRun.objects.latest("on").moment == "at"


@pytest.mark.parametrize(("hour", "expected"), [(6, 0), (7, 1), (18, 1), (19, 0), (23, 0)])
def test_quiet_hours_are_kept(world, at, hour, expected):
    only(world, world.gov.employee)
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10, hour)
    assert reminders.remind() == expected


def test_closed_and_unopened_years_remind_nobody(world, at):
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10)
    Cycle.objects.update(state=CycleState.CLOSED)
    assert reminders.remind() == 0


# --- Whose turn -------------------------------------------------------------------------------------------
def test_plans_wait_for_the_person_until_submitted_and_then_for_the_assessor(world, at):
    gov = world.gov
    first, second, third = gov.staff
    only(world, *gov.staff)
    make_plan(world.of(first), state=PlanState.RETURNED)
    make_plan(world.of(second), state=PlanState.SUBMITTED)
    make_plan(world.of(third), state=PlanState.AGREED)
    deadline(world, DeadlineKind.PLAN_AGREE)
    at(4, 10)
    reminders.remind()
    assert told() == sorted([first.name, gov.section_head.name])


def test_progress_waits_for_who_has_an_agreed_plan_and_wrote_nothing(world, at):
    first, second, third = world.gov.staff
    only(world, *world.gov.staff)
    make_plan(world.of(first))
    plan = make_plan(world.of(second))
    indicator = plan.results.first().indicators.first()
    Progress.objects.create(
        participant=world.of(second),
        period=world.quarter,
        indicator=indicator.origin,
        text="6 laporan",
        written_by=second.user,
    )
    assert not world.of(third).plan
    deadline(world, DeadlineKind.PROGRESS)
    at(4, 10)
    reminders.remind()
    assert told() == [first.name]


def test_an_assessor_with_many_gets_one_message_with_their_names(world, at):
    gov = world.gov
    only(world, *gov.staff)
    for person in gov.staff:
        make_plan(world.of(person))
    make_evaluation(world.of(gov.staff[0]), world.quarter, state=EvaluationState.FINAL)
    deadline(world)
    at(4, 11)
    assert reminders.remind() == 1
    message = Message.objects.get(kind="evaluations.reminder_team")
    assert message.recipient == gov.section_head.user
    body = words(message, "body")
    assert gov.staff[1].name in body
    assert gov.staff[0].name not in body
    assert "triwulan 1" in body
    assert "masih dapat mengerjakannya" in body
    with translation.override("en"):
        assert gov.staff[1].name in words(message, "body")


def test_results_wait_for_who_has_not_read_them(world, at):
    first, second, third = world.gov.staff
    for person, state in ((first, EvaluationState.FINAL), (second, EvaluationState.FINAL), (third, "assessed")):
        make_plan(world.of(person))
        make_evaluation(world.of(person), world.quarter, state=state)
    Evaluation.objects.filter(participant=world.of(second)).update(received_at=timezone.now())
    deadline(world, DeadlineKind.READ)
    at(4, 15)  # the day itself was missed
    assert reminders.remind() == 1
    assert reminders.remind() == 0
    assert told() == [first.name]
    assert "nyatakan sudah membaca" in words(Message.objects.get(kind="evaluations.reminder"), "body")


def test_results_of_units_wait_for_who_assesses_their_heads(world, at):
    gov = world.gov
    Participant.objects.filter(pk=world.of(gov.section_head).pk).update(heads=gov.section)
    Participant.objects.filter(pk=world.of(gov.second_section_head).pk).update(heads=gov.second_section)
    OrganisationResult.objects.create(
        unit=gov.section, period=world.quarter, result="baik", reason="Target", set_by=gov.office_head.user
    )
    deadline(world, DeadlineKind.ORGANISATION)
    at(4, 10)
    reminders.remind()
    message = Message.objects.get(kind="evaluations.reminder_team")
    assert message.recipient == gov.office_head.user
    assert message.context["names"] == [gov.second_section.name]


def test_feedback_waits_for_who_was_asked_and_names_nobody(world, at):
    gov = world.gov
    for giver, given in ((gov.staff[1], False), (gov.staff[2], True)):
        FeedbackInvitation.objects.create(
            participant=world.me, period=world.quarter, relation=FeedbackRelation.PEER, giver=giver, given=given
        )
    deadline(world, DeadlineKind.FEEDBACK)
    at(4, 10)
    reminders.remind()
    assert told() == [gov.staff[1].name]
    assert gov.employee.name not in str(Message.objects.get(kind="evaluations.reminder").context)


def test_who_is_excused_or_has_left_is_left_alone(world, at):
    only(world, world.gov.staff[1])
    Participant.objects.filter(pk=world.of(world.gov.staff[1]).pk).update(excused_reason="CLTN")
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10)
    assert reminders.remind() == 0


# --- Twice ------------------------------------------------------------------------------------------------
def test_a_run_that_died_in_the_middle_goes_on_without_telling_anybody_twice(world, at, monkeypatch):
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10)
    monkeypatch.setattr(reminders, "CHUNK", 3)
    real, calls = reminders.notify_together, []

    def dies(letters):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(letters)

    monkeypatch.setattr(reminders, "notify_together", dies)
    with pytest.raises(RuntimeError):
        reminders.remind()
    assert len(told()) == 6
    assert not ReminderRun.objects.exists()
    assert reminders.remind() == Participant.objects.count() - 6
    assert len(told()) == len(set(told())) == Participant.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_tell_everybody_once(world, at):
    deadline(world, DeadlineKind.PLAN_SUBMIT)
    at(4, 10)
    counts = at_once(reminders.remind, reminders.remind)
    everybody = Participant.objects.count()
    assert sorted(counts) == [0, everybody]
    assert len(told()) == everybody
    assert ReminderRun.objects.count() == 1
