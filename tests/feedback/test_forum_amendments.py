"""Better words for somebody's proposal: who suggests, who decides, what stays, and who hears of it."""

import pytest
from django.db import IntegrityError, transaction

from feedback.enums import AmendmentState, ProposalState
from feedback.models import Amendment, Support
from feedback.rules.forums import difference
from feedback.services import forums, forums_amendments
from feedback.services.forums_amendments import decide, suggest, waiting_for, withdraw_amendment
from feedback.services.forums_proposals import propose_officially, support
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message, Preference
from tests.feedback.forum_factories import DECISION, SUPPORT, citizen, fresh, make_square
from tests.feedback.test_forum_proposals import answer
from tests.support.races import at_once, refusals

BETTER = {
    "title": "Lampu hemat energi di Jalan Melati",
    "text": "Jalan gelap; pakai lampu LED.",
    "why": "Lebih murah",
}
SAME = {"title": "Lampu jalan di Jalan Melati", "text": "Jalan gelap sehingga rawan kecelakaan.", "why": "x"}


@pytest.fixture
def proposal(square):
    return square.propose()


def better(square, proposal, by=None, **facts):
    return suggest(
        actor=by or square.budi, proposal=proposal, facts=BETTER | facts, version=fresh(proposal).version
    )


# --- Suggesting -----------------------------------------------------------------------------------
def test_anybody_who_takes_part_suggests_and_the_author_is_told(square, proposal):
    amendment = better(square, proposal)
    assert (amendment.state, amendment.base_version) == (AmendmentState.WAITING, 1)
    assert fresh(proposal).title == "Lampu jalan di Jalan Melati"
    message = Message.objects.get()
    assert (message.recipient, message.kind) == (square.siti, "feedback.forum_amendment")
    assert Event.objects.filter(verb="feedback.amendment_suggested").count() == 1


def test_one_waits_a_person_and_proposal(square, proposal):
    better(square, proposal)
    with pytest.raises(StateChanged, match="masih menunggu"):
        better(square, proposal, text="Yang lain")


def test_without_a_confirmed_e_mail_nobody_suggests(square, proposal):
    with pytest.raises(PermissionRefused, match="Konfirmasi surel"):
        better(square, proposal, by=citizen("Tanpa Surel", confirmed=False))


@pytest.mark.parametrize(
    ("facts", "words"), [(SAME, "Belum ada yang berubah"), (BETTER | {"why": " "}, "Tuliskan mengapa")]
)
def test_a_suggestion_says_something_else_and_why(square, proposal, facts, words):
    with pytest.raises(RuleRefused, match=words):
        suggest(actor=square.budi, proposal=proposal, facts=facts, version=1)


def test_nobody_suggests_on_what_he_has_not_read(square, proposal):
    with pytest.raises(StateChanged, match="berubah sejak"):
        suggest(actor=square.budi, proposal=proposal, facts=BETTER, version=2)


@pytest.mark.parametrize("day", [DECISION, "2027-06-01"])
def test_outside_proposing_and_voting_nothing_is_suggested(square, proposal, on, day):
    on(day)
    with pytest.raises(RuleRefused, match="tidak dapat diubah lagi"):
        better(square, proposal)


def test_an_answered_proposal_keeps_its_words(square, proposal, on):
    amendment = better(square, proposal)
    square.forum.phases.filter(supports=True).update(supports=False)
    answer(square, proposal)
    for attempt in (
        lambda: better(square, proposal, by=square.second),
        lambda: decide(actor=square.siti, amendment=amendment, accepted=True),
    ):
        with pytest.raises(RuleRefused, match="tidak dapat diubah lagi"):
            attempt()
    assert fresh(proposal).version == 1


# --- Deciding -------------------------------------------------------------------------------------
def test_taken_over_it_is_the_next_version_and_the_first_stays(square, proposal):
    amendment = decide(actor=square.siti, amendment=better(square, proposal), accepted=True)
    changed = fresh(proposal)
    assert (changed.title, changed.version, amendment.version) == (BETTER["title"], 2, 2)
    assert list(changed.versions.values_list("title", "by__name")) == [
        ("Lampu jalan di Jalan Melati", "Siti Warga"),
        (BETTER["title"], "Budi Warga"),
    ]
    told = Message.objects.get(kind="feedback.forum_amendment_decided")
    assert (told.recipient, told.context["accepted"]) == (square.budi, True)


def test_refused_it_changes_nothing_and_needs_a_reason(square, proposal):
    amendment = better(square, proposal)
    with pytest.raises(RuleRefused, match="alasannya"):
        decide(actor=square.siti, amendment=amendment, accepted=False, reason=" ")
    decide(actor=square.siti, amendment=amendment, accepted=False, reason="Terlalu rinci")
    assert fresh(proposal).version == 1
    assert fresh(amendment).decision == "Terlalu rinci"


