"""Documents: what stands on them, who gets them, when they are numbered, revoked and drafted."""

import datetime
import io
import uuid

import pytest
from django.urls import reverse
from pypdf import PdfReader

from evaluations.enums import EvaluationState, PlanState, Predikat
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    CreditEntry,
    Evaluation,
    EvaluationStep,
    Feedback,
    FeedbackInvitation,
    OrganisationResult,
    Plan,
    PlanStep,
    Progress,
    ResultMark,
)
from evaluations.papers import evaluations as evaluation_papers
from evaluations.papers import kinds, plans, units
from evaluations.registry import tell_plan_agreed
from evaluations.services import credits, organisation, papers, ratings
from kepegawaian.documents.models import IssuedDocument, StoredFile
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState
from tests.evaluations.factories import PerformanceWorld, make_evaluation, make_plan, make_world, move_plan
from tests.evaluations.factories_follow_up import altered, established, official, rated

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world(staff=4)


def agreed_plan(world: PerformanceWorld):
    plan = make_plan(world.me, state=PlanState.DRAFT)
    for kind in ("dukungan", "skema", "konsekuensi"):
        AppendixLine.objects.create(plan=plan, kind=kind, number=1, text=f"Butir {kind}")
    BehaviourExpectation.objects.create(plan=plan, value="kompeten", text="Mengikuti pelatihan")
    move_plan(plan, PlanState.AGREED)
    return plan


def say(world: PerformanceWorld, givers: list) -> None:
    """Anonymous feedback of those people about one value, in a period that has closed."""
    for person in givers:
        FeedbackInvitation.objects.create(
            participant=world.me, period=world.quarter, relation="peer", giver=person, given=True
        )
        Feedback.objects.create(
            participant=world.me,
            period=world.quarter,
            relation="peer",
            value="kompeten",
            text="Rajin membantu rekan",
            anonymous=True,
        )
    world.cycle.periods.update(feedback_closed_at=datetime.datetime(2026, 4, 11, tzinfo=datetime.UTC))


@pytest.fixture
def evaluation(world):
    """Of the year, assessed but not signed, with progress, a mark, and the result of the section."""
    plan = agreed_plan(world)
    indicator = plan.results.first().indicators.first()
    Progress.objects.create(
        participant=world.me,
        period=world.quarter,
        indicator=indicator.origin,
        text="Tiga laporan selesai",
        percent=25,
        written_by=world.me.employee.user,
    )
    found = make_evaluation(world.me, world.year, state=EvaluationState.ASSESSED)
    ResultMark.objects.create(
        evaluation=found, result=plan.results.first().origin, mark="expected", feedback="Tepat waktu"
    )
    for number, person in enumerate(world.gov.staff[1:]):
        other = world.of(person)
        make_plan(other)
        make_evaluation(other, world.year, state=EvaluationState.FINAL, predikat=list(Predikat)[number])
    OrganisationResult.objects.create(
        unit=world.gov.section,
        period=world.year,
        result="baik",
        reason="Capaian 98%",
        set_by=world.gov.office_head.user,
    )
    return found


def sign(evaluation: Evaluation) -> Evaluation:
    """As the verb of signing leaves it."""
    EvaluationStep.objects.create(
        evaluation=evaluation,
        action="sign",
        from_state="assessed",
        to_state="final",
        version=evaluation.version + 1,
    )
    evaluation.state, evaluation.version = EvaluationState.FINAL, evaluation.version + 1
    evaluation.signed_at = datetime.datetime(2027, 1, 8, 3, tzinfo=datetime.UTC)
    evaluation.save()
    return evaluation


def work_off(kind: str = papers.JOB) -> None:
    for job in Job.objects.filter(kind=kind, state=JobState.WAITING).order_by("id"):
        running.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE, job.error


# --- Drafts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["plan", "appendix"])
def test_a_plan_is_drawn_as_a_draft(world, code):
    plan = agreed_plan(world)
    assert papers.draft(kinds.PAPERS[code], plan).startswith(b"%PDF")
    assert not IssuedDocument.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("code", ["periodic", "evaluation", "document"])
def test_an_evaluation_is_drawn_as_a_draft(evaluation, code):
    assert papers.draft(kinds.PAPERS[code], evaluation).startswith(b"%PDF")
    assert not IssuedDocument.objects.exists()


