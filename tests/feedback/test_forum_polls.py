"""Polls of a meeting: opened by the organiser, one ballot a person, changeable until the close (reference 5.3)."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from feedback.forum_minutes import minutes_data
from feedback.models import Ballot, Poll, PollOption, Process, VerifiedPerson
from feedback.notifications_forums import ForumDigest, ForumPoll, send_digests, tell_poll
from feedback.rules.forums import leading
from feedback.services import forums, forums_meetings
from feedback.services.forums_polls import choose, close_poll, open_poll, polls_of, take_back
from kepegawaian.accounts.models import User
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.context import decode
from kepegawaian.notifications.models import Message
from kepegawaian.notifications.services import choose_modes
from tests.feedback.forum_factories import citizen, fresh, make_square
from tests.feedback.test_forum_meetings import text_of
from tests.support.races import at_once, refusals

MEETING = "2026-04-01"
NUMBERS = '<table class="bars">'
OPTIONS = ("Jalan Melati", "Jalan Mawar")


def asked(square, *, question="Jalan mana dahulu?", options=OPTIONS, actor=None, meeting=None) -> Poll:
    meeting = meeting or square.meeting()
    return open_poll(actor=actor or square.organiser, meeting=meeting, question=question, options=options)


def option(poll, order=1) -> PollOption:
    return poll.options.get(order=order)


def votes(poll) -> list[int]:
    [(_poll, options)] = polls_of(poll.meeting)
    return [row.votes for row in options]


# --- Opening --------------------------------------------------------------------------------------
def test_the_organiser_asks_with_two_to_six_answers(square):
    poll = asked(square, options=[" Ya ", "", "Tidak"])
    assert list(poll.options.values_list("order", "text")) == [(1, "Ya"), (2, "Tidak")]
    assert Event.objects.get(verb="feedback.poll_opened").data["options"] == 2


@pytest.mark.parametrize("options", [["Ya"], [], [str(number) for number in range(7)], ["Ya", "ya"]])
def test_neither_fewer_nor_more_nor_the_same_twice(square, options):
    with pytest.raises(RuleRefused) as refusal:
        asked(square, options=options)
    assert refusal.value.problems[0].field == "options"


def test_a_question_is_asked(square):
    with pytest.raises(RuleRefused, match="pertanyaannya"):
        asked(square, question="  ")


@pytest.mark.parametrize("who", ["stranger", "siti"])
def test_others_open_and_close_none(square, who):
    poll = asked(square)
    for act in (
        lambda: asked(square, actor=getattr(square, who)),
        lambda: close_poll(actor=getattr(square, who), poll=poll),
    ):
        with pytest.raises(PermissionRefused):
            act()


def test_a_meeting_that_is_called_off_asks_nothing_and_closes_what_it_asked(square):
    poll = asked(square)
    meeting = forums_meetings.cancel_meeting(actor=square.organiser, meeting=poll.meeting, reason="Banjir")
    assert fresh(poll).closed_by == square.organiser
    with pytest.raises(StateChanged):
        asked(square, meeting=meeting)


def test_the_same_question_twice_is_asked_once_until_it_is_closed(square):
    poll = asked(square)
    assert asked(square, meeting=poll.meeting, question=" Jalan mana dahulu? ").pk == poll.pk
    assert Event.objects.filter(verb="feedback.poll_opened").count() == 1
    others = [asked(square, meeting=poll.meeting, options=["Ya", "Tidak"])]
    close_poll(actor=square.organiser, poll=poll)
    others.append(asked(square, meeting=poll.meeting))
    assert len({poll.pk, *(other.pk for other in others)}) == 3


# --- Who is told ----------------------------------------------------------------------------------
SEAT = {"name": "Warga", "address": "", "element": ""}


def told_of_polls() -> list[str]:
    return sorted(Message.objects.filter(kind="feedback.forum_poll").values_list("recipient__name", flat=True))


@pytest.fixture
def seated(square):
    """Siti has a seat, Budi and Wati wait for one, Eko gave his up, Tuti follows everything, Umi nothing."""
    meeting = square.meeting(seats=1)
    wati, eko, tuti, umi = (citizen(f"{name} Warga") for name in ("Wati", "Eko", "Tuti", "Umi"))
    for person in (square.siti, square.budi, wati, eko, umi):
        forums_meetings.register(actor=person, meeting=meeting, facts=SEAT)
    forums_meetings.give_up_seat(actor=eko, meeting=meeting)
    forums_meetings.walk_in(actor=square.organiser, meeting=meeting, facts=SEAT)
    forums.choose_level(user=tuti, process=square.forum, level="all")
    forums.choose_level(user=umi, process=square.forum, level="none")
    return meeting


def test_who_registered_or_follows_everything_is_told_and_the_quiet_are_not(square, seated):
    asked(square, meeting=seated)
    assert told_of_polls() == ["Budi Warga", "Siti Warga", "Tuti Warga", "Wati Warga"]


def test_each_is_told_once_even_if_the_organiser_asks_twice_or_follows_himself(square, seated):
    forums.choose_level(user=square.siti, process=square.forum, level="all")
    forums.choose_level(user=square.organiser, process=square.forum, level="all")
    poll = asked(square, meeting=seated)
    asked(square, meeting=seated)
    assert tell_poll(poll) == 0
    assert told_of_polls() == ["Budi Warga", "Siti Warga", "Tuti Warga", "Wati Warga"]


def test_a_refused_poll_tells_nobody(square, seated, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(RuleRefused):
        asked(square, meeting=seated, options=["Ya"])
    assert (callbacks, told_of_polls()) == ([], [])


@pytest.mark.parametrize(("language", "subject", "words"), [
    ("id", "Jajak pendapat dibuka: Musyawarah kecamatan", "membuka jajak pendapat"),
    ("en", "Poll open: Musyawarah kecamatan", "has opened a poll"),
])  # fmt: skip
def test_mail_and_inbox_say_where_and_what(
    square, mailoutbox, django_capture_on_commit_callbacks, language, subject, words
):
    meeting = square.meeting()
    User.objects.filter(pk=square.siti.pk).update(language=language)
    forums_meetings.register(actor=square.siti, meeting=meeting, facts=SEAT)
    with django_capture_on_commit_callbacks(execute=True):
        poll = asked(square, meeting=meeting, question="Telepon 0812-3456-7890 atau surat?")
        assert mailoutbox == []
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([square.siti.email], subject)
    assert words in mail.body
    assert f"/forum/pertemuan/{meeting.pk}/#jajak-{poll.pk}" in mail.body
    assert "0812-3456-7890" not in mail.body
    line = Message.objects.get(kind="feedback.forum_poll")
    assert line.context["title"] in ForumPoll.render("line", {**line.context, "recipient": square.siti})


def test_who_switched_mails_of_forums_off_reads_it_in_the_inbox_alone(
    square, mailoutbox, django_capture_on_commit_callbacks
):
    meeting = square.meeting()
    forums_meetings.register(actor=square.siti, meeting=meeting, facts=SEAT)
    choose_modes(user=square.siti, modes={"forum": "off"})
    with django_capture_on_commit_callbacks(execute=True):
        asked(square, meeting=meeting)
    assert (told_of_polls(), mailoutbox) == (["Siti Warga"], [])


def test_the_summary_of_the_day_counts_polls(square, on):
    asked(square)
    on("2026-03-03")
    follower = citizen("Rani Warga")
    forums.choose_level(user=follower, process=square.forum, level="digest")
    assert send_digests() == 1
    context = decode(Message.objects.get(kind="feedback.forum_digest").context)
    assert context["forums"][0]["polls"] == 1
    assert "Jajak pendapat: 1." in ForumDigest.render("body", {**context, "recipient": follower, "url": ""})


# --- Ballots --------------------------------------------------------------------------------------
def test_a_person_has_one_ballot_and_may_change_it_or_take_it_back(square):
    poll = asked(square)
    first = choose(actor=square.siti, poll=poll, option=option(poll))
    assert choose(actor=square.siti, poll=poll, option=option(poll, 2)).pk == first.pk
    choose(actor=square.budi, poll=poll, option=option(poll, 2))
    assert votes(poll) == [0, 2]
    take_back(actor=square.siti, poll=poll)
    take_back(actor=square.siti, poll=poll)
    assert votes(poll) == [0, 1]


def test_the_database_refuses_a_second_ballot_and_an_answer_of_another_poll(square):
    poll = asked(square)
    other = asked(square, meeting=poll.meeting, question="Kapan?")
    given = choose(actor=square.siti, poll=poll, option=option(poll))
    with pytest.raises(IntegrityError, match="one_ballot_a_person"), transaction.atomic():
        Ballot.objects.create(poll=poll, person=given.person, option=option(poll, 2))
    with pytest.raises(IntegrityError, match="another poll"), transaction.atomic():
        Ballot.objects.filter(pk=given.pk).update(option=option(other))
    for wrong in (option(other), None):
        with pytest.raises(RuleRefused, match="Pilih salah satu"):
            choose(actor=square.siti, poll=poll, option=wrong)


def test_without_a_confirmed_e_mail_or_a_seen_card_where_it_is_asked_there_is_no_ballot(square):
    poll = asked(square)
    with pytest.raises(PermissionRefused, match="Konfirmasi surel"):
        choose(actor=citizen("Tanpa Surel", confirmed=False), poll=poll, option=option(poll))
    square.change(voters=Process.Voters.NIK)
    with pytest.raises(PermissionRefused, match="NIK"):
        choose(actor=square.siti, poll=poll, option=option(poll))


def test_no_trail_and_no_message_tells_how_somebody_chose(square):
    poll = asked(square)
    choose(actor=square.budi, poll=poll, option=option(poll))
    take_back(actor=square.budi, poll=poll)
    assert not Event.objects.filter(actor_id=square.budi.pk).exists()
    assert not Message.objects.filter(recipient=square.budi).exists()


# --- Closing --------------------------------------------------------------------------------------
def test_the_close_freezes(square):
    poll = asked(square)
    choose(actor=square.siti, poll=poll, option=option(poll))
    close_poll(actor=square.organiser, poll=poll)
    close_poll(actor=square.organiser, poll=poll)
    assert Event.objects.get(verb="feedback.poll_closed").data["ballots"] == 1
    for act in (
        lambda: choose(actor=square.budi, poll=poll, option=option(poll)),
        lambda: take_back(actor=square.siti, poll=poll),
    ):
        with pytest.raises(StateChanged, match="sudah ditutup"):
            act()
    assert votes(poll) == [1, 0]


def test_the_database_freezes_too(square):
    poll = asked(square)
    given = choose(actor=square.siti, poll=poll, option=option(poll))
    close_poll(actor=square.organiser, poll=poll)
    person = VerifiedPerson.objects.create(user=square.budi)
    acts = (
        lambda: Ballot.objects.create(poll=poll, person=person, option=option(poll)),
        lambda: Ballot.objects.filter(pk=given.pk).delete(),
        lambda: Ballot.objects.filter(pk=given.pk).update(option=option(poll, 2)),
        lambda: Poll.objects.filter(pk=poll.pk).update(closed_at=None, closed_by=None),
        lambda: PollOption.objects.filter(poll=poll).update(text="Lain"),
        lambda: Poll.objects.filter(pk=poll.pk).update(question="Lain?"),
    )
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_minutes_close_it_and_carry_its_result(square, on, django_capture_on_commit_callbacks):
    meeting = square.meeting()
    poll = asked(square, meeting=meeting)
    choose(actor=square.siti, poll=poll, option=option(poll))
    on(MEETING)
    facts = dict.fromkeys(forums_meetings.MINUTED, "") | {"minutes": "Dibahas.", "attendees": 3}
    facts |= {"decided_by_vote": False, "minutes_visible": True}
    people = [{"name": "Rina", "role": "Penyelenggara"}]
    forums_meetings.save_minutes(
        actor=square.organiser, meeting=meeting, facts=facts, points=[], signatories=people
    )
    with django_capture_on_commit_callbacks(execute=True):
        meeting = forums_meetings.close_meeting(actor=square.organiser, meeting=meeting)
    assert fresh(poll).closed_at is not None
    for paper in (fresh(meeting).document.file, fresh(meeting).public_copy):
        assert "LAMPIRAN V HASIL JAJAK PENDAPAT" in text_of(paper)
        assert "Suara terbanyak: Jalan Melati." in text_of(paper)
    assert minutes_data(meeting)["polls"] == [
        {
            "question": "Jalan mana dahulu?",
            "options": [["Jalan Melati", "1"], ["Jalan Mawar", "0"]],
            "outcome": "Suara terbanyak: Jalan Melati.",
        }
    ]


@pytest.mark.parametrize(("counts", "first"), [([], []), ([0, 0], []), ([1, 3, 2], [1]), ([2, 1, 2], [0, 2])])
def test_who_leads_and_that_a_tie_is_one(counts, first):
    assert leading(counts) == first


# --- Pages ----------------------------------------------------------------------------------------
def page_of(client, poll):
    return client.get(f"/forum/pertemuan/{poll.meeting_id}/").text


def test_who_takes_part_votes_changes_and_takes_back_on_the_page(square, sign_in):
    poll = asked(square)
    client, address = sign_in(square.siti), f"/forum/jajak/{poll.pk}/suara/"
    assert "Kirim suara" in page_of(client, poll)
    assert client.post(address, {"option": str(option(poll).pk)}).status_code == 302
    assert "Ganti suara" in page_of(client, poll)
    client.post(address, {"option": "lain"})
    assert "Pilih salah satu jawaban" in page_of(client, poll)
    client.post(address, {"action": "withdraw"})
    assert not Ballot.objects.exists()


def test_everybody_reads_the_numbers_and_where_the_forum_hides_them_after_the_close(square, client):
    poll = asked(square)
    choose(actor=square.siti, poll=poll, option=option(poll))
    assert NUMBERS in page_of(client, poll)
    square.change(counts_hidden=True)
    page = page_of(client, poll)
    assert "Hasilnya tampil sesudah" in page
    assert NUMBERS not in page
    close_poll(actor=square.organiser, poll=poll)
    page = page_of(client, poll)
    assert "Suara terbanyak: Jalan Melati." in page
    assert NUMBERS in page


def test_the_page_costs_the_same_with_many_polls(square, sign_in):
    poll = asked(square)
    client = sign_in(square.siti)
    page_of(client, poll)
    with CaptureQueriesContext(connection) as one:
        page_of(client, poll)
    for number in range(9):
        asked(square, meeting=poll.meeting, question=f"Lampu {number}?")
    with CaptureQueriesContext(connection) as many:
        page_of(client, poll)
    assert len(many) == len(one)


def test_a_tie_is_said_and_the_meeting_decides(square, client):
    poll = asked(square)
    choose(actor=square.siti, poll=poll, option=option(poll))
    choose(actor=square.budi, poll=poll, option=option(poll, 2))
    close_poll(actor=square.organiser, poll=poll)
    assert "Suara terbanyak sama: Jalan Melati, Jalan Mawar. Pertemuan yang memutuskan." in page_of(client, poll)


def test_the_organiser_opens_and_closes_by_pages(square, sign_in):
    meeting = square.meeting()
    client, form = sign_in(square.organiser), f"/forum/kantor/pertemuan/{meeting.pk}/jajak/"
    assert client.get(form).status_code == 200
    refused = client.post(form, {"question": "Mana?", "options": "Ya"})
    assert refused.status_code == 422
    assert client.post(form, {"question": "Mana?", "options": f"Ya\n{'x' * 151}"}).status_code == 422
    assert client.post(form, {"question": "Mana?", "options": "Ya\r\nTidak\r\n"}).status_code == 302
    poll = Poll.objects.get()
    close = f"/forum/kantor/jajak/{poll.pk}/tutup/"
    assert client.get(close).status_code == 200
    assert client.post(close).status_code == 302
    assert fresh(poll).closed_at is not None


def test_strangers_find_neither_page(square, sign_in):
    poll = asked(square)
    client = sign_in(square.stranger)
    assert client.get(f"/forum/kantor/pertemuan/{poll.meeting_id}/jajak/").status_code == 404
    assert client.post(f"/forum/kantor/jajak/{poll.pk}/tutup/").status_code == 404


def test_who_does_not_take_part_reads_the_answers_and_the_way_in(square, client):
    page = page_of(client, asked(square))
    assert "Jalan Mawar" in page
    assert "Daftar sebagai warga" in page
    assert 'name="option"' not in page


# --- Open data ------------------------------------------------------------------------------------
def rows_of(client):
    return list(csv.DictReader(io.StringIO(client.get("/forum/jalan-2026/jajak.csv").content.decode("utf-8-sig"))))


def test_open_data_has_closed_polls_with_their_counts_and_open_ones_not(square, client):
    poll = asked(square)
    choose(actor=square.siti, poll=poll, option=option(poll, 2))
    address = "/forum/jalan-2026/data.json"
    assert client.get(address).json()["polls"] == []
    assert rows_of(client) == []
    close_poll(actor=square.organiser, poll=poll)
    response = client.get(address)
    [found] = response.json()["polls"]
    assert (found["meeting"], found["question"], found["ballots"]) == ("Musyawarah kecamatan", poll.question, 1)
    assert found["options"] == [{"text": "Jalan Melati", "votes": 0}, {"text": "Jalan Mawar", "votes": 1}]
    assert found["url"].endswith(f"/forum/pertemuan/{poll.meeting_id}/#jajak-{poll.pk}")
    assert "Siti" not in response.text
    assert [(row["option"], row["votes"], row["ballots"]) for row in rows_of(client)] == [
        ("Jalan Melati", "0", "1"),
        ("Jalan Mawar", "1", "1"),
    ]


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_of_a_poll_is_a_formula_or_somebodys_number(square, client, sign):
    poll = asked(square, question=f"{sign}SUM(A1:A9)", options=[f"{sign}1+1", "Hubungi 0812-3456-7890"])
    close_poll(actor=square.organiser, poll=poll)
    first, second = rows_of(client)
    assert (first["question"], first["option"]) == (f"'{sign}SUM(A1:A9)", f"'{sign}1+1")
    assert "0812" not in second["option"]


def test_open_data_of_a_forum_that_is_not_published_is_the_organisers(square, client):
    square.change(published_at=None)
    assert client.get("/forum/jalan-2026/jajak.csv").status_code == 404


def test_open_data_costs_the_same_with_many_polls(square, client):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/forum/jalan-2026/data.json").status_code == 200
        return len(captured)

    close_poll(actor=square.organiser, poll=asked(square))
    cost()
    one = cost()
    for number in range(9):
        poll = asked(square, question=f"Lampu {number}?")
        close_poll(actor=square.organiser, poll=poll)
    assert cost() == one


# --- At the same moment ---------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_of_one_person_are_one_ballot(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    poll = asked(square)
    rows = list(poll.options.all())
    acts = [
        lambda row=rows[number % 2]: choose(actor=fresh(square.budi), poll=poll, option=row) for number in range(8)
    ]
    results = at_once(*acts)
    assert {type(result) for result in results} == {Ballot}
    assert Ballot.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_ballot_at_the_moment_of_the_close_counts_or_is_refused(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    poll = asked(square)
    people, row = [citizen(f"Warga {number}") for number in range(6)], option(poll)
    voting = [lambda user=user: choose(actor=user, poll=poll, option=row) for user in people]
    results = at_once(*voting, lambda: close_poll(actor=square.organiser, poll=poll))
    counted = len(results) - 1 - len(refusals(results))
    assert Ballot.objects.count() == counted
    assert Event.objects.get(verb="feedback.poll_closed").data["ballots"] == counted
