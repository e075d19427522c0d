"""The leave API: bodies and paths as the design fixes them, scope, refusals as problem JSON, idempotency."""

import uuid

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from leave.enums import RequestState
from leave.models import LeaveRequest
from leave.selectors import balance_of
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import day, know_years
from tests.units.factories import RoleAssignmentFactory

BALANCE = "/api/v1/leave/balance/"
PREVIEW = "/api/v1/leave/preview/"
REQUESTS = "/api/v1/leave/requests/"
LEDGER = "/api/v1/leave/ledger/"
PROBLEM = "application/problem+json"


def body(**more):
    return {
        "type": "CT",
        "start": "2026-04-06",
        "end": "2026-04-10",
        "reason": "Menengok orang tua",
        "address": "Jalan Melati 3",
        "phone": "081234567890",
        "stand_in": None,
        "abroad": False,
        "country": "",
    } | more


def post(client, url, data=None, **headers):
    return client.post(url, data or {}, content_type="application/json", headers=headers)


def at(filed, action=""):
    return f"{REQUESTS}{filed.pk}/{action + '/' if action else ''}"


@pytest.fixture
def me(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.employee)


# --- Balance --------------------------------------------------------------------------------------
def test_the_balance_has_the_shape_of_the_design(me, flow):
    flow.granted()
    answer = me.get(BALANCE).json()
    assert set(answer) == {"year", "on", "confirmed", "buckets", "left", "movements"}
    assert answer["buckets"] == [
        {
            "kind": "O",
            "origin": 2026,
            "granted": 12,
            "taken": 5,
            "reserved": 0,
            "left": 7,
            "lapses_on": "2026-12-31",
        }
    ]
    assert (answer["year"], answer["on"], answer["confirmed"], answer["left"]) == (2026, "2026-03-02", True, 7)
    assert sum(movement["effect"] for movement in answer["movements"]) == 7


def test_it_can_be_asked_of_another_day_and_year(me, flow):
    flow.granted()
    assert me.get(BALANCE, {"on": "2026-01-01"}).json()["left"] == 12
    assert me.get(BALANCE, {"year": 2027}).json()["year"] == 2027


def test_employee_is_an_id_or_me(me, gov, sign_in):
    own = me.get(BALANCE, {"employee": "me"}).json()
    assert sign_in(gov.hr).get(BALANCE, {"employee": str(gov.employee.pk)}).json() == own


@pytest.mark.parametrize("who", ["colleague", "second_section_head", "elsewhere"])
def test_a_stranger_does_not_find_it(sign_in, gov, who):
    elsewhere = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.second_section).user
    person = elsewhere if who == "elsewhere" else getattr(gov, who)
    for url in (BALANCE, LEDGER):
        answer = sign_in(person).get(url, {"employee": str(gov.employee.pk)})
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("query", [{"on": "besok"}, {"year": "1"}, {"year": "9" * 30}, {"on": "9999-12-31"}])
def test_a_question_that_cannot_be_read_is_a_400(me, query):
    assert me.get(BALANCE, query).status_code == 400


@pytest.mark.parametrize("employee", ["siapa", "", "00000000-0000-0000-0000-000000000000"])
def test_an_employee_that_does_not_exist_is_not_found(me, employee):
    assert me.get(BALANCE, {"employee": employee}).status_code in (400, 404)


def test_without_a_record_there_is_no_balance(client, db):
    client.force_login(UserFactory())
    answer = client.get(BALANCE)
    assert answer.status_code == 403
    assert "tidak terhubung" in answer.json()["title"]


def test_nobody_is_let_in_without_signing_in(client, db):
    for url in (BALANCE, REQUESTS, LEDGER):
        assert client.get(url).status_code in (401, 403)
    assert post(client, PREVIEW, body()).status_code in (401, 403)


# --- Preview --------------------------------------------------------------------------------------
def test_the_preview_has_the_shape_of_the_design(me):
    answer = post(me, PREVIEW, body(end="2026-04-12")).json()
    assert set(answer) == {"charged_days", "days", "balance_before", "balance_after", "refusals", "deciders"}
    assert (answer["charged_days"], answer["balance_before"], answer["balance_after"]) == (5, 12, 7)
    assert answer["days"][0] == {"date": "2026-04-06", "charged": True, "reason": ""}
    assert answer["days"][5] == {"date": "2026-04-11", "charged": False, "reason": "Sabtu"}
    assert [(one["step"], one["name"]) for one in answer["deciders"]] == [
        ("opinion", "Bayu Bidang"),
        ("decision", "Dewi Dinas"),
    ]
    assert answer["refusals"] == []


