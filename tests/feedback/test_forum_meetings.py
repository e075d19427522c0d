import datetime
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from feedback import forum_minutes
from feedback.models import Meeting, MeetingPoint, OfficialAnswer, Registration
from feedback.services import forums, forums_meetings, forums_proposals
from feedback.services.forums_meetings import (
    cancel_meeting,
    close_meeting,
    code_of,
    give_up_seat,
    mark_present,
    register,
    save_minutes,
    set_delegates,
    walk_in,
)
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from tests.feedback.forum_factories import SUPPORT, citizen, fresh, make_square
from tests.support.races import at_once

HELD = "2026-04-01"
WHO = {"name": "Siti Warga", "address": "Jalan Melati 3", "element": "Pengguna layanan"}
MINUTED = {
    "opened_by": "Camat",
    "chair": "Kepala Dinas",
    "minutes": "Dibahas usulan jalan.\nSemua sepakat.",
    "organisations": "Karang Taruna",
    "attendees": 12,
    "decided_by_vote": False,
    "minutes_visible": True,
}


@pytest.fixture
def meeting(square):
    return square.meeting()


def minute(square, meeting, points=(), **facts):
    return save_minutes(
        actor=square.organiser,
        meeting=meeting,
        facts=MINUTED | facts,
        points=points,
        signatories=[{"name": "Rina", "role": "Penyelenggara"}, {"name": "Siti", "role": "Wakil warga"}],
    )


# --- Announcing -----------------------------------------------------------------------------------
def test_followers_of_everything_hear_of_a_new_meeting(square):
    forums.choose_level(user=square.budi, process=square.forum, level="all")
    forums.choose_level(user=square.siti, process=square.forum, level="digest")
    square.meeting()
    message = Message.objects.get()
    assert (message.recipient, message.context["place"]) == (square.budi, "Aula Kecamatan")


def test_who_has_a_seat_hears_when_it_moves_or_is_called_off(square, meeting):
    register(actor=square.siti, meeting=meeting, facts=WHO)
    facts = {name: getattr(meeting, name) for name in forums_meetings.FACTS}
    later = {
        "starts_at": meeting.starts_at + datetime.timedelta(days=1),
        "ends_at": meeting.ends_at + datetime.timedelta(days=1),
    }
    forums_meetings.save_meeting(
        actor=square.organiser, process=square.forum, facts=facts | later, meeting=meeting
    )
    cancel_meeting(actor=square.organiser, meeting=meeting, reason="Banjir")
    changes = list(
        Message.objects.filter(recipient=square.siti).order_by("id").values_list("context__change", flat=True)
    )
    assert changes == ["moved", "cancelled"]
    assert fresh(meeting).sequence == 2


def test_a_change_of_words_alone_disturbs_nobody(square, meeting):
    register(actor=square.siti, meeting=meeting, facts=WHO)
    facts = {name: getattr(meeting, name) for name in forums_meetings.FACTS} | {"text": "Bawa bahan"}
    forums_meetings.save_meeting(actor=square.organiser, process=square.forum, facts=facts, meeting=meeting)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"address": ""}, "address"), ({"mode": "online"}, "link"), ({"mode": "hybrid"}, "link")],
)
def test_people_are_told_where_to_go(square, facts, field):
    with pytest.raises(RuleRefused) as refusal:
        square.meeting(**facts)
    assert refusal.value.problems[0].field == field


def test_only_organisers_of_the_unit_hold_meetings(square, meeting):
    with pytest.raises(PermissionRefused):
        cancel_meeting(actor=square.stranger, meeting=meeting, reason="x")


# --- Seats ----------------------------------------------------------------------------------------
def test_seats_run_out_and_the_next_one_waits(square, meeting):
    rows = [register(actor=citizen(f"Warga {n}"), meeting=meeting, facts=WHO) for n in range(3)]
    assert [row.waiting for row in rows] == [False, False, True]


def test_registering_twice_is_one_seat(square, meeting):
    first = register(actor=square.siti, meeting=meeting, facts=WHO)
    assert register(actor=square.siti, meeting=meeting, facts=WHO).pk == first.pk


def test_a_seat_given_up_goes_to_the_first_in_the_queue_who_is_told(square, meeting):
    for user in (square.siti, square.budi):
        register(actor=user, meeting=meeting, facts=WHO)
    waiting = [citizen(f"Warga {n}") for n in range(2)]
    rows = [register(actor=user, meeting=meeting, facts=WHO) for user in waiting]
    give_up_seat(actor=square.siti, meeting=meeting)
    assert [fresh(row).waiting for row in rows] == [False, True]
    message = Message.objects.get()
    assert (message.recipient, message.kind) == (waiting[0], "feedback.forum_seat")


