"""In a real Chromium: report.js solves the challenge, keeps the draft on a lost line and makes photos small."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error, expect

from feedback.models import Case, FeedbackSetting, ReviewEntry, SpentChallenge
from feedback.services.defaults import seed_defaults
from tests.employees.factories import make_government

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Antrean loket panjang sekali sejak Senin, petugas hanya satu orang."
RECEIPT = "Nomor laporan"


@pytest.fixture
def address(transactional_db, live_server):
    make_government()
    seed_defaults()
    FeedbackSetting.objects.update(seconds_to_fill=1)
    return f"{live_server.url}/pengaduan/baru/"


@pytest.fixture
def watched(page):
    """Nothing may be said by scripts or by the content policy."""
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def fill_in(page, text=TEXT):
    page.get_by_label("Ceritakan").fill(text)
    page.get_by_label("Anonim").check()
    page.get_by_role("button", name="Periksa dahulu").click()
    expect(page.get_by_role("heading", name="Yang akan dibaca semua orang")).to_be_visible()


def send(page):
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text(RECEIPT, exact=True)).to_be_visible(timeout=20_000)


def test_the_challenge_is_solved_and_nobody_has_to_look_first(watched, address):
    watched.goto(address)
    watched.wait_for_timeout(1100)
    fill_in(watched)
    expect(watched.locator("[data-proved='1']")).to_be_attached(timeout=20_000)
    send(watched)
    case = Case.objects.get()
    assert not case.held
    assert case.text == TEXT
    assert SpentChallenge.objects.count() == 1
    assert watched.locator(".figure").first.text_content().strip() == case.number


def test_who_sends_before_it_is_solved_waits_for_it_and_files_once(watched, address):
    FeedbackSetting.objects.update(work_cost=4000)
    watched.goto(address)
    watched.wait_for_timeout(1100)
    fill_in(watched)
    send(watched)
    assert [case.held for case in Case.objects.all()] == [False]


def test_without_scripts_the_report_arrives_and_a_person_looks_first(browser, address):
    with browser.new_context(java_script_enabled=False, locale="id-ID") as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(1100)
        fill_in(page)
        send(page)
    assert Case.objects.get().held
    assert ReviewEntry.objects.get().why == ReviewEntry.Why.NO_PROOF


def test_a_unit_is_found_in_the_tree_without_scripts_and_enter_still_goes_to_the_preview(browser, page, address):
    with browser.new_context(java_script_enabled=False, locale="id-ID") as context:
        plain = context.new_page()
        plain.goto(address)
        plain.get_by_label("Ceritakan").fill(TEXT)
        plain.get_by_label("Anonim").check()
        plain.get_by_role("button", name="Pilih dari daftar").click()
        plain.get_by_role("button", name="Lihat isinya Dinas Kesehatan").click()
        plain.get_by_role("button", name="SMP Negeri 3").click()
        expect(plain.get_by_label("Layanan atau unit")).to_have_value("SMP Negeri 3")
        plain.get_by_label("Tempat kejadian").press("Enter")
        expect(plain.get_by_role("heading", name="Yang akan dibaca semua orang")).to_be_visible()
        expect(plain.get_by_text("SMP Negeri 3").first).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="Pilih dari daftar").click()
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_draft_outlives_a_lost_line_and_ends_when_it_was_sent(page, address):
    page.goto(address)
    page.get_by_label("Ceritakan").fill(TEXT)
    page.get_by_label("Tempat kejadian").fill("Loket 3")
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(address)
    page.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_label("Ceritakan")).to_have_value(TEXT)
    expect(page.get_by_label("Tempat kejadian")).to_have_value("Loket 3")
    expect(page.locator("[data-draft-found]")).to_be_visible()
    fill_in(page)
    send(page)
    page.goto(address)
    expect(page.get_by_label("Ceritakan")).to_have_value("")
    expect(page.locator("[data-draft-found]")).to_be_hidden()


def test_a_photo_is_made_small_before_it_travels(watched, address):
    noise, content = Image.effect_noise((3000, 2000), 60).convert("RGB"), io.BytesIO()
    noise.save(content, "JPEG", quality=85)
    watched.goto(address)
    field = watched.get_by_label("Berkas pendukung")
    field.set_input_files({"name": "loket.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()})
    expect(field).to_have_js_property("files.length", 1)
    watched.wait_for_function(
        "size => document.querySelector('[data-shrink]').files[0].size < size", arg=len(content.getvalue())
    )
    fill_in(watched)
    send(watched)
    stored = Case.objects.get().files.get().stored
    with Image.open(stored.file) as kept:
        assert max(kept.size) == 2048
    assert re.fullmatch(r".*\.jpe?g", stored.name)
