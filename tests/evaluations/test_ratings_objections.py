"""Objections: once, in 14 days, after reading, both sides heard, kept or changed, and then final."""

import datetime

import pytest
from django.urls import reverse

from evaluations import registry
from evaluations.enums import EvaluationState, ObjectionState, Predikat, Rating
from evaluations.exporting import PERIODIC
from evaluations.hooks.ratings import objection_line
from evaluations.models import Evaluation, EvaluationStep, Objection, Progress
from evaluations.papers import evaluations as papers
from evaluations.papers import kinds
from evaluations.permissions.execution import can_read_evidence
from evaluations.selectors.line import superior_of_assessor
from evaluations.services import objections, ratings
from evaluations.services.assessors import set_assessor
from evaluations.services.objections import Ruling
from evaluations.services.papers import draft
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import join, make_plan
from tests.evaluations.ratings_world import assessor_of, indicators, read, signed, user_of
from tests.evaluations.test_ratings_services import change_assessor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]


@pytest.fixture
def final(world):
    return read(world.me, world.quarter)


def file(world, evaluation):
    return objections.file_objection(
        actor=user_of(world.me), evaluation=evaluation, reasons="Dua laporan tidak dihitung"
    )


def heard(world, evaluation):
    objection = file(world, evaluation)
    return objections.hear(
        actor=world.gov.office_head.user, objection=objection, employee="Ada buktinya", assessor="Terlewat"
    )


def rule(world, objection, results=Rating.ABOVE, behaviour=Rating.ABOVE):
    ruling = Ruling(results, behaviour, "Bukti yang terlewat sah")
    return objections.decide_objection(actor=world.gov.office_head.user, objection=objection, ruling=ruling)


def test_an_objection_waits_for_the_superior_of_the_assessor(world, final):
    objection = file(world, final)
    assert (objection.state, objection.decider) == (ObjectionState.FILED, world.gov.office_head)
    assert (objection.last_day, objection.due_on) == (datetime.date(2026, 4, 16), datetime.date(2026, 4, 16))
    item = WorkItem.objects.get(kind="evaluations.objection")
    assert (item.holder, item.due_on) == (world.gov.office_head.user, objection.due_on)
    assert Message.objects.get(kind="evaluations.objected").recipient == world.gov.office_head.user
    assert Message.objects.get(kind="evaluations.objection_known").recipient == assessor_of(world.me)


@pytest.mark.parametrize(("day", "open_"), [("2026-01-26", True), ("2026-01-27", False)])
def test_received_on_12_january_the_last_day_is_the_26th(world, time_machine, day, open_):
    evaluation = signed(world.me, world.quarter)
    time_machine.move_to("2026-01-12T02:00:00+00:00", tick=False)
    evaluation = ratings.receive(actor=user_of(world.me), evaluation=evaluation)
    time_machine.move_to(f"{day}T10:00:00+00:00", tick=False)
    if open_:
        assert file(world, evaluation).last_day == datetime.date(2026, 1, 26)
    else:
        with pytest.raises(RuleRefused) as refusal:
            file(world, evaluation)
        assert refusal.value.problems[0].article == "PP 30/2019 Pasal 59"


def test_nobody_objects_before_reading_or_before_it_is_signed(world):
    row = signed(world.me, world.quarter)
    with pytest.raises(PermissionRefused):
        file(world, row)


def test_only_the_assessed_person_objects_and_once(world, final):
    with pytest.raises(PermissionRefused):
        objections.file_objection(actor=assessor_of(world.me), evaluation=final, reasons="Untuk dia")
    objection = file(world, final)
    with pytest.raises(PermissionRefused):
        file(world, final)
    objections.withdraw_objection(actor=user_of(world.me), objection=objection)
    with pytest.raises(PermissionRefused):
        file(world, final)


