"""Page and API are twins: the same cases give the same numbers, the same refusals, the same outcome."""

import pytest
from django.urls import reverse

from kepegawaian.lib.ids import uuid7
from leave.models import LeaveRequest
from tests.leave.factories import day, know_years

CASES = {
    "one week": {},
    "one day": {"end": "2026-04-06"},
    "over a weekend": {"end": "2026-04-14"},
    "too many days": {"end": "2026-04-30"},
    "no working day": {"start": "2026-04-11", "end": "2026-04-12"},
    "backwards": {"end": "2026-04-01"},
    "in the past": {"start": "2026-02-23", "end": "2026-02-24"},
    "at short notice": {"start": "2026-03-03", "end": "2026-03-03"},
    "abroad": {"abroad": True, "country": "Malaysia"},
    "next year": {"start": "2027-01-11", "end": "2027-01-12"},
    "over new year": {"start": "2026-12-28", "end": "2027-01-05"},
}
BASE = {
    "start": "2026-04-06",
    "end": "2026-04-10",
    "reason": "Menengok orang tua",
    "address": "Jalan Melati 3",
    "phone": "081234567890",
}


def as_form(case):
    values = BASE | {name: value for name, value in case.items() if name != "abroad"}
    return values | ({"abroad": "on"} if case.get("abroad") else {}) | {"draft": str(uuid7())}


@pytest.fixture
def me(sign_in, gov):
    know_years(gov.employee, 2024, 2025, left=4)
    return sign_in(gov.employee)


def api(client, url, body):
    return client.post(f"/api/v1/leave/{url}", body, content_type="application/json")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_preview_says_the_same(me, case):
    answer = api(me, "preview/", BASE | case).json()
    page = me.post("/cuti/permohonan/hitung/", as_form(case))
    drawn = page.context["drawn"]
    if drawn is None:  # the form sees at once that the dates are the wrong way round
        assert [one["rule"] for one in answer["refusals"]] == ["period"]
        return
    preview = drawn.preview
    assert answer["charged_days"] == preview.charged_days
    assert (answer["balance_before"], answer["balance_after"]) == (preview.balance_before, preview.balance_after)
    assert [one["date"] for one in answer["days"] if not one["charged"]] == [
        day_.date.isoformat() for day_ in drawn.skipped
    ]
    html = page.content.decode()
    for refusal in answer["refusals"]:
        assert refusal["message"] in html
        assert f"{refusal['rule']} · {refusal['article']}" in html
    for decider in answer["deciders"]:
        assert decider["name"] in html


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_sending_is_refused_or_not_by_both(me, gov, case):
    page = me.post("/cuti/permohonan/baru/", as_form(case) | {"action": "submit"})
    by_page = LeaveRequest.objects.filter(employee=gov.employee).first()
    if by_page is not None:
        state, days = by_page.state, by_page.charged_days
        me.post(reverse("leave:withdraw", args=[by_page.pk]))
    made = api(me, "requests/", BASE | case)
    sent = api(me, f"requests/{made.json()['id']}/submit/", {}) if made.status_code == 201 else made
    if by_page is None:
        assert sent.status_code == 422
        for refusal in sent.json()["refusals"]:
            assert refusal["message"] in page.content.decode()
    else:
        assert (sent.json()["state"], sent.json()["charged_days"]) == (state, days)


def test_the_balance_has_the_same_numbers(me, flow):
    flow.granted()
    flow.submitted(day(5, 4), day(5, 5))
    answer = me.get("/api/v1/leave/balance/").json()
    page = me.get("/cuti/saldo/").context
    figures = [each.figure for each in page["drawn"].buckets]
    names = ("kind", "origin", "granted", "taken", "reserved", "left")
    assert [{name: bucket[name] for name in names} for bucket in answer["buckets"]] == [
        {name: getattr(figure, name) for name in names} for figure in figures
    ]
    assert answer["left"] == page["balance"].left
    assert len(answer["movements"]) == sum(len(entry.lines) for entry in page["drawn"].entries)


@pytest.mark.parametrize(
    "verdict",
    [
        {"outcome": "approved"},
        {"outcome": "refused"},
        {"outcome": "changed", "reason": "Rapat", "start": "2026-04-13", "end": "2026-06-30"},
        {"outcome": "postponed", "reason": "Audit", "not_before": "2027-06-01"},
    ],
    ids=lambda verdict: verdict["outcome"],
)
def test_a_decision_ends_the_same(sign_in, flow, gov, verdict):
    know_years(gov.employee, 2024, 2025)
    first, second = flow.opined(), flow.opined(day(5, 4), day(5, 5))
    client = sign_in(gov.office_head)
    page = client.post(
        reverse("leave:decide", args=[first.pk]), {"reason": "", **verdict, "version": first.version}, follow=True
    )
    answer = api(client, f"requests/{second.pk}/decide/", verdict)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == second.state
    if answer.status_code == 422:
        rules = {one["message"] for one in answer.json()["refusals"] if one["rule"] == "required"}
        assert all(message in page.content.decode() for message in rules)
        assert first.state == "opined"
