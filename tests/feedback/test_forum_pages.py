import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Comment, Process, Proposal, Support
from feedback.services import forums, forums_answers, forums_proposals, forums_talk
from tests.feedback.forum_factories import DECISION, NIK, SUPPORT, citizen, fresh
from tests.feedback.test_forum_proposals import answer

FORUM = "/forum/jalan-2026/"
WORDS = {
    "title": "Trotoar untuk sekolah",
    "text": "Anak-anak berjalan di badan jalan.",
    "location": "",
    "volume": "",
}


@pytest.fixture
def filled(square):
    """A forum with one of everything."""
    square.change(slow_seconds=0)
    square.proposal = square.propose()
    square.event = square.meeting()
    facts = {"title": "Lampu terpasang", "owner_unit": square.office, "proposals": [square.proposal]}
    square.result = forums_answers.save_result(actor=square.organiser, process=square.forum, facts=facts)
    first = forums_talk.comment(actor=square.siti, process=square.forum, text="Setuju", proposal=square.proposal)
    forums_talk.comment(
        actor=square.budi, process=square.forum, text="Saya juga", proposal=square.proposal, parent=first
    )
    square.comment = first
    return square


def public_urls(square):
    return [
        *("/forum/", "/forum/?waktu=selesai", "/forum/rss/", "/forum/moderasi/", FORUM, f"{FORUM}usulan/"),
        *(f"{FORUM}hasil/", f"{FORUM}rss/", f"{FORUM}kalender.ics", f"{FORUM}data.json", f"{FORUM}usulan.csv"),
        *(f"/forum/usulan/{square.proposal.pk}/", f"/forum/usulan/{square.proposal.pk}/versi/"),
        *(f"/forum/pertemuan/{square.event.pk}/", f"/forum/hasil/{square.result.pk}/"),
    ]


def own_urls(square):
    return [
        *("/forum/saya/", f"{FORUM}usulan/baru/", f"{FORUM}komentar/"),
        *(f"{FORUM}komentar/{square.proposal.pk}/?balas={square.comment.pk}",),
        *(f"/forum/laporkan/komentar/{square.comment.pk}/", f"/forum/laporkan/usulan/{square.proposal.pk}/"),
        *(f"/forum/pertemuan/{square.event.pk}/daftar/",),
    ]


def office_urls(square):
    forum, proposal, event = square.forum.pk, square.proposal.pk, square.event.pk
    return [
        *("/forum/kantor/", "/forum/kantor/baru/?templat=musrenbang", "/forum/kantor/warga/"),
        *("/forum/kantor/moderasi/", f"/forum/kantor/moderasi/usulan/{proposal}/"),
        *(f"/forum/kantor/usulan/{proposal}/jawab/", f"/forum/kantor/usulan/{proposal}/catatan/"),
        *(f"/forum/kantor/hasil/{square.result.pk}/", f"/forum/kantor/hasil/{square.result.pk}/kemajuan/"),
        *(f"/forum/kantor/pertemuan/{event}/", f"/forum/kantor/pertemuan/{event}/batalkan/"),
        *(f"/forum/kantor/pertemuan/{event}/peserta/", f"/forum/kantor/pertemuan/{event}/notulen/"),
        *(f"/forum/kantor/{forum}/", f"/forum/kantor/{forum}/ubah/", f"/forum/kantor/{forum}/tahap/"),
        *(f"/forum/kantor/{forum}/terbitkan/", f"/forum/kantor/{forum}/salin/", f"/forum/kantor/{forum}/usulan/"),
        *(f"/forum/kantor/{forum}/jawaban/", f"/forum/kantor/{forum}/pertemuan/", f"/forum/kantor/{forum}/hasil/"),
    ]


# --- Who sees what --------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_reads_the_public_pages(filled, client, language):
    client.cookies["language"] = language
    assert {url: client.get(url).status_code for url in public_urls(filled)} == dict.fromkeys(
        public_urls(filled), 200
    )


