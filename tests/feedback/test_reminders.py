"""What the clock does: reminders at 75 and 90 percent, escalation, silence; missed runs are caught up on, none is
doubled."""

import datetime

import pytest

from feedback.enums import CaseState, Phase
from feedback.services import cases
from feedback.services.cases import tick
from feedback.services.cases.reminders import refresh_deadlines
from kepegawaian.calendars.models import Holiday
from kepegawaian.notifications.models import Message


def notices(kind, user=None):
    rows = Message.objects.filter(kind=kind).order_by("id")
    return rows.filter(recipient=user) if user else rows


def day(text):
    return datetime.date.fromisoformat(f"2026-{text}")


@pytest.fixture
def accepted(desk):
    """Final limit of 14 working days from 15 January: 75 percent on 2 February, 90 on the 4th, due on the 5th."""
    case = desk.accepted()
    cases.message(actor=desk.liaison, case=case, text="Kami periksa")  # the clock of the first answer has ended
    return case


def test_the_officer_is_reminded_at_75_and_at_90_percent_once_each(desk, clock, accepted):
    for date, wanted in (("01-30", 0), ("02-02", 1), ("02-02", 1), ("02-03", 1), ("02-04", 2), ("02-05", 2)):
        clock(date)
        tick()
        assert notices("feedback.due_soon", desk.liaison).count() == wanted, date
    assert [row.context["percent"] for row in notices("feedback.due_soon")] == [75, 90]


def test_when_runs_were_missed_the_later_reminder_alone_is_sent(desk, clock, accepted):
    clock("02-05")
    tick()
    tick()
    assert [row.context["percent"] for row in notices("feedback.due_soon")] == [90]


def test_the_day_after_the_last_the_leader_of_the_unit_is_told_then_the_governments(desk, clock, accepted):
    clock("02-05")
    assert tick()["escalated"] == 0
    clock("02-06")
    assert tick()["escalated"] == 1
    assert tick()["escalated"] == 0
    assert notices("feedback.overdue", desk.leader).count() == 1
    assert notices("feedback.overdue", desk.chief).count() == 0
    clock("02-10")
    tick()
    assert notices("feedback.overdue", desk.chief).count() == 0
    clock("02-11")
    tick()
    assert notices("feedback.overdue", desk.chief).count() == 1
    assert accepted.steps.filter(action="escalate").count() == 2


def test_escalation_caught_up_on_tells_both(desk, clock, accepted):
    clock("03-02")
    tick()
    assert notices("feedback.overdue", desk.leader).exists()
    assert notices("feedback.overdue", desk.chief).exists()


def test_of_a_secret_case_no_leader_hears(desk, clock):
    desk.accepted(secret=True)
    clock("03-02")
    tick()
    told = set(notices("feedback.overdue").values_list("recipient_id", flat=True))
    assert told == {desk.admin.pk, desk.liaison.pk}


def test_nobody_is_reminded_while_the_reporter_is_asked(desk, clock):
    case = desk.opened()
    cases.ask(actor=desk.admin, case=case, question="Kapan?")
    clock("02-10")
    assert not any(tick().values())


def test_ten_days_of_silence_close_an_answered_case(desk, clock):
    case = desk.answered(user=desk.citizen)
    clock("01-30")
    assert tick()["silence"] == 0
    clock("03-01")
    assert tick()["silence"] == 1
    assert tick()["silence"] == 0
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.steps.latest("version").party == "system"
    assert notices("feedback.finished", desk.citizen).count() == 1


@pytest.mark.parametrize("who", ["reporter", "office"])
def test_a_word_of_either_side_makes_the_silence_count_anew(desk, clock, who):
    case = desk.answered(user=desk.citizen)
    clock("01-29")
    if who == "reporter":
        cases.reply(by=desk.reporter(case), case=case, text="Loketnya belum bertambah.")
    else:
        cases.message(actor=desk.liaison, case=case, text="Loket tambahan dibuka besok.")
    case.refresh_from_db()
    assert (case.due_phase, case.due_on) == (Phase.SILENCE, day("02-12"))
    for date, closed in (("02-01", 0), ("02-12", 0), ("02-13", 1)):
        clock(date)
        assert tick()["silence"] == closed, date


def test_an_incomplete_case_lapses_after_thirty_days(desk, clock):
    case = desk.opened()
    cases.ask(actor=desk.admin, case=case, question="Kapan?")
    clock("02-14")
    assert tick()["lapsed"] == 0
    clock("02-15")
    assert tick()["lapsed"] == 1
    case.refresh_from_db()
    assert case.state == CaseState.LAPSED


def test_a_new_holiday_moves_running_deadlines_and_only_those(desk, clock):
    case, ended = desk.accepted(), desk.closed()
    Holiday.objects.create(date=day("01-29"), kind="national", name_id="Baru", name_en="New", confirmed=True)
    before = ended.clocks.get(phase=Phase.FINAL).due_on
    refresh_deadlines()
    assert case.clocks.get(phase=Phase.FINAL).due_on == day("02-06")
    assert ended.clocks.get(phase=Phase.FINAL).due_on == before
    assert refresh_deadlines() == 0
