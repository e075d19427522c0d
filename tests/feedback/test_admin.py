"""Services, limits and settings of feedback in the admin: kept by admins alone, every change in the trail."""

import datetime

import pytest
from django.urls import reverse

from feedback.models import FeedbackSetting, LimitRule, Service, ServiceHours, current_setting
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from tests.accounts.factories import with_role

BACKEND = "kepegawaian.accounts.backends.PortalBackend"
SERVICE = {"code": "pajak-bumi", "name_id": "Pajak bumi dan bangunan", "order": 5, "active": "on"}


@pytest.fixture
def chief(desk, client):
    user = with_role(Role.ADMIN, name="Admin Utama")
    client.force_login(user, backend=BACKEND)
    return user


def form_of(row, **changes):
    """What the admin's form of a row sends back, with `changes`; an empty tick is not sent."""
    values = {field.name: field.value_from_object(row) for field in row._meta.fields if field.editable}
    return {
        name: value for name, value in (values | changes).items() if value not in (None, False) and name != "id"
    }


def test_a_new_service_stands_on_the_public_pages(chief, client, desk):
    page = reverse("admin:feedback_service_add")
    answer = client.post(page, SERVICE | {"unit": str(desk.gov.office.pk)})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Event.objects.get(verb="feedback.service_added").actor == chief
    client.logout()
    assert SERVICE["name_id"] in client.get(reverse("feedback:service", args=["pajak-bumi"])).content.decode()


def test_a_service_is_closed_and_never_deleted(chief, client, desk):
    row = Service.objects.create(unit=desk.gov.office, code="lama", name_id="Layanan lama")
    client.post(reverse("admin:feedback_service_change", args=[row.pk]), form_of(row, active=False))
    row.refresh_from_db()
    assert not row.active
    event = Event.objects.get(verb="feedback.service_changed")
    assert (event.data["from"], event.data["to"]) == ({"active": True}, {"active": False})
    gone = client.post(reverse("admin:feedback_service_delete", args=[row.pk]), {"post": "yes"})
    assert gone.status_code == 403


def test_a_limit_of_one_unit_holds_for_what_comes_after_it(chief, client, desk):
    before = desk.file()
    values = {"phase": "verify", "unit": str(desk.gov.office.pk), "days": 1, "source": "SK 1/2026"}
    since = {"valid_from": before.received_on.isoformat()}
    answer = client.post(reverse("admin:feedback_limitrule_add"), values | since)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = LimitRule.objects.get(source="SK 1/2026")
    assert Event.objects.get(verb="feedback.limitrule_added").subject_id == str(row.pk)
    after = desk.file(text="Antrean loket obat tidak bergerak sejak pagi tadi.")
    clocks = [case.clocks.get(phase="verify") for case in (before, after)]
    assert [(clock.days, clock.source == "SK 1/2026") for clock in clocks] == [(3, False), (1, True)]
    gone = client.post(reverse("admin:feedback_limitrule_delete", args=[row.pk]), {"post": "yes"})
    assert gone.status_code == 403


def test_hours_are_taken_away_with_what_they_were(chief, client, desk):
    facts = {"weekday": 0, "opens": datetime.time(8), "closes": datetime.time(15)}
    row = ServiceHours.objects.create(unit=desk.gov.office, **facts)
    client.post(reverse("admin:feedback_servicehours_delete", args=[row.pk]), {"post": "yes"})
    assert not ServiceHours.objects.filter(pk=row.pk).exists()
    assert Event.objects.get(verb="feedback.servicehours_removed").data["from"]["closes"] == "15:00:00"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"weekday": 0, "opens": datetime.time(8), "closes": datetime.time(15)}, "Senin 08:00–15:00"),
        (
            {"date": datetime.date(2026, 12, 24), "opens": datetime.time(8), "closes": datetime.time(12)},
            "08:00–12:00",
        ),
        ({"date": datetime.date(2026, 12, 24)}, "24 Des 2026: tutup"),
    ],
)
def test_hours_are_called_by_their_day_and_times(chief, client, desk, facts, words):
    row = ServiceHours.objects.create(unit=desk.gov.office, **facts)
    assert words in client.get(reverse("admin:feedback_servicehours_delete", args=[row.pk])).text


def test_hours_that_close_before_they_open_are_refused_in_words(chief, client, desk):
    values = {"unit": str(desk.gov.office.pk), "weekday": 0, "opens": "15:00", "closes": "08:00"}
    page = client.post(reverse("admin:feedback_servicehours_add"), values)
    assert "Jam tutup harus sesudah jam buka." in page.content.decode()
    assert not ServiceHours.objects.filter(unit=desk.gov.office, weekday=0).exists()


def test_settings_are_one_row_that_says_who_changed_it(chief, client):
    row = FeedbackSetting.objects.get_or_create(singleton=True)[0]
    row.refresh_from_db()
    page = reverse("admin:feedback_feedbacksetting_change", args=[row.pk])
    answer = client.post(page, form_of(row, reopen_days=21, map_tiles="/peta/{z}/{x}/{y}.png"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert (current_setting().reopen_days, current_setting().changed_by) == (21, chief)
    assert Event.objects.get(verb="feedback.feedbacksetting_changed").data["from"]["reopen_days"] == 14
    assert client.get(reverse("admin:feedback_feedbacksetting_add")).status_code == 403


@pytest.mark.parametrize("model", ["service", "limitrule", "feedbacksetting", "servicehours", "serviceattribute"])
def test_an_officer_of_complaints_keeps_none_of_it(desk, client, model):
    client.force_login(desk.admin, backend=BACKEND)
    assert client.get(reverse(f"admin:feedback_{model}_changelist")).status_code in (302, 403)
    assert client.get(reverse(f"admin:feedback_{model}_add")).status_code in (302, 403)