def test_more_seats_let_the_queue_in(square, meeting):
    rows = [register(actor=citizen(f"Warga {n}"), meeting=meeting, facts=WHO) for n in range(4)]
    facts = {name: getattr(meeting, name) for name in forums_meetings.FACTS} | {"seats": 3}
    forums_meetings.save_meeting(actor=square.organiser, process=square.forum, facts=facts, meeting=meeting)
    assert [fresh(row).waiting for row in rows] == [False, False, False, True]


def test_seats_do_not_shrink_below_those_taken(square, meeting):
    for user in (square.siti, square.budi):
        register(actor=user, meeting=meeting, facts=WHO)
    facts = {name: getattr(meeting, name) for name in forums_meetings.FACTS} | {"seats": 1}
    with pytest.raises(RuleRefused):
        forums_meetings.save_meeting(actor=square.organiser, process=square.forum, facts=facts, meeting=meeting)


def test_a_meeting_that_is_fuller_than_its_seats_can_still_be_moved(square, meeting):
    for name in ("Pak RT", "Bu RW", "Pak Lurah"):
        walk_in(actor=square.organiser, meeting=meeting, facts=WHO | {"name": name})
    facts = {name: getattr(meeting, name) for name in forums_meetings.FACTS} | {"address": "Aula lain"}
    moved = forums_meetings.save_meeting(
        actor=square.organiser, process=square.forum, facts=facts, meeting=meeting
    )
    assert (moved.address, moved.seats, moved.registrations.count()) == ("Aula lain", 2, 3)


def test_the_ticket_shows_its_code_but_only_a_digest_is_kept(square, meeting):
    row = register(actor=square.siti, meeting=meeting, facts=WHO)
    code = code_of(row)
    assert len(code) == 12
    assert code not in str(Registration.objects.values().get())
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
    assert forums_meetings.digest(typed) == row.code_digest


def test_codes_are_read_as_people_write_them():
    assert forums_meetings.digest("O1IL 0000 abcd") == forums_meetings.digest("0111-0000-ABCD")


def test_a_changed_secret_still_shows_old_tickets(square, meeting, settings):
    row = register(actor=square.siti, meeting=meeting, facts=WHO)
    code = code_of(row)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-this"
    assert code_of(row) == code


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_six(transactional_db, on):
    on("2026-03-02")
    square = make_square()
    meeting = square.meeting(seats=1)
    people = [citizen(f"Warga {number}") for number in range(6)]
    at_once(*[lambda user=user: register(actor=user, meeting=meeting, facts=WHO) for user in people])
    assert sorted(Registration.objects.values_list("waiting", flat=True)) == [False, *[True] * 5]


# --- At the door ----------------------------------------------------------------------------------
def test_attendance_is_marked_taken_back_and_written_at_the_door(square, meeting, on):
    row = register(actor=square.siti, meeting=meeting, facts=WHO)
    on(HELD)
    mark_present(actor=square.organiser, registration=row)
    assert fresh(row).attended_at
    mark_present(actor=square.organiser, registration=row, present=False)
    assert fresh(row).attended_at is None
    came = walk_in(actor=square.organiser, meeting=meeting, facts=WHO | {"name": "Pak RT"})
    assert (came.walked_in, came.waiting, came.user) == (True, False, None)
    with pytest.raises(PermissionRefused):
        mark_present(actor=square.siti, registration=row)


def test_a_second_click_at_the_door_writes_nobody_twice(square, meeting, on, client):
    on(HELD)
    client.force_login(square.organiser)
    page = reverse("feedback:forum_attendance", args=[meeting.pk])
    for name, clicks in (("Pak RT", 2), ("Bu RW", 1)):
        key = client.get(page).context["walk_in_form"]["key"].value()
        for _click in range(clicks):
            answer = client.post(page, {"action": "walk_in", "name": name, "key": str(key)})
            assert answer.status_code == 302
    assert sorted(Registration.objects.values_list("name", flat=True)) == ["Bu RW", "Pak RT"]


