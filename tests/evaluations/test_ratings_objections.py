"""Objections: once, in 14 days, after reading, both sides heard, kept or changed, and then final."""

import datetime

import pytest

from evaluations import registry
from evaluations.enums import EvaluationState, ObjectionState, Predikat, Rating
from evaluations.models import Evaluation, Objection
from evaluations.services import objections, ratings
from evaluations.services.objections import Ruling
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.evaluations.ratings_world import assessor_of, read, signed, user_of
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
