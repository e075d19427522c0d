"""One vote a person, taken back while open, counted by the database, known to nobody else (reference 5.3)."""

import pytest
from django.db import IntegrityError, transaction

from feedback.models import Process, Proposal, Support, VerifiedPerson
from feedback.services import forums_people
from feedback.services.forums_proposals import by_support, support, unsupport, withdraw
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.models import Message
from tests.feedback.forum_factories import (
    DECISION,
    NIK,
    SUPPORT,
    citizen,
    fresh,
    make_square,
)
from tests.feedback.test_forum_proposals import answer
from tests.support.races import at_once


@pytest.fixture
def proposal(square, on):
    made = square.propose()
    on(SUPPORT)
    return made


def test_a_vote_counts_once_however_often_it_is_given(square, proposal):
    first = support(actor=square.budi, proposal=proposal)
    assert support(actor=square.budi, proposal=proposal).pk == first.pk
    assert fresh(proposal).supports == 1


def test_the_database_refuses_a_second_vote(square, proposal):
    vote = support(actor=square.budi, proposal=proposal)
    with pytest.raises(IntegrityError, match="one_support_a_person"), transaction.atomic():
        Support.objects.create(proposal=proposal, person=vote.person)


def test_a_vote_is_taken_back_while_votes_are_taken(square, proposal):
    support(actor=square.budi, proposal=proposal)
    unsupport(actor=square.budi, proposal=proposal)
    unsupport(actor=square.budi, proposal=proposal)
    assert fresh(proposal).supports == 0
    assert not Support.objects.exists()


@pytest.mark.parametrize("verb", [support, unsupport])
@pytest.mark.parametrize("day", ["2026-03-15", DECISION])
def test_a_closed_phase_neither_takes_nor_gives_back(square, proposal, on, verb, day):
    on(day)
    with pytest.raises(RuleRefused, match="sedang ditutup"):
        verb(actor=square.budi, proposal=proposal)


@pytest.mark.parametrize("day", [SUPPORT, "2026-03-29"])
def test_the_first_and_the_last_day_of_the_phase_are_open(square, proposal, on, day):
    on(day)
    support(actor=square.budi, proposal=proposal)
    assert fresh(proposal).supports == 1


def test_each_person_has_so_many_votes_in_a_forum(square, on):
    square.change(supports_each=2, proposals_each=9)
    made = [square.propose(title=title) for title in "ABC"]
    on(SUPPORT)
    for proposal in made[:2]:
        support(actor=square.budi, proposal=proposal)
    with pytest.raises(RuleRefused, match="sudah memakai 2 dukungan"):
        support(actor=square.budi, proposal=made[2])
    unsupport(actor=square.budi, proposal=made[0])
    support(actor=square.budi, proposal=made[2])
    assert [fresh(proposal).supports for proposal in made] == [0, 1, 1]


def test_without_a_confirmed_e_mail_there_is_no_vote(proposal):
    with pytest.raises(PermissionRefused, match="Konfirmasi surel"):
        support(actor=citizen("Tanpa Surel", confirmed=False), proposal=proposal)


def test_a_confirmed_e_mail_makes_one_person(square, proposal):
    support(actor=square.budi, proposal=proposal)
    person = VerifiedPerson.objects.get(user=square.budi)
    assert (person.nik_digest, person.verified_by) == (None, None)


def test_what_is_withdrawn_or_hidden_takes_no_votes(square, proposal):
    withdraw(actor=square.siti, proposal=proposal)
    with pytest.raises(RuleRefused, match="tidak terbuka"):
        support(actor=square.budi, proposal=proposal)


def test_after_the_final_answer_the_votes_stand(square, proposal, on):
    square.forum.phases.filter(supports=True).update(supports=False)
    answer(square, proposal)
    square.forum.phases.filter(kind="prioritisation").update(supports=True)
    with pytest.raises(RuleRefused, match="sudah dijawab"):
        support(actor=square.budi, proposal=proposal)


def test_the_ranking_of_the_database_is_that_of_the_rule(square, on):
    square.change(proposals_each=9)
    a, b, c = (square.propose(title=title) for title in "ABC")
    on(SUPPORT)
    for user in (square.siti, square.budi):
        support(actor=user, proposal=b)
    support(actor=square.siti, proposal=c)
    support(actor=square.budi, proposal=a)
    assert [row.title for row in by_support(Proposal.objects.all())] == ["B", "A", "C"]


# --- The secret -----------------------------------------------------------------------------------
def test_no_trail_and_no_message_tells_how_somebody_voted(square, proposal):
    support(actor=square.budi, proposal=proposal)
    unsupport(actor=square.budi, proposal=proposal)
    support(actor=square.budi, proposal=proposal)
    assert not Event.objects.filter(actor_id=square.budi.pk).exists()
    assert not Message.objects.filter(recipient=square.budi).exists()


def test_an_answer_is_told_to_the_author_and_not_to_the_supporters(square, proposal, on):
    support(actor=square.budi, proposal=proposal)
    on(DECISION)
    answer(square, proposal)
    assert list(Message.objects.values_list("recipient__name", "kind")) == [
        ("Siti Warga", "feedback.forum_answered")
    ]


