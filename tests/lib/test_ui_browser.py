"""The components page in a real browser: accessible, fit for small screens, with keys and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser

ADDRESS = "/_components/"


@pytest.fixture(scope="module")
def server():
    """The portal without a database: the components page must not need one."""
    live = LiveServer("127.0.0.1")
    yield live
    live.stop()


@pytest.fixture
def visit(browser, server, settings) -> Callable:
    """Opens the components page in a context of its own; fails on anything the browser complains about."""
    settings.DEBUG = True
    contexts, complaints = [], []

    def open_page(address=ADDRESS, **options):
        context = browser.new_context(base_url=server.url, locale="id-ID", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def size(width, height=800):
    return {"viewport": {"width": width, "height": height}}


# --- Accessible -----------------------------------------------------------------------------------
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_axe_finds_nothing(visit, theme, width):
    page = visit(color_scheme=theme, reduced_motion="reduce", **size(width))
    page.locator("details").evaluate_all(
        "all => all.forEach(one => { if (!one.closest('header')) one.open = true })"
    )
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_axe_finds_nothing_on_a_page_for_everybody(browser, server):
    page = browser.new_page(base_url=server.url, viewport={"width": 320, "height": 700})
    page.goto("/tidak/ada/")
    expect(page.get_by_role("heading", name="Halaman tidak ditemukan")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.close()


def test_axe_finds_nothing_in_an_open_dialog_and_menu(visit):
    page = visit(**size(1440))
    page.locator(".tool-preferences summary").click()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    page.get_by_text("Menu saya").locator("..").click()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Tarik pengajuan").click()
    assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize("width", [320, 640, 768, 1024, 1440])
def test_nothing_makes_the_page_scroll_sideways(visit, width):
    page = visit(**size(width))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_a_thumb_must_hit_is_large_enough(visit):
    page = visit(has_touch=True, is_mobile=True, **size(360))
    small = page.locator(
        ".doors a, .tool, .button, .chip, .segmented button, .crumbs a, .field input, select"
    ).evaluate_all(
        """all => all.filter(one => one.checkVisibility() && !one.matches('[type=checkbox], [type=radio]'))
            .map(one => [one.textContent.trim(), Math.round(one.getBoundingClientRect().height)])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_errors_take_the_focus(visit):
    page = visit()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Tanggal selesai").click()
    assert page.evaluate("document.activeElement.name") == "end"


def test_focus_can_be_seen(visit):
    page = visit()
    button = page.get_by_role("button", name="Utama")
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert button.evaluate("one => getComputedStyle(one).outlineWidth") == "3px"


def test_the_first_load_is_few_requests_to_our_own_host(visit, server):
    page = visit("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + ADDRESS, wait_until="networkidle")
    assert len(asked) <= 8
    assert [url for url in asked if not url.startswith(server.url)] == []


def test_on_paper_there_is_the_page_alone(visit):
    page = visit(**size(1024))
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".rail", ".doors", ".filters", ".header-tools", ".page-actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.get_by_role("heading", name="Komponen")).to_be_visible()


# --- Small and large screens ----------------------------------------------------------------------
def test_a_phone_has_the_bar_and_the_way_back_and_a_desk_the_rail(visit):
    phone = visit(**size(360))
    expect(phone.locator(".doors")).to_be_visible()
    expect(phone.locator(".rail")).to_be_hidden()
    assert phone.locator(".crumbs a:visible").all_inner_texts() == ["Cuti saya"]
    desk = visit(**size(1280))
    expect(desk.locator(".doors")).to_be_hidden()
    expect(desk.locator(".rail")).to_be_visible()
    assert desk.locator(".header .crumbs a:visible").count() == 2


def test_rows_become_cards_with_their_labels_on_a_phone(visit):
    page = visit(**size(360))
    cell = page.locator("td[data-label='Sisa']").first
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"Sisa"'
    assert cell.evaluate("one => getComputedStyle(one).display") == "flow-root"


def test_the_bar_never_covers_the_primary_action(visit):
    page = visit(**size(360, 700))
    action = page.locator(".page-actions .button-primary").bounding_box()
    assert action["y"] + action["height"] <= page.locator(".doors").bounding_box()["y"]


# --- Keys -----------------------------------------------------------------------------------------
def test_rows_are_walked_opened_and_ticked_by_keys(visit):
    page = visit()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    current = page.locator("[data-row][aria-current=true]")
    expect(current).to_contain_text("Kusumaningtyas")
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_contain_text("1 dipilih")
    page.keyboard.press("k")
    expect(current).to_contain_text("Siti Aminah")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("#$"))


