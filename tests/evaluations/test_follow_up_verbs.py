"""What follows a result: the line in the record, coaching, the six months, proposals, the talent box."""

import datetime

import pytest
from django.urls import reverse

from evaluations.enums import ChainState, CoachingState, Predikat, RecommendationState
from evaluations.models import Coaching, CoachingReview, Recommendation, TalentPlacement
from evaluations.rules.coaching import STATEMENTS
from evaluations.selectors.follow_up import grid, in_box, recommended, year_result
from evaluations.services import coaching, follow_up
from kepegawaian.accounts.roles import Role
from kepegawaian.employees.models import PerformanceNote
from kepegawaian.employees.services import note_performance
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories_follow_up import altered, part_of, rated
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
SB, B, BP, K, SK = Predikat
NOW = "2027-01-20T03:00:00+00:00"
YES = dict.fromkeys(STATEMENTS, True)


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def me(gov):
    return part_of(gov, gov.employee, 2026)


def notes(employee):
    return list(PerformanceNote.objects.filter(employee=employee, superseded_at=None).order_by("year"))


def coached(gov, me, **kwargs) -> Coaching:
    facts = {
        "actor": gov.section_head.user,
        "participant": me,
        "kind": "bimbingan",
        "coach": gov.section_head,
        "goal": "Laporan tepat waktu",
        "starts_on": datetime.date(2027, 1, 1),
        "ends_on": datetime.date(2027, 3, 31),
        **kwargs,
    }
    return coaching.open_coaching(**facts)


# --- The record of the person ----------------------------------------------------------------------
def test_two_good_years_open_the_gate_of_promotion(gov):
    rated(gov, gov.employee, 2025, B)
    rated(gov, gov.employee, 2026, SB)
    first, second = notes(gov.employee)
    assert (first.label, second.label) == ("Baik", "Sangat baik")
    assert "Belum ada predikat kinerja tahun 2024" in first.meaning
    assert "2027 terpenuhi" in second.meaning
    assert second.source == "PermenPANRB 6/2022"


def test_a_poor_year_closes_the_gate(gov):
    rated(gov, gov.employee, 2025, B)
    rated(gov, gov.employee, 2026, BP)
    assert "2027 belum terpenuhi" in notes(gov.employee)[1].meaning


def test_a_contract_is_weighed_by_the_year(gov):
    person = EmployeeFactory(pppk=True, unit=gov.section)
    rated(gov, person, 2026, B)
    (note,) = notes(person)
    assert note.meaning == "Bahan pertimbangan perpanjangan perjanjian kerja"
    assert note.source == "PP 49/2018 Pasal 37"


def test_a_quarter_leaves_nothing_in_the_record(gov):
    rated(gov, gov.employee, 2026, B, month=3)
    assert notes(gov.employee) == []


def test_an_objection_changes_the_record_and_the_year_after(gov):
    original = rated(gov, gov.employee, 2025, BP)
    rated(gov, gov.employee, 2026, B)
    assert "belum terpenuhi" in notes(gov.employee)[1].meaning
    altered(gov, original, B)
    assert [note.label for note in notes(gov.employee)] == ["Baik", "Baik"]
    assert "2027 terpenuhi" in notes(gov.employee)[1].meaning
    assert PerformanceNote.objects.filter(employee=gov.employee).count() == 4


def test_the_same_note_twice_is_one(gov):
    evaluation = rated(gov, gov.employee, 2026, B)
    (note,) = notes(gov.employee)
    again = note_performance(
        employee=gov.employee,
        year=2026,
        label=note.label,
        meaning=note.meaning,
        source=note.source,
        evaluation=evaluation.pk,
    )
    assert again == note


def test_the_page_of_the_person_shows_the_note(gov, client):
    rated(gov, gov.employee, 2026, B)
    client.force_login(gov.employee.user)
    page = client.get(reverse("employees:me")).content.decode()
    assert "Syarat kinerja kenaikan pangkat reguler 2027" in page


