import pytest
from django.db import IntegrityError, transaction

from feedback.enums import ProposalState
from feedback.models import Proposal, ProposalVersion
from feedback.services import forums_answers, forums_proposals
from feedback.services.forums_proposals import edit_proposal, propose_officially, similar, withdraw
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from tests.feedback.forum_factories import DECISION, SUPPORT, citizen, fresh

NEW = {"title": "Lampu jalan", "text": "Isi baru", "location": "", "volume": ""}


def test_a_proposal_appears_with_a_number_a_version_and_an_event(square):
    first, second = square.propose(), square.propose(title="Trotoar")
    assert (first.number, second.number, first.state) == (1, 2, "open")
    version = ProposalVersion.objects.get(proposal=first)
    assert (version.version, version.title, len(version.fingerprint)) == (1, first.title, 64)
    assert Event.objects.filter(verb="feedback.proposed", actor_id=square.siti.pk).count() == 2


def test_pre_moderation_holds_it_back(square):
    square.change(pre_moderation=True)
    assert square.propose().state == ProposalState.PENDING


def test_a_group_proposes_by_its_name(square):
    proposal = square.propose(group_name="Karang Taruna Melati")
    assert (proposal.origin, proposal.group_name) == ("group", "Karang Taruna Melati")


def test_sending_twice_makes_one_proposal(square):
    assert square.propose().pk == square.propose().pk
    assert Proposal.objects.count() == 1


def test_invisible_characters_are_not_kept(square):
    assert square.propose(title="Lampu\u202e jalan\u200b").title == "Lampu jalan"


@pytest.mark.parametrize("day", ["2026-03-01", SUPPORT, DECISION])
def test_a_closed_phase_takes_no_proposals(square, on, day):
    on(day)
    with pytest.raises(RuleRefused, match="tidak menerima usulan"):
        square.propose()


def test_each_person_has_so_many(square):
    square.change(proposals_each=2)
    square.propose(title="A")
    square.propose(title="B")
    with pytest.raises(RuleRefused, match="Paling banyak 2"):
        square.propose(title="C")
    assert square.propose(square.budi, title="D").number == 3


def test_a_withdrawn_one_frees_its_place(square):
    square.change(proposals_each=1)
    withdraw(actor=square.siti, proposal=square.propose(title="A"))
    assert square.propose(title="B").number == 2


def test_without_a_confirmed_e_mail_nobody_proposes(square):
    with pytest.raises(PermissionRefused, match="Konfirmasi surel"):
        square.propose(citizen("Tanpa Surel", confirmed=False))


# --- Changing -------------------------------------------------------------------------------------
def test_the_author_changes_it_in_time_and_every_version_stays(square):
    proposal = square.propose()
    edit_proposal(actor=square.siti, proposal=proposal, facts=NEW, version=1)
    titles = list(proposal.versions.values_list("version", "title"))
    assert titles == [(1, "Lampu jalan di Jalan Melati"), (2, "Lampu jalan")]


def test_saving_without_a_change_makes_no_version(square):
    proposal = square.propose()
    same = {name: getattr(proposal, name) for name in forums_proposals.WORDING}
    assert edit_proposal(actor=square.siti, proposal=proposal, facts=same, version=1).version == 1


def test_the_window_closes_after_an_hour(square, time_machine):
    proposal = square.propose()
    time_machine.move_to("2026-03-02T03:00:01+00:00", tick=False)
    with pytest.raises(RuleRefused, match="sudah lewat"):
        edit_proposal(actor=square.siti, proposal=proposal, facts=NEW, version=1)


def test_nobody_changes_what_he_has_not_read(square):
    proposal = square.propose()
    edit_proposal(actor=square.siti, proposal=proposal, facts=NEW, version=1)
    with pytest.raises(StateChanged):
        edit_proposal(actor=square.siti, proposal=proposal, facts=NEW | {"text": "X"}, version=1)