@pytest.mark.parametrize("who", ["section_head", "employee", "colleague", "hr"])
def test_nobody_but_the_superior_hears_and_decides(world, final, who):
    objection = file(world, final)
    with pytest.raises(PermissionRefused):
        objections.hear(actor=getattr(world.gov, who).user, objection=objection, employee="Ada", assessor="Tidak")


def test_both_sides_write_their_own_statement_and_who_decides_reads_both(client, world, final):
    objection = file(world, final)
    where, page = (reverse(f"evaluations:{name}", args=[final.pk]) for name in ("objection_state", "objection"))
    for actor, text in (
        (user_of(world.me), "Laporan Maret ada"),
        (assessor_of(world.me), "Laporan itu terlambat"),
    ):
        client.force_login(actor)
        for _again in range(2):
            assert client.post(where, {"text": text}).status_code == 302
        assert client.post(where, {"text": "  "}).status_code == 422
    assert [step.note for step in final.steps.filter(action="state")] == [
        "Laporan Maret ada",
        "Laporan itu terlambat",
    ]
    client.force_login(world.gov.office_head.user)
    answer = client.get(page)
    assert [step.title for step in answer.context["statements"]] == [
        "Keterangan pegawai",
        "Keterangan pejabat penilai",
    ]
    assert answer.context["hearing"].initial == {
        "employee": "Laporan Maret ada",
        "assessor": "Laporan itu terlambat",
    }
    assert "Laporan Maret ada" in answer.content.decode()
    objection.refresh_from_db()
    assert objection.state == ObjectionState.FILED
    assert Event.objects.filter(verb="evaluations.objection_stated").count() == 2
    shown = client.get(reverse("evaluations:evaluation", args=[final.pk])).content.decode()
    assert "Laporan Maret ada" not in shown


def test_nobody_else_reads_what_the_two_wrote(client, world, final):
    objection = file(world, final)
    objections.state_side(actor=user_of(world.me), objection=objection, text="Laporan Maret ada")
    page = reverse("evaluations:objection", args=[final.pk])
    for reader, reads in ((world.gov.hr, False), (world.gov.office_head, True), (world.gov.employee, True)):
        client.force_login(reader.user)
        assert ("Laporan Maret ada" in client.get(page).content.decode()) is reads


def test_the_superior_of_who_signed_decides_whoever_assesses_since(world, final):
    set_assessor(actor=world.gov.hr.user, participant=world.me, assessor=world.gov.personnel_head, reason="Mutasi")
    final.refresh_from_db()
    assert superior_of_assessor(final.participant) != world.gov.office_head
    assert file(world, final).decider == world.gov.office_head
    boxes = papers.document_data(final)["boxes"]
    assert boxes[2]["name"] == world.gov.office_head.full_name


@pytest.mark.parametrize("who", ["office_head", "hr"])
def test_only_the_parties_write_a_statement_and_only_until_the_decision(world, final, who):
    objection = heard(world, final)
    with pytest.raises(PermissionRefused):
        objections.state_side(actor=getattr(world.gov, who).user, objection=objection, text="Menurut saya")
    rule(world, objection)
    with pytest.raises(PermissionRefused):
        objections.state_side(actor=user_of(world.me), objection=objection, text="Masih ada")


def test_nothing_is_decided_before_both_were_heard(world, final):
    objection = file(world, final)
    with pytest.raises(StateChanged):
        rule(world, objection)
    with pytest.raises(RuleRefused):
        objections.hear(actor=world.gov.office_head.user, objection=objection, employee="Ada", assessor=" ")


