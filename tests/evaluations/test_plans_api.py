import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from evaluations.enums import PlanState
from evaluations.models import Indicator, Plan, PlanResult
from tests.evaluations.factories import make_plan
from tests.evaluations.plans import agreed, started, submitted

pytestmark = pytest.mark.django_db
LIST = "/api/v1/evaluations/plans/"


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def act(user, plan, what, **body):
    return api(user).post(f"{LIST}{plan.pk}/{what}/", body, format="json")


def test_the_whole_way_over_the_api(world, me):
    user, head = me.employee.user, world.gov.section_head.user
    made = api(user).post(LIST, {"participant": str(me.pk)}, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    plan = Plan.objects.get()
    line = act(user, plan, "lines", kind="result", text="Tersusunnya data").json()
    act(user, plan, "lines", kind="indicator", result=line["id"], text="Jumlah data", target="3 set")
    act(user, plan, "lines", kind="expectation", name="loyal", text="Menjaga rahasia")
    act(user, plan, "lines", kind="appendix", name="dukungan", text="Laptop\nAkses data")
    assert act(user, plan, "submit").json()["state"] == "submitted"
    assert act(head, plan, "return", note="Tambahkan mutu").json()["state"] == "returned"
    assert act(user, plan, "submit").json()["state"] == "submitted"
    done = act(head, plan, "agree", expectations={"adaptif": "Mencoba hal baru"}).json()
    assert done["state"] == "agreed"
    assert {row["value"] for row in done["expectations"]} == {"loyal", "adaptif"}
    assert [step["action"] for step in done["steps"]] == ["submit", "return", "submit", "agree"]
    new = act(user, plan, "change", reason="Anggaran turun")
    assert (new.status_code, new.json()["number"]) == (201, 2)


def test_a_line_is_written_against_the_mark_that_was_read(me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    first = act(user, plan, "lines", kind="result", id=str(result.pk), text="Pertama")
    again = act(user, plan, "lines", kind="result", id=str(result.pk), text="Kedua", seen="0" * 16)
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert "Pertama" in again.content.decode()
    seen = first.json()["mark"]
    assert act(user, plan, "lines", kind="result", id=str(result.pk), text="Kedua", seen=seen).status_code == 200
    assert plan.results.get().text == "Kedua"


def test_what_a_body_lacks_is_said(me):
    user, plan = me.employee.user, started(me)
    for body in (
        {"kind": "indicator", "text": "Tanpa hasil"},
        {"kind": "expectation", "text": "Tanpa nilai"},
        {"kind": "result", "text": "x" * 1001},
        {"kind": "indicator", "result": str(plan.results.get().pk), "text": "Ada", "aspect": "lain"},
    ):
        assert act(user, plan, "lines", **body).status_code == 400
    head = me.assessor.user
    assert act(user, plan, "submit").status_code == 200
    assert act(head, plan, "agree", expectations={"lain": "?"}).status_code == 400


def test_a_refusal_carries_its_rule(me):
    plan = started(me)
    Indicator.objects.all().delete()
    answer = act(me.employee.user, plan, "submit")
    assert answer.status_code == 422
    assert "PermenPANRB 6/2022" in str(answer.json())


def test_lines_are_removed_and_linked(world, me):
    user, plan = me.employee.user, started(me)
    above = make_plan(world.of(world.gov.section_head)).results.first()
    result = plan.results.get()
    assert act(user, plan, "link", result=str(result.pk), intervenes=str(above.pk)).status_code == 200
    assert plan.results.get().intervenes_id == above.pk
    assert api(user).delete(f"{LIST}{plan.pk}/lines/{result.pk}/").status_code == 204
    assert not PlanResult.objects.filter(plan=plan).exists()


def test_the_same_key_submits_once(me):
    user, plan = me.employee.user, started(me)
    answers = [
        api(user).post(
            f"{LIST}{plan.pk}/submit/", {}, format="json", headers={"Idempotency-Key": "satu-kali-saja"}
        )
        for _twice in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert plan.steps.count() == 1


def test_strangers_find_nothing_and_readers_may_not_act(world, me):
    plan, draft = submitted(me), started(world.of(world.gov.colleague))
    stranger, hr = world.gov.second_section_head.user, world.gov.hr.user
    assert api(stranger).get(f"{LIST}{plan.pk}/").status_code == 404
    assert api(hr).get(f"{LIST}{draft.pk}/").status_code == 404
    assert api(hr).get(f"{LIST}{plan.pk}/").status_code == 200
    assert act(hr, plan, "agree").status_code == 403
    assert Plan.objects.get(pk=plan.pk).state == PlanState.SUBMITTED


def test_the_list_is_filtered_and_scoped(world, me):
    agreed(me)
    submitted(world.of(world.gov.colleague))
    head = api(world.gov.section_head.user)
    assert len(head.get(LIST).json()["results"]) == 2
    assert len(head.get(LIST, {"state": "agreed"}).json()["results"]) == 1
    assert len(head.get(LIST, {"year": 2025}).json()["results"]) == 0
    assert len(api(world.gov.colleague.user).get(LIST).json()["results"]) == 1


def test_the_dialogue_over_the_api(world, me):
    plan = submitted(me)
    head, line = world.gov.section_head.user, str(plan.results.get().origin)
    said = act(head, plan, "comments", text="Angkanya dari mana?", line=line, asks_change=True)
    assert said.status_code == 201
    assert act(me.employee.user, plan, f"comments/{said.json()['id']}/settle").json()["settled_by"]
    assert [row["text"] for row in api(head).get(f"{LIST}{plan.pk}/comments/").json()] == ["Angkanya dari mana?"]


def test_the_way_back_to_a_draft(me):
    plan = submitted(me)
    assert act(me.employee.user, plan, "withdraw").json()["state"] == "draft"
    assert act(me.employee.user, plan, "withdraw").status_code == 403


def test_the_names_of_the_addresses():
    assert reverse("evaluations_api:plan-list") == LIST


def test_lines_change_places_and_the_form_is_chosen(me):
    user, plan = me.employee.user, started(me)
    second = act(user, plan, "lines", kind="result", text="Terkirimnya data").json()["id"]
    moved = act(user, plan, f"lines/{second}/move", up=True).json()
    assert moved["results"][0]["id"] == second
    assert act(user, plan, "approach", approach="qualitative").json()["approach"] == "qualitative"
    assert plan.results.last().indicators.get().text == "Jumlah laporan, 12 laporan"
    assert act(me.assessor.user, plan, "approach", approach="quantitative").status_code == 404


def test_only_what_nobody_else_has_seen_is_discarded(me):
    user, plan = me.employee.user, started(me)
    assert api(user).delete(f"{LIST}{plan.pk}/").status_code == 204
    plan = submitted(me)
    verbs = api(user)
    assert act(user, plan, "withdraw").status_code == 200
    assert verbs.delete(f"{LIST}{plan.pk}/").status_code == 403
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_an_example_is_shared_found_copied_and_withdrawn(world, me):
    plan, colleague = agreed(me), world.of(world.gov.colleague)
    shared = act(me.employee.user, plan, "share", title="Penata layanan")
    assert shared.status_code == 201
    where, asked = "/api/v1/evaluations/plan-templates/", {"participant": str(colleague.pk)}
    [found] = api(colleague.employee.user).get(where, asked).json()
    assert (found["id"], found["shared_by_name"]) == (shared.json()["id"], me.employee.full_name)
    body = {"participant": str(colleague.pk), "origin": "template", "copied": found["id"]}
    assert api(colleague.employee.user).post(LIST, body, format="json").status_code == 201
    assert api(colleague.employee.user).delete(f"{where}{found['id']}/").status_code == 404
    assert api(me.employee.user).delete(f"{where}{found['id']}/").status_code == 204
    assert api(colleague.employee.user).get(where, asked).json() == []
    assert api(world.gov.second_section_head.user).get(where, asked).status_code == 404


def test_the_matrix_of_a_team_is_filled_by_its_assessor_alone(world, me):
    above = make_plan(world.of(world.gov.section_head)).results.first().indicators.get()
    body = {"cells": [{"participant": str(me.pk), "indicator": str(above.pk), "text": "Menyusun data"}]}
    where = f"{LIST}matrix/"
    assert api(world.gov.section_head.user).post(where, body, format="json").json() == {"written": 1}
    assert me.plans.get().results.get().serves_id == above.pk
    for person in (world.gov.office_head, world.gov.employee):
        assert api(person.user).post(where, body, format="json").status_code == 404
