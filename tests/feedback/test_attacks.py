"""What somebody who means harm would try, and the answer he gets. Files: tests/documents/test_scrubbing.py;
formulas in exports and Open311 keys: beside those pages."""

import base64
import io
import json

import altcha
import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from feedback.models import Case, CaseFile, FeedbackSetting, RateKey, Reporter, ReviewEntry, SpentChallenge
from feedback.rules import numbers
from feedback.services import cases, defence
from feedback.services.cases.access import forget_expired
from feedback.services.cases.filing import LONGEST
from feedback.services.defence import FLOOD_FACTOR
from kepegawaian.documents.models import StoredFile
from tests.documents.hostile import exif_photo, pdf_of, photo, png_bomb, zip_of
from tests.feedback.reporting import Citizen, challenge_of, proof_for

pytestmark = pytest.mark.django_db
NUMBERS = ("PGD-2601-00000", "PGD-2601-ZZZZZZ", "' OR 1=1 --", "../../etc/passwd", "%00", "x" * 60)


def upload(name, content):
    return SimpleUploadedFile(name, content)


# --- Floods ---------------------------------------------------------------------------------------
def test_a_flood_without_proofs_reaches_no_desk(citizen, desk):
    """Every one waits for a person; the officers of the units see none of them."""
    for number in range(8):
        attacker = Citizen(wait=citizen.wait, address=f"198.51.{number}.9")
        _data, page = attacker.preview(text=f"Iklan nomor {number} dari mesin")
        attacker.send(page, proof="")
    assert Case.objects.filter(held=True).count() == 8
    assert not Case.objects.visible_to(desk.liaison).exists()
    assert not Case.objects.public().exists()


def test_one_network_pays_more_after_its_share_and_its_neighbours_too(citizen):
    """Addresses of one /24 count as one; another network pays the usual price."""
    setting = FeedbackSetting.objects.get()
    for number in range(setting.complaints_an_hour):
        Citizen(wait=citizen.wait, address=f"203.0.113.{number}").file()
    neighbour, stranger = Citizen(address="203.0.113.200"), Citizen(address="192.0.2.1")
    assert challenge_of(neighbour.preview()[1].content.decode()).parameters.cost == setting.work_cost_busy
    assert challenge_of(stranger.preview()[1].content.decode()).parameters.cost == setting.work_cost


def test_a_flood_from_many_networks_makes_proofs_dearer_for_all(citizen):
    setting = FeedbackSetting.objects.get()
    for number in range(setting.complaints_an_hour * FLOOD_FACTOR):
        defence.count_filing(f"10.0.{number}.0/24")
    assert defence.cost_for("172.16.0.0/24", setting) == setting.work_cost_busy


def test_counters_hold_no_address_and_end_with_their_window(citizen, time_machine):
    citizen.file()
    assert not RateKey.objects.filter(key__contains="203.0").exists()
    before = RateKey.objects.count()
    time_machine.shift(24 * 3600)
    citizen.file()
    assert RateKey.objects.count() == 2 * before  # another day, other keys for the same network
    time_machine.shift(25 * 3600)
    assert forget_expired() == 2 * before


def test_one_network_cannot_fill_the_disk_with_files_it_never_sends(citizen):
    FeedbackSetting.objects.update(replies_an_hour=1)
    for _time in range(2):
        _data, page = citizen.preview(files=[upload(f"{n}.png", photo("PNG", (4, 4))) for n in range(5)])
    assertContains(page, "Kirim dahulu tanpa berkas", status_code=422)
    assert StoredFile.objects.count() == 5


# --- Proofs ---------------------------------------------------------------------------------------
def test_a_proof_is_good_for_one_report(citizen):
    _data, page = citizen.preview()
    proof = proof_for(page.content.decode())
    assert citizen.send(page, proof=proof).context["case"].held is False
    _data, second = citizen.preview(text="Laporan kedua dengan bukti yang sama")
    answer = citizen.send(second, proof=proof)
    assert answer.status_code == 422
    assertContains(answer, "Tekan Kirim sekali lagi", status_code=422)
    assertContains(answer, "Laporan kedua", status_code=422)
    assert Case.objects.count() == 1


def test_another_solution_of_a_spent_challenge_is_spent_too(citizen):
    """A challenge has many solutions; remembering the solution would let each of them in."""
    _data, page = citizen.preview()
    challenge = challenge_of(page.content.decode())
    first = altcha.solve_challenge(challenge)
    other = altcha.solve_challenge(challenge, counter_start=first.counter + 1)
    assert defence.spend(altcha.Payload(challenge, first).to_base64()) == challenge.parameters.cost
    assert defence.spend(altcha.Payload(challenge, other).to_base64()) is None
    assert SpentChallenge.objects.count() == 1