def test_only_the_author_of_the_proposal_decides_about_the_words_of_others(square, proposal):
    amendment = better(square, proposal)
    for actor in (square.budi, square.organiser, square.stranger, square.second):
        with pytest.raises(PermissionRefused):
            decide(actor=actor, amendment=amendment, accepted=True)


def test_about_the_authors_own_change_the_organisers_decide(square, proposal):
    amendment = better(square, proposal, by=square.siti)
    assert Message.objects.get().recipient == square.organiser
    for actor in (square.siti, square.budi, square.stranger):
        with pytest.raises(PermissionRefused):
            decide(actor=actor, amendment=amendment, accepted=True)
    decide(actor=square.organiser, amendment=amendment, accepted=True)
    assert fresh(proposal).version == 2


def test_where_an_office_proposed_the_organisers_decide(square):
    facts = {"title": "Jalan mulus", "text": "Aspal baru."}
    official = propose_officially(actor=square.organiser, process=square.forum, facts=facts)
    amendment = better(square, official)
    decide(actor=square.second, amendment=amendment, accepted=True)
    assert fresh(official).title == BETTER["title"]


def test_of_two_suggestions_the_second_was_for_other_words(square, proposal):
    first, second = better(square, proposal), better(square, proposal, by=square.second, text="LED surya")
    decide(actor=square.siti, amendment=first, accepted=True)
    with pytest.raises(StateChanged, match="mengusulkan lagi"):
        decide(actor=square.siti, amendment=second, accepted=True)
    decide(actor=square.siti, amendment=second, accepted=False, reason="Sudah diubah")


def test_it_is_decided_once(square, proposal):
    amendment = better(square, proposal)
    decide(actor=square.siti, amendment=amendment, accepted=True)
    with pytest.raises(StateChanged, match="sudah diputus"):
        decide(actor=square.siti, amendment=amendment, accepted=False, reason="x")


def test_the_trail_says_who_suggested_decided_and_took_back(square, proposal):
    first = better(square, proposal)
    decide(actor=square.siti, amendment=first, accepted=False, reason="Terlalu rinci")
    withdraw_amendment(actor=square.budi, amendment=better(square, proposal))
    rows = Event.objects.filter(verb__startswith="feedback.amendment").order_by("pk")
    assert list(rows.values_list("verb", "actor_id")) == [
        ("feedback.amendment_suggested", square.budi.pk),
        ("feedback.amendment_decided", square.siti.pk),
        ("feedback.amendment_suggested", square.budi.pk),
        ("feedback.amendment_withdrawn", square.budi.pk),
    ]


def test_its_author_takes_it_back_and_may_suggest_again(square, proposal):
    amendment = better(square, proposal)
    with pytest.raises(PermissionRefused):
        withdraw_amendment(actor=square.siti, amendment=amendment)
    withdraw_amendment(actor=square.budi, amendment=amendment)
    better(square, proposal)
    assert sorted(Amendment.objects.values_list("state", flat=True)) == ["waiting", "withdrawn"]


def test_where_texts_are_looked_at_first_the_new_words_are_too(square, proposal):
    square.change(pre_moderation=True)
    decide(actor=square.siti, amendment=better(square, proposal), accepted=True)
    assert fresh(proposal).state == ProposalState.PENDING


def test_a_suggestion_is_read_by_those_whom_it_concerns(square, proposal):
    better(square, proposal)
    seen = [bool(waiting_for(user, proposal, manages=False)) for user in (square.budi, square.siti, square.second)]
    assert seen == [True, True, False]
    assert waiting_for(square.second, proposal, manages=True)


# --- The database ---------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [{"title": "Lain"}, {"why": "Lain"}])
def test_the_database_keeps_what_was_suggested(square, proposal, change):
    amendment = better(square, proposal)
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(**change)


def test_the_database_keeps_a_decision(square, proposal):
    amendment = decide(actor=square.siti, amendment=better(square, proposal), accepted=True)
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(decision="x")


# --- Those who voted ------------------------------------------------------------------------------
@pytest.fixture
def voted(square, proposal, on):
    """Budi supports it; then the organiser takes over what the author suggests."""
    on(SUPPORT)
    support(actor=square.budi, proposal=proposal)
    return better(square, proposal, by=square.siti)


def test_votes_stay_and_a_mail_goes_out_that_nothing_is_kept_of(
    square, proposal, voted, mailoutbox, django_capture_on_commit_callbacks
):
    before = Message.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        decide(actor=square.organiser, amendment=voted, accepted=True)
    assert fresh(proposal).supports == 1
    mine = [mail for mail in mailoutbox if mail.to == [square.budi.email]]
    assert [mail.subject for mail in mine] == ["Usulan yang Anda dukung berubah"]
    assert f"/forum/usulan/{proposal.pk}/" in mine[0].body
    assert not Message.objects.filter(recipient=square.budi).exists()
    assert Message.objects.count() == before + 1
    assert not Event.objects.filter(actor_id=square.budi.pk).exists()