def test_refusals_name_rule_article_and_sentence(me):
    refusals = post(me, PREVIEW, body(end="2026-04-30")).json()["refusals"]
    assert [(one["rule"], one["article"]) for one in refusals] == [
        ("CT-BALANCE", "PP 11/2017 Pasal 311 ayat (2) dan 313")
    ]
    assert set(refusals[0]) == {"rule", "article", "verified", "message"}


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"end": "2026-04-01"}, "period"), ({"type": "CB"}, "CT-SERVICE"), ({"abroad": True}, "CT-COUNTRY")],
)
def test_what_cannot_be_counted_or_filed_is_a_refusal_too(me, more, rule):
    answer = post(me, PREVIEW, body(**more))
    assert answer.status_code == 200
    assert rule in [one["rule"] for one in answer.json()["refusals"]]


@pytest.mark.parametrize(
    "broken",
    [
        {"start": "x"},
        {"start": None},
        {"end": "9999-12-31"},
        {"type": "CUTI"},
        {"stand_in": "Budi"},
        {"phone": "rumah"},
    ],
)
def test_a_body_that_cannot_be_read_is_a_400_with_its_fields(me, broken):
    answer = post(me, PREVIEW, body(**broken))
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert set(answer.json()["errors"]) == set(broken)


# --- Requests -------------------------------------------------------------------------------------
def test_a_draft_is_created_changed_and_submitted(me, gov):
    made = post(me, REQUESTS, body(stand_in=str(gov.colleague.pk)))
    assert made.status_code == 201
    draft = made.json()
    assert (draft["state"], draft["stand_in"], draft["holder"]) == ("draft", str(gov.colleague.pk), None)
    url = f"{REQUESTS}{draft['id']}/"
    changed = me.patch(url, {"end": "2026-04-08"}, content_type="application/json").json()
    assert (changed["end"], changed["reason"]) == ("2026-04-08", "Menengok orang tua")
    sent = post(me, f"{url}submit/").json()
    assert (sent["state"], sent["charged_days"]) == ("submitted", 3)
    assert sent["holder"]["name"] == "Bayu Bidang"
    assert sent["holder"]["due_on"] == "2026-03-04"


def test_a_rule_refuses_with_problem_json(me):
    made = post(me, REQUESTS, body(end="2026-04-30")).json()
    answer = post(me, f"{REQUESTS}{made['id']}/submit/")
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert (problem["rule"], problem["article"]) == ("CT-BALANCE", "PP 11/2017 Pasal 311 ayat (2) dan 313")
    assert problem["status"] == 422
    assert problem["refusals"][0]["message"] == problem["title"]


def test_the_flow_goes_through_both_boxes(sign_in, me, flow, gov):
    filed = flow.submitted()
    said = post(sign_in(gov.section_head), at(filed, "opinion"), {"outcome": "approved"})
    assert said.json()["state"] == "opined"
    change = {"outcome": "changed", "reason": "Rapat", "start": "2026-04-13", "end": "2026-04-14"}
    assert post(sign_in(gov.office_head), at(filed, "decide"), change).json()["offered_start"] == "2026-04-13"
    accepted = post(sign_in(gov.employee), at(filed, "respond"), {"accept": True}).json()
    assert (accepted["state"], accepted["start"], accepted["charged_days"]) == ("granted", "2026-04-13", 2)


def test_an_outcome_without_its_reason_is_refused(sign_in, flow, gov):
    filed = flow.submitted()
    answer = post(sign_in(gov.section_head), at(filed, "opinion"), {"outcome": "refused"})
    assert answer.status_code == 422
    assert answer.json()["refusals"][0]["field"] == "reason"


def test_withdrawing_frees_the_days(me, flow):
    filed = flow.submitted()
    assert post(me, at(filed, "withdraw"), {"reason": "Batal"}).json()["state"] == "withdrawn"
    assert balance_of(flow.employee).left == 12


def test_who_read_an_old_version_is_told(sign_in, flow, gov):
    filed = flow.opined()
    answer = post(sign_in(gov.office_head), at(filed, "decide"), {"outcome": "approved", "version": 1})
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)


