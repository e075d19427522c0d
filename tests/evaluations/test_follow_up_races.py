"""What follows a result, at the same moment on real connections; and whoever waited for a lock acts on what is
there when he gets it."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from evaluations.enums import ChainState, CoachingState, EvaluationState, Predikat, RecommendationState
from evaluations.models import (
    CoachingReview,
    CoachingSession,
    CompetencyCheck,
    ImprovementChain,
    Objection,
    OrganisationResult,
    Participant,
    Recommendation,
    TalentPlacement,
)
from evaluations.rules.coaching import STATEMENTS
from evaluations.services import assessors, coaching, follow_up, objections, organisation, ratings
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.work.models import WorkItem
from tests.employees.factories import EmployeeFactory, make_government
from tests.evaluations.factories_follow_up import part_of
from tests.evaluations.factories_follow_up import rated as year_rated
from tests.evaluations.ratings_world import (
    AFTER_QUARTER,
    assessed,
    assessor_of,
    quarter_world,
    rated,
    read,
    user_of,
)
from tests.support.races import alone, at_once, refusals
from tests.units.factories import RoleAssignmentFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
JANUARY = "2027-01-20T03:00:00+00:00"
DAY = datetime.date(2027, 1, 15)


@pytest.fixture
def gov(transactional_db, time_machine):
    time_machine.move_to(JANUARY, tick=False)
    return make_government()


@pytest.fixture
def me(gov):
    return part_of(gov, gov.employee, 2026)


@pytest.fixture
def row(gov, me):
    return coaching.open_coaching(
        actor=gov.section_head.user,
        participant=me,
        kind="bimbingan",
        coach=gov.section_head,
        goal="Laporan tepat waktu",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 3, 31),
    )


@pytest.fixture
def chain(gov):
    result = year_rated(gov, gov.employee, 2026, Predikat.KURANG)
    return coaching.open_chain(actor=gov.hr.user, evaluation=result)


# --- Coaching -------------------------------------------------------------------------------------
def test_a_session_sent_twice_is_written_once(gov, row):
    said = {"actor": gov.section_head.user, "coaching": row, "held_on": DAY, "notes": "Membahas laporan"}
    results = at_once(*[lambda: coaching.add_session(**said)] * 3)
    assert refusals(results) == []
    assert CoachingSession.objects.count() == 1
    coaching.add_session(**{**said, "notes": "Membahas rencana"})
    assert CoachingSession.objects.count() == 2


def test_a_line_of_the_form_sent_twice_is_written_once(gov, row):
    said = {"competency": "Menulis", "score": 4, "reason": "Rapi"}
    at_once(*[lambda: coaching.check_competency(actor=gov.section_head.user, coaching=row, **said)] * 3)
    assert CompetencyCheck.objects.count() == 1


def test_closing_while_a_session_is_written_never_leaves_one_behind_the_end(gov, row):
    actor = gov.section_head.user
    results = at_once(
        lambda: coaching.add_session(actor=actor, coaching=row, held_on=DAY, notes="Membahas laporan"),
        lambda: coaching.close_coaching(actor=actor, coaching=row, outcome="Laporan tepat waktu"),
    )
    row.refresh_from_db()
    assert row.state == CoachingState.FINISHED
    assert CoachingSession.objects.filter(at__lte=row.closed_at).count() == CoachingSession.objects.count()
    assert len(refusals(results)) == 1 - CoachingSession.objects.count()


def test_coach_and_hr_closing_at_once_close_once(gov, row):
    results = at_once(
        *[
            lambda user=user: coaching.close_coaching(actor=user, coaching=row, outcome=f"Menurut {user.pk}")
            for user in (gov.section_head.user, gov.hr.user)
        ]
    )
    assert len(refusals(results)) == 1
    assert WorkItem.objects.filter(kind=coaching.ITEM_REVIEW, closed_at=None).count() == 1


def test_the_form_of_the_coached_person_is_sent_once(gov, row):
    answers = dict.fromkeys(STATEMENTS, True)
    act = {"actor": gov.employee.user, "coaching": row, "answers": answers}
    results = at_once(*[lambda: coaching.write_review(**act)] * 2)
    assert len(refusals(results)) == 1
    assert CoachingReview.objects.count() == 1


# --- Six months to improve ------------------------------------------------------------------------
def test_the_six_months_are_opened_once(gov):
    result = year_rated(gov, gov.employee, 2026, Predikat.KURANG)
    results = at_once(*[lambda: coaching.open_chain(actor=gov.hr.user, evaluation=result)] * 2)
    assert len(refusals(results)) == 1
    assert ImprovementChain.objects.count() == 1


def test_two_decisions_at_once_are_one(gov, chain, time_machine):
    hr = gov.hr.user
    time_machine.move_to("2027-08-01T03:00:00+00:00", tick=False)
    coaching.record_finding(actor=hr, chain=chain, recovered=False, finding="Belum membaik")
    coaching.record_test(actor=hr, chain=chain, test_on=datetime.date(2027, 7, 25), test_result="Tidak lulus")
    decided = [{"decision": f"Keputusan {number}", "decree_number": f"800/{number}"} for number in (1, 2)]
    results = at_once(
        *[lambda said=said: coaching.record_decision(actor=hr, chain=chain, **said) for said in decided]
    )
    assert len(refusals(results)) == 1
    chain.refresh_from_db()
    assert chain.state == ChainState.DECIDED
    assert {"decision": chain.decision, "decree_number": chain.decree_number} in decided
    assert not WorkItem.objects.filter(subject_id=chain.pk, closed_at=None).exists()


def test_recovered_and_not_recovered_at_once_is_one_of_the_two(gov, chain, time_machine):
    time_machine.move_to("2027-08-01T03:00:00+00:00", tick=False)
    results = at_once(
        *[
            lambda better=better: coaching.record_finding(
                actor=gov.hr.user, chain=chain, recovered=better, finding="Diperiksa"
            )
            for better in (True, False)
        ]
    )
    assert len(refusals(results)) == 1
    chain.refresh_from_db()
    assert (chain.closed_at is not None) == (chain.state == ChainState.RECOVERED)


# --- Proposals and talent -------------------------------------------------------------------------
def test_a_proposal_answered_by_two_is_answered_once(gov, me):
    other = EmployeeFactory(unit=gov.personnel)
    RoleAssignmentFactory(user=other.user, role=Role.HR_CENTRAL)
    wish = follow_up.propose(actor=gov.section_head.user, participant=me, kind="award", text="Pegawai teladan")
    results = at_once(
        *[
            lambda user=user, yes=yes: follow_up.answer(
                actor=user, recommendation=wish, accepted=yes, reason="Setelah dibahas"
            )
            for user, yes in ((gov.hr.user, True), (other.user, False))
        ]
    )
    assert len(refusals(results)) == 1
    wish.refresh_from_db()
    accepted = wish.answered_by_id == gov.hr.user.pk
    assert wish.state == (RecommendationState.ACCEPTED if accepted else RecommendationState.REFUSED)


def test_a_proposal_sent_twice_is_one(gov, me):
    wish = {"actor": gov.section_head.user, "participant": me, "kind": "training", "text": "Diklat menulis"}
    at_once(*[lambda: follow_up.propose(**wish)] * 3)
    assert Recommendation.objects.count() == 1
    assert WorkItem.objects.filter(kind=follow_up.ITEM_ANSWER, closed_at=None).count() == 1


def test_two_potentials_at_once_leave_one_box_in_force(gov):
    year_rated(gov, gov.employee, 2026, Predikat.BAIK)
    me = part_of(gov, gov.employee, 2026)
    at_once(
        *[
            lambda potential=potential: follow_up.place_talent(
                actor=gov.hr.user, participant=me, potential=potential, reason="Uji kompetensi"
            )
            for potential in ("low", "high")
        ]
    )
    assert TalentPlacement.objects.filter(superseded_at=None).count() == 1
    assert TalentPlacement.objects.count() == 2


# --- Against a change of assessor -----------------------------------------------------------------
@pytest.fixture
def world(transactional_db, time_machine):
    time_machine.move_to(AFTER_QUARTER, tick=False)
    return quarter_world(staff=3)


def changed_to(world, person):
    change = {"actor": world.gov.hr.user, "participant": world.me, "assessor": person, "reason": "SK mutasi"}
    return lambda: assessors.set_assessor(**change)


def meanwhile(change, act):
    """`act` is let go while `change` still holds its locks, and goes on when that is committed."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            change()
            waiting = pool.submit(alone, act)
            _until_somebody_waits()
        return waiting.result(timeout=60)


