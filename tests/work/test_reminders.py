import datetime

import pytest
import time_machine

from kepegawaian.notifications.models import Message
from kepegawaian.work import registry, reminders, services
from kepegawaian.work.models import WorkItem
from tests.accounts.factories import UserFactory
from tests.work.factories import KIND, open_item

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 3, 16)


def test_the_holder_is_reminded_on_the_day_and_once(mailoutbox, django_capture_on_commit_callbacks):
    holder = UserFactory()
    open_item(holder, due_on=DUE, context={"line": "5 hari kerja"})
    with time_machine.travel("2026-03-15 23:00+07:00", tick=False):
        assert reminders.remind() == 0
    with (
        time_machine.travel("2026-03-16 07:15+07:00", tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert reminders.remind() == 1
        assert reminders.remind() == 0
    assert WorkItem.objects.get().reminded_on == DUE
    assert mailoutbox[0].subject == "Pengingat: Cuti Siti"
    assert "5 hari kerja" in mailoutbox[0].body
    assert "http://127.0.0.1:8000/cuti/1/" in mailoutbox[0].body


@pytest.mark.parametrize("fields", [{"holder": None, "due_on": DUE}, {"due_on": None}])
def test_nobody_is_reminded_of_what_has_no_holder_or_no_date(fields):
    open_item(fields.pop("holder", UserFactory()) if "holder" in fields else UserFactory(), **fields)
    assert reminders.remind(DUE) == 0


def test_what_is_done_needs_no_reminder():
    item = open_item(UserFactory(), due_on=DUE)
    services.close_item(kind=KIND, subject=(item.subject_type, item.subject_id))
    assert reminders.remind(DUE) == 0


def test_the_next_holder_gets_a_reminder_of_his_own():
    first, second = UserFactory(), UserFactory()
    item = open_item(first, due_on=DUE)
    reminders.remind(DUE)
    services.move_item(kind=KIND, subject=(item.subject_type, item.subject_id), holder=second)
    reminders.remind(DUE)
    assert set(Message.objects.values_list("recipient", flat=True)) == {first.pk, second.pk}


def test_two_workers_remind_once():
    item = open_item(UserFactory(), due_on=DUE)
    stale = WorkItem.objects.select_related("holder").get(pk=item.pk)
    assert reminders.remind(DUE) == 1
    assert not reminders._remind(stale, DUE)
    assert Message.objects.count() == 1


def test_a_feature_may_escalate(monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_escalations", {})
    registry.register_escalation(KIND, told.append)
    item = open_item(UserFactory(), due_on=DUE)
    reminders.remind(DUE)
    assert told == [item]