def test_counts_are_nobodys_to_write(square, proposal):
    with pytest.raises(IntegrityError, match="by votes only"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(supports=100)


def test_a_vote_moves_to_no_other_proposal(square, proposal):
    vote = support(actor=square.budi, proposal=proposal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.filter(pk=vote.pk).update(person=vote.person)


# --- Seen identity cards --------------------------------------------------------------------------
@pytest.fixture
def strict(square, proposal):
    square.change(voters=Process.Voters.NIK)
    return proposal


def verify(square, user, nik=NIK, **more):
    return forums_people.verify_nik(actor=square.organiser, user=user, nik=nik, **more)


def test_a_forum_may_ask_for_a_seen_identity_card(square, strict):
    with pytest.raises(PermissionRefused, match="NIK"):
        support(actor=square.budi, proposal=strict)
    verify(square, square.budi)
    support(actor=fresh(square.budi), proposal=strict)
    assert fresh(strict).supports == 1


def test_the_number_is_not_kept(square):
    person = verify(square, square.budi)
    assert NIK not in str(vars(person))
    event = Event.objects.get(verb="feedback.nik_verified")
    assert NIK not in str(event.data)


def test_one_identity_card_is_one_person(square):
    verify(square, square.budi)
    with pytest.raises(RuleRefused, match="akun lain"):
        verify(square, square.siti)
    assert verify(square, square.budi).user == square.budi


def test_an_old_secret_still_knows_the_card(square, settings):
    verify(square, square.budi)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-this"
    with pytest.raises(RuleRefused, match="akun lain"):
        verify(square, square.siti)


def test_who_voted_by_e_mail_stays_the_same_person(square, proposal):
    support(actor=square.budi, proposal=proposal)
    verify(square, square.budi)
    assert support(actor=square.budi, proposal=proposal).person.nik_digest
    assert fresh(proposal).supports == 1


@pytest.mark.parametrize("nik", ["1234", "9999999999999999", "357801410190000x"])
def test_what_is_no_nik_is_refused(square, nik):
    with pytest.raises(RuleRefused) as refusal:
        verify(square, square.budi, nik)
    assert refusal.value.problems[0].field == "nik"


def test_nobody_verifies_himself_and_citizens_verify_nobody(square):
    with pytest.raises(RuleRefused, match="sendiri"):
        verify(square, square.organiser)
    with pytest.raises(PermissionRefused):
        forums_people.verify_nik(actor=square.siti, user=square.budi, nik=NIK)


def test_only_people_of_the_area_vote_where_the_forum_is_theirs(square, strict):
    square.change(area=square.other)
    verify(square, square.budi, area=square.office)
    with pytest.raises(PermissionRefused, match="wilayah lain"):
        support(actor=fresh(square.budi), proposal=strict)
    verify(square, square.siti, "3578014101900002", area=square.other)
    support(actor=fresh(square.siti), proposal=strict)
    assert fresh(strict).supports == 1


def test_somebody_taken_out_votes_and_writes_no_more_but_his_words_stay(square, proposal):
    support(actor=square.budi, proposal=proposal)
    forums_people.revoke_person(actor=square.organiser, user=square.budi, reason="Menghina berulang kali")
    budi = fresh(square.budi)
    for act in (lambda: unsupport(actor=budi, proposal=proposal), lambda: support(actor=budi, proposal=proposal)):
        with pytest.raises(PermissionRefused, match="dihentikan"):
            act()
    assert fresh(proposal).supports == 1
    forums_people.restore_person(actor=square.organiser, user=square.budi)
    unsupport(actor=fresh(square.budi), proposal=proposal)
    assert fresh(proposal).supports == 0


def test_taking_somebody_out_needs_a_reason(square):
    with pytest.raises(RuleRefused) as refusal:
        forums_people.revoke_person(actor=square.organiser, user=square.budi, reason=" ")
    assert refusal.value.problems[0].field == "reason"


# --- At the same moment ---------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_of_one_person_are_one_vote(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    proposal = square.propose()
    on(SUPPORT)
    results = at_once(*[lambda: support(actor=fresh(square.budi), proposal=proposal)] * 8)
    assert {type(result) for result in results} == {Support}
    assert len({result.pk for result in results}) == 1
    assert fresh(proposal).supports == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_limit_of_votes_holds_for_eight_at_once(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    square.change(supports_each=3, proposals_each=8)
    made = [square.propose(title=f"Usulan {number}") for number in range(8)]
    on(SUPPORT)
    at_once(*[lambda row=row: support(actor=fresh(square.budi), proposal=row) for row in made])
    assert Support.objects.count() == 3
    assert sum(fresh(row).supports for row in made) == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_are_eight_votes(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    proposal = square.propose()
    people = [citizen(f"Warga {number}") for number in range(8)]
    on(SUPPORT)
    at_once(*[lambda user=user: support(actor=user, proposal=proposal) for user in people])
    assert fresh(proposal).supports == 8


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_proposals_sent_at_once_have_numbers_without_a_gap(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    people = [citizen(f"Warga {number}") for number in range(6)]
    at_once(*[lambda user=user: square.propose(user, title=f"Usulan {user.name}") for user in people])
    assert sorted(Proposal.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
