"""Answers and results as people hear of them: at once, once a day, or not at all."""

import datetime

import pytest

from feedback import notifications_forums as notices
from feedback.models import ResultUpdate
from feedback.services import forums
from feedback.services.forums_answers import report_progress, save_result
from feedback.services.forums_talk import comment
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.base import find
from kepegawaian.notifications.checks import check_messages
from kepegawaian.notifications.context import decode
from kepegawaian.notifications.models import Message
from tests.feedback.forum_factories import DECISION, fresh
from tests.feedback.test_forum_proposals import answer


@pytest.fixture
def result(square):
    facts = {"title": "Lampu terpasang", "owner_unit": square.office, "proposals": [square.propose()]}
    return save_result(actor=square.organiser, process=square.forum, facts=facts)


def report(square, result, percent=40, state="running", text="Tiang dipasang"):
    return report_progress(actor=square.organiser, result=result, percent=percent, state=state, text=text)


def test_a_result_leads_back_to_its_proposals(square, result):
    assert [row.title for row in result.proposals.all()] == ["Lampu jalan di Jalan Melati"]
    child = {"title": "Bagian utara", "owner_unit": square.office, "parent": result}
    assert save_result(actor=square.organiser, process=square.forum, facts=child).parent == result


def test_a_result_has_one_level_of_parts(square, result):
    child = {"title": "Bagian", "owner_unit": square.office, "parent": result}
    part = save_result(actor=square.organiser, process=square.forum, facts=child)
    facts = {"title": "X", "owner_unit": square.office, "parent": part}
    with pytest.raises(RuleRefused):
        save_result(actor=square.organiser, process=square.forum, facts=facts)


def test_progress_is_kept_step_by_step_and_participants_hear(square, result):
    report(square, result)
    report(square, result, 100, "done", "Selesai")
    assert list(result.updates.values_list("percent", flat=True)) == [40, 100]
    assert (fresh(result).percent, fresh(result).state) == (100, "done")
    told = Message.objects.filter(kind="feedback.forum_result")
    assert list(told.values_list("recipient__name", flat=True)) == ["Siti Warga"] * 2


def test_the_same_report_twice_is_one(square, result):
    assert report(square, result).pk == report(square, result).pk


@pytest.mark.parametrize(
    ("percent", "state", "text"),
    [(99, "done", "x"), (100, "running", "x"), (101, "running", "x"), (-1, "planned", "x"), (20, "dropped", " ")],
)
def test_a_report_that_contradicts_itself_is_refused(square, result, percent, state, text):
    with pytest.raises(RuleRefused):
        report(square, result, percent, state, text)
    assert not ResultUpdate.objects.exists()


def test_strangers_report_nothing(square, result):
    with pytest.raises(PermissionRefused):
        report_progress(actor=square.stranger, result=result, percent=1, state="running", text="")


@pytest.mark.parametrize(("level", "times"), [("all", 1), ("digest", 0), ("none", 0)])
def test_followers_hear_by_the_level_they_chose(square, on, level, times):
    forums.choose_level(user=square.budi, process=square.forum, level=level)
    proposal = square.propose()
    on(DECISION)
    answer(square, proposal)
    assert Message.objects.filter(recipient=square.budi).count() == times


def test_quiet_people_hear_nothing_of_results_but_of_their_own_answer(square, result, on):
    forums.choose_level(user=square.siti, process=square.forum, level="none")
    report(square, result)
    on(DECISION)
    answer(square, result.proposals.get())
    assert list(Message.objects.values_list("kind", flat=True)) == ["feedback.forum_answered"]


# --- The daily summary ----------------------------------------------------------------------------
def test_the_digest_tells_of_yesterday_once(square, on):
    forums.choose_level(user=square.budi, process=square.forum, level="digest")
    forums.choose_level(user=square.siti, process=square.forum, level="all")
    square.propose()
    comment(actor=square.siti, process=square.forum, text="Setuju")
    on("2026-03-03")
    assert [notices.send_digests(), notices.send_digests()] == [1, 0]
    message = Message.objects.get(kind="feedback.forum_digest")
    assert message.recipient == square.budi
    nothing = {"answers": 0, "meetings": 0, "polls": 0, "results": 0}
    assert message.context["forums"] == [{"title": "Jalan kita", "proposals": 1, "comments": 1, **nothing}]
    assert decode(message.context["day"]) == datetime.date(2026, 3, 2)


def test_a_quiet_day_sends_no_digest(square, on):
    forums.choose_level(user=square.budi, process=square.forum, level="digest")
    on("2026-03-04")
    assert notices.send_digests() == 0


# --- Words ----------------------------------------------------------------------------------------
FACTS = {
    "forum": "Jalan kita", "title": "Lampu", "reason": "Sebab", "explanation": "Kata kasar", "granted": True,
    "decision": "Benar", "name": "Budi", "change": "moved", "place": "Aula", "percent": 40, "count": 3,
    "why": "Lebih murah", "accepted": True, "question": "Jalan mana dahulu?",
    "start": datetime.datetime(2026, 4, 1, 2, tzinfo=datetime.UTC), "day": datetime.date(2026, 3, 2),
    "forums": [{"title": "Jalan kita", "proposals": 1, "comments": 2, "answers": 0, "meetings": 0, "results": 0}],
}  # fmt: skip
KINDS = (
    "amendment",
    "amendment_decided",
    "reworded",
    "answered",
    "moderated",
    "appealed",
    "replied",
    "meeting",
    "poll",
    "seat",
    "minutes",
    "result",
    "results",
    "digest",
)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("event", KINDS)
def test_each_message_has_its_three_texts_in_both_languages(square, event, language):
    from django.utils import translation

    from feedback.enums import Verdict
    from feedback.models import Moderation

    notification = find(f"feedback.forum_{event}")
    context = FACTS | {"recipient": square.siti, "url": "https://portal.test/x", "verdict": Verdict.ACCEPTED}
    context |= {"act": Moderation.Act.HIDE} | ({"reason": Moderation.Reason.SPAM} if event == "moderated" else {})
    with translation.override(language):
        texts = {part: notification.render(part, context) for part in ("subject", "body", "line")}
    assert all(text.strip() for text in texts.values())
    assert "\n" not in texts["subject"]
    assert "https://portal.test/x" in texts["body"]


def test_every_message_has_category_and_templates():
    assert [error.msg for error in check_messages(None) if "forum" in error.msg] == []
