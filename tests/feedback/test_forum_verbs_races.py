"""Verbs of forums at the same moment: each ends well or in a sentence, and nothing contradicts itself."""

import pytest
from django.core import signing

from feedback.enums import ProposalState
from feedback.models import Process, Proposal
from feedback.services import forums, forums_people, forums_proposals
from kepegawaian.accounts.models import User
from tests.feedback.forum_factories import START, SUPPORT, fresh, make_square
from tests.support.races import at_once, refusals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_forums_at_once_do_not_share_an_address(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    facts = {"title": "Forum", "summary": "x", "starts_on": START}

    def make(actor):
        return forums.create_process(actor=actor, unit=square.office, slug="baru", kind="general", facts=facts)

    results = at_once(lambda: make(square.organiser), lambda: make(square.second))
    assert len(refusals(results)) == 1
    assert Process.objects.filter(slug="baru").count() == 1


def test_two_clicks_on_the_link_open_one_account(transactional_db, on, mailoutbox):
    on("2026-03-02")
    make_square()
    invitation = {"name": "Dewi", "email": "dewi@warga.test", "next": ""}
    token = signing.dumps(invitation, salt=forums_people.SALT, compress=True)
    acts = [lambda: forums_people.open_account(token=token, password="kapal-pinisi-berlayar-9")] * 3
    assert len(refusals(at_once(*acts))) == 2
    assert User.objects.filter(email="dewi@warga.test").count() == 1


def test_two_merges_crosswise_leave_one_proposal_open(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    one, two = square.propose(), square.propose(square.budi, title="Lampu Melati")

    def merge(main, duplicate):
        return forums_proposals.merge_proposals(actor=square.organiser, main=main, duplicate=duplicate)

    results = at_once(lambda: merge(one, two), lambda: merge(two, one))
    assert len(refusals(results)) == 1
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["merged", "open"]


def test_what_is_withdrawn_at_the_moment_of_a_vote_has_none(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    made = [square.propose(title=f"Usulan {number}") for number in range(4)]
    on(SUPPORT)
    acts = []
    for row in made:
        acts.append(lambda row=row: forums_proposals.support(actor=fresh(square.budi), proposal=row))
        acts.append(lambda row=row: forums_proposals.withdraw(actor=square.siti, proposal=row))
    at_once(*acts)
    gone = Proposal.objects.filter(state=ProposalState.WITHDRAWN)
    assert not gone.exclude(supports=0).exists()