def test_a_cheaper_challenge_of_ones_own_making_is_refused(citizen):
    own = altcha.create_challenge("PBKDF2/SHA-256", 1, hmac_secret="guess")
    proof = altcha.Payload(own, altcha.solve_challenge(own)).to_base64()
    _data, page = citizen.preview()
    assert citizen.send(page, proof=proof).status_code == 422
    changed = challenge_of(page.content.decode())
    changed.parameters.cost = 1
    proof = altcha.Payload(changed, altcha.solve_challenge(changed)).to_base64()
    assert citizen.send(page, proof=proof).status_code == 422
    assert not Case.objects.exists()


def test_a_proof_that_is_too_old_is_asked_for_again(citizen, time_machine):
    _data, page = citizen.preview()
    proof = proof_for(page.content.decode())
    time_machine.shift(defence.LIFETIME.total_seconds() + 1)
    assert citizen.send(page, proof=proof).status_code == 422


@pytest.mark.parametrize(
    "proof",
    [
        "x",
        "e30=",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"[" * 3000).decode(),
        base64.b64encode(json.dumps({"challenge": {"parameters": None}, "solution": 1}).encode()).decode(),
        "A" * 100_000,
    ],
)
def test_rubbish_instead_of_a_proof_is_asked_for_again(citizen, proof):
    _data, page = citizen.preview()
    assert citizen.send(page, proof=proof).status_code == 422
    assert not Case.objects.exists()


def test_whoever_fills_the_trap_waits_for_a_person_and_learns_nothing(citizen):
    _data, page = citizen.preview(website="https://murah.example")
    receipt = citizen.send(page)
    assert ReviewEntry.objects.get(case=receipt.context["case"]).why == "honeypot"
    assertNotContains(receipt, "jebakan")


def test_a_screen_reader_is_not_led_into_the_trap(citizen):
    page = citizen.form().content.decode()
    start = page.index('<div class="hidden-text" aria-hidden="true">')
    trap = " ".join(page[start : page.index("</div>", start)].split())
    assert 'name="website" tabindex="-1" autocomplete="off"' in trap


def test_a_forged_clock_of_the_form_is_none(citizen):
    """Without a token of ours the form counts as opened now, which is too fast for a person."""
    receipt = citizen.send(citizen.preview(form="forged")[1], form="forged")
    assert ReviewEntry.objects.get(case=receipt.context["case"]).why == "too_fast"


# --- Files ----------------------------------------------------------------------------------------
def test_a_body_that_is_too_large_is_refused_before_it_is_read(citizen):
    answer = citizen.client.generic(
        "POST", reverse("feedback:report"), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gambar.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("foto.jpg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("halaman.html", b"<html><script>alert(1)</script></html>"),
        ("arsip.zip", zip_of(bom="0" * 100_000)),
        ("surat.docx", zip_of(word__document__xml="<x/>")),
        ("foto.jpg", b"GIF89a" + b"\0" * 50),
        ("kosong.jpg", b""),
        ("program.pdf", b"MZ" + b"\0" * 100),
        ("bom.png", png_bomb(30_000, 30_000)),
        ("phar.jpg", b"\xff\xd8\xff\xe0<?php __HALT_COMPILER(); ?>"),
    ],
)
def test_what_is_no_picture_or_pdf_is_refused_whatever_its_name(citizen, name, content):
    _data, page = citizen.preview(files=[upload(name, content)])
    if content:
        assert page.status_code == 422
        assertContains(page, name, status_code=422)
    assert not StoredFile.objects.exists()


def test_the_place_where_a_photo_was_taken_is_nowhere(citizen):
    case, _pin, _receipt = citizen.file(files=[upload("foto.jpg", exif_photo())])
    with CaseFile.objects.get(case=case).stored.file.open("rb") as kept:
        content = kept.read()
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"KameraBudi" not in content


def test_no_copy_of_the_photo_as_it_came_stays_behind(citizen):
    citizen.file(files=[upload("foto.jpg", exif_photo())])
    folders = [f"files/{year}/{month}" for year in _dirs("files") for month in _dirs(f"files/{year}")]
    names = [f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]]
    assert names
    for name in names:
        with default_storage.open(name) as kept:
            assert b"KameraBudi" not in kept.read()


def _dirs(path):
    return default_storage.listdir(path)[0]


def test_a_polyglot_is_a_picture_and_nothing_else(citizen):
    content = photo() + b"<html><script>alert(document.cookie)</script></html>"
    case, _pin, _receipt = citizen.file(files=[upload("foto.jpg", content)])
    with CaseFile.objects.get(case=case).stored.file.open("rb") as kept:
        assert b"<script>" not in kept.read()