# --- Suggestions ----------------------------------------------------------------------------------
def test_a_good_year_suggests_rewards_and_a_poor_one_coaching(gov):
    good = rated(gov, gov.employee, 2026, SB)
    poor = rated(gov, gov.colleague, 2026, K)
    kinds = {one.kind for one in recommended(good, gov.employee)}
    assert {"talent_pool", "promotion"} <= kinds
    assert {"bimbingan", "improvement"} <= {one.kind for one in recommended(poor, gov.colleague)}


# --- Coaching -------------------------------------------------------------------------------------
def test_coaching_from_plan_to_outcome(gov, me):
    row = coached(gov, me)
    assert WorkItem.objects.get(kind="evaluations.coaching", closed_at=None).holder == gov.section_head.user
    coaching.add_session(
        actor=gov.section_head.user, coaching=row, held_on=datetime.date(2027, 1, 15), notes="Membahas jadwal"
    )
    coaching.check_competency(
        actor=gov.section_head.user, coaching=row, competency="Menulis laporan", score=4, reason="Rapi"
    )
    row = coaching.close_coaching(actor=gov.section_head.user, coaching=row, outcome="Tepat waktu")
    assert (row.state, row.sessions.count(), row.checks.count()) == (CoachingState.FINISHED, 1, 1)
    item = WorkItem.objects.get(kind="evaluations.review", closed_at=None)
    assert item.holder == gov.employee.user


def test_the_review_goes_to_the_superior_of_the_assessor(gov, me):
    part_of(gov, gov.section_head, 2026)
    row = coached(gov, me)
    coaching.close_coaching(actor=gov.section_head.user, coaching=row, outcome="Selesai")
    coaching.write_review(actor=gov.employee.user, coaching=row, answers=YES)
    assert not WorkItem.objects.filter(kind="evaluations.review", closed_at=None).exists()
    told = Message.objects.filter(kind="evaluations.review").values_list("recipient", flat=True)
    assert gov.section_head.user.pk not in told


def test_the_review_is_the_persons_own_once_and_complete(gov, me):
    row = coached(gov, me)
    with pytest.raises(PermissionRefused):
        coaching.write_review(actor=gov.section_head.user, coaching=row, answers=YES)
    with pytest.raises(RuleRefused):
        coaching.write_review(actor=gov.employee.user, coaching=row, answers={"heard": True})
    coaching.write_review(actor=gov.employee.user, coaching=row, answers=YES)
    with pytest.raises(StateChanged):
        coaching.write_review(actor=gov.employee.user, coaching=Coaching.objects.get(), answers=YES)
    assert CoachingReview.objects.count() == 1


@pytest.mark.parametrize("who", ["employee", "colleague", "second_section_head"])
def test_who_may_not_open_coaching(gov, me, who):
    with pytest.raises(PermissionRefused):
        coached(gov, me, actor=getattr(gov, who).user)


def test_nobody_coaches_himself(gov, me):
    with pytest.raises(RuleRefused):
        coached(gov, me, coach=gov.employee)


def test_coaching_is_seen_by_person_coach_line_and_hr_alone(gov, me):
    coached(gov, me, coach=gov.colleague)
    leader, inspector = EmployeeFactory(unit=gov.personnel), EmployeeFactory(unit=gov.personnel)
    RoleAssignmentFactory(user=leader.user, role=Role.LEADER)
    RoleAssignmentFactory(user=inspector.user, role=Role.INSPECTOR)
    seeing = (gov.employee, gov.colleague, gov.section_head, gov.office_head, gov.hr)
    assert all(Coaching.objects.visible_to(person.user).exists() for person in seeing)
    blind = (gov.second_staff[0], gov.second_section_head, gov.school_head, leader, inspector)
    assert not any(Coaching.objects.visible_to(person.user).exists() for person in blind)


def test_a_session_is_written_after_it_was_held_and_never_changed(gov, me):
    row = coached(gov, me)
    with pytest.raises(RuleRefused):
        coaching.add_session(
            actor=gov.section_head.user, coaching=row, held_on=datetime.date(2027, 2, 1), notes="Nanti"
        )


