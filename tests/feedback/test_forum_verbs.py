"""What holds for every verb of forums: who may not is refused and leaves no trace, who may leaves one; the forum
of somebody else is out of reach; twice is once; and what is over or gone is not brought back."""

import pytest

from feedback.enums import CommentState, ProposalState
from feedback.models import OfficialAnswer, Proposal, Result, VerifiedPerson
from feedback.services import forums, forums_answers, forums_meetings, forums_people, forums_proposals, forums_talk
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from tests.feedback.forum_factories import NIK, START, citizen, fresh
from tests.feedback.test_forum_meetings import HELD, MINUTED, WHO

FACTS = {"title": "Jembatan", "text": "Jembatan rusak"}
NOTED = {"feasible": True, "office_note": "Sesuai rencana", "estimate": 1000}
ANSWER = {"verdict": "evaluating", "reason": "Sedang dikaji"}
SIGNED = [{"name": "Rina", "role": "Penyelenggara"}]
UNSEEN = "\u200b\u202e"


class Scene:
    """A forum with one of everything, on the day of its meeting, after the vote."""

    def __init__(self, square, on):
        self.square = square
        square.change(slow_seconds=0, proposals_each=9)
        self.proposal = square.propose()
        self.twin = square.propose(square.budi, title="Lampu Melati")
        self.meeting = square.meeting(seats=5)
        self.seat = forums_meetings.register(actor=square.siti, meeting=self.meeting, facts=WHO)
        self.said = forums_talk.comment(actor=square.siti, process=square.forum, text="Setuju")
        self.other = forums_talk.comment(actor=square.budi, process=square.forum, text="Iklan")
        self.flagged = forums_talk.comment(actor=square.budi, process=square.forum, text="Kasar sekali")
        forums_talk.flag(actor=square.siti, subject=self.flagged, reason="spam")
        row = forums_talk.hide(actor=square.second, subject=self.other, reason="spam", explanation="Iklan")
        self.appeal = forums_talk.appeal(actor=square.budi, moderation=row, text="Bukan iklan")
        facts = {"title": "Terpasang", "owner_unit": square.office}
        self.result = forums_answers.save_result(actor=square.organiser, process=square.forum, facts=facts)
        self.draft = forums_answers.draft_answer(actor=square.organiser, proposal=self.proposal, facts=ANSWER)
        minuted = MINUTED | {"minutes": "Dibahas."}
        forums_meetings.save_minutes(
            actor=square.organiser, meeting=self.meeting, facts=minuted, points=[], signatories=SIGNED
        )
        on(HELD)

    @property
    def facts(self):
        return {name: getattr(self.meeting, name) for name in forums_meetings.FACTS}


@pytest.fixture
def scene(square, on):
    return Scene(square, on)


def _copy(scene, actor):
    title = "Jalan 2027"
    forums.copy_process(actor=actor, source=scene.square.forum, slug="jalan-2027", title=title, starts_on=START)


def _phases(scene, actor):
    names = ("kind", "title", "text", "starts_on", "ends_on", "proposals", "supports", "comments")
    forums.set_phases(actor=actor, process=scene.square.forum, phases=scene.square.forum.phases.values(*names))


def _publish(scene, actor):
    scene.square.change(published_at=None)
    forums.publish_process(actor=actor, process=scene.square.forum)


def _progress(scene, actor):
    facts = {"percent": 10, "state": "running", "text": "Mulai"}
    forums_answers.report_progress(actor=actor, result=scene.result, **facts)


def _minutes(scene, actor):
    facts = {"facts": MINUTED, "points": [], "signatories": SIGNED}
    forums_meetings.save_minutes(actor=actor, meeting=scene.meeting, **facts)