def test_a_key_of_another_meeting_says_nothing_about_this_one(square, meeting, on):
    elsewhere = register(actor=square.siti, meeting=square.meeting(title="Rapat lain"), facts=WHO)
    on(HELD)
    came = walk_in(actor=square.organiser, meeting=meeting, facts=WHO | {"key": elsewhere.pk})
    assert (came.meeting, came.pk != elsewhere.pk) == (meeting, True)


def test_delegates_are_chosen_among_those_who_came(square, meeting, on):
    absent = register(actor=square.budi, meeting=meeting, facts=WHO)
    on(HELD)
    came = walk_in(actor=square.organiser, meeting=meeting, facts=WHO)
    with pytest.raises(RuleRefused):
        set_delegates(actor=square.organiser, meeting=meeting, chosen=[absent.pk])
    assert set_delegates(actor=square.organiser, meeting=meeting, chosen=[came.pk]) == 1
    set_delegates(actor=square.organiser, meeting=meeting, chosen=[])
    assert not Registration.objects.filter(delegate=True).exists()


# --- Minutes and the close ------------------------------------------------------------------------
def test_minutes_are_saved_as_often_as_needed(square, meeting, on):
    on(HELD)
    for text in ("Satu", "Dua"):
        minute(square, meeting, [{"text": text}])
    assert list(meeting.points.values_list("order", "text")) == [(1, "Dua")]


def test_a_decision_that_is_no_yes_has_a_reason(square, meeting):
    proposal = square.propose()
    with pytest.raises(RuleRefused, match="alasan keputusannya"):
        minute(square, meeting, [{"text": "x", "proposal": proposal, "verdict": "rejected", "reason": ""}])
    with pytest.raises(RuleRefused, match="keputusan atas usulannya"):
        minute(square, meeting, [{"text": "x", "proposal": proposal}])


def test_a_meeting_is_closed_with_minutes_a_count_and_a_signature(square, meeting, on):
    with pytest.raises(RuleRefused, match="notulen"):
        close_meeting(actor=square.organiser, meeting=meeting)
    minute(square, meeting)
    with pytest.raises(RuleRefused, match="belum dimulai"):
        close_meeting(actor=square.organiser, meeting=meeting)
    on(HELD)
    meeting.signatories.all().delete()
    with pytest.raises(RuleRefused, match="penanda tangan"):
        close_meeting(actor=square.organiser, meeting=meeting)


@pytest.fixture
def ranked(square, on):
    """Three proposals, the second with a vote more than the third and the first with none."""
    square.change(proposals_each=9)
    made = [square.propose(title=title) for title in ("Lampu", "Trotoar", "Taman")]
    on(SUPPORT)
    for person, proposal in ((square.siti, made[1]), (square.budi, made[1]), (square.budi, made[2])):
        forums_proposals.support(actor=person, proposal=proposal)
    on(HELD)
    return made


def decided(*verdicts):
    """A point for each (proposal, verdict, reason)."""
    return [
        {"text": "x", "proposal": proposal, "verdict": verdict, "reason": reason}
        for proposal, verdict, reason in verdicts
    ]


@pytest.mark.parametrize(
    ("verdicts", "order"),
    [
        ({1: "accepted", 2: "accepted", 0: "accepted"}, {}),
        ({1: "accepted"}, {}),
        ({2: "accepted"}, None),
        ({2: "accepted", 1: "evaluating"}, None),
        ({0: "accepted", 2: "accepted", 1: "accepted"}, {}),
        ({1: "accepted", 0: "accepted"}, None),
        ({2: "accepted:Anggaran pusat"}, {3: [2]}),
        ({2: "partly:Sebagian"}, {3: [2]}),
        ({2: "accepted", 1: "reserve:Menunggu lahan"}, {3: [2]}),
        ({2: "accepted", 1: "rejected:Bukan kewenangan"}, {}),
    ],
)
def test_who_closes_a_meeting_that_overrides_the_votes_says_why(square, meeting, ranked, verdicts, order):
    """Reference 5.3. All points together count, in whatever order they were written."""
    pairs = [(ranked[at], *(f"{words}:".split(":")[:2])) for at, words in verdicts.items()]
    minute(square, meeting, decided(*pairs))
    if order is None:
        with pytest.raises(RuleRefused) as refused:
            close_meeting(actor=square.organiser, meeting=meeting)
        (problem,) = refused.value.problems
        assert "urutan dukungan" in str(problem.message)
        assert problem.field.endswith("-reason")
        assert fresh(meeting).closed_at is None
        return
    close_meeting(actor=square.organiser, meeting=meeting)
    found = {point.proposal.number: point.overtakes for point in meeting.points.all() if point.overtakes}
    assert found == order