def test_closed_coaching_takes_no_session(gov, me):
    row = coached(gov, me)
    coaching.close_coaching(actor=gov.section_head.user, coaching=row, outcome="Pindah", dropped=True)
    with pytest.raises(PermissionRefused):
        coaching.add_session(
            actor=gov.section_head.user, coaching=row, held_on=datetime.date(2027, 1, 5), notes="Terlambat"
        )


# --- Six months -----------------------------------------------------------------------------------
def test_the_six_months_to_a_decision(gov, time_machine):
    poor = rated(gov, gov.employee, 2026, K)
    chain = coaching.open_chain(actor=gov.hr.user, evaluation=poor)
    assert (chain.starts_on, chain.ends_on) == (datetime.date(2027, 1, 20), datetime.date(2027, 7, 20))
    item = WorkItem.objects.get(kind="evaluations.chain", closed_at=None)
    assert (item.holder, item.due_on) == (gov.hr.user, chain.ends_on)
    time_machine.move_to("2027-07-21T03:00:00+00:00", tick=False)
    chain = coaching.record_finding(actor=gov.hr.user, chain=chain, recovered=False, finding="Belum")
    chain = coaching.record_test(
        actor=gov.hr.user, chain=chain, test_on=datetime.date(2027, 8, 1), test_result="Tidak memenuhi"
    )
    chain = coaching.record_decision(
        actor=gov.hr.user, chain=chain, decision="Dipindahkan ke jabatan lain", decree_number="800/9/2027"
    )
    assert chain.state == ChainState.DECIDED
    assert not WorkItem.objects.filter(kind="evaluations.chain", closed_at=None).exists()


def test_who_improves_is_done_early(gov):
    chain = coaching.open_chain(actor=gov.hr.user, evaluation=rated(gov, gov.employee, 2026, SK))
    chain = coaching.record_finding(actor=gov.hr.user, chain=chain, recovered=True, finding="Membaik")
    assert chain.state == ChainState.RECOVERED


def test_nobody_is_tested_before_the_six_months_are_over(gov):
    chain = coaching.open_chain(actor=gov.hr.user, evaluation=rated(gov, gov.employee, 2026, K))
    with pytest.raises(RuleRefused):
        coaching.record_finding(actor=gov.hr.user, chain=chain, recovered=False, finding="Terlalu cepat")


def test_no_decision_without_a_test(gov, time_machine):
    chain = coaching.open_chain(actor=gov.hr.user, evaluation=rated(gov, gov.employee, 2026, K))
    time_machine.move_to("2027-07-21T03:00:00+00:00", tick=False)
    chain = coaching.record_finding(actor=gov.hr.user, chain=chain, recovered=False, finding="Belum")
    with pytest.raises(RuleRefused):
        coaching.record_decision(actor=gov.hr.user, chain=chain, decision="x", decree_number="1")


@pytest.mark.parametrize("predikat", [B, BP])
def test_the_six_months_are_for_the_two_lowest_alone(gov, predikat):
    with pytest.raises(RuleRefused):
        coaching.open_chain(actor=gov.hr.user, evaluation=rated(gov, gov.employee, 2026, predikat))


def test_only_hr_opens_the_six_months_and_once(gov):
    poor = rated(gov, gov.employee, 2026, K)
    with pytest.raises(PermissionRefused):
        coaching.open_chain(actor=gov.section_head.user, evaluation=poor)
    coaching.open_chain(actor=gov.hr.user, evaluation=poor)
    with pytest.raises(StateChanged):
        coaching.open_chain(actor=gov.hr.user, evaluation=poor)