def _until_somebody_waits():
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for the lock")


def test_who_has_just_become_assessor_signs_though_he_waited_for_the_change(world):
    evaluation, new = assessed(world.me, world.quarter), world.gov.second_section_head
    done = meanwhile(changed_to(world, new), lambda: ratings.sign(actor=new.user, evaluation=evaluation))
    assert (done.state, done.assessor) == (EvaluationState.FINAL, new)


def test_who_has_just_become_assessor_assesses_though_he_waited_for_the_change(world):
    new = world.gov.second_section_head
    act = {"actor": new.user, "participant": world.me, "period": world.quarter, "given": rated()}
    done = meanwhile(changed_to(world, new), lambda: ratings.assess(**act))
    assert (done.state, done.assessor) == (EvaluationState.ASSESSED, new)


def test_who_has_just_stopped_being_assessor_is_refused_in_words(world):
    evaluation, former = assessed(world.me, world.quarter), assessor_of(world.me)
    done = meanwhile(
        changed_to(world, world.gov.second_section_head), lambda: ratings.sign(actor=former, evaluation=evaluation)
    )
    assert isinstance(done, PermissionRefused)
    evaluation.refresh_from_db()
    assert evaluation.state == EvaluationState.ASSESSED


def test_an_objection_that_waited_for_the_change_still_goes_above_who_signed(world):
    evaluation = read(world.me, world.quarter)
    me, above = user_of(world.me), world.gov.office_head
    new = world.of(world.gov.second_section_head)
    Participant.objects.filter(pk=new.pk).update(assessor=EmployeeFactory(unit=world.gov.office))
    act = {"actor": me, "evaluation": evaluation, "reasons": "Tidak dihitung"}
    filed = meanwhile(changed_to(world, new.employee), lambda: objections.file_objection(**act))
    assert filed.decider == above
    assert WorkItem.objects.get(subject_id=filed.pk, closed_at=None).holder == above.user