OF_THE_OFFICE = {
    "feedback.forum_created": _copy,
    "feedback.forum_changed": lambda scene, actor: forums.edit_process(
        actor=actor, process=scene.square.forum, facts={"title": "Lain"}
    ),
    "feedback.forum_phases": _phases,
    "feedback.forum_published": _publish,
    "feedback.proposed": lambda scene, actor: forums_proposals.propose_officially(
        actor=actor, process=scene.square.forum, facts=FACTS
    ),
    "feedback.proposal_merged": lambda scene, actor: forums_proposals.merge_proposals(
        actor=actor, main=scene.proposal, duplicate=scene.twin
    ),
    "feedback.proposal_noted": lambda scene, actor: forums_proposals.note_office(
        actor=actor, proposal=scene.proposal, facts=NOTED
    ),
    "feedback.moderated": lambda scene, actor: forums_talk.hide(
        actor=actor, subject=scene.said, reason="spam", explanation="Iklan"
    ),
    "feedback.let_pass": lambda scene, actor: forums_talk.show(actor=actor, subject=scene.flagged),
    "feedback.appeal_decided": lambda scene, actor: forums_talk.decide_appeal(
        actor=actor, appeal=scene.appeal, granted=False, decision="Tetap iklan"
    ),
    "feedback.answer_drafted": lambda scene, actor: forums_answers.draft_answer(
        actor=actor, proposal=scene.proposal, facts=ANSWER
    ),
    "feedback.answered": lambda scene, actor: forums_answers.publish_answer(actor=actor, answer=scene.draft),
    "feedback.answered ": lambda scene, actor: forums_answers.publish_all(actor=actor, process=scene.square.forum),
    "feedback.result_saved": lambda scene, actor: forums_answers.save_result(
        actor=actor, process=scene.square.forum, facts={"title": "Lain", "owner_unit": scene.square.office}
    ),
    "feedback.result_progress": _progress,
    "feedback.meeting_saved": lambda scene, actor: forums_meetings.save_meeting(
        actor=actor, process=scene.square.forum, facts=scene.facts | {"title": "Lain"}
    ),
    "feedback.meeting_saved ": lambda scene, actor: forums_meetings.save_meeting(
        actor=actor, process=scene.square.forum, facts=scene.facts, meeting=scene.meeting
    ),
    "feedback.meeting_cancelled": lambda scene, actor: forums_meetings.cancel_meeting(
        actor=actor, meeting=scene.meeting, reason="Banjir"
    ),
    "feedback.meeting_walked_in": lambda scene, actor: forums_meetings.walk_in(
        actor=actor, meeting=scene.meeting, facts=WHO
    ),
    "feedback.meeting_attended": lambda scene, actor: forums_meetings.mark_present(
        actor=actor, registration=scene.seat
    ),
    "feedback.meeting_delegates": lambda scene, actor: forums_meetings.set_delegates(
        actor=actor, meeting=scene.meeting, chosen=[]
    ),
    "feedback.minutes_saved": _minutes,
    "feedback.meeting_closed": lambda scene, actor: forums_meetings.close_meeting(
        actor=actor, meeting=scene.meeting
    ),
    "feedback.nik_verified": lambda scene, actor: forums_people.verify_nik(
        actor=actor, user=scene.square.budi, nik=NIK
    ),
    "feedback.person_revoked": lambda scene, actor: forums_people.revoke_person(
        actor=actor, user=scene.square.budi, reason="Menghina"
    ),
}
"""Verb of the trail -> the act. A second act with the same one has a space behind."""
OF_ANY_OFFICE = {"feedback.nik_verified", "feedback.person_revoked"}
"""About citizens, who belong to no office."""


def newest(verb):
    return Event.objects.filter(verb=verb.strip()).order_by("pk").last()


@pytest.mark.parametrize("verb", OF_THE_OFFICE)
def test_citizens_and_other_offices_are_refused_and_nothing_happens(scene, verb):
    actors = [scene.square.siti, *([] if verb in OF_ANY_OFFICE else [scene.square.stranger])]
    for actor in actors:
        before = Event.objects.count()
        with pytest.raises(PermissionRefused):
            OF_THE_OFFICE[verb](scene, actor)
        assert Event.objects.count() == before