def test_only_the_author_changes_or_withdraws(square):
    proposal = square.propose()
    with pytest.raises(PermissionRefused):
        edit_proposal(actor=square.budi, proposal=proposal, facts=NEW, version=1)
    with pytest.raises(PermissionRefused):
        withdraw(actor=square.organiser, proposal=proposal)


def test_a_change_is_looked_at_again_where_everything_is(square):
    proposal = square.propose()
    square.change(pre_moderation=True)
    assert edit_proposal(actor=square.siti, proposal=proposal, facts=NEW, version=1).state == "pending"


def test_what_others_support_is_neither_changed_nor_withdrawn(square, on):
    square.change(edit_minutes=60 * 24 * 60)
    proposal = square.propose()
    on(SUPPORT)
    forums_proposals.support(actor=square.budi, proposal=proposal)
    for act in (lambda: withdraw(actor=square.siti, proposal=proposal), lambda: edit_proposal(
        actor=square.siti, proposal=proposal, facts=NEW, version=1
    )):  # fmt: skip
        with pytest.raises(RuleRefused):
            act()


def test_versions_are_never_rewritten(square):
    square.propose()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ProposalVersion.objects.update(title="lain")


# --- The office -----------------------------------------------------------------------------------
def test_an_office_proposes_in_its_own_name_but_not_during_the_vote(square, on):
    facts = {"title": "Jembatan", "text": "Jembatan rusak"}
    made = propose_officially(actor=square.organiser, process=square.forum, facts=facts)
    assert (made.origin, made.group_name) == ("office", "Dinas Pekerjaan Umum")
    on(SUPPORT)
    with pytest.raises(RuleRefused, match="Selama dukungan dibuka"):
        propose_officially(actor=square.organiser, process=square.forum, facts=facts | {"title": "Lain"})


def test_a_proposal_of_a_meeting_names_it(square):
    meeting = square.meeting()
    facts = {"title": "Jembatan", "text": "Jembatan rusak"}
    made = propose_officially(actor=square.organiser, process=square.forum, facts=facts, meeting=meeting)
    assert (made.origin, made.meeting) == ("meeting", meeting)


def test_two_alike_are_merged_before_the_vote(square):
    main, twin = square.propose(), square.propose(square.budi, title="Lampu jalan Melati")
    forums_proposals.merge_proposals(actor=square.organiser, main=main, duplicate=twin)
    twin = fresh(twin)
    assert (twin.state, twin.merged_into_id) == ("merged", main.pk)
    with pytest.raises(RuleRefused):
        forums_proposals.merge_proposals(actor=square.organiser, main=twin, duplicate=main)


def test_a_supported_one_is_not_merged_away(square, on):
    main, twin = square.propose(), square.propose(square.budi, title="Lampu")
    on(SUPPORT)
    forums_proposals.support(actor=square.siti, proposal=twin)
    with pytest.raises(RuleRefused):
        forums_proposals.merge_proposals(actor=square.organiser, main=main, duplicate=twin)


def test_a_proposal_is_not_merged_with_itself_or_across_forums(square):
    main = square.propose()
    with pytest.raises(RuleRefused):
        forums_proposals.merge_proposals(actor=square.organiser, main=main, duplicate=main)


def test_the_office_notes_feasibility_and_cost(square):
    proposal = square.propose()
    facts = {"feasible": True, "office_note": "Sesuai rencana", "estimate": 1000}
    noted = forums_proposals.note_office(actor=square.organiser, proposal=proposal, facts=facts)
    assert (noted.feasible, noted.office_note) == (True, "Sesuai rencana")
    with pytest.raises(PermissionRefused):
        forums_proposals.note_office(actor=square.stranger, proposal=proposal, facts=facts)


# --- Alike ----------------------------------------------------------------------------------------
def test_what_says_the_same_is_found_before_sending(square):
    lamp = square.propose(title="Lampu jalan di Jalan Melati")
    square.propose(square.budi, title="Perpustakaan keliling", text="Anak-anak memerlukan buku bacaan.")
    assert similar(square.forum, title="Lampu jalan Melati") == [lamp]


