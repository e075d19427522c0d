"""*Penetapan*: the assessor establishes the sum that *Akumulasi* and PAK print, or gives it back."""

import uuid

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from evaluations.enums import ApprovalState, Predikat
from evaluations.models import CreditApproval, CreditEntry, Evaluation, Participant
from evaluations.notifications import follow_up as notices
from evaluations.papers import kinds
from evaluations.papers.credits import accumulation_data, pak_data
from evaluations.selectors.credits import approval_of, entries_of
from evaluations.services import assessors, credits_approval, papers
from kepegawaian.audit.models import Event
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.context import decode
from kepegawaian.notifications.models import Message
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState, WorkItem
from tests.evaluations.factories_follow_up import altered, established, official, part_of, rated
from tests.support.races import at_once, refusals

pytestmark = pytest.mark.django_db
REFUSALS = (IntegrityError, InternalError)


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2027-01-20T03:00:00+00:00", tick=False)


@pytest.fixture
def person(gov):
    found = official(gov)
    rated(gov, found, 2026, Predikat.BAIK)
    return found


def work_off():
    for job in Job.objects.filter(kind=papers.JOB, state=JobState.WAITING).order_by("id"):
        running.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE, job.error


def newest(person) -> uuid.UUID:
    return entries_of(person).last().pk


def waiting(person, kind=credits_approval.ITEM) -> WorkItem | None:
    return WorkItem.objects.filter(kind=kind, subject_id=person.pk, closed_at=None).first()


def in_force(person) -> set[str]:
    return set(IssuedDocument.objects.filter(subject_id=person.pk, revoked_at=None).values_list("kind", flat=True))


def at(name: str, person) -> str:
    return reverse(f"evaluations:{name}", args=[person.pk])


# --- The verbs ------------------------------------------------------------------------------------
def test_the_assessor_establishes_the_sum_and_both_papers_name_him(gov, person):
    row = credits_approval.ask(actor=person.user, employee=person)
    assert credits_approval.ask(actor=gov.hr.user, employee=person) == row
    assert waiting(person).holder == gov.section_head.user
    assert papers.issue(paper=kinds.PAK, pk=person.pk) is None
    assert pak_data(person)["signatures"][0]["recorded"] == ""
    done = [
        credits_approval.approve(actor=gov.section_head.user, employee=person, seen=newest(person))
        for _ in range(2)
    ]
    work_off()
    assert {one.pk for one in done} == {row.pk}
    assert waiting(person) is None
    assert in_force(person) == {paper.kind for paper in kinds.OF_CREDITS}
    for data in (pak_data(person), accumulation_data(person)):
        (signed,) = data["signatures"]
        assert (signed["name"], signed["nip"] != "") == (gov.section_head.full_name, True)
        assert signed["position"] == gov.section_head.current_position
        assert "Ditetapkan secara elektronik 20 Jan 2027, 10.00" in signed["recorded"]
        assert data["signed_text"] == "20 Januari 2027"
    assert Event.objects.filter(verb="evaluations.credits_approved").count() == 1
    assert Message.objects.filter(recipient=person.user, kind="evaluations.credits_decided").count() == 1
    facts = dict(IssuedDocument.objects.get(kind=kinds.PAK.kind).facts)
    assert facts["Ditetapkan oleh"] == gov.section_head.full_name


@pytest.mark.parametrize("who", ["person", "hr", "office_head", "colleague"])
def test_nobody_else_establishes_it(gov, person, who):
    credits_approval.ask(actor=gov.hr.user, employee=person)
    actor = person if who == "person" else getattr(gov, who)
    with pytest.raises(PermissionRefused):
        credits_approval.approve(actor=actor.user, employee=person, seen=newest(person))
    with pytest.raises(PermissionRefused):
        credits_approval.give_back(actor=actor.user, employee=person, reason="Keliru")