def test_a_qualitative_plan_and_one_of_a_leader_are_drawn(world):
    plan = make_plan(world.me, state=PlanState.DRAFT)
    plan.approach, plan.leader_form = "qualitative", True
    plan.save()
    assert papers.draft(kinds.PLAN, plan).startswith(b"%PDF")


def test_a_plan_says_what_was_agreed(world):
    data = plans.plan_data(plans.load(agreed_plan(world).pk))
    assert [row["text"] for row in data["groups"][0]["rows"]] == [
        "Tersedianya laporan layanan 1",
        "Tersedianya laporan layanan 2",
    ]
    assert data["values"][2]["expectation"] == "Mengikuti pelatihan"
    assert len(data["values"]) == 7
    assert "Disetujui secara elektronik" in data["signatures"][1]["recorded"]


def test_a_draft_of_a_plan_has_no_approval_and_no_date(world):
    plan = make_plan(world.me, state=PlanState.DRAFT)
    data = plans.plan_data(plans.load(plan.pk))
    assert data["signed_text"] == ""
    assert [one["recorded"] for one in data["signatures"]] == ["", ""]


def test_an_evaluation_shows_the_curve_with_numbers(evaluation):
    data = evaluation_papers.evaluation_data(evaluation_papers.load(evaluation.pk))
    assert data["organisation"] == "Baik"
    assert [(bar["label"], bar["count"]) for bar in data["curve"]] == [
        ("Sangat kurang", 0),
        ("Kurang/misconduct", 0),
        ("Butuh perbaikan", 1),
        ("Baik", 1),
        ("Sangat baik", 1),
    ]
    assert data["predikat"] == "Baik"
    assert data["groups"][0]["rows"][0]["indicators"][0]["progress"] == [
        "Triwulan 1 2026: Tiga laporan selesai (25%)"
    ]
    assert data["groups"][0]["rows"][0]["feedback"] == [["Pejabat penilai", "Tepat waktu"]]


def test_the_periodic_form_shows_no_rating(evaluation):
    assert "predikat" not in evaluation_papers.periodic_data(evaluation_papers.load(evaluation.pk))


def test_the_document_names_three_people(evaluation, world):
    data = evaluation_papers.document_data(evaluation_papers.load(evaluation.pk))
    names = [box["name"] for box in data["boxes"]]
    gov = world.gov
    assert names == [gov.employee.full_name, gov.section_head.full_name, gov.office_head.full_name]


def test_a_unit_outside_the_guide_shows_where_and_why(evaluation):
    row = OrganisationResult.objects.get()
    row.result, row.distribution_reason = "istimewa", "Unit kecil"
    row.save()
    data = units.distribution_data(units.load(row.pk))
    assert data["total"] == 3
    assert data["distribution_reason"] == "Unit kecil"
    assert papers.draft(kinds.DISTRIBUTION, row).startswith(b"%PDF")


# --- Anonymity ------------------------------------------------------------------------------------
def test_a_document_shows_a_group_and_names_nobody_of_it(evaluation, world):
    say(world, [*world.gov.staff[1:], world.gov.second_staff[0]])
    data = evaluation_papers.evaluation_data(evaluation_papers.load(evaluation.pk))
    assert data["values"][2]["feedback"] == [["Rekan kerja (4 orang)", "Rajin membantu rekan"]] * 4
    shown = str(data)
    assert not any(person.full_name in shown for person in world.gov.staff[1:])


def test_a_document_says_nothing_of_a_group_too_small(evaluation, world):
    say(world, world.gov.staff[1:3])
    data = evaluation_papers.evaluation_data(evaluation_papers.load(evaluation.pk))
    assert "Rajin membantu" not in str(data)
    assert all(value["feedback"] == [] for value in data["values"])


# --- Issuing --------------------------------------------------------------------------------------
def test_a_signed_evaluation_gets_its_three_documents_once(evaluation, world):
    sign(evaluation)
    papers.follow_result(evaluation, replaced=None, actor=world.gov.section_head.user)
    papers.order(kinds.OF_EVALUATION, evaluation.pk, actor=world.gov.section_head.user)
    work_off()
    issued = IssuedDocument.objects.filter(subject_id=evaluation.pk)
    assert {row.kind for row in issued} == {paper.kind for paper in kinds.OF_EVALUATION}
    assert issued.count() == 3
    assert len({row.number for row in issued}) == 3


