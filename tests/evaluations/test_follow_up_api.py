"""Coaching, the six months, proposals, talent, points and papers over the API: verbs and refusals of the pages."""

import datetime

import pytest

from evaluations.enums import Predikat, RecommendationState
from evaluations.models import Coaching, CoachingSession, CreditEntry, TalentPlacement
from evaluations.rules.coaching import STATEMENTS
from evaluations.services import coaching, follow_up
from kepegawaian.work import running
from kepegawaian.work.models import Job
from tests.evaluations.factories_follow_up import official, part_of, rated

pytestmark = pytest.mark.django_db
NOW = "2027-01-20T03:00:00+00:00"
ANSWERS = dict.fromkeys(STATEMENTS, True)


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def me(gov):
    return part_of(gov, gov.employee, 2026)


@pytest.fixture
def row(gov, me) -> Coaching:
    return coaching.open_coaching(
        actor=gov.section_head.user,
        participant=me,
        kind="bimbingan",
        coach=gov.section_head,
        goal="Laporan tepat waktu",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 3, 31),
    )


# --- Coaching -------------------------------------------------------------------------------------
def test_coaching_from_plan_to_the_form_of_the_person(call, gov, me):
    body = {"kind": "konseling", "coach": str(gov.section_head.pk), "goal": "Tepat waktu"}
    dates = {"starts_on": "2027-01-01", "ends_on": "2027-03-31"}
    made = call(gov.section_head, "post", f"/participants/{me.pk}/coaching/", body | dates)
    assert made.status_code == 201
    path = f"/coaching/{made.json()['id']}/"
    held = {"held_on": "2027-01-15", "notes": "Membahas laporan"}
    assert call(gov.section_head, "post", f"{path}sessions/", held).status_code == 201
    line = {"competency": "Menulis", "score": 4, "reason": "Rapi"}
    assert call(gov.section_head, "post", f"{path}competencies/", line).status_code == 201
    closed = call(gov.section_head, "post", f"{path}close/", {"outcome": "Tepat waktu", "version": 1}).json()
    assert (closed["state"], len(closed["sessions"]), len(closed["checks"])) == ("finished", 1, 1)
    assert call(gov.employee, "post", f"{path}review/", {"answers": ANSWERS}).status_code == 201
    assert call(gov.employee, "post", f"{path}review/", {"answers": ANSWERS}).status_code == 409


def test_refusals_of_coaching_come_in_words_and_by_rule(call, gov, row):
    path = f"/coaching/{row.pk}/"
    early = call(gov.section_head, "post", f"{path}sessions/", {"held_on": "2027-02-15", "notes": "Nanti"})
    assert (early.status_code, early.json()["rule"]) == (422, "session_was_held")
    assert early["Content-Type"] == "application/problem+json"
    assert call(gov.section_head, "post", f"{path}close/", {"outcome": "x", "version": 9}).status_code == 409
    partly = call(gov.employee, "post", f"{path}review/", {"answers": {"heard": True}})
    assert partly.json()["rule"] == "review_complete"
    assert (
        call(gov.employee, "post", f"{path}sessions/", {"held_on": "2027-01-15", "notes": "x"}).status_code == 403
    )


def test_the_same_key_writes_a_session_once(call, gov, row):
    path, body = f"/coaching/{row.pk}/sessions/", {"held_on": "2027-01-15", "notes": "Membahas laporan"}
    key = {"Idempotency-Key": "pertemuan-1"}
    first, again = (call(gov.section_head, "post", path, body, **key) for _twice in range(2))
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert CoachingSession.objects.count() == 1