@pytest.mark.parametrize("quiet", ["follow", "preference"])
def test_who_wants_no_mail_gets_none(square, voted, mailoutbox, quiet, django_capture_on_commit_callbacks):
    if quiet == "follow":
        forums.choose_level(user=square.budi, process=square.forum, level="none")
    else:
        Preference.objects.create(user=square.budi, category="forum", channel="email", mode="off")
    with django_capture_on_commit_callbacks(execute=True):
        decide(actor=square.organiser, amendment=voted, accepted=True)
    assert [mail for mail in mailoutbox if mail.to == [square.budi.email]] == []


def test_the_supporter_alone_sees_that_the_words_changed(square, proposal, voted, client):
    decide(actor=square.organiser, amendment=voted, accepted=True)
    url = f"/forum/usulan/{proposal.pk}/"
    client.force_login(square.budi)
    assert "berubah sejak Anda mendukungnya" in client.get(url).text
    assert "Berubah sejak Anda mendukungnya" in client.get("/forum/saya/").text
    client.force_login(square.second)
    assert "berubah sejak Anda mendukungnya" not in client.get(url).text
    assert "Berubah sejak Anda mendukungnya" not in client.get("/forum/saya/").text


def test_a_vote_given_afterwards_is_for_the_new_words(square, proposal, voted):
    decide(actor=square.organiser, amendment=voted, accepted=True)
    assert support(actor=square.second, proposal=proposal).version == 2
    assert Support.objects.get(person__user=square.budi).version == 1


# --- Words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("jalan gelap", "jalan terang", [("same", "jalan "), ("gone", "gelap"), ("new", "terang")]),
        ("", "baru", [("new", "baru")]),
        ("lama", "", [("gone", "lama")]),
    ],
)
def test_a_difference_is_told_word_by_word(old, new, parts):
    assert difference(old, new) == parts


def test_both_texts_can_be_read_out_of_their_difference():
    old, new = "satu dua\ntiga  empat", "satu  dua lima\nempat"
    parts = difference(old, new)
    assert "".join(text for kind, text in parts if kind != "new") == old
    assert "".join(text for kind, text in parts if kind != "gone") == new


# --- Pages ----------------------------------------------------------------------------------------
def test_from_the_proposal_to_its_second_version_by_pages(square, proposal, client):
    client.force_login(square.budi)
    address = f"/forum/usulan/{proposal.pk}/perubahan/"
    assert address in client.get(f"/forum/usulan/{proposal.pk}/").text
    sent = client.post(address, BETTER | {"version": 1})
    page = sent["Location"]
    assert "<ins>hemat" in client.get(page).text
    assert "Ambil perubahan ini" not in client.get(page).text
    client.force_login(square.siti)
    assert page in client.get(f"/forum/usulan/{proposal.pk}/").text
    refused = client.post(page, {"action": "refuse", "reason": ""})
    assert refused.status_code == 422
    assert client.post(page, {"action": "accept"}).status_code == 302
    versions = client.get(f"/forum/usulan/{proposal.pk}/versi/").text
    assert "dari usul perubahan warga lain" in versions
    assert "<del>jalan" in versions


def test_a_refused_form_keeps_its_words_and_a_withdrawal_is_one_click(square, proposal, client):
    client.force_login(square.budi)
    page = client.post(f"/forum/usulan/{proposal.pk}/perubahan/", BETTER | {"version": 1, "why": ""})
    assert page.status_code == 422
    assert BETTER["text"] in page.text
    amendment = better(square, proposal)
    client.post(f"/forum/perubahan/{amendment.pk}/", {"action": "withdraw"})
    assert fresh(amendment).state == AmendmentState.WITHDRAWN


def test_strangers_do_not_find_a_suggestion(square, proposal, client):
    page = f"/forum/perubahan/{better(square, proposal).pk}/"
    client.force_login(square.stranger)
    assert client.get(page).status_code == 404
    assert client.post(page, {"action": "accept"}).status_code == 404


# --- Two at once ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_make_one_version(time_machine):
    time_machine.move_to("2026-03-02T02:00:00+00:00", tick=True)
    square = make_square()
    proposal = square.propose()
    first, second = better(square, proposal), better(square, proposal, by=square.second, text="LED surya")
    done = at_once(
        lambda: decide(actor=square.siti, amendment=first, accepted=True),
        lambda: decide(actor=square.siti, amendment=second, accepted=True),
    )
    assert len(refusals(done)) == 1
    assert fresh(proposal).version == 2
    assert forums_amendments.is_amendable(fresh(proposal))
