import pytest
from django.db import IntegrityError, transaction

from feedback.enums import CommentState, ProposalState
from feedback.models import Comment, Flag, Moderation
from feedback.services import forums, forums_people
from feedback.services.forums_talk import (
    appeal,
    comment,
    decide_appeal,
    flag,
    hide,
    last_moderation,
    monthly_counts,
    show,
)
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from tests.feedback.forum_factories import DECISION, citizen, fresh


@pytest.fixture
def say(square):
    """`say(square.siti, "Setuju")` on the forum; `proposal=` and `parent=` place it elsewhere."""
    square.change(slow_seconds=0)

    def speak(actor, text="Setuju sekali", **place):
        return comment(actor=actor, process=square.forum, text=text, **place)

    return speak


# --- Comments -------------------------------------------------------------------------------------
def test_answers_hang_one_level_deep(square, say):
    first = say(square.siti)
    second = say(square.budi, "Saya juga", parent=first)
    third = say(square.siti, "Terima kasih", parent=second)
    assert (second.parent, third.parent) == (first, first)


def test_who_was_answered_hears_of_it_unless_he_wants_quiet(square, say):
    first = say(square.siti)
    say(square.budi, "Saya juga", parent=first)
    assert Message.objects.get().recipient == square.siti
    forums.choose_level(user=square.siti, process=square.forum, level="none")
    say(square.budi, "Lagi", parent=first)
    assert Message.objects.count() == 1


def test_slow_mode_says_how_long_to_wait(square, time_machine):
    comment(actor=square.siti, process=square.forum, text="Satu")
    with pytest.raises(RuleRefused, match="Tunggu 30 detik") as refusal:
        comment(actor=square.siti, process=square.forum, text="Dua")
    assert refusal.value.problems[0].field == "text"
    comment(actor=square.budi, process=square.forum, text="Orang lain tidak menunggu")
    time_machine.move_to("2026-03-02T02:00:30+00:00", tick=False)
    assert comment(actor=square.siti, process=square.forum, text="Dua").pk


def test_slow_mode_does_not_slow_the_organiser(square):
    for text in ("Satu", "Dua"):
        assert comment(actor=square.organiser, process=square.forum, text=text).official


def test_sending_twice_makes_one_comment(square, say):
    assert say(square.siti).pk == say(square.siti).pk


def test_a_closed_phase_takes_comments_of_the_organiser_alone(square, say, on):
    on(DECISION)
    with pytest.raises(RuleRefused, match="sedang ditutup"):
        say(square.siti)
    assert say(square.organiser, "Pengumuman").official


def test_pre_moderation_holds_comments_back_and_tells_after_passing(square, say):
    first = say(square.siti)
    square.change(pre_moderation=True)
    waiting = say(square.budi, "Balasan", parent=first)
    assert waiting.state == CommentState.PENDING
    assert not Message.objects.exists()
    assert show(actor=square.organiser, subject=waiting) is None
    assert fresh(waiting).state == CommentState.SHOWN
    assert Message.objects.get().kind == "feedback.forum_replied"
    assert not Moderation.objects.exists()


def test_a_comment_of_another_place_is_not_answered_here(square, say):
    first = say(square.siti, proposal=square.propose())
    with pytest.raises(RuleRefused):
        say(square.budi, parent=first)


def test_a_proposal_that_is_gone_takes_no_comments(square, say):
    proposal = square.propose()
    proposal.state = ProposalState.HIDDEN
    proposal.save(update_fields=["state"])
    with pytest.raises(RuleRefused):
        say(square.budi, proposal=proposal)


# --- Flags ----------------------------------------------------------------------------------------
def raise_flags(subject, count, reason="offensive"):
    for number in range(count):
        flag(actor=citizen(f"Pelapor {number}"), subject=subject, reason=reason)