@pytest.mark.parametrize("verb", OF_THE_OFFICE)
def test_the_organiser_may_and_the_trail_names_him(scene, verb):
    before = Event.objects.filter(verb=verb.strip()).count()
    OF_THE_OFFICE[verb](scene, scene.square.organiser)
    assert Event.objects.filter(verb=verb.strip()).count() == before + 1
    assert newest(verb).actor_id == scene.square.organiser.pk


OF_CITIZENS = {
    "feedback.proposed": lambda scene, actor: forums_proposals.propose(
        actor=actor, process=scene.square.forum, facts=FACTS
    ),
    "feedback.commented": lambda scene, actor: forums_talk.comment(
        actor=actor, process=scene.square.forum, text="Halo"
    ),
    "feedback.flagged": lambda scene, actor: forums_talk.flag(actor=actor, subject=scene.said, reason="spam"),
    "feedback.meeting_registered": lambda scene, actor: forums_meetings.register(
        actor=actor, meeting=scene.meeting, facts=WHO
    ),
}


@pytest.mark.parametrize("verb", OF_CITIZENS)
def test_who_takes_part_leaves_a_trace_once_however_often_he_clicks(scene, on, verb):
    on("2026-03-03")
    new = citizen("Baru Warga")
    for _click in range(2):
        OF_CITIZENS[verb](scene, new)
    assert Event.objects.filter(verb=verb, actor_id=new.pk).count() == 1


@pytest.mark.parametrize("verb", OF_CITIZENS)
@pytest.mark.parametrize("case", ["unconfirmed", "revoked"])
def test_who_may_not_take_part_is_told_why_and_nothing_happens(scene, on, verb, case):
    on("2026-03-03")
    actor = citizen("Baru Warga", confirmed=case != "unconfirmed")
    if case == "revoked":
        forums_people.revoke_person(actor=scene.square.organiser, user=actor, reason="Menghina")
    with pytest.raises(PermissionRefused, match=r"Konfirmasi surel|dihentikan"):
        OF_CITIZENS[verb](scene, fresh(actor))
    assert not Event.objects.filter(actor_id=actor.pk).exists()


OF_THE_AUTHOR = {
    "feedback.proposal_withdrawn": lambda scene, actor: forums_proposals.withdraw(
        actor=actor, proposal=scene.proposal
    ),
    "feedback.proposal_changed": lambda scene, actor: forums_proposals.edit_proposal(
        actor=actor, proposal=scene.proposal, facts=FACTS, version=1
    ),
}


@pytest.mark.parametrize("verb", OF_THE_AUTHOR)
def test_the_author_alone_changes_or_withdraws_and_the_trail_says_so(scene, on, verb):
    scene.square.change(edit_minutes=60 * 24 * 60)
    for actor in (scene.square.budi, scene.square.organiser):
        with pytest.raises(PermissionRefused):
            OF_THE_AUTHOR[verb](scene, actor)
    OF_THE_AUTHOR[verb](scene, scene.square.siti)
    assert newest(verb).actor_id == scene.square.siti.pk


def test_a_seat_is_given_up_by_who_has_it_once(scene):
    for actor in (scene.square.budi, scene.square.siti, scene.square.siti):
        forums_meetings.give_up_seat(actor=actor, meeting=scene.meeting)
    event = Event.objects.get(verb="feedback.meeting_given_up")
    assert (event.actor_id, str(event.subject_id)) == (scene.square.siti.pk, str(scene.seat.pk))


# --- A forum of somebody else ---------------------------------------------------------------------
@pytest.fixture
def theirs(scene):
    """A forum of another office, with its meeting and its result."""
    square, facts = scene.square, {"title": "Forum lain", "summary": "x", "starts_on": START}
    forum = forums.create_process(
        actor=square.stranger, unit=square.other, slug="lain", kind="general", facts=facts
    )
    meeting = forums_meetings.save_meeting(actor=square.stranger, process=forum, facts=scene.facts)
    facts = {"title": "Milik mereka", "owner_unit": square.other}
    return meeting, forums_answers.save_result(actor=square.stranger, process=forum, facts=facts)