def test_whoever_may_look_but_not_act_gets_403_and_strangers_404(sign_in, flow, gov):
    filed = flow.submitted()
    for action in ("submit", "withdraw", "opinion", "decide", "respond"):
        sent = {"outcome": "approved", "accept": True}
        assert post(sign_in(gov.hr), at(filed, action), sent).status_code == 403
        assert post(sign_in(gov.colleague), at(filed, action), sent).status_code == 404
    assert sign_in(gov.hr).patch(at(filed), {}, content_type="application/json").status_code == 403
    assert sign_in(gov.colleague).get(at(filed)).status_code == 404
    assert sign_in(gov.hr).delete(at(filed)).status_code == 405


def test_the_same_key_files_one_request(me, gov):
    key = str(uuid.uuid4())
    answers = [post(me, REQUESTS, body(), **{"Idempotency-Key": key}) for _round in range(2)]
    assert answers[0].json() == answers[1].json()
    assert LeaveRequest.objects.filter(employee=gov.employee).count() == 1


# --- Lists ----------------------------------------------------------------------------------------
def test_the_list_is_in_scope_filtered_and_paged(sign_in, me, flow, gov):
    mine, draft = flow.submitted(), flow.draft(day(5, 4), day(5, 4))
    listed = lambda client, **query: [one["id"] for one in client.get(REQUESTS, query).json()["results"]]  # noqa: E731
    assert listed(sign_in(gov.employee)) == [str(draft.pk), str(mine.pk)]
    assert listed(sign_in(gov.employee), state="submitted") == [str(mine.pk)]
    assert listed(sign_in(gov.hr)) == [str(mine.pk)]
    assert listed(sign_in(gov.hr), employee=str(gov.employee.pk)) == [str(mine.pk)]
    assert listed(sign_in(gov.colleague)) == []
    assert sign_in(gov.hr).get(REQUESTS, {"state": "tidur"}).status_code == 400


def test_lists_cost_the_same_for_one_and_for_thirty(me, flow, django_assert_max_num_queries):
    filed = flow.submitted()
    with django_assert_max_num_queries(6):
        me.get(REQUESTS)
    for number in range(30):
        flow.draft(day(5, number % 28 + 1), day(5, number % 28 + 1))
    with django_assert_max_num_queries(6):
        first = me.get(REQUESTS).json()
    assert len(first["results"]) == 25
    assert me.get(first["next"]).json()["results"][-1]["id"] == str(filed.pk)


def test_the_ledger_adds_up_to_the_balance(me, flow, django_assert_max_num_queries):
    flow.granted()
    flow.submitted(day(5, 4), day(5, 5))
    with django_assert_max_num_queries(6):
        rows = me.get(LEDGER, {"year": 2026}).json()["results"]
    assert sum(row["effect"] for row in rows) == balance_of(flow.employee).left == 5
    assert rows[0]["kind"] == "reserve"
    assert rows[-1]["article"] == "PP 11/2017 Pasal 311 ayat (2)"


# --- A token instead of a session ------------------------------------------------------------------
def test_a_personal_token_opens_it(client, gov):
    from kepegawaian.accounts.services import create_token

    secret = create_token(user=gov.employee.user, name="Ponsel", days=30)
    answer = client.get(BALANCE, headers={"Authorization": f"Token {secret}"})
    assert answer.status_code == 200


def test_the_schema_names_every_path(client, gov):
    client.force_login(gov.employee.user)
    schema = client.get(reverse("api_schema"), {"format": "json"}).json()["paths"]
    actions = ("submit", "withdraw", "opinion", "decide", "respond")
    wanted = {BALANCE, PREVIEW, REQUESTS, LEDGER, *(f"{REQUESTS}{{id}}/{action}/" for action in actions)}
    assert wanted <= set(schema)
    assert RequestState.values == schema_states(schema)


def schema_states(schema):
    parameters = schema[REQUESTS]["get"]["parameters"]
    return next(one["schema"]["enum"] for one in parameters if one["name"] == "state")


def test_an_employee_of_another_office_is_a_possible_stand_in_by_id(me, gov):
    far = EmployeeFactory(unit=gov.personnel)
    assert post(me, REQUESTS, body(stand_in=str(far.pk))).status_code == 201