def test_pages_without_an_account_may_be_kept_and_set_no_cookie(filled, client):
    for url in public_urls(filled):
        response = client.get(url)
        assert response["Cache-Control"] == "public, max-age=60", url
        assert "Cookie" in response["Vary"], url
        assert not response.cookies, url


def test_pages_of_a_person_are_kept_by_nobody(filled, client):
    client.force_login(filled.siti)
    for url in public_urls(filled):
        assert client.get(url)["Cache-Control"] == "private, no-store", url


def test_first_views_are_light(filled, client):
    for url in (FORUM, f"/forum/usulan/{filled.proposal.pk}/", "/forum/"):
        assert len(client.get(url).content) < 30_000, url


def test_citizens_open_their_own_pages_and_the_anonymous_sign_in(filled, client):
    for url in own_urls(filled):
        assert client.get(url)["Location"].startswith("/akun/login/?next=/forum/"), url
    client.force_login(filled.budi)
    assert {url: client.get(url).status_code for url in own_urls(filled)} == dict.fromkeys(own_urls(filled), 200)


@pytest.mark.parametrize("who", ["stranger", "siti"])
def test_the_desks_are_for_organisers_of_the_unit(filled, client, who):
    client.force_login(getattr(filled, who))
    for url in office_urls(filled):
        assert client.get(url).status_code in (403, 404) or (who == "stranger" and url.count("/") < 5), url
    client.force_login(filled.organiser)
    assert {url: client.get(url).status_code for url in office_urls(filled)} == dict.fromkeys(
        office_urls(filled), 200
    )


def test_drafts_are_found_by_their_organisers_alone(filled, client):
    filled.change(published_at=None)
    hidden = [url for url in public_urls(filled) if "jalan-2026" in url or str(filled.proposal.pk) in url]
    hidden += [f"/forum/pertemuan/{filled.event.pk}/", f"/forum/hasil/{filled.result.pk}/"]
    for user in (None, filled.siti, filled.stranger):
        if user:
            client.force_login(user)
        assert {client.get(url).status_code for url in hidden} == {404}
    client.force_login(filled.organiser)
    assert {client.get(url).status_code for url in hidden} == {200}


def test_a_hidden_proposal_is_found_by_author_and_organiser_alone(filled, client):
    forums_talk.hide(actor=filled.organiser, subject=filled.proposal, reason="spam", explanation="Iklan")
    url = f"/forum/usulan/{filled.proposal.pk}/"
    for user, status in ((None, 404), (filled.budi, 404), (filled.siti, 200), (filled.organiser, 200)):
        if user:
            client.force_login(user)
        assert client.get(url).status_code == status
    assert filled.proposal.title not in client.get(f"{FORUM}usulan/").content.decode()
    assert filled.proposal.title not in client.get(f"{FORUM}rss/").content.decode()


def test_personal_data_in_the_text_is_shown_to_nobody(filled, client):
    Proposal.objects.filter(pk=filled.proposal.pk).update(text=f"NIK saya {NIK}, telepon 081234567890.")
    Comment.objects.update(text="Hubungi 081234567890")
    for url in public_urls(filled):
        body = b"".join(client.get(url)).decode()
        assert NIK not in body, url
        assert "081234567890" not in body, url


def test_words_of_citizens_are_text_and_never_markup(filled, client):
    Proposal.objects.filter(pk=filled.proposal.pk).update(title="<script>alert(1)</script>", text="<b>tebal</b>")
    for url in (FORUM, f"/forum/usulan/{filled.proposal.pk}/"):
        body = client.get(url).content.decode()
        assert "<script>alert" not in body
        assert "<b>tebal" not in body


# --- Taking part ----------------------------------------------------------------------------------
def test_a_proposal_is_looked_at_before_it_is_sent(filled, client):
    client.force_login(filled.budi)
    url = f"{FORUM}usulan/baru/"
    same = WORDS | {"title": "Lampu jalan di Jalan Melati", "text": f"Telepon saya 081234567890 dan NIK {NIK}"}
    body = client.post(url, same | {"action": "check"}).content.decode()
    assert "Begini usulan Anda akan terbaca" in body
    assert "Data pribadi disamarkan" in body
    assert f"/forum/usulan/{filled.proposal.pk}/" in body
    assert Proposal.objects.count() == 1
    sent = client.post(url, WORDS | {"action": "send"})
    assert sent["Location"] == f"/forum/usulan/{Proposal.objects.latest('number').pk}/"