def test_what_is_not_signed_is_not_issued(evaluation, world):
    assert papers.issue(paper=kinds.EVALUATION, pk=evaluation.pk) is None
    with pytest.raises(StateChanged):
        papers.request(actor=world.gov.section_head.user, paper=kinds.EVALUATION, subject=evaluation)


def test_the_pattern_of_the_office_holds_and_the_kind_is_told(world):
    plan = agreed_plan(world)
    document = papers.issue(paper=kinds.PLAN, pk=plan.pk)
    assert document.number.startswith("800/1-SKP/EK/")
    assert papers.issue(paper=kinds.APPENDIX, pk=plan.pk).number.startswith("800/1-LSKP/EK/")


def test_the_verification_page_tells_no_rating(client, evaluation):
    document = papers.issue(paper=kinds.DOCUMENT, pk=sign(evaluation).pk)
    page = client.get(reverse("documents:verify", args=[document.token])).content.decode()
    assert evaluation.participant.employee.full_name in page
    assert "Predikat" not in page


def test_the_receipt_makes_the_papers_anew_that_show_it(evaluation, world):
    sign(evaluation)
    papers.follow_result(evaluation, replaced=None, actor=world.gov.section_head.user)
    work_off()
    ratings.receive(actor=world.gov.employee.user, evaluation=evaluation)
    work_off()
    rows = IssuedDocument.objects.filter(subject_id=evaluation.pk)
    assert {row.kind for row in rows.exclude(revoked_at=None)} == {paper.kind for paper in kinds.OF_RECEIPT}
    assert rows.filter(revoked_at=None).count() == 3
    data = evaluation_papers.document_data(evaluation_papers.load(evaluation.pk))
    assert "Diterima secara elektronik" in data["signatures"][0]["recorded"]
    assert evaluation_papers.evaluation_data(evaluation)["counted"]


def test_another_result_of_the_unit_makes_the_papers_of_its_people_anew(evaluation, world):
    """Reference 14: the papers of a person show the result of the unit."""
    sign(evaluation)
    papers.order(kinds.OF_EVALUATION, evaluation.pk, actor=world.gov.section_head.user)
    work_off()
    before = IssuedDocument.objects.get(kind=kinds.EVALUATION.kind, subject_id=evaluation.pk)
    row = OrganisationResult.objects.get()
    said = {"actor": world.gov.office_head.user, "unit": row.unit, "period": row.period}
    organisation.set_organisation(**said, result="baik", reason="Capaian 97%")
    work_off(papers.REMAKE)
    before.refresh_from_db()
    assert before.revoked_at is None
    organisation.set_organisation(**said, result="istimewa", reason="Capaian 121%")
    for _ in range(2):
        Job.objects.filter(kind=papers.REMAKE).update(state=JobState.WAITING, finished_at=None)
        work_off(papers.REMAKE)
    rows = IssuedDocument.objects.filter(subject_id=evaluation.pk)
    assert {one.kind for one in rows.exclude(revoked_at=None)} == {one.kind for one in kinds.OF_RECEIPT}
    assert rows.filter(revoked_at=None).count() == 3
    assert rows.count() == 5
    made = rows.get(kind=kinds.EVALUATION.kind, revoked_at=None)
    with made.file.file.open("rb") as file:
        assert "Istimewa" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)


def test_the_document_of_an_evaluation_is_one_page(evaluation):
    evaluation.recommendation = "Ikut pelatihan analisis data; dua laporan triwulan keempat diselesaikan. " * 3
    evaluation.save()
    document = papers.issue(paper=kinds.DOCUMENT, pk=sign(evaluation).pk)
    with document.file.file.open("rb") as file:
        assert len(PdfReader(io.BytesIO(file.read())).pages) == 1


def test_an_objection_revokes_the_old_documents_and_orders_new_ones(world):
    person = official(world.gov)
    original = rated(world.gov, person, 2026, Predikat.BAIK)
    work_off()
    made = altered(world.gov, original, Predikat.SANGAT_BAIK)
    work_off()
    old = IssuedDocument.objects.filter(subject_id=original.pk)
    assert old.count() == 3
    assert not old.filter(revoked_at=None).exists()
    assert IssuedDocument.objects.filter(subject_id=made.pk, revoked_at=None).count() == 3