def test_an_objection_and_a_change_at_once_always_wait_for_the_superior_of_who_signed(world):
    evaluation, me, above = read(world.me, world.quarter), user_of(world.me), world.gov.office_head
    new = world.of(world.gov.second_section_head)
    Participant.objects.filter(pk=new.pk).update(assessor=EmployeeFactory(unit=world.gov.office))
    results = at_once(
        lambda: objections.file_objection(actor=me, evaluation=evaluation, reasons="Tidak dihitung"),
        changed_to(world, new.employee),
    )
    assert refusals(results) == []
    objection = Objection.objects.get()
    assert objection.decider == above
    assert [item.holder for item in WorkItem.objects.filter(subject_id=objection.pk, closed_at=None)] == [
        above.user
    ]


def test_withdrawing_and_deciding_at_once_is_one_of_the_two(world):
    evaluation = read(world.me, world.quarter)
    objection = objections.file_objection(actor=user_of(world.me), evaluation=evaluation, reasons="Tidak dihitung")
    decider = objection.decider.user
    objections.hear(actor=decider, objection=objection, employee="Ada", assessor="Ya")
    ruling = objections.Ruling("above", "above", "Bukti sah")
    results = at_once(
        lambda: objections.withdraw_objection(actor=user_of(world.me), objection=objection),
        lambda: objections.decide_objection(actor=decider, objection=objection, ruling=ruling),
    )
    assert len(refusals(results)) == 1
    objection.refresh_from_db()
    evaluation.refresh_from_db()
    assert (objection.state == "changed") == (evaluation.state == EvaluationState.REPLACED)


# --- Units ----------------------------------------------------------------------------------------
def test_the_result_of_a_unit_set_twice_at_once_is_one(world):
    act = {"actor": world.gov.office_head.user, "unit": world.gov.section, "period": world.quarter}
    Participant.objects.filter(pk=world.of(world.gov.section_head).pk).update(heads=world.gov.section)
    results = at_once(
        *[
            lambda result=result: organisation.set_organisation(**act, result=result, reason="Menurut LKjIP")
            for result in ("baik", "istimewa")
        ]
    )
    assert len(refusals(results)) <= 1
    row = OrganisationResult.objects.get()
    assert row.version == 2 - len(refusals(results))