def test_a_changed_result_is_a_new_evaluation_by_the_matrix_and_the_original_stays(world, final, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_callbacks", [lambda row, **about: told.append((row, about["replaced"]))])
    new = rule(world, heard(world, final))
    final.refresh_from_db()
    assert (final.state, final.predikat) == (EvaluationState.REPLACED, Predikat.BAIK)
    assert (new.state, new.predikat, new.replaces) == (EvaluationState.FINAL, Predikat.SANGAT_BAIK, final)
    assert list(Evaluation.objects.counting().filter(participant=world.me)) == [new]
    assert Objection.objects.get().state == ObjectionState.CHANGED
    assert told == [(new, final)]
    assert not WorkItem.objects.filter(kind="evaluations.objection", closed_at=None).exists()


def test_good_results_with_poor_behaviour_are_kurang_after_an_objection_too(world, final):
    assert rule(world, heard(world, final), Rating.ABOVE, Rating.BELOW).predikat == Predikat.KURANG


def test_the_same_ratings_keep_the_result(world, final, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_callbacks", [lambda row, **about: told.append(row)])
    kept = rule(world, heard(world, final), Rating.EXPECTED, Rating.EXPECTED)
    assert kept.pk == final.pk
    assert Objection.objects.get().state == ObjectionState.KEPT
    assert told == []
    people = set(Message.objects.filter(kind="evaluations.objection_decided").values_list("recipient", flat=True))
    assert people == {user_of(world.me).pk, assessor_of(world.me).pk}


def test_a_decision_is_final(world, final):
    objection = heard(world, final)
    new = rule(world, objection)
    new = ratings.receive(actor=user_of(world.me), evaluation=new)
    with pytest.raises(PermissionRefused):
        file(world, new)
    with pytest.raises(PermissionRefused):
        rule(world, objection)


def test_a_withdrawn_objection_changes_nothing(world, final):
    objection = objections.withdraw_objection(actor=user_of(world.me), objection=file(world, final))
    assert objection.state == ObjectionState.WITHDRAWN
    assert Message.objects.filter(kind="evaluations.objection_withdrawn").count() == 2
    verbs = Event.objects.filter(subject_id=str(objection.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["evaluations.objection_filed", "evaluations.objection_withdraw"]


def test_an_open_objection_follows_a_change_of_the_line(world, final):
    objection = file(world, final)
    head = world.gov.secretary
    change_assessor(world.of(world.gov.section_head), head)
    ratings.hand_over_evaluations([world.of(world.gov.section_head)])
    objection.refresh_from_db()
    assert objection.decider == head
    assert WorkItem.objects.get(kind="evaluations.objection", closed_at=None).holder == head.user


# --- Who decided, and who assessed --------------------------------------------------------------------
def test_who_was_to_decide_and_can_act_no_more_leaves_it_to_hr(world, final):
    objection, user = file(world, final), world.gov.office_head.user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    for _ in range(2):
        assert objections.pass_on() == 0
    (item,) = WorkItem.objects.filter(kind="evaluations.objection", closed_at=None)
    assert (item.subject_id, item.holder, item.context["unnamed"]) == (objection.pk, world.gov.hr.user, True)


def test_the_assessor_stays_the_assessor_and_papers_name_who_decided(world, final):
    new = rule(world, heard(world, final))
    head, decider = world.gov.section_head, world.gov.office_head
    assert (new.assessor, new.capacity) == (head, final.capacity)
    steps = EvaluationStep.objects.filter(evaluation=new)
    assert {(step.actor, step.capacity) for step in steps} == {(decider.user, new.ruling.capacity)}
    data = papers.document_data(papers.load(new.pk))
    assert [box["name"] for box in data["boxes"][1:]] == [head.full_name, decider.full_name]
    assert data["signatures"][-1]["name"] == decider.full_name
    assert decider.full_name in data["note"]
    assert kinds.DOCUMENT.facts(new)["Ditetapkan atas keberatan oleh"] == decider.full_name
    assert kinds.DOCUMENT.facts(final)["Pejabat penilai"] == kinds.DOCUMENT.facts(new)["Pejabat penilai"]
    named = dict(PERIODIC.columns)["penilaiNama"]
    assert named(new) == head.full_name


def test_a_paper_after_an_objection_gives_the_reason_of_the_decision(world, final):
    new = rule(world, heard(world, final))
    data = papers.evaluation_data(papers.load(new.pk))
    assert "Bukti yang terlewat sah" in data["decision"]
    assert data["results_reason"] == f"Alasan penilaian semula: {final.results_reason}"
    before = papers.evaluation_data(papers.load(final.pk))
    assert (before["decision"], before["results_reason"]) == ("", final.results_reason)
    assert all(draft(paper, new).startswith(b"%PDF") for paper in kinds.OF_EVALUATION)


def test_when_both_were_heard_is_known(world, final):
    assert heard(world, final).heard_at is not None


# --- Nobody above the assessor ------------------------------------------------------------------------
@pytest.fixture
def top(world):
    """The Sekda objects against the head of region, above whom nobody stands here."""
    person = world.of(world.gov.secretary)
    change_assessor(person, world.gov.mayor)
    make_plan(person)
    objection = objections.file_objection(
        actor=user_of(person), evaluation=read(person, world.quarter), reasons="Target lampau"
    )
    assert objection.decider is None
    return objection


def name(world, objection, **changed):
    values = {"actor": world.gov.hr.user, "decider": world.gov.personnel_head, "reason": "Ditugaskan Wali Kota"}
    return objections.name_decider(objection=objection, **{**values, **changed})


def test_without_anybody_above_it_waits_for_hr_who_names_who_decides(world, top):
    item = WorkItem.objects.get(kind="evaluations.objection")
    assert item.holder == world.gov.hr.user
    assert "tunjuk pejabat" in objection_line(item.context)
    assert name(world, top).decider == world.gov.personnel_head
    name(world, top)
    item.refresh_from_db()
    assert item.holder == world.gov.personnel_head.user
    assert "tunjuk" not in objection_line(item.context)
    assert Event.objects.filter(verb="evaluations.objection_named").count() == 1
    assert Message.objects.filter(kind="evaluations.objected").count() == 1
    actor = world.gov.personnel_head.user
    row = objections.hear(actor=actor, objection=top, employee="Ada", assessor="Terlewat")
    made = objections.decide_objection(
        actor=actor, objection=row, ruling=Ruling(Rating.ABOVE, Rating.ABOVE, "Bukti sah")
    )
    assert (made.predikat, made.assessor) == (Predikat.SANGAT_BAIK, world.gov.mayor)


@pytest.mark.parametrize("who", ["office_head", "secretary", "mayor"])
def test_only_hr_names_who_decides(world, top, who):
    with pytest.raises(PermissionRefused):
        name(world, top, actor=getattr(world.gov, who).user)


@pytest.mark.parametrize("who", ["secretary", "mayor"])
def test_neither_side_is_named_and_a_reason_is_needed(world, top, who):
    with pytest.raises(RuleRefused):
        name(world, top, decider=getattr(world.gov, who))
    with pytest.raises(RuleRefused):
        name(world, top, reason=" ")


def test_hr_names_nobody_where_a_superior_decides(world, final):
    with pytest.raises(PermissionRefused):
        name(world, file(world, final))


def test_who_was_named_gives_way_to_a_superior(world, top):
    name(world, top)
    person = world.of(world.gov.secretary)
    join(world.cycle, world.gov.mayor, world.gov.office_head)
    objections.hand_over_objections([person])
    top.refresh_from_db()
    assert (top.decider, top.named_by, top.naming_reason) == (world.gov.office_head, None, "")


def test_who_was_named_may_open_the_evidence_until_it_is_decided(world, top):
    person = world.of(world.gov.secretary)
    row = Progress.objects.create(
        participant=person,
        period=world.quarter,
        indicator=indicators(person)[0],
        text="Tiga laporan selesai",
        written_by=user_of(person),
    )
    user = world.gov.personnel_head.user
    assert not can_read_evidence(user, row.pk)
    name(world, top)
    assert can_read_evidence(user, row.pk)
    objections.withdraw_objection(actor=user_of(person), objection=top)
    assert not can_read_evidence(user, row.pk)