def test_through_ones_own_forum_nobody_changes_the_meeting_or_result_of_another(scene, theirs):
    meeting, result = theirs
    square = scene.square
    mine = {"actor": square.organiser, "process": square.forum}
    with pytest.raises(RuleRefused, match="forum lain"):
        forums_meetings.save_meeting(**mine, facts=scene.facts | {"title": "Direbut"}, meeting=meeting)
    with pytest.raises(RuleRefused, match="forum lain"):
        forums_answers.save_result(**mine, facts={"title": "Direbut", "owner_unit": square.office}, result=result)
    assert (fresh(meeting).title, fresh(result).title) == ("Musyawarah kecamatan", "Milik mereka")


def test_proposals_meetings_and_results_of_another_forum_are_not_joined_to_ones_own(scene, theirs):
    meeting, result = theirs
    square = scene.square
    mine = {"actor": square.organiser, "process": square.forum}
    facts = {"title": "Hasil", "owner_unit": square.office}
    acts = (
        lambda: forums_proposals.propose_officially(**mine, facts=FACTS, meeting=meeting),
        lambda: forums_answers.save_result(**mine, facts=facts | {"meetings": [meeting]}),
        lambda: forums_answers.save_result(**mine, facts=facts | {"parent": result}),
    )
    for act in acts:
        with pytest.raises(RuleRefused):
            act()
    assert not Result.objects.filter(title="Hasil").exists()


# --- Twice is once --------------------------------------------------------------------------------
def test_a_second_click_makes_no_second_row(scene):
    square = scene.square
    mine = {"actor": square.organiser, "process": square.forum}
    facts = {"title": "Satu", "owner_unit": square.office}
    makers = (
        lambda: forums_proposals.propose_officially(**mine, facts=FACTS),
        lambda: forums_meetings.save_meeting(**mine, facts=scene.facts | {"title": "Kedua"}),
        lambda: forums_answers.save_result(**mine, facts=facts),
    )
    for make in makers:
        assert make().pk == make().pk


def test_results_of_one_name_from_other_proposals_are_others(scene):
    square = scene.square
    facts = {"title": "Satu", "owner_unit": square.office}
    first, second = (
        forums_answers.save_result(
            actor=square.organiser, process=square.forum, facts=facts | {"proposals": [row]}
        )
        for row in (scene.proposal, scene.twin)
    )
    assert [list(row.proposals.all()) for row in (first, second)] == [[scene.proposal], [scene.twin]]


def test_the_followers_hear_of_a_meeting_that_was_sent_twice_once(scene):
    square = scene.square
    forums.choose_level(user=square.budi, process=square.forum, level="all")
    for _click in range(2):
        facts = scene.facts | {"title": "Kedua"}
        forums_meetings.save_meeting(actor=square.organiser, process=square.forum, facts=facts)
    assert Message.objects.filter(recipient=square.budi, kind="feedback.forum_meeting").count() == 1


def test_the_next_meeting_may_be_like_one_that_was_called_off(scene):
    square, facts = scene.square, scene.facts
    forums_meetings.cancel_meeting(actor=square.organiser, meeting=scene.meeting, reason="Banjir")
    again = forums_meetings.save_meeting(actor=square.organiser, process=square.forum, facts=facts)
    assert again.pk != scene.meeting.pk


@pytest.mark.parametrize(
    "verb", ["feedback.proposal_merged", "feedback.proposal_noted", "feedback.person_revoked", "feedback.answered"]
)
def test_done_twice_it_is_recorded_once(scene, verb):
    for _click in range(2):
        OF_THE_OFFICE[verb](scene, scene.square.organiser)
    assert Event.objects.filter(verb=verb).count() == 1