def test_what_was_decided_before_leaves_the_order(square, meeting, ranked):
    minute(square, meeting, decided((ranked[1], "rejected", "Bukan kewenangan")))
    close_meeting(actor=square.organiser, meeting=meeting)
    second = square.meeting(title="Musyawarah kedua")
    minute(square, second, decided((ranked[2], "accepted", "")))
    assert close_meeting(actor=square.organiser, meeting=second).closed_at


def test_without_votes_there_is_no_order_to_override(square, meeting, on):
    square.change(proposals_each=9)
    made = [square.propose(title=title) for title in ("Lampu", "Trotoar")]
    on(HELD)
    minute(square, meeting, decided((made[1], "accepted", "")))
    assert close_meeting(actor=square.organiser, meeting=meeting).closed_at


def test_a_changed_order_is_marked_in_the_paper_and_on_the_page(
    square, meeting, ranked, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        minute(
            square, meeting, decided((ranked[2], "accepted", "Anggaran pusat"), (ranked[0], "accepted", "Murah"))
        )
        close_meeting(actor=square.organiser, meeting=meeting)
    closed = Meeting.objects.select_related("document__file").get(pk=meeting.pk)
    mark = "Mengubah urutan dukungan: mendahului usulan nomor 2."
    second = text_of(closed.document.file).split("LAMPIRAN II ")[1]
    assert second.split("LAMPIRAN III")[0].count(mark) == 2
    page = client.get(reverse("feedback:forum_meeting", args=[meeting.pk])).content.decode()
    assert page.count(mark) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingPoint.objects.filter(meeting=meeting).update(overtakes=[])


@pytest.fixture
def closed(square, meeting, on, django_capture_on_commit_callbacks):
    """Three proposals decided, one of four who came is a delegate, the paper issued by the worker."""
    square.change(proposals_each=9)
    made = [square.propose(title=title) for title in ("Lampu jalan", "Trotoar 3175000000000001", "Taman")]
    seat = register(actor=square.siti, meeting=meeting, facts=WHO)
    on(SUPPORT)
    forums_proposals.support(actor=square.budi, proposal=made[0])
    on(HELD)
    mark_present(actor=square.organiser, registration=seat)
    came = walk_in(actor=square.organiser, meeting=meeting, facts=WHO | {"name": "Pak RT", "element": "RT/RW"})
    set_delegates(actor=square.organiser, meeting=meeting, chosen=[came.pk])
    points = [
        {"text": "Lampu disepakati", "proposal": made[0], "verdict": "accepted", "raised_by": "Siti Warga"},
        {"text": "Trotoar", "proposal": made[1], "verdict": "reserve", "reason": "Menunggu anggaran"},
        {"text": "Taman", "proposal": made[2], "verdict": "rejected", "reason": "Bukan lahan pemerintah"},
        {"text": "Rapat lagi bulan depan", "owner_unit": square.office, "due_on": datetime.date(2026, 5, 1)},
    ]
    with django_capture_on_commit_callbacks(execute=True):
        minute(square, meeting, points)
        close_meeting(actor=square.organiser, meeting=meeting)
    return Meeting.objects.select_related("document__file", "public_copy").get(pk=meeting.pk)


def text_of(file):
    pages = PdfReader(io.BytesIO(file.file.open("rb").read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_paper_has_its_annexes_from_the_same_data(square, closed):
    text = text_of(closed.document.file)
    assert closed.document.number == "001/BA/DPU/IV/2026"
    for words in (
        *("Rabu", "1 April 2026", "09.00–12.00", "Aula Kecamatan", "Camat", "musyawarah mufakat", "KESATU"),
        *("KEEMPAT", "LAMPIRAN I", "Pak RT", "Jalan Melati 3", "LAMPIRAN II", "Lampu jalan", "dukungan 1"),
        *("LAMPIRAN III", "Menunggu anggaran", "Bukan lahan pemerintah", "LAMPIRAN IV", "Wakil warga"),
    ):
        assert words in text, words
    second, third = text.index("LAMPIRAN II "), text.index("LAMPIRAN III")
    assert second < text.index("Lampu jalan", second) < third < text.index("Taman", third)


def test_the_paper_counts_no_votes_that_are_still_hidden(square, closed):
    square.change(counts_hidden=True)
    square.forum.phases.filter(supports=True).update(ends_on=square.forum.ends_on)
    closed = Meeting.objects.get(pk=closed.pk)
    data = forum_minutes.minutes_data(closed)
    assert {row["supports"] for row in data["accepted"] + data["others"]} == {""}


def test_lines_of_a_text_are_printed_as_lines(square, closed):
    closed.organisations = "LPM\r\n\r\nPKK"
    assert forum_minutes.minutes_data(closed)["organisations"] == "LPM; PKK"


def test_the_public_copy_names_nobody_but_counts_them(square, closed):
    text = text_of(closed.public_copy)
    for secret in ("Pak RT", "Jalan Melati 3", "Siti Warga", "3175000000000001"):
        assert secret not in text, secret
    for words in ("001/BA/DPU/IV/2026", "RT/RW", "Jumlah utusan: 1", "Lampu disepakati", "Rina"):
        assert words in text, words


def test_the_paper_is_issued_once_however_often_the_worker_runs(closed):
    again = forum_minutes.issue_minutes(meeting=closed)
    assert again.document_id == closed.document_id


def test_what_was_minuted_is_frozen(square, closed):
    point = closed.points.first()
    for act in (
        lambda: Meeting.objects.filter(pk=closed.pk).update(minutes="lain"),
        lambda: MeetingPoint.objects.filter(pk=point.pk).update(text="lain"),
        lambda: closed.points.all().delete(),
        lambda: closed.signatories.all().delete(),
        lambda: MeetingPoint.objects.create(meeting=closed, order=9, text="baru"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    MeetingPoint.objects.filter(pk=point.pk).update(state="running")
    with pytest.raises(StateChanged):
        minute(square, closed)
    with pytest.raises(StateChanged):
        cancel_meeting(actor=square.organiser, meeting=closed, reason="x")


def test_decisions_stand_ready_as_drafts_of_answers(closed):
    drafts = OfficialAnswer.objects.order_by("proposal__number")
    assert [(row.verdict, row.reason, row.published_at) for row in drafts] == [
        ("accepted", "Disepakati dalam Musyawarah kecamatan.", None),
        ("reserve", "Menunggu anggaran", None),
        ("rejected", "Bukan lahan pemerintah", None),
    ]


def test_who_was_there_hears_of_the_minutes(square, closed):
    told = Message.objects.filter(kind="feedback.forum_minutes")
    assert list(told.values_list("recipient__name", flat=True)) == ["Siti Warga"]


def test_the_full_paper_is_for_organisers_and_those_who_came(square, closed, client):
    url = f"/berkas/{closed.document.file_id}/"
    for user, status in ((square.siti, 200), (square.second, 200), (square.budi, 404), (square.stranger, 404)):
        client.force_login(user)
        response = client.get(url)
        assert response.status_code == status, user
        assert not response.streaming or b"".join(response.streaming_content).startswith(b"%PDF")


def test_anybody_gets_the_public_copy(closed, client):
    response = client.get(f"/forum/pertemuan/{closed.pk}/berita-acara.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    Meeting.objects.filter(pk=closed.pk).update(minutes_visible=False)
    assert client.get(f"/forum/pertemuan/{closed.pk}/berita-acara.pdf").status_code == 404


# --- Calendar -------------------------------------------------------------------------------------
def test_the_calendar_file_says_when_where_and_whether(square, meeting, client):
    url = f"/forum/pertemuan/{meeting.pk}/kalender.ics"
    event = Calendar.from_ical(client.get(url).content).walk("VEVENT")[0]
    assert (event["summary"], event["location"], event["status"]) == (
        "Musyawarah kecamatan",
        "Aula Kecamatan",
        "CONFIRMED",
    )
    assert (event.decoded("dtstart"), event["sequence"]) == (meeting.starts_at, 0)
    cancel_meeting(actor=square.organiser, meeting=meeting, reason="Banjir")
    moved = Calendar.from_ical(client.get(url).content).walk("VEVENT")[0]
    assert (moved["uid"], moved["status"], moved["sequence"]) == (event["uid"], "CANCELLED", 1)


def test_the_calendar_of_a_forum_holds_all_its_meetings(square, meeting, client):
    square.meeting(title="Pertemuan kedua")
    calendar = Calendar.from_ical(client.get("/forum/jalan-2026/kalender.ics").content)
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == {
        "Musyawarah kecamatan",
        "Pertemuan kedua",
    }
