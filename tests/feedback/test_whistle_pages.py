"""The pages of the protected channel: the reporter's way, what a guesser gets, and the officers' desk."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from feedback.enums import WhistleState
from feedback.models import FeedbackSetting, WhistleFile, WhistleRead, WhistleReport
from feedback.rules import numbers
from feedback.services import whistle
from feedback.services.whistle import limits
from feedback.whistle_acts import ACTS
from tests.documents.hostile import pdf_of, photo, zip_of
from tests.feedback.reporting import challenge_of, hidden, proof_for
from tests.feedback.test_attacks import without_number
from tests.feedback.whistling import (
    FIELDS,
    WHAT,
    Whistleblower,
    admitted,
    closed,
    examined,
    filed,
    rejected,
    taken,
)

pytestmark = pytest.mark.django_db
OUTSIDERS = ("admin", "liaison", "leader", "chief", "inspector", "citizen")


@pytest.fixture
def blower(desk, time_machine):
    FeedbackSetting.objects.update(work_cost=10, work_cost_busy=40)
    return Whistleblower(wait=lambda: time_machine.shift(60))


def upload(name, content):
    return SimpleUploadedFile(name, content)


# --- Filing ---------------------------------------------------------------------------------------
def test_a_report_with_proof_is_not_held_and_the_receipt_shows_number_and_pin(blower):
    report, pin, receipt = blower.file()
    assert (report.held, report.state) == (False, WhistleState.RECEIVED)
    assertContains(receipt, report.number)
    assertContains(receipt, pin)
    assert [(row.name, row.position) for row in report.parties.all()] == [("Budi Tertuduh", "kepala seksi")]


def test_loading_the_receipt_again_shows_the_same_one(blower):
    page = blower.form().content.decode()
    data = {**FIELDS, "form": hidden(page, "form"), "altcha": ""}
    blower.wait()
    first, second = blower.post(data), blower.post(data)
    assert first.context["pin"] == second.context["pin"]
    assert WhistleReport.objects.count() == 1


def test_without_javascript_it_is_taken_and_marked(blower):
    report, _pin, _receipt = blower.file(proof="")
    assert report.held


@pytest.mark.parametrize("fields", [{"website": "http://iklan"}, {}])
def test_a_trap_that_was_filled_or_a_form_filled_at_once_is_marked(blower, fields):
    if not fields:
        blower.wait = lambda: None
    assert blower.file(**fields)[0].held


def test_a_proof_is_good_for_one_report(blower):
    proof = proof_for(blower.form().content.decode())
    blower.file(proof=proof)
    answer = blower.send(proof=proof, what="Laporan kedua")
    assertContains(answer, "Tekan Kirim sekali lagi", status_code=422)
    assertContains(answer, "Laporan kedua", status_code=422)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(blower):
    answer = blower.send(evidence="", accused="")
    assertContains(answer, WHAT, status_code=422)
    assertContains(answer, "Sebutkan siapa yang dilaporkan", status_code=422)
    assert not WhistleReport.objects.exists()


def test_the_office_that_is_chosen_shuts_its_officers_out(blower, desk):
    report, _pin, receipt = blower.file(accused="", unit=str(desk.gov.personnel.pk))
    assert report.unit == desk.gov.personnel
    assert not receipt.context["unread"]
    assert not WhistleReport.objects.visible_to(desk.second).exists()


def test_who_accuses_every_officer_is_told_of_the_ways_outside(blower, desk):
    for officer, name in ((desk.keeper, "Tono Hartono"), (desk.second, "Rina Melati")):
        type(officer).objects.filter(pk=officer.pk).update(name=name)
    report, pin, receipt = blower.file(accused="Tono Hartono\nRina Melati")
    assertContains(receipt, "Ombudsman RI")
    assertContains(blower.open(report.number, pin), "Ombudsman RI")


def test_one_network_pays_more_after_its_share_and_is_not_shut_out(blower):
    setting = FeedbackSetting.objects.get()
    for number in range(setting.complaints_an_hour):
        Whistleblower(wait=blower.wait, address=f"203.0.113.{number}").file()
    neighbour, stranger = Whistleblower(address="203.0.113.200"), Whistleblower(address="192.0.2.1")
    assert challenge_of(neighbour.form().content.decode()).parameters.cost == setting.work_cost_busy
    assert challenge_of(stranger.form().content.decode()).parameters.cost == setting.work_cost
    assert blower.file()[0].held is False


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", zip_of(a=b"x"), b""])
def test_files_that_are_no_photo_or_pdf_are_refused_and_nothing_is_filed(blower, content):
    assert blower.send(files=[upload("a.jpg", content)]).status_code == 422
    assert not WhistleReport.objects.exists()


def test_files_are_kept_in_their_order(blower):
    report, pin, _receipt = blower.file(files=[upload("b.pdf", pdf_of()), upload("a.png", photo("PNG"))])
    names = [row.stored.name for row in WhistleFile.objects.order_by("stored__name")]
    assert names == ["lampiran-1.pdf", "lampiran-2.png"]
    page = blower.answer(blower.open(report.number, pin), text="Satu lagi", files=[upload("c.jpg", photo())])
    assertContains(page, "lampiran-3.jpg")


def test_one_network_cannot_fill_the_disk(blower):
    FeedbackSetting.objects.update(replies_an_hour=1)
    five = [upload(f"{n}.png", photo("PNG", (4, 4))) for n in range(5)]
    blower.file(files=five)
    answer = blower.send(files=[upload("9.png", photo("PNG", (4, 4)))])
    assertContains(answer, "Kirim dahulu tanpa berkas", status_code=422)


# --- Number and PIN -------------------------------------------------------------------------------
def test_wrong_pin_and_unknown_numbers_get_the_same_answer_for_the_same_work(blower):
    report, _pin, _receipt = blower.file()
    free = numbers.new_number(report.received_on, numbers.WHISTLE)
    found = {}
    for number in (report.number, free, "WBS-2601-00000", "PGD-2601-ZZZZZZ", "' OR 1=1 --", "x" * 60):
        guesser = Whistleblower(address="198.51.100.9")
        with CaptureQueriesContext(connection) as queries:
            page = guesser.open(number, "0000-0000")
        statements = tuple(query["sql"].split("WHERE")[0] for query in queries)
        found[number] = (page.status_code, without_number(page, html.escape(number)), statements)
    assert len(set(found.values())) == 1
    assert found[free][0] == 422


def test_pins_are_tried_slower_and_slower_and_the_right_one_waits_too(blower, time_machine):
    report, pin, _receipt = blower.file()
    for _try in range(numbers.FREE_TRIES):
        page = blower.open(report.number, "0000-0000")
    assertContains(page, "Coba lagi 31 detik lagi", status_code=422)
    assert blower.open(report.number, pin).status_code == 422
    time_machine.shift(32)
    assertContains(blower.open(report.number, "0000-0000"), "Coba lagi 61 detik lagi", status_code=422)
    time_machine.shift(62)
    assert blower.open(report.number, pin).status_code == 200


def test_a_guesser_elsewhere_does_not_lock_the_reporter_out(blower):
    report, pin, _receipt = blower.file()
    guesser = Whistleblower(address="198.51.100.9")
    for _try in range(numbers.FREE_TRIES + 1):
        guesser.open(report.number, "0000-0000")
    assert blower.open(report.number, pin).status_code == 200


def test_the_number_of_a_report_opens_no_page_of_complaints(blower, client):
    report, pin, _receipt = blower.file()
    assert client.get(reverse("feedback:track", args=[report.number])).status_code == 404
    answer = client.post(reverse("feedback:find"), {"number": report.number, "pin": pin})
    assertContains(answer, "tidak cocok", status_code=422)


def test_the_open_box_closes_after_half_an_hour(blower, time_machine):
    report, pin, _receipt = blower.file()
    page = blower.open(report.number, pin)
    time_machine.shift(29 * 60)
    assert blower.answer(page, text="Masih ada").status_code == 200
    time_machine.shift(2 * 60)
    assertContains(blower.answer(page, text="Terlambat"), "Kotak sudah ditutup", status_code=422)
    assert report.messages.count() == 1


def test_a_changed_token_opens_nothing(blower):
    report, pin, _receipt = blower.file(files=[upload("a.jpg", photo())])
    access = hidden(blower.open(report.number, pin).content.decode(), "access")
    row = WhistleFile.objects.get()
    url = reverse("feedback:whistle_own_file", args=[row.pk])
    assert blower.client.post(url, {"access": access}).status_code == 200
    assert blower.client.post(url, {"access": access[:-2] + "xx"}).status_code == 404
    other, other_pin, _receipt = blower.file(what="Laporan orang lain")
    foreign = hidden(blower.open(other.number, other_pin).content.decode(), "access")
    assert blower.client.post(url, {"access": foreign}).status_code == 404


def test_answers_have_a_limit_an_hour(blower):
    report, pin, _receipt = blower.file()
    page = blower.open(report.number, pin)
    FeedbackSetting.objects.update(replies_an_hour=1)
    assert blower.answer(page, text="Satu").status_code == 200
    assertContains(blower.answer(page, text="Dua"), "Terlalu banyak kiriman", status_code=422)
    assert limits.seen("reply", str(report.pk)) == 2


def test_too_large_a_body_is_refused_unread(blower):
    answer = blower.client.post(reverse("feedback:whistle_report"), {}, CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413


# --- The desk -------------------------------------------------------------------------------------
def desk_urls(report, stored) -> dict[str, str]:
    return {
        "list": reverse("feedback:whistle_desk"),
        "page": reverse("feedback:whistle_page", args=[report.pk]),
        "reads": reverse("feedback:whistle_reads", args=[report.pk]),
        "file": reverse("feedback:whistle_file", args=[report.pk, stored.pk]),
        **{name: reverse("feedback:whistle_act", args=[report.pk, name]) for name in ACTS},
    }


def test_everybody_else_finds_nothing_and_no_word_of_it_in_his_menu(desk, sign_in):
    report = filed(files=(upload("a.jpg", photo()),))
    for name in OUTSIDERS:
        client = sign_in(getattr(desk, name))
        for place, url in desk_urls(report, report.files.get()).items():
            wanted = 403 if place == "list" else 404
            assert client.get(url).status_code == wanted, (name, place)
            assert client.post(url).status_code in (404, 405), (name, place)
        for page in ("home", "work:inbox"):
            assertNotContains(client.get(reverse(page)), reverse("feedback:whistle_desk"))
    assert not WhistleRead.objects.exists()


def test_an_officer_finds_the_list_without_a_word_of_content(desk, sign_in):
    report, accusing = filed(), filed(unit=desk.gov.personnel, accused=())
    page = sign_in(desk.second).get(reverse("feedback:whistle_desk"))
    assertContains(page, report.number)
    for hidden_word in (accusing.number, WHAT, "Budi Tertuduh"):
        assertNotContains(page, hidden_word)
    assertContains(sign_in(desk.keeper).get(reverse("feedback:whistle_desk")), accusing.number)


def test_every_opening_is_in_the_list_of_readers(desk, sign_in):
    report = taken(desk.keeper, files=(upload("a.jpg", photo()),))
    urls = desk_urls(report, report.files.get())
    for officer in (desk.keeper, desk.second):
        client = sign_in(officer)
        assertContains(client.get(urls["page"]), WHAT)
    assert client.get(urls["file"]).status_code == 200
    page = client.get(urls["reads"])
    for name in (desk.keeper.name, desk.second.name):
        assertContains(page, name)
    what = list(WhistleRead.objects.order_by("at").values_list("reader", "what"))
    assert what == [
        (desk.keeper.pk, "report"),
        (desk.second.pk, "report"),
        (desk.second.pk, "file"),
        (desk.second.pk, "log"),
    ]


@pytest.mark.parametrize(
    ("way", "name", "fields", "state"),
    [
        (filed, "ambil", {}, "verifikasi"),
        (taken, "teliti", {"reason": "Lengkap"}, "penelitian"),
        (admitted, "periksa", {"reason": "Perlu"}, "pemeriksaan"),
        (examined, "putuskan", {"outcome": "terbukti", "reason": "Bukti", "word": "Selesai"}, "selesai"),
        (admitted, "putuskan",
         {"outcome": "diteruskan", "agency": "KPK", "reason": "Bukti", "word": "Diteruskan"}, "selesai"),
        (taken, "tolak", {"reason": "Kabur", "word": "Lengkapi"}, "ditolak"),
        (closed, "buka-lagi", {"reason": "Bukti baru"}, "verifikasi"),
        (rejected, "buka-lagi", {"reason": "Bukti baru"}, "verifikasi"),
        (taken, "tulis", {"text": "Kapan?"}, "verifikasi"),
        (taken, "catat", {"text": "Catatan"}, "verifikasi"),
        (taken, "terlapor", {"name": "Orang lain", "position": "Staf"}, "verifikasi"),
    ],
)  # fmt: skip
def test_each_act_is_offered_asked_and_carried_out(desk, sign_in, way, name, fields, state):
    report = way() if way is filed else way(desk.keeper)
    client, urls = sign_in(desk.keeper), desk_urls(report, report)
    assertContains(client.get(urls["page"]), urls[name])
    if fields:
        assertContains(client.get(urls[name]), 'name="version"')
    answer = client.post(urls[name], {"version": report.version, **fields})
    assert answer.status_code == 302, answer.content.decode()
    assert WhistleReport.objects.get().state == state


def test_a_report_is_handed_to_who_may_have_it_and_to_nobody_else(desk, sign_in):
    report = taken(desk.keeper)
    client, url = sign_in(desk.second), reverse("feedback:whistle_act", args=[report.pk, "ganti-petugas"])
    data = {"version": report.version, "reason": "Saya lanjutkan"}
    assert client.post(url, {**data, "officer": desk.admin.pk}).status_code == 422
    assert client.post(url, {**data, "officer": desk.second.pk}).status_code == 302
    assert WhistleReport.objects.get().officer == desk.second


def test_who_finds_himself_accused_lands_on_the_list_and_is_out(desk, sign_in):
    report = taken(desk.keeper)
    urls = desk_urls(report, report)
    answer = sign_in(desk.keeper).post(urls["terlapor"], {"version": report.version, "nip": desk.keeper.nip})
    assert answer["Location"] == urls["list"]
    assert sign_in(desk.keeper).get(urls["page"]).status_code == 404


def test_the_second_of_two_officers_is_told_and_keeps_his_words(desk, sign_in):
    report = taken(desk.keeper)
    whistle.classify(actor=desk.keeper, report=report, name="Orang lain")
    url = reverse("feedback:whistle_act", args=[report.pk, "teliti"])
    answer = sign_in(desk.keeper).post(url, {"version": report.version, "reason": "Alasan saya"})
    assertContains(answer, "Alasan saya", status_code=422)
    assertContains(answer, "berubah sejak Anda membukanya", status_code=422)


def test_an_officer_who_does_not_hold_it_reads_why_he_may_not(desk, sign_in):
    report = taken(desk.keeper)
    answer = sign_in(desk.second).get(reverse("feedback:whistle_act", args=[report.pk, "tulis"]))
    assertContains(answer, "dipegang petugas lain", status_code=403)


def test_an_act_out_of_time_leads_back_to_the_report_and_an_unknown_one_nowhere(desk, sign_in):
    report = taken(desk.keeper)
    client = sign_in(desk.keeper)
    answer = client.get(reverse("feedback:whistle_act", args=[report.pk, "buka-lagi"]))
    assert answer["Location"] == reverse("feedback:whistle_page", args=[report.pk])
    assert client.get(reverse("feedback:whistle_act", args=[report.pk, "hapus"])).status_code == 404


def test_the_filter_parts_what_goes_on_from_what_ended(desk, sign_in):
    ongoing, ended = taken(desk.keeper), rejected(desk.keeper)
    client, url = sign_in(desk.keeper), reverse("feedback:whistle_desk")
    assertNotContains(client.get(url), ended.number)
    assertNotContains(client.get(url, {"state": "berakhir"}), ongoing.number)
    assertContains(client.get(url, {"state": "ditolak"}), ended.number)
