"""Progress, feedback, evaluations and objections over the API: the verbs of the pages, with their refusals."""

import pytest

from evaluations.enums import EvaluationState
from evaluations.models import Evaluation
from evaluations.services import feedback
from kepegawaian.work.models import IdempotencyRecord
from tests.evaluations.ratings_world import (
    AFTER_FEEDBACK,
    AFTER_QUARTER,
    indicators,
    quarter_world,
    read,
    signed,
)
from tests.evaluations.test_ratings_feedback import peers

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/evaluations"


@pytest.fixture(autouse=True)
def _after_the_quarter(time_machine):
    time_machine.move_to(AFTER_QUARTER, tick=False)


@pytest.fixture
def world():
    return quarter_world()


@pytest.fixture
def call(client):
    def calling(person, method, path, body=None, **headers):
        client.force_login(person.user)
        act = getattr(client, method)
        return act(f"{ROOT}{path}", body, content_type="application/json", headers=headers)

    return calling


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
    feedback.publish_due()
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