def test_a_correction_revokes_the_conversion_and_every_sum_with_it(world):
    person = official(world.gov)
    rated(world.gov, person, 2026, Predikat.BAIK)
    work_off()
    established(world.gov, person)
    work_off()
    entry = CreditEntry.objects.get(employee=person)
    of_credits = IssuedDocument.objects.filter(subject_id__in=[entry.pk, person.pk])
    assert of_credits.filter(revoked_at=None).count() == 3
    credits.reverse(actor=world.gov.hr.user, entry=entry, reason="Keliru")
    assert not of_credits.filter(revoked_at=None).exists()


def test_new_points_replace_the_sums_on_paper(world):
    person = official(world.gov)
    rated(world.gov, person, 2025, Predikat.BAIK)
    established(world.gov, person)
    old = papers.issue(paper=kinds.PAK, pk=person.pk)
    rated(world.gov, person, 2026, Predikat.BAIK)
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert papers.issue(paper=kinds.PAK, pk=person.pk) is None
    established(world.gov, person)
    assert papers.issue(paper=kinds.PAK, pk=person.pk) not in (None, old)


# --- Pages ----------------------------------------------------------------------------------------
def url(code: str, pk: uuid.UUID, name: str = "paper") -> str:
    return reverse(f"evaluations:{name}", args=[code, pk])


def test_the_assessor_sees_a_draft_and_the_person_nothing_before_signing(client, evaluation, world):
    client.force_login(world.gov.section_head.user)
    answer = client.get(url("evaluation", evaluation.pk))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    client.force_login(world.gov.employee.user)
    assert client.get(url("evaluation", evaluation.pk)).status_code == 404


@pytest.mark.parametrize("code", ["plan", "conversion", "pak", "distribution", "unknown"])
def test_a_stranger_finds_no_document(client, evaluation, world, code):
    subjects = {
        "plan": evaluation.plan_id,
        "pak": world.gov.employee.pk,
        "distribution": OrganisationResult.objects.get().pk,
    }
    client.force_login(world.gov.second_staff[0].user)
    assert client.get(url(code, subjects.get(code, uuid.uuid4()))).status_code == 404


def test_an_issued_document_is_handed_out_to_whom_it_belongs(client, world):
    plan = agreed_plan(world)
    document = papers.issue(paper=kinds.PLAN, pk=plan.pk)
    client.force_login(world.gov.employee.user)
    answer = client.get(url("plan", plan.pk))
    assert answer.url == reverse("documents:file", args=[document.file_id])
    assert client.get(answer.url).status_code == 200
    client.force_login(world.gov.second_staff[0].user)
    assert client.get(answer.url).status_code == 404


def test_the_button_orders_the_document(client, world):
    plan = agreed_plan(world)
    client.force_login(world.gov.employee.user)
    answer = client.post(url("plan", plan.pk, "paper_issue"))
    job = Job.objects.get(kind=papers.JOB, owner=world.gov.employee.user)
    assert answer.url == reverse("work:job", args=[job.pk])


# --- An agreed plan -------------------------------------------------------------------------------
def supersede(plan: Plan) -> None:
    """As the verb that agrees on the next one leaves it."""
    PlanStep.objects.create(
        plan=plan, action="supersede", from_state="agreed", to_state="superseded", version=plan.version + 1
    )
    plan.state, plan.version = PlanState.SUPERSEDED, plan.version + 1
    plan.save(update_fields=["state", "version"])


def test_a_plan_that_both_agreed_on_is_put_on_paper_and_the_earlier_one_holds_no_more(world):
    actor, first = world.gov.section_head.user, agreed_plan(world)
    tell_plan_agreed(first, actor=actor)
    work_off()
    assert IssuedDocument.objects.filter(subject_id=first.pk, revoked_at=None).count() == 2
    supersede(first)
    second = Plan.objects.create(
        participant=world.me, posting=first.posting, number=2, change_reason="Anggaran berubah"
    )
    move_plan(second, PlanState.AGREED)
    tell_plan_agreed(second, actor=actor)
    work_off()
    assert not IssuedDocument.objects.filter(subject_id=first.pk, revoked_at=None).exists()
    assert IssuedDocument.objects.filter(subject_id=second.pk, revoked_at=None).count() == 2