def test_a_refused_form_keeps_what_was_typed(filled, client):
    client.force_login(filled.budi)
    response = client.post(f"{FORUM}usulan/baru/", WORDS | {"title": "", "action": "send"})
    assert response.status_code == 422
    assert WORDS["text"] in response.content.decode()
    filled.change(slow_seconds=3600)
    response = client.post(f"{FORUM}komentar/", {"text": "Satu kalimat yang panjang"})
    assert response.status_code == 422
    assert "Satu kalimat yang panjang" in response.content.decode()


def test_voting_by_the_button_and_back(filled, client, on):
    on(SUPPORT)
    client.force_login(filled.budi)
    url = f"/forum/usulan/{filled.proposal.pk}/"
    assert "Dukung usulan ini" in client.get(url).content.decode()
    client.post(f"{url}dukung/", {"value": "1"})
    assert "Tarik dukungan" in client.get(url).content.decode()
    assert fresh(filled.proposal).supports == 1
    client.post(f"{url}dukung/", {"value": "0"})
    assert not Support.objects.exists()


def test_while_votes_are_taken_the_forum_leads_to_them_and_a_visitor_is_told_once_to_sign_in(filled, client, on):
    leads = re.compile(rf'<a href="{FORUM}usulan/"[^>]*primary[^>]*>(?:(?!</a>).)*Dukung usulan', re.S)
    assert not leads.search(client.get(FORUM).content.decode())
    on(SUPPORT)
    assert leads.search(client.get(FORUM).content.decode())
    page = client.get(f"/forum/usulan/{filled.proposal.pk}/").content.decode()
    assert page.count("Masuk atau daftar dahulu untuk ikut serta.") == 1


def test_a_closed_vote_says_so_and_changes_nothing(filled, client):
    client.force_login(filled.budi)
    url = f"/forum/usulan/{filled.proposal.pk}/"
    assert "Dukungan dibuka" in client.get(url).content.decode()
    page = client.post(f"{url}dukung/", {"value": "1"}, follow=True)
    assert "sedang ditutup" in page.content.decode()
    assert not Support.objects.exists()


def test_hidden_counts_are_in_no_page_and_no_file(filled, client, on):
    filled.change(counts_hidden=True)
    on(SUPPORT)
    for user in (filled.siti, filled.budi):
        forums_proposals.support(actor=user, proposal=filled.proposal)
    data = client.get(f"{FORUM}data.json").json()
    assert data["proposals"][0]["supports"] is None
    rows = list(csv.DictReader(io.StringIO(client.get(f"{FORUM}usulan.csv").content.decode("utf-8-sig"))))
    assert rows[0]["supports"] == ""
    assert "disembunyikan sampai" in client.get(f"/forum/usulan/{filled.proposal.pk}/").content.decode()
    sorted_by = client.get(f"{FORUM}usulan/?urut=dukungan").context["page"].items
    assert [row.number for row in sorted_by] == [1]
    on(DECISION)
    assert client.get(f"{FORUM}data.json").json()["proposals"][0]["supports"] == 2


def test_flagging_objecting_and_following_by_the_pages(filled, client):
    client.force_login(filled.budi)
    client.post(f"/forum/laporkan/komentar/{filled.comment.pk}/", {"reason": "spam"})
    assert fresh(filled.comment).flags == 1
    client.post(f"{FORUM}ikuti/", {"level": "all"})
    assert forums.level_of(filled.budi, filled.forum) == "all"
    row = forums_talk.hide(actor=filled.organiser, subject=filled.comment, reason="spam", explanation="Iklan")
    assert client.get(f"/forum/banding/{row.pk}/").status_code == 404
    client.force_login(filled.siti)
    client.post(f"/forum/banding/{row.pk}/", {"text": "Bukan iklan"})
    assert row.appeal.text == "Bukan iklan"
    client.force_login(filled.second)
    client.post(f"/forum/kantor/banding/{row.appeal.pk}/", {"outcome": "granted", "decision": "Benar"})
    assert fresh(filled.comment).state == "shown"


