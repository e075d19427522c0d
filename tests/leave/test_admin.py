"""The decider table and the settings in the admin: kept by admins, every change recorded and followed up."""

import pytest

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.work.models import Job
from leave.models import DeciderRule, LeaveSetting, UnitLeaveSetting
from tests.accounts.factories import with_role

READ_ONLY = ["leaverequest", "leaveaccount", "bucket", "movement", "transition", "yearrun"]
RULE = {
    "step": "decision",
    "type": "CT",
    "rank_class": "staff",
    "abroad": "unknown",
    "min_days": 0,
    "decider": "office_head",
    "valid_from": "2026-01-01",
}


@pytest.fixture
def chief(gov, client):
    user = with_role(Role.ADMIN, name="Admin Utama")
    client.force_login(user, backend="kepegawaian.accounts.backends.PortalBackend")
    return user


def test_a_row_of_the_table_is_added_with_an_event(chief, client):
    response = client.post("/admin/leave/deciderrule/add/", RULE)
    assert response.status_code == 302, response.content.decode()[:500]
    event = Event.objects.get(verb="leave.deciderrule_added")
    assert (event.actor, event.data["to"]["decider"]) == (chief, "office_head")


def test_a_changed_row_keeps_what_it_was_in_the_trail(chief, client):
    row = DeciderRule.objects.filter(type="CT", rank_class="staff").get()
    client.post(f"/admin/leave/deciderrule/{row.pk}/change/", RULE | {"decider": "secretary"})
    event = Event.objects.get(verb="leave.deciderrule_changed")
    assert (event.data["from"]["decider"], event.data["to"]["decider"]) == ("office_head", "secretary")


def test_a_row_is_never_deleted_but_ended(chief, client):
    row = DeciderRule.objects.first()
    assert client.post(f"/admin/leave/deciderrule/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_completed_table_gives_waiting_steps_their_holder(chief, client, flow):
    DeciderRule.objects.filter(step="decision").delete()
    request = flow.opined()
    client.post("/admin/leave/deciderrule/add/", RULE)
    assert request.steps.get(closed_at=None).holder == flow.gov.office_head.user


def setting_form(**changes):
    row = LeaveSetting.objects.get()
    fields = [field for field in LeaveSetting._meta.fields if field.editable and field.name != "id"]
    values = {field.name: getattr(row, field.name) for field in fields}
    return {name: value for name, value in (values | changes).items() if value is not False}


def test_another_reading_recomputes_everybody(chief, client):
    row = LeaveSetting.objects.get()
    response = client.post(f"/admin/leave/leavesetting/{row.pk}/change/", setting_form(carry_n2_mode="lenient"))
    assert response.status_code == 302
    assert Job.objects.get().kind == "leave.recompute"
    assert Event.objects.get(verb="leave.leavesetting_changed").data == {
        "from": {"carry_n2_mode": "strict"},
        "to": {"carry_n2_mode": "lenient"},
    }


def test_other_settings_recompute_nothing(chief, client):
    row = LeaveSetting.objects.get()
    client.post(f"/admin/leave/leavesetting/{row.pk}/change/", setting_form(notice_days=7))
    assert LeaveSetting.objects.get().notice_days == 7
    assert not Job.objects.exists()


def test_there_is_one_row_of_settings(chief, client):
    assert client.get("/admin/leave/leavesetting/add/").status_code == 403


def test_a_unit_turns_the_check_on(chief, client, gov):
    client.post("/admin/leave/unitleavesetting/add/", {"unit": str(gov.office.pk), "hr_check": "on"})
    assert UnitLeaveSetting.objects.get().hr_check


@pytest.mark.parametrize("model", READ_ONLY)
def test_the_ledger_and_the_requests_are_only_looked_at(chief, client, flow, model):
    flow.granted()
    assert client.get(f"/admin/leave/{model}/add/").status_code == 403
    assert client.get(f"/admin/leave/{model}/").status_code in (200, 403)


def test_the_admin_shows_no_reason_or_address(chief, client, flow):
    request = flow.granted()
    page = client.get(f"/admin/leave/leaverequest/{request.pk}/change/", follow=True).content.decode()
    assert "Menengok" not in page
    assert "Jalan Melati" not in page
