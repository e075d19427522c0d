"""Assess, sign, read: who may, when, with what, and what each leaves behind."""

import datetime

import pytest

from evaluations import registry
from evaluations.enums import EvaluationState, OrgResult, Predikat, Rating
from evaluations.models import (
    AssessorAssignment,
    Evaluation,
    EvaluationStep,
    OrganisationResult,
    Participant,
    Plan,
)
from evaluations.services import opening, organisation, ratings
from evaluations.services.ratings import Assessment, Remark
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import make_plan, make_world
from tests.evaluations.ratings_world import (
    IN_QUARTER,
    assessed,
    assessor_of,
    rated,
    read,
    signed,
    user_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]


# --- Opening --------------------------------------------------------------------------------------
def test_the_end_of_a_period_opens_an_evaluation_for_everybody_with_an_agreed_plan(world):
    assert opening.open_due() == 3
    row = Evaluation.objects.get(participant=world.me)
    assert (row.state, row.plan, row.assessor) == (EvaluationState.OPEN, world.me.plan, world.me.assessor)
    items = WorkItem.objects.filter(kind="evaluations.assess", closed_at=None)
    assert items.count() == 3
    assert items.get(subject_id=row.pk).holder == assessor_of(world.me)
    assert f"{items.get(subject_id=row.pk).due_on}" == "2026-04-10"


def test_opening_twice_opens_once(world):
    opening.open_due()
    assert opening.open_due() == 0
    assert WorkItem.objects.filter(kind="evaluations.assess").count() == 3


def test_who_agrees_later_is_opened_at_the_next_run(world):
    opening.open_due()
    late = world.of(world.gov.office_head)
    make_plan(late)
    assert opening.open_due() == 1
    assert Evaluation.objects.filter(participant=late).exists()


def test_a_running_period_opens_nothing(world, time_machine):
    time_machine.move_to(IN_QUARTER, tick=False)
    assert opening.open_due() == 0


def test_the_leader_above_is_asked_for_the_result_of_a_unit(world):
    head = world.of(world.gov.section_head)
    Participant.objects.filter(pk=head.pk).update(heads=world.gov.section)
    opening.open_due()
    item = WorkItem.objects.get(kind="evaluations.organisation")
    assert item.holder == world.gov.office_head.user
    organisation.set_organisation(
        actor=item.holder, unit=world.gov.section, period=world.quarter, result=OrgResult.BAIK, reason="Target"
    )
    item.refresh_from_db()
    assert item.closed_at is not None


# --- Assessing ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("results", "behaviour", "expected"),
    [
        pytest.param(Rating.ABOVE, Rating.BELOW, Predikat.KURANG, id="cell (1,3)"),
        pytest.param(Rating.EXPECTED, Rating.BELOW, Predikat.KURANG, id="cell (2,3)"),
        pytest.param(Rating.ABOVE, Rating.ABOVE, Predikat.SANGAT_BAIK, id="cell (1,1)"),
        pytest.param(Rating.ABOVE, Rating.EXPECTED, Predikat.BAIK, id="cell (1,2)"),
        pytest.param(Rating.EXPECTED, Rating.ABOVE, Predikat.BAIK, id="cell (2,1)"),
        pytest.param(Rating.EXPECTED, Rating.EXPECTED, Predikat.BAIK, id="cell (2,2)"),
        pytest.param(Rating.BELOW, Rating.ABOVE, Predikat.BUTUH_PERBAIKAN, id="cell (3,1)"),
        pytest.param(Rating.BELOW, Rating.EXPECTED, Predikat.BUTUH_PERBAIKAN, id="cell (3,2)"),
        pytest.param(Rating.BELOW, Rating.BELOW, Predikat.SANGAT_KURANG, id="cell (3,3)"),
    ],
)
def test_the_predikat_is_the_cell_of_the_matrix(world, results, behaviour, expected):
    assert assessed(world.me, world.quarter, rated(results, behaviour)).predikat == expected


def test_marks_and_notes_are_kept_with_the_rating(world):
    origin = world.me.plan.results.first().origin
    given = rated(results={origin: Remark(Rating.ABOVE, "Melampaui")}, values={"loyal": Remark("", "Setia")})
    row = assessed(world.me, world.quarter, given)
    assert [(mark.result, mark.mark, mark.feedback) for mark in row.marks.all()] == [
        (origin, "above", "Melampaui")
    ]
    assert [(note.value, note.text) for note in row.value_notes.all()] == [("loyal", "Setia")]