def test_nobody_approves_what_he_did_not_see(gov, person):
    credits_approval.ask(actor=gov.hr.user, employee=person)
    seen = newest(person)
    rated(gov, person, 2025, Predikat.BAIK)
    with pytest.raises(StateChanged):
        credits_approval.approve(actor=gov.section_head.user, employee=person, seen=seen)


def test_without_a_conversion_there_is_nothing_to_establish(gov):
    with pytest.raises(RuleRefused):
        credits_approval.ask(actor=gov.hr.user, employee=official(gov))


def test_what_is_given_back_waits_for_hr_and_is_asked_for_again(gov, person):
    credits_approval.ask(actor=person.user, employee=person)
    with pytest.raises(RuleRefused):
        credits_approval.give_back(actor=gov.section_head.user, employee=person, reason=" ")
    said = {"actor": gov.section_head.user, "employee": person, "reason": "Masa kurang satu bulan"}
    row, same = credits_approval.give_back(**said), credits_approval.give_back(**said)
    assert row == same
    assert waiting(person) is None
    assert waiting(person, credits_approval.RETURNED_ITEM).holder == gov.hr.user
    (message,) = Message.objects.filter(recipient=person.user, kind=notices.CreditsDecided.kind)
    assert "Dikembalikan" in notices.CreditsDecided.render("line", decode(message.context))
    assert credits_approval.ask(actor=gov.hr.user, employee=person) != row
    assert waiting(person, credits_approval.RETURNED_ITEM) is None
    assert waiting(person) is not None


def test_newer_points_do_not_bring_back_what_was_returned_before(gov, person):
    credits_approval.ask(actor=person.user, employee=person)
    credits_approval.give_back(actor=gov.section_head.user, employee=person, reason="Masa kurang satu bulan")
    assert established(gov, person).state == ApprovalState.APPROVED
    rated(gov, person, 2025, Predikat.BAIK)
    assert approval_of(person) is None


def test_after_an_objection_the_new_sum_needs_a_new_approval(gov, person):
    first = established(gov, person)
    work_off()
    altered(gov, Evaluation.objects.get(), Predikat.SANGAT_BAIK)
    first.refresh_from_db()
    assert first.state == ApprovalState.SUPERSEDED
    assert in_force(person) == set()
    assert papers.issue(paper=kinds.PAK, pk=person.pk) is None
    assert established(gov, person).pk != first.pk
    work_off()
    assert in_force(person) == {paper.kind for paper in kinds.OF_CREDITS}
    assert IssuedDocument.objects.filter(subject_id=person.pk).count() == 4


def test_what_waits_follows_the_assessor(gov, person):
    row = credits_approval.ask(actor=gov.hr.user, employee=person)
    part = part_of(gov, person, 2026)
    assessors.set_assessor(actor=gov.hr.user, participant=part, assessor=gov.office_head, reason="Pindah tim")
    row.refresh_from_db()
    assert (row.approver, waiting(person).holder) == (gov.office_head, gov.office_head.user)
    with pytest.raises(PermissionRefused):
        credits_approval.approve(actor=gov.section_head.user, employee=person, seen=newest(person))


def test_an_assessor_who_cannot_act_leaves_it_to_the_next_one_above(gov, person):
    gov.section_head.user.is_active = False
    gov.section_head.user.save()
    row = credits_approval.ask(actor=gov.hr.user, employee=person)
    assert row.approver == gov.office_head
    assert CreditEntry.objects.visible_to(gov.office_head.user).exists()
    done = credits_approval.approve(actor=gov.office_head.user, employee=person, seen=newest(person))
    assert done.capacity == gov.office_head.current_position


def test_who_was_to_establish_it_and_can_act_no_more_leaves_it_to_the_next_one(gov, person):
    row = credits_approval.ask(actor=gov.hr.user, employee=person)
    type(gov.hr.user).objects.filter(pk__in=[gov.section_head.user_id]).update(is_active=False)
    assert credits_approval.pass_on() == 1
    row.refresh_from_db()
    assert (row.approver, waiting(person).holder) == (gov.office_head, gov.office_head.user)
    Participant.objects.filter(employee=person).update(assessor=None)
    credits_approval.hand_over([person.pk])
    assert waiting(person).holder == gov.hr.user


