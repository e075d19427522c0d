"""The periodic tasks and the first settings."""

import datetime

from django.core.management import call_command
from django.utils import timezone

from feedback import tasks
from feedback.models import FeedbackSetting, LimitRule, RateKey, ReporterMail
from feedback.services import cases
from kepegawaian.notifications.models import Message
from tests.feedback.factories import CONTACT


def test_the_tasks_do_what_they_say(desk, clock):
    desk.file(contact=CONTACT)
    tasks.send_mail()
    assert ReporterMail.objects.get().state == "sent"
    clock("01-22")
    tasks.run_clocks()
    assert Message.objects.filter(kind="feedback.overdue").exists()
    tasks.recount()


def test_counters_are_forgotten_with_their_window(desk):
    case = desk.file(anonymous=True)
    cases.open_by_pin(case.number, "0000-0000", "10.0.0")
    tasks.forget()
    assert RateKey.objects.count() == 1
    RateKey.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    tasks.forget()
    assert RateKey.objects.count() == 0


def test_seeding_twice_is_seeding_once_and_leaves_changes_alone(db, capsys):
    call_command("seed_feedback")
    LimitRule.objects.filter(phase="verify").update(days=5)
    call_command("seed_feedback")
    assert capsys.readouterr().out.splitlines() == ["limits: 13 new", "limits: 0 new"]
    assert LimitRule.objects.get(phase="verify").days == 5
    assert FeedbackSetting.objects.count() == 1


def test_a_deleted_limit_means_no_clock(desk):
    LimitRule.objects.filter(phase="final", kind="aspirasi").delete()
    case = desk.file(kind="aspirasi")
    assert list(case.clocks.values_list("phase", flat=True)) == ["verify"]