def test_a_pdf_with_javascript_is_kept_without_it(citizen):
    def acting(pdf):
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    case, _pin, _receipt = citizen.file(files=[upload("surat.pdf", pdf_of(acting))])
    with CaseFile.objects.get(case=case).stored.file.open("rb") as kept:
        assert b"app.alert" not in kept.read()


def test_files_come_down_as_files_and_may_run_nothing(citizen):
    case, pin, _receipt = citizen.file(files=[upload("foto.jpg", photo())])
    citizen.open(case, pin)
    row = CaseFile.objects.get(case=case)
    answer = citizen.client.get(reverse("feedback:case_file", args=[case.number, row.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


# --- Texts ----------------------------------------------------------------------------------------
def test_a_rant_of_8000_letters_is_taken_and_one_more_is_counted_out(citizen):
    _data, page = citizen.preview(text="a " * (LONGEST // 2 - 1) + "aaa")
    assertContains(page, "Pendekkan 1 huruf", status_code=422)
    case, _pin, _receipt = citizen.file(text=("ab " * LONGEST)[: LONGEST - 1].strip())
    assert case.title.endswith("…")


def test_a_page_in_a_text_is_only_text(citizen, desk):
    words = "<script>alert(1)</script><img src=x onerror=alert(1)> [klik](javascript:alert(1))"
    _data, page = citizen.preview(text=words, name='"><script>alert(2)</script>')
    assertNotContains(page, "<script>alert")
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
    case = desk.assigned(text=words)
    assertNotContains(citizen.client.get(reverse("feedback:track", args=[case.number])), "<script>alert")


def test_letters_that_turn_or_split_a_text_hide_no_number(citizen):
    """Right-to-left marks, zero-width spaces and wide digits: what is published is what is seen."""
    for text in (
        "Telepon 0812\u200b3456\u200b7890 saya",
        "Telepon \u202e0812\u202c 3456\u2066 7890 saya",
        "Telepon ０８１２３４５６７８９０ saya",
        "NIK 3578\u00ad1052\u20600385\ufeff0002 saya",
    ):
        _data, page = citizen.preview(text=text)
        shown = page.context["shown"]
        assert not set("\u200b\u202e\u202c\u00ad\u2060\ufeff") & set(shown)
        assert "[nomor telepon]" in shown or "[NIK]" in shown


# --- Numbers and PINs -----------------------------------------------------------------------------
def test_numbers_cannot_be_counted_up(citizen):
    first, second = citizen.file()[0].number, citizen.file(text="Yang lain sama sekali")[0].number
    assert first[:-1] != second[:-1]
    wrong = [first[:-1] + letter for letter in numbers.ALPHABET if letter != first[-1]]
    assert not any(numbers.parse_number(number) for number in wrong)


@pytest.mark.parametrize("number", NUMBERS)
def test_strange_numbers_are_simply_unknown(client, db, number):
    assert client.get(f"/pengaduan/{number.replace('/', '%2F')}/").status_code == 404
    answer = client.post(reverse("feedback:find"), {"number": number, "pin": "0000-0000"})
    assert answer.status_code == 422


def answers_to(desk):
    """Page and statements for a secret number, one not yet published, one that does not exist, one that cannot."""
    secret, new = desk.assigned(secret=True), desk.file()
    free = numbers.new_number(secret.received_on)
    return {"secret": secret.number, "new": new.number, "free": free, "never": "PGD-2601-AAAAAA"}


def without_number(page, number):
    text = page.content.decode().replace(number, "N")
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_secret_unpublished_and_unknown_numbers_get_the_same_page_for_the_same_work(client, desk):
    found = {}
    for name, number in answers_to(desk).items():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("feedback:track", args=[number]))
        found[name] = (page.status_code, without_number(page, number), len(queries))
    assert len(set(found.values())) == 1
    assert found["free"][0] == 404


def test_a_wrong_pin_an_unknown_number_and_a_case_without_pin_get_the_same_answer_for_the_same_work(
    desk, citizen, clock
):
    accounts = desk.file(user=desk.citizen)
    known = answers_to(desk) | {"account": accounts.number}
    found = {}
    for name, number in known.items():
        someone = Citizen(address="198.51.100.9")
        with CaptureQueriesContext(connection) as queries:
            page = someone.client.post(
                reverse("feedback:find"), {"number": number, "pin": "0000-0000"}, **someone.origin
            )
        statements = tuple(query["sql"].split()[0] for query in queries)
        found[name] = (page.status_code, without_number(page, number), statements)
    assert len(set(found.values())) == 1


def test_pins_are_tried_slower_and_slower(citizen, time_machine):
    case, pin, _receipt = citizen.file()
    for _try in range(numbers.FREE_TRIES):
        page = citizen.open(case, "0000-0000")
    assertContains(page, "Coba lagi 31 detik lagi", status_code=422)
    assert citizen.open(case, pin).status_code == 422  # not even the right one, while one has to wait
    time_machine.shift(32)
    assertContains(citizen.open(case, "0000-0000"), "Coba lagi 61 detik lagi", status_code=422)
    time_machine.shift(62)
    assert citizen.open(case, pin).status_code == 302


def test_a_guesser_elsewhere_does_not_lock_the_reporter_out(citizen):
    case, pin, _receipt = citizen.file()
    guesser = Citizen(address="198.51.100.9")
    for _try in range(numbers.FREE_TRIES + 1):
        guesser.open(case, "0000-0000")
    assert citizen.open(case, pin).status_code == 302


# --- Across cases ---------------------------------------------------------------------------------
def test_the_pin_of_one_case_opens_no_other(citizen):
    first, pin, _receipt = citizen.file()
    second, _pin, _receipt = citizen.file(text="Laporan orang lain", files=[upload("a.jpg", photo())])
    assert citizen.open(second, pin).status_code == 422
    assert citizen.open(first, pin).status_code == 302
    row = CaseFile.objects.get(case=second)
    assert citizen.mine(second).status_code == 404
    assert citizen.act(second, "cancel", reason="").status_code == 404
    for number in (first.number, second.number):
        address = reverse("feedback:case_file", args=[number, row.pk])
        assert citizen.client.get(address).status_code == 404


def test_the_cookie_of_one_case_cannot_be_rewritten_for_another(citizen):
    first, pin, _receipt = citizen.file()
    citizen.open(first, pin)
    value = citizen.client.cookies["laporan"].value
    citizen.client.cookies["laporan"] = value[:-1] + ("A" if value[-1] != "A" else "B")
    assert citizen.mine(first).status_code == 404


def test_access_ends_after_half_an_hour(citizen, time_machine):
    case, pin, _receipt = citizen.file()
    citizen.open(case, pin)
    time_machine.shift(29 * 60)
    assert citizen.mine(case).status_code == 200
    time_machine.shift(31 * 60)
    assert citizen.mine(case).status_code == 404


def test_nobody_acts_for_a_reporter_from_another_site(citizen):
    case, pin, _receipt = citizen.file()
    strict = Citizen()
    strict.client.handler.enforce_csrf_checks = True
    strict.client.cookies = citizen.client.cookies
    citizen.open(case, pin)
    strict.client.cookies = citizen.client.cookies
    assert strict.act(case, "cancel", reason="").status_code == 403


def test_somebody_elses_account_opens_nothing(citizen, desk):
    case = desk.file(user=desk.citizen)
    citizen.client.force_login(desk.other_liaison)
    assert citizen.mine(case).status_code == 404
    assert case.title not in citizen.client.get(reverse("feedback:my_reports")).content.decode()


# --- Who was it -----------------------------------------------------------------------------------
@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("secret", [False, True])
def test_no_public_page_says_who_wrote_it_and_secret_ones_say_nothing(citizen, desk, anonymous, secret):
    """The four combinations on every public output of reports."""
    name = "" if anonymous else "Siti Warga Unik"
    marks = {"anonymous": "on"} if anonymous else {}
    marks |= {"secret": "on"} if secret else {}
    text = "Loket kelurahanunik tutup sebelum waktunya"
    case, _pin, _receipt = citizen.file(
        name=name, email="unik@contoh.test", about="Rawat jalan", text=text, **marks
    )
    cases.assign(actor=desk.admin, case=cases.open_case(actor=desk.admin, case=case), unit=desk.gov.office)
    case = desk.answer(cases.accept(actor=desk.liaison, case=case))
    stranger = Citizen().client
    pages = [
        stranger.get(reverse("feedback:reports"), {"q": "kelurahanunik"}),
        stranger.get(reverse("feedback:track", args=[case.number])),
        stranger.get(reverse("feedback:services")),
        stranger.get(reverse("feedback:public_search"), {"q": "kelurahanunik"}),
        stranger.get(reverse("feedback:service", args=["rawat-jalan"])),
        Citizen().preview(text=text)[1],
    ]
    shown = [text in page.content.decode() for page in pages[:5]]
    for page in pages:
        assertNotContains(page, "Siti Warga Unik", status_code=page.status_code)
        assertNotContains(page, "unik@contoh.test", status_code=page.status_code)
        if secret:
            assert f'/pengaduan/{case.number}/"' not in page.content.decode() or page.status_code == 404
    assert pages[1].status_code == (404 if secret else 200)
    assert shown == [not secret] * 5
    assert Reporter.objects.get(case=case).email == "unik@contoh.test"