def test_a_seat_a_ticket_and_the_door(filled, client):
    client.force_login(filled.budi)
    event = f"/forum/pertemuan/{filled.event.pk}/"
    assert client.get(f"{event}tiket/").status_code == 404
    client.post(f"{event}daftar/", {"name": "Budi", "address": "", "element": "RT/RW"})
    page = client.get(f"{event}tiket/")
    code = page.context["code"].replace("-", "")
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert client.get(f"/forum/hadir/{code}/").status_code == 404
    client.force_login(filled.stranger)
    assert client.get(f"/forum/hadir/{code}/").status_code == 404
    client.force_login(filled.organiser)
    assert client.get(f"/forum/hadir/{code}/").status_code == 200
    client.post(f"/forum/hadir/{code}/")
    assert filled.event.registrations.get().attended_at


# --- The desks ------------------------------------------------------------------------------------
def test_a_forum_is_made_from_a_template_and_published_by_the_pages(filled, client):
    client.force_login(filled.organiser)
    facts = {
        "kind": "musrenbang",
        "unit": "Dinas Pekerjaan Umum",
        "title": "Musrenbang 2027",
        "slug": "Musrenbang 2027!",
    }
    made = client.post("/forum/kantor/baru/", facts | {"summary": "Usulan 2027", "starts_on": "2027-01-04"})
    assert made.status_code == 302
    assert client.get("/forum/musrenbang-2027/").status_code == 200
    client.post(f"{made['Location']}terbitkan/")
    client.logout()
    body = client.get("/forum/musrenbang-2027/").content.decode()
    assert "Dukungan warga" in body


def test_an_address_left_empty_is_made_of_the_title(filled, client):
    client.force_login(filled.organiser)
    facts = {
        "kind": "fkp",
        "unit": "Dinas Pekerjaan Umum",
        "summary": "Standar pelayanan",
        "starts_on": "2027-01-04",
    }
    title = f"Konsultasi standar pelayanan & biaya: {'puskesmas ' * 9}".strip()
    made = client.post("/forum/kantor/baru/", facts | {"title": title, "slug": ""})
    assert made.status_code == 302
    slug = Process.objects.get(title=title).slug
    assert slug.startswith("konsultasi-standar-pelayanan-biaya-puskesmas-")
    assert len(slug) <= 80
    again = client.post("/forum/kantor/baru/", facts | {"title": title, "slug": ""})
    assert "Alamat ini sudah dipakai forum lain" in again.content.decode()
    wordless = client.post("/forum/kantor/baru/", facts | {"title": "会議", "slug": ""})
    assert wordless.status_code == 422
    assert "tidak memuat huruf Latin" in wordless.content.decode()


def test_the_phases_are_changed_as_a_table(filled, client):
    client.force_login(filled.organiser)
    url = f"/forum/kantor/{filled.forum.pk}/tahap/"
    form = _filled_in(client.get(url).context["formset"])
    form |= {"form-0-title": "Usulan warga", "form-2-DELETE": "on"}
    assert client.post(url, form).status_code == 302
    assert list(filled.forum.phases.values_list("title", flat=True)) == ["Usulan warga", "Dukungan"]
    wrong = client.post(url, form | {"form-0-ends_on": "2030-01-01"})
    assert wrong.status_code == 422
    assert "keluar dari tanggal forum" in wrong.content.decode()


def _filled_in(formset):
    """What a browser would send of an untouched formset."""
    form = {f"{formset.prefix}-TOTAL_FORMS": len(formset.forms)}
    form |= {f"{formset.prefix}-INITIAL_FORMS": formset.initial_form_count()}
    for row in formset.forms:
        for bound in row:
            value = bound.value()
            if value not in (None, False, ""):
                form[bound.html_name] = "on" if value is True else str(value)
    return form