# --- What PostgreSQL itself refuses ---------------------------------------------------------------
def test_the_database_keeps_one_approval_by_somebody_else_and_never_rewrites_it(gov, person):
    row = established(gov, person)
    own = {"employee": person, "asked_by": gov.hr.user}
    for change in (
        lambda: CreditApproval.objects.create(**own),
        lambda: CreditApproval.objects.create(**own, state=ApprovalState.RETURNED),
        lambda: CreditApproval.objects.filter(pk=row.pk).update(approver=gov.office_head),
        lambda: CreditApproval.objects.filter(pk=row.pk).update(state=ApprovalState.WAITING),
        lambda: CreditApproval.objects.filter(pk=row.pk).delete(),
        lambda: CreditApproval.objects.create(
            employee=gov.colleague, asked_by=gov.hr.user, approver=gov.colleague
        ),
    ):
        with pytest.raises(REFUSALS), transaction.atomic():
            change()


# --- Page and API ---------------------------------------------------------------------------------
def test_the_page_shows_the_derivation_and_the_verbs(client, gov, person):
    client.force_login(gov.hr.user)
    assert "Ajukan penetapan PAK" in client.get(at("credits", person)).content.decode()
    assert client.post(at("credits_ask", person)).status_code == 302
    assert "Tetapkan angka kredit" not in client.get(at("credits", person)).content.decode()
    client.force_login(gov.section_head.user)
    page = client.get(at("credits", person)).content.decode()
    assert "12/12 × 100% × 12,5 = 12,5" in page
    assert f'name="seen" value="{newest(person)}"' in page
    assert client.get(at("credits_give_back", person)).status_code == 200
    client.post(at("credits_approve", person), {"seen": str(newest(person))})
    assert approval_of(person).state == ApprovalState.APPROVED
    assert "Angka kredit sudah ditetapkan" in client.get(at("credits", person)).content.decode()


def test_the_assessor_s_other_page_says_how_it_stands_and_a_second_click_does_no_harm(client, gov, person):
    credits_approval.ask(actor=gov.hr.user, employee=person)
    client.force_login(gov.section_head.user)
    said = [client.post(at("credits_give_back", person), {"reason": "Masa kurang"}) for _ in range(2)]
    assert [answer.status_code for answer in said] == [302, 302]
    page = client.post(at("credits_approve", person), {"seen": str(newest(person))}, follow=True)
    assert page.status_code == 200
    assert "Isinya berubah sejak Anda membukanya" in page.content.decode()
    assert approval_of(person).state == ApprovalState.RETURNED


def test_the_api_has_the_same_verbs(call, gov, person):
    path = f"/credits/{person.pk}/"
    assert call(gov.hr, "post", f"{path}ask/").status_code == 201
    assert call(gov.hr, "post", f"{path}approve/", {"seen": str(newest(person))}).status_code == 403
    answer = call(gov.section_head, "post", f"{path}give-back/", {"reason": "Periksa lagi"})
    assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    call(gov.hr, "post", f"{path}ask/")
    seen = call(gov.section_head, "get", path).json()["entries"][-1]["id"]
    assert call(gov.section_head, "post", f"{path}approve/", {"seen": seen}).status_code == 200
    found = call(gov.hr, "get", path).json()["approval"]
    assert (found["state"], found["entry"]) == ("approved", seen)


# --- At the same moment ---------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_approved_and_given_back_at_once_one_of_both_holds(gov, person):
    credits_approval.ask(actor=gov.hr.user, employee=person)
    actor, seen = gov.section_head.user, newest(person)
    results = at_once(
        lambda: credits_approval.approve(actor=actor, employee=person, seen=seen),
        lambda: credits_approval.give_back(actor=actor, employee=person, reason="Periksa lagi"),
    )
    assert len(refusals(results)) == 1
    assert CreditApproval.objects.count() == 1