def test_strangers_find_no_coaching_and_the_form_is_read_by_the_line_above_alone(call, gov, row):
    coaching.write_review(actor=gov.employee.user, coaching=row, answers=ANSWERS, note="Membantu")
    path = f"/coaching/{row.pk}/"
    for person in (gov.colleague, gov.second_section_head):
        assert call(person, "get", path).status_code == 404
        assert call(person, "get", "/coaching/").json()["results"] == []
    shown = {person: call(person, "get", path).json()["review"] for person in (gov.section_head, gov.office_head)}
    assert shown[gov.section_head] is None
    assert shown[gov.office_head]["note"] == "Membantu"
    [listed] = call(gov.section_head, "get", "/coaching/", {"state": "running"}).json()["results"]
    assert listed["participant"] == str(row.participant_id)
    assert call(gov.colleague, "post", f"/participants/{row.participant_id}/coaching/").status_code == 404


# --- Six months to improve ------------------------------------------------------------------------
def test_the_six_months_to_a_decision(call, gov, me, time_machine):
    where = f"/participants/{me.pk}/chain/"
    assert call(gov.hr, "post", where).status_code == 404
    rated(gov, gov.employee, 2026, Predikat.KURANG)
    assert call(gov.section_head, "post", where).status_code == 403
    for wrong in ("2026-12-31", "9999-12-31"):
        assert call(gov.hr, "post", where, {"starts_on": wrong}).json()["rule"] == "chain_start"
    made = call(gov.hr, "post", where, {"starts_on": "2027-01-20"})
    assert (made.status_code, made.json()["ends_on"]) == (201, "2027-07-20")
    path = f"/chains/{made.json()['id']}/"
    finding = {"recovered": False, "finding": "Belum membaik"}
    assert call(gov.hr, "post", f"{path}finding/", finding).json()["rule"] == "six_months"
    time_machine.move_to("2027-08-01T03:00:00+00:00", tick=False)
    assert call(gov.hr, "post", f"{path}finding/", finding).json()["state"] == "tested"
    decision = {"decision": "Penurunan jabatan", "decree_number": "800/1"}
    assert call(gov.hr, "post", f"{path}decision/", decision).json()["rule"] == "test_before_decision"
    test = {"test_on": "2027-07-25", "test_result": "Tidak lulus"}
    assert call(gov.hr, "post", f"{path}test/", test).status_code == 200
    assert call(gov.hr, "post", f"{path}decision/", decision).json()["state"] == "decided"
    assert call(gov.hr, "post", f"{path}decision/", decision).status_code == 409
    assert call(gov.employee, "get", path).json()["decision"] == "Penurunan jabatan"
    assert call(gov.colleague, "get", path).status_code == 404
    assert call(gov.employee, "post", f"{path}finding/", finding).status_code == 403


# --- Proposals and talent -------------------------------------------------------------------------
def test_a_proposal_is_answered_by_hr_and_never_by_who_made_it(call, gov, me):
    wish = follow_up.propose(actor=gov.hr.user, participant=me, kind="award", text="Pegawai teladan")
    path = f"/recommendations/{wish.pk}/answer/"
    said = {"accepted": True, "reason": "Disetujui"}
    for person, code in ((gov.hr, 403), (gov.section_head, 403), (gov.colleague, 404)):
        assert call(person, "post", path, said).status_code == code
    other = follow_up.propose(actor=gov.section_head.user, participant=me, kind="award", text="Pegawai teladan")
    path = f"/recommendations/{other.pk}/answer/"
    assert call(gov.hr, "post", path, {"accepted": True, "reason": " "}).status_code == 400
    assert call(gov.hr, "post", path, said).json()["state"] == RecommendationState.ACCEPTED
    assert call(gov.hr, "post", path, said).status_code == 409