def test_three_flags_hide_until_a_moderator_looks(square, say):
    said = say(square.siti)
    raise_flags(said, 2)
    assert (fresh(said).state, fresh(said).flags) == ("shown", 2)
    flag(actor=square.budi, subject=said, reason="spam", text="Iklan")
    row = Moderation.objects.get()
    assert fresh(said).state == "hidden"
    assert (row.actor, row.act, row.reason) == (None, "hide", "offensive")
    assert Message.objects.get().recipient == square.siti


def test_the_threshold_is_a_setting(square, say):
    from feedback.models import FeedbackSetting

    FeedbackSetting.objects.update(flags_to_hide=1)
    said = say(square.siti)
    flag(actor=square.budi, subject=said, reason="spam")
    assert fresh(said).state == "hidden"


def test_a_proposal_is_hidden_by_flags_as_well(square):
    proposal = square.propose()
    raise_flags(proposal, 3, "misplaced")
    assert fresh(proposal).state == ProposalState.HIDDEN


def test_one_person_flags_once(square, say):
    said = say(square.siti)
    assert (
        flag(actor=square.budi, subject=said, reason="spam").pk
        == flag(actor=square.budi, subject=said, reason="spam").pk
    )
    with pytest.raises(IntegrityError, match="one_flag_a_comment"), transaction.atomic():
        Flag.objects.create(comment=said, by=square.budi, reason="spam")


def test_nobody_flags_himself_or_without_a_confirmed_e_mail(square, say):
    said = say(square.siti)
    for actor in (square.siti, citizen("Tanpa Surel", confirmed=False)):
        with pytest.raises(PermissionRefused):
            flag(actor=actor, subject=said, reason="spam")


def test_flags_do_not_hide_the_organisers_own_words(square, say):
    said = say(square.organiser)
    raise_flags(said, 4)
    assert fresh(said).state == "shown"


def test_showing_settles_the_flags_so_that_they_count_anew(square, say):
    said = say(square.siti)
    raise_flags(said, 3)
    restored = show(actor=square.organiser, subject=said, explanation="Tidak menghina")
    said = fresh(said)
    assert (said.state, said.flags, restored.act) == ("shown", 0, "restore")
    flag(actor=square.budi, subject=said, reason="spam")
    assert (fresh(said).state, fresh(said).flags) == ("shown", 1)


# --- Moderation -----------------------------------------------------------------------------------
def test_hiding_tells_the_author_why_and_keeps_no_text(square, say):
    said = say(square.siti, "Teks kasar")
    row = hide(actor=square.organiser, subject=said, reason="offensive", explanation="Ada kata kasar")
    message = Message.objects.get()
    assert (message.recipient, message.kind) == (square.siti, "feedback.forum_moderated")
    assert message.context["explanation"] == "Ada kata kasar"
    assert len(row.text_sha256) == 64
    assert "Teks kasar" not in str(vars(row))


def test_hiding_needs_an_explanation(square, say):
    with pytest.raises(RuleRefused) as refusal:
        hide(actor=square.organiser, subject=say(square.siti), reason="spam", explanation=" ")
    assert refusal.value.problems[0].field == "explanation"


def test_what_waits_and_is_not_let_through_is_refused_and_not_hidden(square, say):
    square.change(pre_moderation=True)
    row = hide(actor=square.organiser, subject=say(square.siti), reason="spam", explanation="Iklan")
    assert row.act == "refuse"


def test_nobody_moderates_his_own_words_or_another_offices_forum(square, say):
    said = say(square.organiser)
    for actor in (square.organiser, square.stranger, square.siti):
        with pytest.raises(PermissionRefused):
            hide(actor=actor, subject=said, reason="spam", explanation="x")
    assert hide(actor=square.second, subject=said, reason="spam", explanation="x").actor == square.second


def test_two_moderators_do_not_decide_twice(square, say):
    said = say(square.siti)
    hide(actor=square.organiser, subject=said, reason="spam", explanation="x")
    with pytest.raises(StateChanged):
        hide(actor=square.second, subject=said, reason="offensive", explanation="y")
    show(actor=square.second, subject=said)
    with pytest.raises(StateChanged):
        show(actor=square.organiser, subject=said)