def test_numbers_choose_and_control_enter_decides(visit):
    page = visit()
    page.locator("[data-decide]").evaluate(
        "form => form.addEventListener('submit', event => { event.preventDefault(); window.sent = 1 })"
    )
    page.locator("h1").click()
    page.keyboard.press("3")
    expect(page.get_by_label("Ditangguhkan")).to_be_checked()
    page.keyboard.press("Control+Enter")
    assert page.evaluate("window.sent") == 1


SECOND_QUESTION = """
form => {
  const second = form.querySelector(".cards-choice").cloneNode(true);
  for (const radio of second.querySelectorAll("input")) { radio.name = "second"; radio.removeAttribute("id"); }
  form.append(second);
  form.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
}
"""


def test_keys_count_on_through_a_second_question(visit):
    page = visit()
    page.locator("[data-decide]").first.evaluate(SECOND_QUESTION)
    keys = page.locator("[data-decide] kbd[data-key]").all_inner_texts()
    assert keys == ["1", "2", "3", "4", "5", "6", "7", "8"]
    page.locator("h1").click()
    page.keyboard.press("6")
    expect(page.locator("[name=second]").nth(1)).to_be_checked()


def test_keys_are_letters_while_typing(visit):
    page = visit()
    page.get_by_label("Alasan cuti").first.fill("")
    page.keyboard.type("jo3")
    expect(page.get_by_label("Alasan cuti").first).to_have_value("jo3")
    assert page.locator("[data-row][aria-current=true]").count() == 0


# --- Scripts that only make it nicer --------------------------------------------------------------
def test_all_rows_are_chosen_at_once(visit):
    page = visit()
    page.locator("[data-select-all]").check()
    expect(page.locator(".bulk")).to_contain_text("4 dipilih")
    page.locator("[data-select]").first.uncheck()
    assert page.locator("[data-select-all]").evaluate("one => one.indeterminate")


def test_a_dialog_asks_in_place_and_lets_go(visit):
    page = visit()
    page.get_by_role("link", name="Tarik pengajuan").click()
    expect(page.get_by_role("dialog", name="Tarik pengajuan ini?")).to_be_visible()
    page.get_by_role("button", name="Tidak jadi").click()
    expect(page.locator("dialog")).to_be_hidden()


def test_menus_close_when_one_looks_elsewhere(visit):
    page = visit(**size(1280))
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    assert menu.evaluate("one => one.open")
    page.locator("h1").click()
    assert not menu.evaluate("one => one.open")


def test_a_code_is_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Salin").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "K7QX-2MHD-94TP"


def test_a_second_click_sends_nothing(visit):
    page = visit()
    page.locator("[data-select]").first.check()
    page.evaluate(
        """() => document.addEventListener("submit", event => {
            if (!event.defaultPrevented) window.sent = (window.sent ?? 0) + 1;
            event.preventDefault();
        })"""
    )
    page.get_by_role("button", name="Setujui yang dipilih").dblclick()
    assert page.evaluate("window.sent") == 1


def test_typed_text_outlives_a_lost_session(visit):
    page = visit()
    page.get_by_label("Alasan cuti").first.fill("Menjenguk orang tua di Ambon")
    page.get_by_label("Saya berada di luar negeri").first.check()
    page.reload()
    expect(page.get_by_label("Alasan cuti").first).to_have_value("Menjenguk orang tua di Ambon")
    expect(page.get_by_label("Saya berada di luar negeri").first).to_be_checked()


# --- Without JavaScript ---------------------------------------------------------------------------
def test_theme_and_language_switch_without_javascript(visit):
    page = visit(java_script_enabled=False, **size(1280))
    page.locator(".tool-preferences summary").click()
    page.locator(".tool-preferences").get_by_role("button", name="Gelap").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".tool-preferences summary").click()
    page.locator(".tool-preferences").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_choosing_rows_and_opening_numbers_need_no_javascript(visit):
    page = visit(java_script_enabled=False)
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("[data-select]").first.check()
    expect(page.locator(".bulk")).to_be_visible()
    page.locator(".reason summary").nth(1).click()
    expect(page.locator(".reason table").nth(1)).to_be_visible()


def test_what_needs_javascript_is_not_offered_without(visit):
    page = visit(java_script_enabled=False)
    for offer in ("[data-copy]", "[data-select-all]", "kbd[data-key]"):
        expect(page.locator(offer).first).to_be_hidden()
