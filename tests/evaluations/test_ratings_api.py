"""Progress, feedback, evaluations and objections over the API: the verbs of the pages, with their refusals."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluations.enums import EvaluationState
from evaluations.models import Evaluation, Evidence, Feedback, FeedbackInvitation, Participant
from kepegawaian.work.models import IdempotencyRecord
from tests.evaluations.ratings_world import (
    AFTER_FEEDBACK,
    assessed,
    indicators,
    published,
    read,
    signed,
)
from tests.evaluations.test_ratings_feedback import peers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]
ROOT = "/api/v1/evaluations"


def of(world, *parts):
    return "/".join(["", "participants", str(world.me.pk), *map(str, parts), ""])


def test_progress_is_saved_and_read_back(call, world):
    [one, _other] = indicators(world.me)
    body = {"period": str(world.quarter.pk), "entries": [{"indicator": str(one), "text": "Tiga", "percent": 80}]}
    assert call(world.gov.employee, "post", of(world, "progress"), body).status_code == 200
    [row] = call(world.gov.section_head, "get", of(world, "progress")).json()
    assert (row["text"], row["percent"], row["evidence"]) == ("Tiga", 80, [])
    assert call(world.gov.section_head, "post", of(world, "progress"), body).status_code == 403
    assert call(world.gov.colleague, "get", of(world, "progress")).status_code == 404


def test_copying_without_an_earlier_period_is_refused_by_rule(call, world):
    body = {"period": str(world.quarter.pk)}
    answer = call(world.gov.employee, "post", of(world, "progress", "copy"), body)
    assert answer.status_code == 422


def test_anonymous_feedback_is_as_anonymous_as_on_the_page(call, world, time_machine):
    for person in peers(world, 3):
        body = {"period": str(world.quarter.pk), "entries": [{"text": f"Kata {person.pk}"}]}
        key = {"Idempotency-Key": f"kunci-{person.pk}"}
        assert call(person, "post", of(world, "feedback"), body, **key).json() == {"relation": "peer"}
    assert not IdempotencyRecord.objects.exists()
    assert call(world.gov.employee, "get", of(world, "feedback")).json() == {"named": [], "anonymous": []}
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    published()
    [batch] = call(world.gov.employee, "get", of(world, "feedback")).json()["anonymous"]
    assert (batch["relation"], batch["givers"], {said["giver"] for said in batch["said"]}) == ("peer", 3, {""})


def test_a_stranger_gives_nothing_over_the_api(call, world):
    body = {"period": str(world.quarter.pk), "entries": [{"text": "Baik"}]}
    assert call(world.gov.second_staff[0], "post", of(world, "feedback"), body).status_code == 404


def test_asking_over_the_api(call, world):
    body = {"period": str(world.quarter.pk), "givers": [str(world.gov.colleague.pk)]}
    assert call(world.gov.employee, "post", of(world, "feedback", "ask"), body).status_code == 204
    assert call(world.gov.employee, "post", of(world, "feedback", "ask"), body).status_code == 422


def test_assess_sign_and_receive(call, world):
    body = {
        "results_rating": "above",
        "results_reason": "Semua laporan terlampaui",
        "behaviour_rating": "below",
        "behaviour_reason": "Tiga keluhan warga",
        "values": [{"key": "loyal", "text": "Baik"}],
    }
    head = world.gov.section_head
    answer = call(head, "post", of(world, "periods", world.quarter.pk, "assess"), body)
    assert answer.json()["predikat"] == "kurang"
    key = answer.json()["id"]
    assert call(world.gov.employee, "get", f"/evaluations/{key}/").status_code == 404
    assert call(head, "post", f"/evaluations/{key}/sign/", {"version": 1}).status_code == 409
    assert call(head, "post", f"/evaluations/{key}/sign/", {}).json()["state"] == "final"
    assert call(world.gov.employee, "post", f"/evaluations/{key}/receive/").json()["received_at"]
    rows = call(world.gov.employee, "get", "/evaluations/?state=final").json()["results"]
    assert [row["id"] for row in rows] == [key]


def test_a_missing_reason_and_a_wrong_key_are_refused(call, world):
    where = of(world, "periods", world.quarter.pk, "assess")
    assert call(world.gov.section_head, "post", where, {"results_rating": "above"}).status_code == 422
    body = {"draft": True, "results": [{"key": "bukan id", "text": "x"}]}
    assert call(world.gov.section_head, "post", where, body).status_code == 400
    assert call(world.gov.section_head, "post", where, {"draft": True}).json()["state"] == "open"


def test_reopening_over_the_api(call, world):
    where = of(world, "periods", world.quarter.pk, "assess")
    body = dict.fromkeys(("results_rating", "behaviour_rating"), "expected")
    body |= dict.fromkeys(("results_reason", "behaviour_reason"), "Terbukti dari laporan")
    key = call(world.gov.section_head, "post", where, body).json()["id"]
    assert call(world.gov.section_head, "post", f"/evaluations/{key}/reopen/").json()["state"] == "open"


def test_an_objection_from_filing_to_decision(call, world):
    row = read(world.me, world.quarter)
    filed = call(world.gov.employee, "post", f"/evaluations/{row.pk}/object/", {"reasons": "Tidak dihitung"})
    assert filed.json()["state"] == "filed"
    decider = world.gov.office_head
    assert call(decider, "get", f"/evaluations/{row.pk}/objection/").json()["reasons"] == "Tidak dihitung"
    said = call(
        world.gov.section_head, "post", f"/evaluations/{row.pk}/objection/statement/", {"text": "Terlambat"}
    )
    assert [one["text"] for one in said.json()["statements"]] == ["Terlambat"]
    heard = {"employee": "Ada", "assessor": "Terlewat"}
    assert call(decider, "post", f"/evaluations/{row.pk}/objection/hear/", heard).json()["state"] == "heard"
    ruling = {"results_rating": "above", "behaviour_rating": "above", "reason": "Bukti sah"}
    new = call(decider, "post", f"/evaluations/{row.pk}/objection/decide/", ruling).json()
    assert (new["predikat"], new["replaces"]) == ("sangat_baik", str(row.pk))
    assert Evaluation.objects.get(pk=row.pk).state == EvaluationState.REPLACED


def test_an_objection_is_withdrawn_by_its_author_alone(call, world):
    row = read(world.me, world.quarter)
    call(world.gov.employee, "post", f"/evaluations/{row.pk}/object/", {"reasons": "Tidak dihitung"})
    path = f"/evaluations/{row.pk}/objection/withdraw/"
    assert call(world.gov.section_head, "post", path).status_code == 403
    assert call(world.gov.employee, "post", path).json()["state"] == "withdrawn"


def test_strangers_find_nothing(call, world):
    row = signed(world.me, world.quarter)
    for path in (f"/evaluations/{row.pk}/", f"/evaluations/{row.pk}/objection/", of(world, "feedback")):
        assert call(world.gov.colleague, "get", path).status_code == 404


# --- Evidence -------------------------------------------------------------------------------------
def test_evidence_is_a_link_or_a_file_of_ones_own(call, client, world):
    [one, _other] = indicators(world.me)
    about = {"period": str(world.quarter.pk), "indicator": str(one)}
    where = of(world, "evidence")
    link = call(world.gov.employee, "post", where, {**about, "url": "https://contoh.test/laporan"})
    assert (link.status_code, link.json()["url"]) == (201, "https://contoh.test/laporan")
    scan = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 isi", content_type="application/pdf")
    sent = client.post(f"{ROOT}{where}", {**about, "file": scan, "label": "Surat"})
    assert (sent.status_code, sent.json()["label"]) == (201, "Surat")
    script = SimpleUploadedFile("surat.pdf", b"<script>", content_type="application/pdf")
    assert client.post(f"{ROOT}{where}", {**about, "file": script}).status_code == 422
    assert call(world.gov.employee, "post", where, about).json()["rule"] == "evidence"
    assert call(world.gov.section_head, "post", where, {**about, "url": "https://a.test"}).status_code == 403
    assert call(world.gov.colleague, "post", where, {**about, "url": "https://a.test"}).status_code == 404


def test_evidence_is_taken_off_by_its_owner(call, world):
    [one, _other] = indicators(world.me)
    body = {"period": str(world.quarter.pk), "indicator": str(one), "url": "https://contoh.test/laporan"}
    path = f"/evidence/{call(world.gov.employee, 'post', of(world, 'evidence'), body).json()['id']}/"
    assert call(world.gov.colleague, "delete", path).status_code == 404
    assert call(world.gov.section_head, "delete", path).status_code == 403
    assert call(world.gov.employee, "delete", path).status_code == 204
    assert call(world.gov.employee, "delete", path).status_code == 404
    assert Evidence.objects.get().removed_at is not None


# --- Feedback that was asked for, and to a team ---------------------------------------------------
def test_who_was_asked_finds_it_and_may_decline_unseen(call, world):
    body = {"period": str(world.quarter.pk), "givers": [str(world.gov.colleague.pk)]}
    call(world.gov.employee, "post", of(world, "feedback", "ask"), body)
    [asked] = call(world.gov.colleague, "get", "/feedback/asked/").json()
    assert (asked["participant"], asked["relation"]) == (str(world.me.pk), "peer")
    path = f"/feedback/asked/{asked['id']}/decline/"
    assert call(world.gov.employee, "post", path).status_code == 404
    assert call(world.gov.colleague, "post", path).status_code == 204
    assert call(world.gov.colleague, "get", "/feedback/asked/").json() == []
    assert call(world.gov.employee, "get", of(world, "feedback")).json() == {"named": [], "anonymous": []}
    assert FeedbackInvitation.objects.get().declined


def test_the_same_words_to_a_team_by_its_assessor_alone(call, world):
    team = [world.of(person) for person in world.gov.staff]
    body = {"period": str(world.quarter.pk), "participants": [str(one.pk) for one in team], "text": "Terima kasih"}
    assert call(world.gov.section_head, "post", "/feedback/team/", body).json() == {"given": len(team)}
    assert set(Feedback.objects.values_list("giver", flat=True)) == {world.gov.section_head.pk}
    for person in (world.gov.office_head, world.gov.employee):
        assert call(person, "post", "/feedback/team/", body).status_code == 404
    elsewhere = {**body, "participants": [*body["participants"], str(world.of(world.gov.second_staff[0]).pk)]}
    assert call(world.gov.section_head, "post", "/feedback/team/", elsewhere).status_code == 404
    assert Feedback.objects.count() == len(team)


def test_no_answer_of_the_api_leads_from_an_anonymous_text_to_its_giver(call, world, time_machine):
    givers = peers(world, 3)
    for number, person in enumerate(givers):
        body = {"period": str(world.quarter.pk), "entries": [{"text": f"Rahasia {number}"}]}
        call(person, "post", of(world, "feedback"), body)
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    published()
    for person in (world.gov.employee, world.gov.section_head, world.gov.hr, *givers):
        shown = call(person, "get", of(world, "feedback")).content.decode()
        assert not any(giver.full_name in shown or str(giver.pk) in shown for giver in givers)
        asked = call(person, "get", "/feedback/asked/").content.decode()
        assert "Rahasia" not in asked


# --- Many at once, and units ----------------------------------------------------------------------
def test_many_are_signed_at_once_and_who_could_not_be_is_told_why(call, world):
    row = assessed(world.me, world.quarter)
    other = Evaluation.objects.create(
        participant=world.of(world.gov.second_staff[0]), period=world.quarter, assessor=world.gov.section_head
    )
    body = {"evaluations": [str(row.pk), str(other.pk)]}
    first, second = call(world.gov.section_head, "post", "/evaluations/sign/", body).json()
    assert (first["signed"], second["signed"]) == (True, False)
    assert second["reason"]
    row.refresh_from_db()
    assert row.state == EvaluationState.FINAL


def unit_path(world, what):
    return f"/units/{world.gov.section.pk}/periods/{world.quarter.pk}/{what}/"


def test_the_result_of_a_unit_is_set_by_the_leader_above_and_explained(call, world):
    Participant.objects.filter(pk=world.of(world.gov.section_head).pk).update(heads=world.gov.section)
    signed(world.me, world.quarter)
    body, above = {"result": "istimewa", "reason": "Menurut LKjIP"}, world.gov.office_head
    assert call(above, "post", unit_path(world, "distribution"), {"reason": "?"}).json()["rule"] == "no_result"
    assert call(world.gov.section_head, "post", unit_path(world, "organisation"), body).status_code == 403
    assert call(world.gov.employee, "post", unit_path(world, "organisation"), body).status_code == 404
    made = call(above, "post", unit_path(world, "organisation"), body).json()
    assert (made["result"], made["version"]) == ("istimewa", 1)
    stale = call(above, "post", unit_path(world, "organisation"), {**body, "version": 7})
    assert stale.status_code == 409
    explained = call(above, "post", unit_path(world, "distribution"), {"reason": "Unit baru dibentuk"})
    assert explained.json()["distribution_reason"] == "Unit baru dibentuk"


def test_the_pattern_of_a_unit_warns_and_is_for_who_may_see_it(call, world):
    signed(world.me, world.quarter)
    shown = call(world.gov.office_head, "get", unit_path(world, "distribution")).json()
    assert (shown["rated"], shown["result"], shown["warnings"]) == (1, None, [])
    assert {bar["predikat"]: bar["people"] for bar in shown["bars"]}["baik"] == 1
    assert call(world.gov.employee, "get", unit_path(world, "distribution")).status_code == 404