def test_a_moderator_confirms_what_the_flags_hid(square, say):
    said = say(square.siti)
    raise_flags(said, 3)
    assert hide(actor=square.organiser, subject=said, reason="offensive", explanation="Benar").act == "hide"
    assert last_moderation(said).actor == square.organiser


def test_hidden_words_do_not_come_back_through_their_answers(square, say):
    first = say(square.siti)
    hide(actor=square.organiser, subject=first, reason="spam", explanation="x")
    with pytest.raises(RuleRefused):
        say(square.budi, parent=first)


# --- Objections -----------------------------------------------------------------------------------
@pytest.fixture
def hidden(square, say):
    said = say(square.siti)
    return said, hide(actor=square.organiser, subject=said, reason="spam", explanation="Iklan")


def test_an_objection_is_decided_by_another_moderator(square, hidden):
    said, row = hidden
    filed = appeal(actor=square.siti, moderation=row, text="Ini bukan iklan")
    with pytest.raises(PermissionRefused, match="orang lain"):
        decide_appeal(actor=square.organiser, appeal=filed, granted=True, decision="Baik")
    decided = decide_appeal(actor=square.second, appeal=filed, granted=True, decision="Memang bukan iklan")
    assert (decided.state, fresh(said).state) == ("granted", "shown")
    kinds = set(Message.objects.filter(recipient=square.siti).values_list("kind", flat=True))
    assert kinds == {"feedback.forum_moderated", "feedback.forum_appealed"}


def test_a_refused_objection_leaves_it_hidden_and_is_final(square, hidden):
    said, row = hidden
    filed = appeal(actor=square.siti, moderation=row, text="Keberatan")
    decide_appeal(actor=square.second, appeal=filed, granted=False, decision="Tetap iklan")
    assert fresh(said).state == "hidden"
    with pytest.raises(StateChanged):
        decide_appeal(actor=square.second, appeal=filed, granted=True, decision="Berubah")
    with pytest.raises(StateChanged):
        appeal(actor=square.siti, moderation=row, text="Sekali lagi")


def test_only_the_author_objects_and_only_while_it_is_hidden(square, hidden):
    said, row = hidden
    with pytest.raises(PermissionRefused):
        appeal(actor=square.budi, moderation=row, text="Bukan milik saya")
    show(actor=square.second, subject=said)
    with pytest.raises(StateChanged):
        appeal(actor=square.siti, moderation=row, text="Terlambat")


def test_an_objection_is_decided_in_words(square, hidden):
    filed = appeal(actor=square.siti, moderation=hidden[1], text="Keberatan")
    with pytest.raises(RuleRefused) as refusal:
        decide_appeal(actor=square.second, appeal=filed, granted=False, decision="")
    assert refusal.value.problems[0].field == "decision"


# --- The count ------------------------------------------------------------------------------------
def test_the_public_count_is_by_month_act_and_reason(square, say, on):
    for number in range(2):
        said = say(square.siti, f"Iklan {number}")
        hide(actor=square.organiser, subject=said, reason="spam", explanation="x")
    on("2026-04-20")
    show(actor=square.second, subject=said)
    counts = [(f"{row['month']:%Y-%m}", row["act"], row["reason"], row["times"]) for row in monthly_counts()]
    assert counts == [("2026-04", "restore", "other", 1), ("2026-03", "hide", "spam", 2)]


def test_moderation_of_other_things_is_not_counted_here(square, hidden):
    Moderation.objects.create(subject_type="feedback.case", subject_id=square.office.pk, act="hide", reason="spam")
    assert sum(row["times"] for row in monthly_counts()) == 1


def test_a_person_taken_out_says_nothing_more(square, say):
    forums_people.revoke_person(actor=square.organiser, user=square.siti, reason="Menghina")
    with pytest.raises(PermissionRefused, match="dihentikan"):
        say(fresh(square.siti))
    assert not Comment.objects.exists()