@pytest.mark.parametrize("missing", ["results_rating", "results_reason", "behaviour_rating", "behaviour_reason"])
def test_both_ratings_and_both_reasons_are_needed(world, missing):
    with pytest.raises(RuleRefused) as refusal:
        assessed(world.me, world.quarter, rated(**{missing: " "}))
    assert [problem.field for problem in refusal.value.problems] == [missing]


def test_nobody_is_rated_without_an_agreed_plan(world):
    head = world.of(world.gov.office_head)
    make_plan(head, state="submitted")
    with pytest.raises(RuleRefused) as refusal:
        assessed(head, world.quarter)
    assert refusal.value.problems[0].rule == "no_agreed_plan"


def test_nobody_is_rated_before_the_period_is_over(world, time_machine):
    time_machine.move_to(IN_QUARTER, tick=False)
    with pytest.raises(RuleRefused) as refusal:
        assessed(world.me, world.quarter)
    assert refusal.value.problems[0].rule == "period_not_over"


@pytest.mark.parametrize("who", ["me", "colleague", "above", "hr"])
def test_only_the_assessor_assesses(world, who):
    gov = world.gov
    actor = {"me": gov.employee, "colleague": gov.colleague, "above": gov.office_head, "hr": gov.hr}[who].user
    with pytest.raises(PermissionRefused):
        ratings.assess(actor=actor, participant=world.me, period=world.quarter, given=rated())


def test_a_draft_keeps_what_was_written_and_rates_nothing(world):
    actor = assessor_of(world.me)
    given = Assessment(results_rating=Rating.ABOVE, results_reason="Belum selesai")
    row = ratings.save_draft(actor=actor, participant=world.me, period=world.quarter, given=given)
    assert (row.state, row.predikat, row.results_reason) == (EvaluationState.OPEN, "", "Belum selesai")
    assert ratings.assess(
        actor=actor, participant=world.me, period=world.quarter, given=rated(), version=row.version
    ).predikat


def test_an_old_page_overwrites_nothing(world):
    row = assessed(world.me, world.quarter)
    with pytest.raises(StateChanged):
        ratings.assess(
            actor=assessor_of(world.me),
            participant=world.me,
            period=world.quarter,
            given=rated(Rating.BELOW),
            version=row.version - 1,
        )


def test_what_was_assessed_may_be_reopened_until_it_is_signed(world):
    actor, row = assessor_of(world.me), assessed(world.me, world.quarter)
    again = ratings.reopen(actor=actor, evaluation=row)
    assert (again.state, again.predikat, again.results_reason) == (EvaluationState.OPEN, "", row.results_reason)
    final = signed(world.me, world.quarter)
    with pytest.raises(StateChanged):
        ratings.reopen(actor=actor, evaluation=final)
    with pytest.raises(StateChanged):
        assessed(world.me, world.quarter)


# --- Signing and reading --------------------------------------------------------------------------
def test_signing_makes_it_final_tells_the_person_and_closes_the_item(world):
    opening.open_due()
    row = signed(world.me, world.quarter)
    assert (row.state, row.late) == (EvaluationState.FINAL, False)
    assert WorkItem.objects.get(subject_id=row.pk, closed_at=None).kind == "evaluations.read"
    assert Message.objects.get(kind="evaluations.signed").recipient == user_of(world.me)
    verbs = ["evaluations.evaluation_assess", "evaluations.evaluation_sign"]
    assert list(Event.objects.filter(subject_id=str(row.pk)).values_list("verb", flat=True)) == verbs
    steps = EvaluationStep.objects.filter(evaluation=row).values_list("from_state", "to_state")
    assert list(steps) == [("open", "assessed"), ("assessed", "final")]


def test_who_signs_after_the_deadline_is_marked_late(world, time_machine):
    row = assessed(world.me, world.quarter)
    time_machine.move_to("2026-04-11T02:00:00+00:00", tick=False)
    assert ratings.sign(actor=assessor_of(world.me), evaluation=row).late