def test_a_draft_answer_is_kept_and_then_published(filled, client, on):
    client.force_login(filled.organiser)
    url = f"/forum/kantor/usulan/{filled.proposal.pk}/jawab/"
    facts = {"verdict": "accepted", "reason": "Masuk rencana", "cost": "150000000", "period": "2027"}
    client.post(url, facts | {"action": "draft"})
    assert "Masuk rencana" not in client.get(f"/forum/usulan/{filled.proposal.pk}/").content.decode()
    assert "Masuk rencana" in client.get(url).content.decode()
    on(DECISION)
    client.force_login(filled.organiser)
    client.post(url, facts | {"action": "publish"})
    client.logout()
    body = client.get(f"/forum/usulan/{filled.proposal.pk}/").content.decode()
    assert "Masuk rencana" in body
    assert "Rp150.000.000" in body


def test_a_moderator_decides_on_the_page(filled, client):
    for number in range(3):
        forums_talk.flag(actor=citizen(f"Pelapor {number}"), subject=filled.comment, reason="offensive")
    client.force_login(filled.organiser)
    assert "Setuju" in client.get("/forum/kantor/moderasi/").content.decode()
    url = f"/forum/kantor/moderasi/komentar/{filled.comment.pk}/"
    facts = {"outcome": "hide", "reason": "offensive", "explanation": ""}
    assert client.post(url, facts).status_code == 422
    assert client.post(url, facts | {"explanation": "Menghina"}).status_code == 302
    assert "Setuju" not in client.get("/forum/kantor/moderasi/").content.decode()
    client.logout()
    page = client.get(f"/forum/usulan/{filled.proposal.pk}/").content.decode()
    assert "disembunyikan moderator" in page
    assert "Saya juga" in page


def test_a_meeting_is_minuted_and_closed_by_the_page(filled, client, on):
    on("2026-04-01")
    client.force_login(filled.organiser)
    url = f"/forum/kantor/pertemuan/{filled.event.pk}/notulen/"
    page = client.get(url).context
    form = {"minutes": "Semua sepakat", "attendees": "12", "minutes_visible": "on", "action": "close"}
    form |= _filled_in(page["points"]) | _filled_in(page["signatories"])
    form |= {
        "points-0-text": "Lampu",
        "points-0-proposal": str(filled.proposal.pk),
        "points-0-verdict": "rejected",
    }
    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "Semua sepakat" in refused.content.decode()
    form |= {"points-0-reason": "Belum ada dana", "signatories-0-name": "Rina", "signatories-0-role": "Ketua"}
    assert client.post(url, form)["Location"] == f"/forum/pertemuan/{filled.event.pk}/"
    assert fresh(filled.event).closed_at
    assert client.get(url)["Location"] == f"/forum/pertemuan/{filled.event.pk}/", "there is nothing left to write"
    client.logout()
    assert "Belum ada dana" in client.get(f"/forum/pertemuan/{filled.event.pk}/").content.decode()


def test_a_refused_close_saves_nothing(filled, client):
    client.force_login(filled.organiser)
    url = f"/forum/kantor/pertemuan/{filled.event.pk}/notulen/"
    page = client.get(url).context
    form = {"minutes": "Terlalu awal", "attendees": "1", "action": "close"}
    form |= _filled_in(page["points"]) | _filled_in(page["signatories"])
    assert client.post(url, form).status_code == 422
    assert fresh(filled.event).minutes == ""