# --- Proposals ------------------------------------------------------------------------------------
def test_a_proposal_is_answered_by_hr_with_a_reason(gov, me):
    row = follow_up.propose(actor=gov.section_head.user, participant=me, kind="training", text="Diklat PIM")
    assert WorkItem.objects.get(kind="evaluations.recommendation", closed_at=None).holder == gov.hr.user
    with pytest.raises(RuleRefused):
        follow_up.answer(actor=gov.hr.user, recommendation=row, accepted=True, reason=" ")
    row = follow_up.answer(actor=gov.hr.user, recommendation=row, accepted=False, reason="Anggaran habis")
    assert (row.state, row.answer) == (RecommendationState.REFUSED, "Anggaran habis")
    told = set(Message.objects.filter(kind="evaluations.recommendation").values_list("recipient", flat=True))
    assert told == {gov.employee.user.pk, gov.section_head.user.pk}
    with pytest.raises(StateChanged):
        follow_up.answer(actor=gov.hr.user, recommendation=row, accepted=True, reason="Lagi")


def test_nobody_answers_what_he_proposed(gov, me):
    row = follow_up.propose(actor=gov.hr.user, participant=me, kind="award", text="Pegawai teladan")
    with pytest.raises(PermissionRefused):
        follow_up.answer(actor=gov.hr.user, recommendation=row, accepted=True, reason="Ya")


def test_nobody_proposes_for_himself(gov, me):
    with pytest.raises(PermissionRefused):
        follow_up.propose(actor=gov.employee.user, participant=me, kind="award", text="Saya")
    assert not Recommendation.objects.exists()


# --- Talent ---------------------------------------------------------------------------------------
def test_the_box_follows_result_and_potential(gov):
    rated(gov, gov.employee, 2026, SB)
    participant = part_of(gov, gov.employee, 2026)
    row = follow_up.place_talent(
        actor=gov.hr.user, participant=participant, potential="high", reason="Uji kompetensi 2026"
    )
    assert row.box == 9
    again = follow_up.place_talent(actor=gov.hr.user, participant=participant, potential="low", reason="Diralat")
    assert (again.box, TalentPlacement.objects.filter(superseded_at=None).count()) == (4, 1)


def test_an_objection_moves_the_box_and_keeps_the_potential(gov):
    original = rated(gov, gov.employee, 2026, B)
    participant = part_of(gov, gov.employee, 2026)
    follow_up.place_talent(actor=gov.hr.user, participant=participant, potential="high", reason="Uji")
    altered(gov, original, SB)
    row = TalentPlacement.objects.get(superseded_at=None)
    assert (row.box, row.potential, row.reason) == (9, "high", "Uji")


def test_no_box_without_a_signed_year(gov, me):
    assert year_result(me) is None
    with pytest.raises(RuleRefused):
        follow_up.place_talent(actor=gov.hr.user, participant=me, potential="high", reason="Uji")


def test_nobody_records_his_own_potential(gov):
    rated(gov, gov.hr, 2026, B)
    with pytest.raises(PermissionRefused):
        follow_up.place_talent(
            actor=gov.hr.user, participant=part_of(gov, gov.hr, 2026), potential="high", reason="Saya"
        )


def test_the_grid_shows_a_leader_the_people_below_and_never_himself(gov):
    cycle = part_of(gov, gov.employee, 2026).cycle
    for person in (gov.employee, gov.second_staff[0], gov.section_head):
        rated(gov, person, 2026, B)
        follow_up.place_talent(
            actor=gov.hr.user, participant=part_of(gov, person, 2026), potential="medium", reason="Uji"
        )

    def seen(person) -> set:
        assert sum(cell.count for row in grid(person.user, cycle) for cell in row) == sum(
            in_box(person.user, cycle, number).count() for number in range(1, 10)
        )
        return {one.employee for one in in_box(person.user, cycle, 5)}

    assert seen(gov.section_head) == {gov.employee}
    assert seen(gov.hr) == {gov.employee, gov.second_staff[0], gov.section_head}
    assert seen(gov.colleague) == set()
    assert [cell.box.number for row in grid(gov.hr.user, cycle) for cell in row] == [4, 7, 9, 2, 5, 8, 1, 3, 6]
