"""The decider table and the settings in the admin: kept by admins, every change recorded and followed up."""

import pytest

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.work.models import Job
from leave.models import DeciderRule, LeaveSetting, SchoolHoliday, UnitLeaveSetting
from leave.services import preview
from tests.accounts.factories import with_role
from tests.leave.factories import data, day

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


# --- School holidays ------------------------------------------------------------------------------
HOLIDAY = {"name": "Libur semester", "start": "2026-06-22", "end": "2026-07-11", "source": "800/77"}


def test_school_holidays_are_kept_with_events(chief, client):
    client.post("/admin/leave/schoolholiday/add/", HOLIDAY)
    row = SchoolHoliday.objects.get()
    assert Event.objects.get(verb="leave.schoolholiday_added").actor == chief
    client.post(f"/admin/leave/schoolholiday/{row.pk}/delete/", {"post": "yes"})
    assert not SchoolHoliday.objects.exists()
    was = Event.objects.get(verb="leave.schoolholiday_removed").data["from"]
    assert (was["start"], was["end"], was["name"]) == ("2026-06-22", "2026-07-11", HOLIDAY["name"])


def test_a_school_holiday_does_not_end_before_it_starts(chief, client):
    response = client.post("/admin/leave/schoolholiday/add/", HOLIDAY | {"end": "2026-06-01"})
    assert "sesudah tanggal mulai" in response.content.decode()
    assert not SchoolHoliday.objects.exists()


def test_teachers_are_held_to_school_holidays_only_once_there_are_some(chief, client):
    row = LeaveSetting.objects.get()
    url = f"/admin/leave/leavesetting/{row.pk}/change/"
    assert "teacher_only_in_school_holiday" in client.get(url).content.decode()
    response = client.post(url, setting_form(teacher_only_in_school_holiday="on"))
    assert "Belum ada masa libur sekolah" in response.content.decode()
    client.post("/admin/leave/schoolholiday/add/", HOLIDAY)
    assert client.post(url, setting_form(teacher_only_in_school_holiday="on")).status_code == 302
    row.refresh_from_db()
    assert row.teacher_only_in_school_holiday


def test_a_teacher_then_files_within_them_and_others_whenever_they_like(gov):
    LeaveSetting.objects.update(teacher_only_in_school_holiday=True)
    SchoolHoliday.objects.create(name="Libur semester", start=day(6, 22), end=day(7, 11))
    teacher = gov.teachers[0]

    def rules_against(person, start, end):
        found = preview(person.user, person, data(start, end))
        return [refusal.rule for refusal in found.refusals]

    assert rules_against(teacher, day(4, 6), day(4, 7)) == ["CT-TEACHER"]
    assert rules_against(teacher, day(7, 10), day(7, 13)) == ["CT-TEACHER"]
    assert rules_against(teacher, day(6, 22), day(6, 23)) == []
    assert rules_against(gov.employee, day(4, 6), day(4, 7)) == []
