"""Papers and pictures of proposals and meetings: as safe as those of reports, seen with what they belong to."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from feedback.models import Meeting, Proposal, ProposalFile
from feedback.services import forums_files, forums_meetings, forums_proposals
from feedback.services.cases.filing import MAX_FILES
from kepegawaian.audit.models import Event
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from tests.documents.hostile import exif_photo, pdf_of, photo, png_bomb, zip_of
from tests.feedback.forum_factories import fresh
from tests.feedback.test_forum_meetings import HELD, minute, text_of
from tests.feedback.test_forum_proposals import answer

FORM = {
    "title": "Trotoar untuk sekolah",
    "text": "Anak-anak berjalan di badan jalan.",
    "location": "",
    "volume": "",
}
NEW = "/forum/jalan-2026/usulan/baru/"


def upload(content=None, name="foto.jpg"):
    return SimpleUploadedFile(name, content or photo())


def propose(square, *files):
    facts = {"title": "Lampu", "text": "Jalan gelap."}
    return forums_proposals.propose(actor=square.siti, process=square.forum, facts=facts, files=files)


def content_of(row):
    with row.stored.file.open("rb") as kept:
        return kept.read()


# --- What is kept ---------------------------------------------------------------------------------
def test_a_photo_tells_nothing_of_where_it_was_taken(square):
    row = propose(square, upload(exif_photo())).files.get()
    assert not Image.open(io.BytesIO(content_of(row))).getexif()
    assert b"KameraBudi" not in content_of(row)


def test_a_pdf_acts_no_more(square):
    def acting(pdf):
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    row = propose(square, upload(pdf_of(acting), "surat.pdf")).files.get()
    assert b"app.alert" not in content_of(row)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("surat.docx", zip_of(word__document__xml="<x/>")),
        ("bom.png", png_bomb(30_000, 30_000)),
        ("program.pdf", b"MZ" + b"\0" * 100),
    ],
)
def test_what_is_no_picture_or_pdf_is_refused_with_the_whole_proposal(square, name, content):
    with pytest.raises(RuleRefused):
        propose(square, upload(content, name))
    assert not Proposal.objects.exists()


def test_so_many_files_and_no_more(square):
    proposal = propose(square, *[upload() for _number in range(MAX_FILES)])
    facts = {"title": "Lampu", "text": "Jalan gelap."}
    with pytest.raises(RuleRefused, match=f"{MAX_FILES} berkas"):
        forums_proposals.edit_proposal(
            actor=square.siti, proposal=proposal, facts=facts, version=1, files=[upload()]
        )


def test_its_author_changes_files_without_changing_words(square):
    proposal = propose(square, upload())
    facts = {"title": "Lampu", "text": "Jalan gelap."}
    changed = forums_proposals.edit_proposal(
        actor=square.siti,
        proposal=proposal,
        facts=facts,
        version=1,
        files=[upload(), upload()],
        dropped=proposal.files.all(),
    )
    assert (changed.version, proposal.files.filter(removed_at=None).count()) == (1, 2)


def test_new_files_are_looked_at_first_where_texts_are(square):
    proposal = propose(square)
    square.change(pre_moderation=True)
    facts = {"title": "Lampu", "text": "Jalan gelap."}
    forums_proposals.edit_proposal(actor=square.siti, proposal=proposal, facts=facts, version=1, files=[upload()])
    assert fresh(proposal).state == "pending"


def test_an_office_attaches_to_its_own_proposal(square):
    facts = {"title": "Jalan mulus", "text": "Aspal baru."}
    made = forums_proposals.propose_officially(
        actor=square.organiser, process=square.forum, facts=facts, files=[upload()]
    )
    assert made.files.count() == 1


# --- Taken away -----------------------------------------------------------------------------------
def test_organisers_take_a_file_away_with_a_reason_that_is_kept(square):
    row = propose(square, upload()).files.get()
    with pytest.raises(RuleRefused, match="alasannya"):
        forums_files.remove_file(actor=square.organiser, file=row, reason=" ")
    forums_files.remove_file(actor=square.organiser, file=row, reason="Wajah anak")
    forums_files.remove_file(actor=square.second, file=row, reason="Sekali lagi")
    row.refresh_from_db()
    assert (row.removed_by, row.removed_reason) == (square.organiser, "Wajah anak")
    assert Event.objects.get(verb="feedback.proposal_file_removed").data["reason"] == "Wajah anak"


def test_neither_strangers_nor_other_citizens_take_files_away(square):
    row = propose(square, upload()).files.get()
    for actor in (square.stranger, square.budi, square.siti):
        with pytest.raises(PermissionRefused):
            forums_files.remove_file(actor=actor, file=row, reason="x")


def test_the_database_adds_nothing_to_an_answered_proposal(square):
    proposal = propose(square, upload())
    square.forum.phases.filter(supports=True).update(supports=False)
    answer(square, proposal)
    stored = StoredFile.objects.get()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        ProposalFile.objects.create(proposal=proposal, stored=stored)
    forums_files.remove_file(actor=square.organiser, file=proposal.files.get(), reason="Wajah anak")


def test_the_database_brings_no_file_back(square):
    row = propose(square, upload()).files.get()
    forums_files.remove_file(actor=square.organiser, file=row, reason="Wajah anak")
    with pytest.raises(IntegrityError, match="taken away once"), transaction.atomic():
        ProposalFile.objects.filter(pk=row.pk).update(removed_at=None)


# --- Who reads it ---------------------------------------------------------------------------------
def test_everybody_downloads_it_with_a_name_that_names_nobody(square, client):
    proposal = propose(square, upload(name="Siti Warga KTP.jpg"))
    address = f"/forum/usulan/{proposal.pk}/berkas/{proposal.files.get().pk}/"
    assert address in client.get(f"/forum/usulan/{proposal.pk}/").text
    got = client.get(address)
    assert got.status_code == 200
    assert "sandbox" in got["Content-Security-Policy"]
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("gone", ["hidden", "withdrawn", "removed", "draft"])
def test_a_file_goes_with_its_proposal(square, client, gone):
    proposal = propose(square, upload())
    row = proposal.files.get()
    if gone == "removed":
        forums_files.remove_file(actor=square.organiser, file=row, reason="x")
    elif gone == "draft":
        square.change(published_at=None)
    else:
        Proposal.objects.filter(pk=proposal.pk).update(state=gone)
    assert client.get(f"/forum/usulan/{proposal.pk}/berkas/{row.pk}/").status_code == 404


def test_a_file_of_another_proposal_is_not_reached_through_this_one(square, client):
    row = propose(square, upload()).files.get()
    other = square.propose()
    assert client.get(f"/forum/usulan/{other.pk}/berkas/{row.pk}/").status_code == 404


def test_the_general_address_of_files_gives_it_to_nobody(square, client):
    row = propose(square, upload()).files.get()
    client.force_login(square.siti)
    assert client.get(f"/berkas/{row.stored_id}/").status_code == 404


# --- The form -------------------------------------------------------------------------------------
def test_a_file_stays_while_the_proposal_is_looked_at(square, client):
    client.force_login(square.budi)
    looked = client.post(NEW, FORM | {"action": "check", "files": upload(name="Budi.jpg")})
    form = looked.context["form"]
    assert [row.name for row in form.stored] == ["Budi.jpg"]
    again = {"form": looked.context["token"], "kept": form.kept_token}
    client.post(NEW, FORM | again | {"action": "send"})
    row = Proposal.objects.get().files.get()
    assert "Budi" not in row.stored.name
    assert StoredFile.objects.count() == 1


def test_a_refused_file_is_said_and_the_words_stay(square, client):
    client.force_login(square.budi)
    page = client.post(NEW, FORM | {"action": "send", "files": upload(b"MZ" + b"\0" * 99, "program.pdf")})
    assert page.status_code == 422
    assert "program.pdf" in page.text
    assert FORM["text"] in page.text
    assert not Proposal.objects.exists()


def test_the_author_drops_a_file_on_the_form(square, client):
    proposal = propose(square, upload())
    client.force_login(square.siti)
    url = f"/forum/usulan/{proposal.pk}/ubah/"
    assert "Lampiran 1" in client.get(url).text
    facts = {"title": "Lampu", "text": "Jalan gelap.", "version": 1, "dropped": [proposal.files.get().pk]}
    assert client.post(url, facts).status_code == 302
    assert not proposal.files.filter(removed_at=None).exists()


def test_the_page_of_removal_is_the_organisers(square, client):
    row = propose(square, upload()).files.get()
    url = f"/forum/kantor/berkas/{row.pk}/"
    client.force_login(square.stranger)
    assert client.get(url).status_code == 404
    client.force_login(square.organiser)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Wajah anak"}).status_code == 302
    assert client.get(url).status_code == 404


# --- Meetings -------------------------------------------------------------------------------------
def add(square, meeting, *files, title="", actor=None):
    files = files or (upload(),)
    actor = actor or square.organiser
    return forums_files.add_meeting_files(actor=actor, meeting=meeting, files=files, title=title)


def address_of(meeting, row):
    return f"/forum/pertemuan/{meeting.pk}/berkas/{row.pk}/"


def test_material_of_a_meeting_is_read_by_everybody(square, client):
    meeting = square.meeting()
    add(square, meeting, upload(exif_photo(), "paparan.jpg"), title="Paparan standar")
    row = meeting.files.get()
    assert b"KameraBudi" not in content_of(row)
    page = client.get(f"/forum/pertemuan/{meeting.pk}/").text
    assert "Paparan standar" in page
    assert address_of(meeting, row) in page
    got = client.get(address_of(meeting, row))
    assert (got.status_code, got["X-Content-Type-Options"]) == (200, "nosniff")
    assert "sandbox" in got["Content-Security-Policy"]


def test_nobody_but_its_organisers_adds_or_removes(square):
    meeting = square.meeting()
    add(square, meeting)
    row = meeting.files.get()
    for actor in (square.stranger, square.siti):
        with pytest.raises(PermissionRefused):
            add(square, meeting, actor=actor)
        with pytest.raises(PermissionRefused):
            forums_files.remove_meeting_file(actor=actor, file=row)


def test_a_meeting_has_so_many_files_and_no_svg(square):
    meeting = square.meeting()
    with pytest.raises(RuleRefused, match="Pilih berkasnya"):
        forums_files.add_meeting_files(actor=square.organiser, meeting=meeting, files=[])
    with pytest.raises(RuleRefused):
        add(square, meeting, upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg"))
    for _round in range(4):
        add(square, meeting, *[upload() for _number in range(5)])
    with pytest.raises(RuleRefused, match="20 berkas"):
        add(square, meeting)


def test_a_file_of_a_meeting_goes_and_comes_back(square, client):
    meeting = square.meeting()
    add(square, meeting)
    row = meeting.files.get()
    client.force_login(square.organiser)
    url = reverse("feedback:forum_meeting_file_show", args=[row.pk])
    gone = client.post(url, follow=True)
    assert f'action="{url}?aksi=kembalikan"' in gone.text
    assert client.get(address_of(meeting, row)).status_code == 404
    assert client.get(f"/berkas/{row.stored_id}/").status_code == 404
    client.post(url)
    client.post(f"{url}?aksi=kembalikan")
    client.post(f"{url}?aksi=kembalikan")
    assert client.get(address_of(meeting, row)).status_code == 200
    told = list(Event.objects.filter(verb__startswith="feedback.meeting_file").values_list("verb", flat=True))
    assert sorted(told) == [
        "feedback.meeting_file_removed",
        "feedback.meeting_file_restored",
        "feedback.meeting_files_added",
    ]


def test_the_database_knows_who_took_a_file_of_a_meeting_away(square):
    meeting = square.meeting()
    add(square, meeting)
    with pytest.raises(IntegrityError, match="meeting_file_removed_by"), transaction.atomic():
        meeting.files.update(removed_at=meeting.starts_at)


def test_a_file_of_a_meeting_stays_unseen_with_its_forum(square, client):
    meeting, other = square.meeting(), square.meeting(start="2026-04-02T02:00:00+00:00")
    add(square, meeting)
    row = meeting.files.get()
    assert client.get(address_of(other, row)).status_code == 404
    square.change(published_at=None)
    assert client.get(address_of(meeting, row)).status_code == 404


def test_files_are_added_on_the_page_and_an_empty_form_says_so(square, client):
    meeting = square.meeting()
    client.force_login(square.organiser)
    url = reverse("feedback:forum_meeting_files", args=[meeting.pk])
    empty = client.post(url, {"title": "Foto diskusi", "form": client.get(url).context["token"]})
    assert empty.status_code == 422
    assert "Pilih berkasnya" in empty.text
    assert "Foto diskusi" in empty.text
    sent = {"title": "Foto diskusi", "form": empty.context["token"], "files": upload()}
    assert client.post(url, sent).status_code == 302
    assert [str(row) for row in meeting.files.all()] == ["Foto diskusi"]


def test_the_same_files_sent_twice_are_there_once(square, client):
    meeting = square.meeting()
    client.force_login(square.organiser)
    url = reverse("feedback:forum_meeting_files", args=[meeting.pk])
    token, picture = client.get(url).context["token"], photo()
    for _click in range(2):
        assert client.post(url, {"form": token, "title": "Foto", "files": upload(picture)}).status_code == 302
    assert meeting.files.count() == 1


def pictures_in(file):
    return [
        picture for page in PdfReader(io.BytesIO(file.file.open("rb").read())).pages for picture in page.images
    ]


def test_photos_are_an_annex_of_the_full_berita_acara_alone(square, on, django_capture_on_commit_callbacks):
    meeting, see_through = square.meeting(), io.BytesIO()
    Image.new("RGBA", (30, 90), (200, 0, 0, 60)).save(see_through, "PNG")
    add(square, meeting, upload(photo(size=(1600, 1200))), title="Suasana diskusi")
    add(square, meeting, upload(see_through.getvalue(), "bagan.png"), title="Bagan")
    add(square, meeting, upload(), title="Wajah anak")
    add(square, meeting, upload(pdf_of(), "paparan.pdf"), title="Paparan")
    forums_files.remove_meeting_file(actor=square.organiser, file=meeting.files.get(title="Wajah anak"))
    on(HELD)
    with django_capture_on_commit_callbacks(execute=True):
        minute(square, meeting)
        forums_meetings.close_meeting(actor=square.organiser, meeting=meeting)
    closed = Meeting.objects.select_related("document__file", "public_copy").get(pk=meeting.pk)
    text = text_of(closed.document.file)
    assert "LAMPIRAN V DOKUMENTASI" in text
    assert "Suasana diskusi" in text
    assert "Wajah anak" not in text
    assert "Paparan" not in text
    assert [max(row.image.size) for row in pictures_in(closed.document.file)] == [1000, 90]
    assert "DOKUMENTASI" not in text_of(closed.public_copy)
    assert pictures_in(closed.public_copy) == []