def test_who_was_never_taken_out_is_not_taken_back_in(scene):
    square = scene.square
    forums_people.restore_person(actor=square.organiser, user=square.budi)
    assert not Event.objects.filter(verb="feedback.person_restored").exists()
    OF_THE_OFFICE["feedback.person_revoked"](scene, square.organiser)
    for _click in range(2):
        forums_people.restore_person(actor=square.organiser, user=square.budi)
    assert Event.objects.filter(verb="feedback.person_restored").count() == 1
    with pytest.raises(PermissionRefused):
        forums_people.restore_person(actor=square.siti, user=square.budi)
    assert VerifiedPerson.objects.get(user=square.budi).revoked_at is None


def test_the_flag_that_hides_may_be_raised_again_without_a_refusal(scene):
    people = [citizen(f"Pelapor {number}") for number in range(3)]
    first = [forums_talk.flag(actor=user, subject=scene.said, reason="spam") for user in people]
    assert fresh(scene.said).state == CommentState.HIDDEN
    assert forums_talk.flag(actor=people[-1], subject=scene.said, reason="spam").pk == first[-1].pk
    with pytest.raises(RuleRefused, match="tidak tampil"):
        forums_talk.flag(actor=citizen("Terlambat Warga"), subject=scene.said, reason="spam")


@pytest.mark.parametrize(
    ("again", "sentence"),
    [
        ("feedback.meeting_cancelled", "dibatalkan"),
        ("feedback.meeting_closed", "berita acara"),
        ("feedback.appeal_decided", "sudah diputuskan"),
        ("feedback.moderated", "dimoderasi orang lain"),
    ],
)
def test_what_was_decided_is_said_to_who_decides_again(scene, again, sentence):
    OF_THE_OFFICE[again](scene, scene.square.organiser)
    with pytest.raises(StateChanged, match=sentence):
        OF_THE_OFFICE[again](scene, scene.square.organiser)


def test_an_objection_is_filed_once(scene):
    with pytest.raises(StateChanged, match="sudah diajukan"):
        forums_talk.appeal(actor=scene.square.budi, moderation=scene.appeal.moderation, text="Lagi")


# --- What is over or gone -------------------------------------------------------------------------
ON_A_MEETING = [
    *("feedback.meeting_saved ", "feedback.meeting_cancelled", "feedback.meeting_walked_in"),
    *("feedback.meeting_attended", "feedback.meeting_delegates", "feedback.minutes_saved"),
    "feedback.meeting_closed",
]


@pytest.mark.parametrize("verb", ON_A_MEETING)
@pytest.mark.parametrize(("end", "sentence"), [
    ("feedback.meeting_cancelled", "sudah dibatalkan"), ("feedback.meeting_closed", "sudah ditutup"),
])  # fmt: skip
def test_after_the_end_of_a_meeting_nothing_is_done_on_it(scene, verb, end, sentence):
    OF_THE_OFFICE[end](scene, scene.square.organiser)
    with pytest.raises(StateChanged, match=sentence):
        OF_THE_OFFICE[verb](scene, scene.square.organiser)
    for act in (
        lambda: forums_meetings.register(actor=scene.square.budi, meeting=scene.meeting, facts=WHO),
        lambda: forums_meetings.give_up_seat(actor=scene.square.siti, meeting=scene.meeting),
    ):
        with pytest.raises(StateChanged, match=sentence):
            act()


def test_flags_settled_bring_back_neither_what_was_withdrawn_nor_what_was_merged(scene):
    square = scene.square
    for subject in (scene.proposal, scene.twin):
        forums_talk.flag(actor=citizen(f"Pelapor {subject.number}"), subject=subject, reason="spam")
    forums_proposals.merge_proposals(actor=square.organiser, main=scene.proposal, duplicate=scene.twin)
    forums_talk.show(actor=square.organiser, subject=scene.twin)
    forums_proposals.withdraw(actor=square.siti, proposal=scene.proposal)
    forums_talk.show(actor=square.organiser, subject=scene.proposal)
    assert [fresh(row).state for row in (scene.proposal, scene.twin)] == ["withdrawn", "merged"]
    assert not scene.proposal.raised.filter(dismissed_at=None).exists()