def test_the_nine_box_is_filled_and_read_in_scope(call, gov, me):
    path, body = f"/participants/{me.pk}/talent/", {"potential": "high", "reason": "Uji kompetensi"}
    assert call(gov.hr, "post", path, body).json()["rule"] == "talent_needs_result"
    rated(gov, gov.employee, 2026, Predikat.SANGAT_BAIK)
    for person, code in ((gov.employee, 403), (gov.section_head, 403), (gov.colleague, 404)):
        assert call(person, "post", path, body).status_code == code
    assert call(gov.office_head, "post", path, body).json()["box"] == 9
    asked = {"year": 2026, "unit": str(gov.section.pk)}
    grid = call(gov.section_head, "get", "/talent/grid/", asked).json()
    assert {cell["box"]: cell["people"] for cell in grid if cell["people"]} == {9: 1}
    [one] = call(gov.hr, "get", "/talent/", {**asked, "box": 9}).json()["results"]
    assert (one["employee"], one["potential"]) == (str(gov.employee.pk), "high")
    assert call(gov.second_section_head, "get", "/talent/", asked).json()["results"] == []
    assert call(gov.employee, "get", "/talent/grid/", asked).status_code == 403
    assert call(gov.hr, "get", "/talent/", {"year": 2031}).status_code == 404
    assert TalentPlacement.objects.count() == 1


# --- Credit points --------------------------------------------------------------------------------
def test_points_are_entered_converted_and_taken_back(call, gov):
    person = official(gov)
    path = f"/credits/{person.pk}/"
    body = {"on": "2026-01-01", "value": "12.5", "source": "PAK 2025"}
    made = call(gov.hr, "post", f"{path}integrasi/", body)
    assert (made.status_code, made.json()["value"]) == (201, "12.5000")
    evaluation = rated(gov, person, 2026, Predikat.BAIK, month=3, told=False)
    converted = call(gov.hr, "post", f"{path}convert/", {"evaluation": str(evaluation.pk)})
    assert converted.json()[0]["months"] == 1
    again = call(gov.hr, "post", f"{path}convert/", {"evaluation": str(evaluation.pk)})
    assert again.json()["rule"] == "no_months_left"
    reverse = f"/credits/entries/{made.json()['id']}/reverse/"
    assert call(gov.hr, "post", reverse, {"reason": "Keliru"}).json()["value"] == "-12.5000"
    assert call(gov.hr, "post", reverse, {"reason": "Keliru"}).status_code == 409
    degree = {"on": "2026-06-01", "source": "Ijazah S2"}
    assert call(gov.hr, "post", f"{path}education/", degree).status_code == 201
    assert CreditEntry.objects.count() == 4


def test_points_of_others_are_not_found_and_ones_own_are_not_entered(call, gov):
    person = official(gov, position="Analis")
    path, body = f"/credits/{person.pk}/", {"on": "2026-01-01", "value": "12.5", "source": "PAK 2025"}
    for where, what in (("integrasi", body), ("education", body), ("convert", body), ("jenjang", body)):
        assert call(gov.colleague, "post", f"{path}{where}/", what).status_code == 404
        assert call(person, "post", f"/credits/me/{where}/", what).status_code == 403
    assert call(gov.hr, "post", f"{path}integrasi/", body).json()["rule"] == "jenjang_unknown"
    jenjang = {"jenjang": "ahli_muda", "since": "2024-01-01", "source": "SK 1"}
    assert call(gov.hr, "post", f"{path}jenjang/", jenjang).status_code == 201
    assert call(gov.hr, "post", f"{path}integrasi/", body).status_code == 201
    entry = CreditEntry.objects.get()
    assert call(gov.colleague, "post", f"/credits/entries/{entry.pk}/reverse/").status_code == 404
    assert call(person, "post", f"/credits/entries/{entry.pk}/reverse/").status_code == 403


# --- Papers ---------------------------------------------------------------------------------------
def test_a_paper_is_made_by_a_worker_and_found_by_who_sees_its_subject(call, gov, me):
    path = f"/papers/plan/{me.plan_id}/"
    assert call(gov.employee, "get", path).status_code == 404
    ordered = call(gov.employee, "post", path)
    assert ordered.status_code == 202
    assert running.run(ordered.json()["job"])
    made = call(gov.employee, "get", path).json()
    assert made["file"] == Job.objects.get(pk=ordered.json()["job"]).result["file"]
    assert call(gov.colleague, "get", path).status_code == 404
    assert call(gov.colleague, "post", path).status_code == 404
    assert call(gov.employee, "get", f"/papers/nothing/{me.plan_id}/").status_code == 404