def test_others_hear_of_a_result_that_counts(world, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_callbacks", [lambda row, **about: told.append((row.pk, about["replaced"]))])
    row = signed(world.me, world.quarter)
    assert told == [(row.pk, None)]


def test_the_person_sees_nothing_before_it_is_signed_and_reads_it_once(world):
    person = user_of(world.me)
    row = assessed(world.me, world.quarter)
    assert not Evaluation.objects.visible_to(person).exists()
    row = ratings.sign(actor=assessor_of(world.me), evaluation=row)
    assert Evaluation.objects.visible_to(person).get() == row
    assert ratings.receive(actor=person, evaluation=row).received_at is not None
    with pytest.raises(PermissionRefused):
        ratings.receive(actor=person, evaluation=row)


def test_a_result_waits_in_the_inbox_of_the_person_until_it_is_read(world):
    evaluation = signed(world.me, world.quarter)
    item = WorkItem.objects.get(kind="evaluations.read")
    assert (item.holder, item.subject_id, item.closed_at) == (user_of(world.me), evaluation.pk, None)
    assert item.due_on == datetime.date(2026, 4, 7)
    assert "nyatakan sudah membaca" in item.line
    ratings.receive(actor=user_of(world.me), evaluation=evaluation)
    item.refresh_from_db()
    assert item.closed_by == user_of(world.me)


def test_nobody_reads_for_somebody_else(world):
    row = signed(world.me, world.quarter)
    with pytest.raises(PermissionRefused):
        ratings.receive(actor=assessor_of(world.me), evaluation=row)


def test_many_are_signed_together_and_what_fails_says_why(world):
    one = assessed(world.me, world.quarter)
    opening.open_due()
    other = Evaluation.objects.get(participant=world.of(world.gov.colleague))
    done, refused = ratings.bulk_sign(assessor_of(world.me), [one.pk, other.pk], {})
    assert done.ok
    assert not refused.ok
    assert "Menunggu penilaian" in str(refused.message)


# --- A change of assessor -------------------------------------------------------------------------
def change_assessor(participant, assessor):
    AssessorAssignment.objects.filter(participant=participant).update(assessor=assessor)
    Participant.objects.filter(pk=participant.pk).update(assessor=assessor)
    participant.refresh_from_db()


def test_an_unsigned_evaluation_follows_the_assessor(world):
    opening.open_due()
    row = assessed(world.me, world.quarter)
    former = assessor_of(world.me)
    change_assessor(world.me, world.gov.second_section_head)
    assert ratings.hand_over_evaluations([world.me]) == 1
    row.refresh_from_db()
    new = world.gov.second_section_head
    assert (row.assessor, row.state) == (new, EvaluationState.ASSESSED)
    assert WorkItem.objects.get(subject_id=row.pk, closed_at=None).holder == new.user
    with pytest.raises(PermissionRefused):
        ratings.sign(actor=former, evaluation=row)
    assert ratings.sign(actor=new.user, evaluation=row).assessor == new


def test_a_signed_evaluation_stays_with_who_signed_it(world):
    row = signed(world.me, world.quarter)
    change_assessor(world.me, world.gov.second_section_head)
    assert ratings.hand_over_evaluations([world.me]) == 0
    row.refresh_from_db()
    assert row.assessor == world.gov.section_head


# --- Units ----------------------------------------------------------------------------------------
def test_the_leader_one_level_up_sets_the_result_and_the_trail_keeps_the_earlier_one(world):
    actor = world.gov.office_head.user
    where = {"actor": actor, "unit": world.gov.section, "period": world.quarter}
    organisation.set_organisation(**where, result=OrgResult.BAIK, reason="Sembilan dari sepuluh target")
    row = organisation.set_organisation(**where, result=OrgResult.ISTIMEWA, reason="Semua target terlampaui")
    assert (row.result, row.version) == (OrgResult.ISTIMEWA, 2)
    event = Event.objects.filter(verb="evaluations.organisation_set").last()
    assert event.data["earlier"]["result"] == OrgResult.BAIK


@pytest.mark.parametrize("who", ["section_head", "employee", "hr", "second_section_head"])
def test_nobody_sets_the_result_of_the_own_unit_or_of_a_strangers(world, who):
    with pytest.raises(PermissionRefused):
        organisation.set_organisation(
            actor=getattr(world.gov, who).user,
            unit=world.gov.section,
            period=world.quarter,
            result=OrgResult.ISTIMEWA,
            reason="Hebat",
        )


def test_a_pattern_is_explained_by_who_leads_once_the_result_stands(world):
    where = {"unit": world.gov.section, "period": world.quarter, "reason": "Unit baru dibentuk"}
    with pytest.raises(RuleRefused):
        organisation.explain_distribution(actor=world.gov.section_head.user, **where)
    OrganisationResult.objects.create(
        unit=world.gov.section, period=world.quarter, result="baik", reason="x", set_by=world.gov.office_head.user
    )
    row = organisation.explain_distribution(actor=world.gov.section_head.user, **where)
    assert row.distribution_reason == "Unit baru dibentuk"
    with pytest.raises(PermissionRefused):
        organisation.explain_distribution(actor=world.gov.employee.user, **where)


def test_a_read_evaluation_has_its_receipt(world):
    assert read(world.me, world.quarter).received_at is not None


def test_without_any_plan_no_evaluation_is_opened():
    world = make_world()
    assert opening.open_due() == 0
    assert not Plan.objects.exists()
    assert not Evaluation.objects.filter(participant=world.me).exists()