def test_flags_do_not_hide_what_stands_under_another_proposal(scene):
    square = scene.square
    forums_proposals.merge_proposals(actor=square.organiser, main=scene.proposal, duplicate=scene.twin)
    for number in range(4):
        forums_talk.flag(actor=citizen(f"Pelapor {number}"), subject=fresh(scene.twin), reason="offensive")
    assert fresh(scene.twin).state == ProposalState.MERGED


def test_a_moderator_hides_what_was_merged_and_it_comes_back_as_merged(scene):
    organiser, words = scene.square.organiser, {"reason": "offensive", "explanation": "Kata kasar"}
    forums_proposals.merge_proposals(actor=organiser, main=scene.proposal, duplicate=scene.twin)
    forums_talk.hide(actor=organiser, subject=scene.twin, **words)
    assert (fresh(scene.twin).state, fresh(scene.twin).merged_into) == ("hidden", scene.proposal)
    forums_talk.show(actor=organiser, subject=scene.twin)
    assert (fresh(scene.twin).state, fresh(scene.twin).merged_into) == ("merged", scene.proposal)


@pytest.mark.parametrize("gone", ["withdrawn", "hidden"])
def test_no_answer_is_announced_to_what_is_gone_since_it_was_drafted(scene, gone):
    Proposal.objects.filter(pk=scene.proposal.pk).update(state=gone)
    square = scene.square
    facts = {"verdict": "evaluating", "reason": "Dikaji"}
    forums_answers.draft_answer(actor=square.organiser, proposal=scene.twin, facts=facts)
    with pytest.raises(RuleRefused, match="tidak terbuka lagi"):
        forums_answers.publish_answer(actor=square.organiser, answer=scene.draft)
    assert forums_answers.publish_all(actor=square.organiser, process=square.forum) == 1
    assert OfficialAnswer.objects.exclude(published_at=None).get().proposal == scene.twin


def test_a_result_with_parts_becomes_no_part_itself(scene):
    square = scene.square
    mine = {"actor": square.organiser, "process": square.forum}
    facts = {"owner_unit": square.office}
    forums_answers.save_result(**mine, facts=facts | {"title": "Bagian", "parent": scene.result})
    top = forums_answers.save_result(**mine, facts=facts | {"title": "Puncak"})
    with pytest.raises(RuleRefused) as refusal:
        forums_answers.save_result(
            **mine, facts=facts | {"title": "Terpasang", "parent": top}, result=scene.result
        )
    assert refusal.value.problems[0].field == "parent"


# --- Words of nothing -----------------------------------------------------------------------------
def test_characters_that_are_not_kept_are_no_words(scene, on):
    on("2026-03-03")
    square = scene.square
    row = forums_talk.hide(actor=square.second, subject=scene.said, reason="spam", explanation="Iklan")
    acts = (
        ("title", lambda: square.propose(title=UNSEEN)),
        ("text", lambda: square.propose(text=UNSEEN)),
        ("text", lambda: forums_proposals.edit_proposal(
            actor=square.siti, proposal=scene.proposal, facts=FACTS | {"text": UNSEEN}, version=1
        )),
        ("title", lambda: forums_proposals.propose_officially(
            actor=square.organiser, process=square.forum, facts=FACTS | {"title": UNSEEN}
        )),
        ("text", lambda: forums_talk.comment(actor=square.siti, process=square.forum, text=UNSEEN)),
        ("explanation", lambda: forums_talk.hide(
            actor=square.organiser, subject=scene.twin, reason="spam", explanation=UNSEEN
        )),
        ("text", lambda: forums_talk.appeal(actor=square.siti, moderation=row, text=UNSEEN)),
        ("decision", lambda: forums_talk.decide_appeal(
            actor=square.organiser, appeal=scene.appeal, granted=True, decision=UNSEEN
        )),
    )  # fmt: skip
    square.change(edit_minutes=60 * 24 * 60)
    for field, act in acts:
        with pytest.raises(RuleRefused) as refusal:
            act()
        assert refusal.value.problems[0].field == field