def test_the_form_says_beside_the_point_that_the_order_needs_a_reason(filled, client, on):
    better = filled.propose(title="Trotoar")
    on(SUPPORT)
    forums_proposals.support(actor=filled.budi, proposal=better)
    on("2026-04-01")
    client.force_login(filled.organiser)
    url = f"/forum/kantor/pertemuan/{filled.event.pk}/notulen/"
    page = client.get(url)
    assert "memerlukan alasan" in page.content.decode()
    form = {"minutes": "Lampu dahulu", "attendees": "12", "action": "close"}
    form |= _filled_in(page.context["points"]) | _filled_in(page.context["signatories"])
    form |= {"signatories-0-name": "Rina", "signatories-0-role": "Ketua", "points-1-text": "Lampu disepakati"}
    form |= {"points-1-proposal": str(filled.proposal.pk), "points-1-verdict": "accepted"}
    refused = client.post(url, form)
    assert refused.status_code == 422
    (sentence,) = refused.context["points"].forms[1].errors["reason"]
    assert f"mendahului usulan nomor {better.number} " in sentence
    for typed in ("Lampu dahulu", "Lampu disepakati", "Rina"):
        assert typed in refused.content.decode()
    assert fresh(filled.event).minutes == ""
    assert client.post(url, form | {"points-1-reason": "Rawan kecelakaan"}).status_code == 302


# --- For machines ---------------------------------------------------------------------------------
def test_open_data_says_what_the_pages_say_and_no_names(filled, client, on):
    on(DECISION)
    answer(filled, filled.proposal, "rejected")
    data = client.get(f"{FORUM}data.json").json()
    assert (data["proposals"][0]["verdict"], data["proposals"][0]["reason"]) == ("rejected", "Masuk rencana 2027")
    assert [phase["kind"] for phase in data["phases"]] == ["proposals", "prioritisation", "decision"]
    assert data["results"][0]["unit"] == "Dinas Pekerjaan Umum"
    assert "Siti" not in json.dumps(data)


@pytest.mark.parametrize("sign", "=+-@")
def test_a_cell_is_never_a_formula(filled, client, sign):
    Proposal.objects.update(title=f"{sign}SUM(A1:A9)")
    rows = list(csv.DictReader(io.StringIO(client.get(f"{FORUM}usulan.csv").content.decode("utf-8-sig"))))
    assert rows[0]["title"] == f"'{sign}SUM(A1:A9)"


def test_the_feed_tells_proposals_answers_meetings_and_progress(filled, client, on):
    facts = {"result": filled.result, "percent": 40, "state": "running", "text": "Tiang"}
    forums_answers.report_progress(actor=filled.organiser, **facts)
    on(DECISION)
    answer(filled, filled.proposal)
    body = client.get(f"{FORUM}rss/").content.decode()
    for words in ("Usulan: Lampu jalan", "Jawaban: Lampu jalan", "Pertemuan: Musyawarah", "Lampu terpasang 40%"):
        assert words in body


# --- What a page costs ----------------------------------------------------------------------------
def count(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow(square, first, last):
    square.change(proposals_each=99, slow_seconds=0)
    for number in range(first, last):
        made = square.propose(title=f"Usulan {number}")
        person = citizen(f"Orang {number}")
        said = forums_talk.comment(
            actor=person, process=square.forum, text=f"Kata {number}", proposal=square.proposal
        )
        forums_talk.comment(
            actor=square.siti, process=square.forum, text=f"Balas {number}", proposal=square.proposal, parent=said
        )
        facts = {"verdict": "evaluating", "reason": "Dikaji"}
        draft = forums_answers.draft_answer(actor=square.organiser, proposal=made, facts=facts)
        forums_answers.publish_answer(actor=square.organiser, answer=draft)


def test_pages_cost_the_same_with_few_and_with_many(filled, client):
    urls = [FORUM, f"{FORUM}usulan/", f"/forum/usulan/{filled.proposal.pk}/", f"{FORUM}data.json", "/forum/"]
    office = [f"/forum/kantor/{filled.forum.pk}/", "/forum/kantor/"]
    grow(filled, 0, 2)
    few = {url: count(client, url) for url in urls}
    client.force_login(filled.organiser)
    few |= {url: count(client, url) for url in office}
    client.logout()
    grow(filled, 2, 14)
    many = {url: count(client, url) for url in urls}
    client.force_login(filled.organiser)
    many |= {url: count(client, url) for url in office}
    assert many == few
    assert max(few.values()) <= 20, few