def test_nothing_alike_gives_an_empty_list_and_odd_signs_do_no_harm(square):
    square.propose()
    assert similar(square.forum, title="Posyandu balita") == []
    assert similar(square.forum, title="'; DROP & | ! :* <-> ()", text="\\") == []


def test_hidden_ones_are_not_found(square):
    square.propose()
    Proposal.objects.update(state=ProposalState.HIDDEN)
    assert similar(square.forum, title="Lampu jalan di Jalan Melati") == []


# --- Answers that freeze --------------------------------------------------------------------------
def answer(square, proposal, verdict="accepted", **facts):
    facts = {"verdict": verdict, "reason": "Masuk rencana 2027", **facts}
    draft = forums_answers.draft_answer(actor=square.organiser, proposal=proposal, facts=facts)
    return forums_answers.publish_answer(actor=square.organiser, answer=draft)


def test_a_draft_is_changed_until_it_is_published(square):
    proposal = square.propose()
    for reason in ("Satu", "Dua"):
        facts = {"verdict": "accepted", "reason": reason}
        forums_answers.draft_answer(actor=square.organiser, proposal=proposal, facts=facts)
    assert list(proposal.answers.values_list("reason", flat=True)) == ["Dua"]


def test_a_published_answer_is_frozen_by_the_database(square, on):
    proposal = square.propose()
    on(DECISION)
    given = answer(square, proposal)
    for act in (
        lambda: type(given).objects.filter(pk=given.pk).update(reason="lain"),
        lambda: type(given).objects.filter(pk=given.pk).delete(),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(title="lain"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_an_answered_proposal_is_neither_changed_withdrawn_nor_answered_again(square, on):
    square.change(edit_minutes=60 * 24 * 60)
    proposal = square.propose()
    on(DECISION)
    answer(square, proposal)
    with pytest.raises(PermissionRefused, match="sudah dijawab"):
        edit_proposal(actor=square.siti, proposal=proposal, facts=NEW, version=1)
    with pytest.raises(PermissionRefused):
        withdraw(actor=square.siti, proposal=proposal)
    with pytest.raises(RuleRefused, match="sudah dijawab"):
        answer(square, proposal, "rejected")


def test_evaluating_comes_once_and_the_decision_follows(square, on):
    proposal = square.propose()
    answer(square, proposal, "evaluating")
    with pytest.raises(RuleRefused):
        answer(square, proposal, "evaluating")
    on(DECISION)
    answer(square, proposal, "rejected")
    assert list(proposal.answers.values_list("verdict", flat=True)) == ["evaluating", "rejected"]


def test_no_decision_is_announced_before_the_vote_is_over(square, on):
    proposal = square.propose()
    on(SUPPORT)
    with pytest.raises(RuleRefused, match="sesudah semua tahap dukungan"):
        answer(square, proposal)


def test_an_answer_has_a_reason_and_an_organiser(square):
    proposal = square.propose()
    with pytest.raises(RuleRefused) as refusal:
        answer(square, proposal, reason="  ")
    assert refusal.value.problems[0].field == "reason"
    facts = {"verdict": "accepted", "reason": "x"}
    with pytest.raises(PermissionRefused):
        forums_answers.draft_answer(actor=square.stranger, proposal=proposal, facts=facts)


def test_all_drafts_are_published_together(square, on):
    for title in ("A", "B"):
        facts = {"verdict": "accepted", "reason": "Ya"}
        forums_answers.draft_answer(actor=square.organiser, proposal=square.propose(title=title), facts=facts)
    on(DECISION)
    assert forums_answers.publish_all(actor=square.organiser, process=square.forum) == 2
    assert forums_answers.publish_all(actor=square.organiser, process=square.forum) == 0
