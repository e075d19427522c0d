"""Every page of the running portal as a role opens it: accessible, whole on a phone, quiet, light, in English."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from time import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.support.no_pages import NO_PAGE
from tests.support.pages import ANONYMOUS, PAGES, addresses, cramped, linked, sign_in, start_work
from tests.support.routes import routes

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
REFUSALS = {ANONYMOUS: {"/tidak-ada/": 404}, "employee": {"/jejak/": 403, "/pegawai/": 403}}
STATUS = {"documents:verify": 404, "socialaccount_login_error": 401}
SECOND_FACTOR = (
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
)
"""They have something to show only to an account with one: a test of its own opens them."""
WORDS_LEFT = re.compile(
    r"\b(dan|yang|untuk|dengan|belum|sudah|Anda|Simpan|Batalkan|Cari|Masuk|hari|dari|tidak|Menunggu|Tanggal|saya"
    r"|Semua|Tambah|Ubah|Hapus|Lihat|Unduh|Pegawai|Berkas|Kembali|Nama|Terapkan|Pilih|Beranda|pada|atau|sejak)\b"
)
NAMES = re.compile(
    r"\b(Asisten|Badan|Bagian|Bidang|Camat|Dinas|Inspektorat|Jalan|Kecamatan|Kelurahan|Kepala|KEPALA|Lurah"
    r"|Penata|Pengadministrasi|Pengelola|Pengolah|Perawat|Pranata|Sekolah|Sekretar\w+|Seksi|Staf|Subbag\w+|UPTD)\b[^\t·,:;]*"
)
"""Offices and posts are called what they are called in every language."""
NUMBER = re.compile(r"\d{8} \d{6}")
BUDGET_REQUESTS, BUDGET_BYTES = 8, 80_000
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_every_route_is_opened_here_or_named_as_no_page():
    opened = {route for places in PAGES.values() for found in places.values() for route in found}
    named = {route for group in NO_PAGE.values() for route in group} | set(SECOND_FACTOR)
    every = {route for route in routes() if not route.startswith(("api:", "evaluations_api:", "leave_api:"))}
    assert opened & named == set()
    assert sorted(every - opened - named) == []
    assert sorted((opened | named) - every) == []


# --- Who looks, and where ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def seen_by(portal, browser) -> Iterator[Callable[[str], Page]]:
    """The one page of a role, signed in when it is first asked for."""
    pages: dict[str, Page] = {}

    def page_of(role: str) -> Page:
        if role not in pages:
            context = browser.new_context(
                base_url=portal.url, viewport=WIDE, locale="id-ID", reduced_motion="reduce"
            )
            pages[role] = context.new_page()
            if role != ANONYMOUS:
                sign_in(pages[role], portal.accounts[role])
            if role == "hr_central":
                start_work(pages[role])
        return pages[role]

    yield page_of
    for page in pages.values():
        page.context.close()


# --- What is wrong with a page ----------------------------------------------------------------------
CONTRAST = {"runOnly": ["color-contrast"]}
BUT_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}
RUN = """options => axe.run(document, {resultTypes: ["violations"], ...options}).then(found =>
    found.violations.flatMap(({id, nodes}) =>
        nodes.slice(0, 3).map(({target, html}) => `${id}: ${target} ${html.slice(0, 120)}`)))"""


@cache
def axe() -> str:
    return Axe().axe_script


def faults_in_every_look(page: Page) -> list[str]:
    """Of the page that is open: in light, in dark, and on a small screen."""
    page.evaluate(axe())
    found = [f"light {each}" for each in [*cramped(page), *page.evaluate(RUN, {})]]
    page.emulate_media(color_scheme="dark")
    found += [f"dark {each}" for each in page.evaluate(RUN, CONTRAST)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += [f"narrow {each}" for each in [*cramped(page), *page.evaluate(RUN, BUT_CONTRAST)]]
    page.set_viewport_size(WIDE)
    return found


class Listener:
    """What the page's console complains of."""

    def __init__(self, page: Page) -> None:
        self.page, self.said = page, list[str]()
        page.on("console", self.hear)
        page.on("pageerror", self.fail)

    def hear(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning") and "the server responded with a status of 4" not in line.text:
            self.said.append(line.text)

    def fail(self, error: Exception) -> None:
        self.said.append(str(error))

    def close(self) -> None:
        self.page.remove_listener("console", self.hear)
        self.page.remove_listener("pageerror", self.fail)


@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible_whole_and_quiet(role, seen_by):
    page = seen_by(role)
    listener, wrong = Listener(page), {}
    expected = {path: STATUS.get(route, 200) for route, path in addresses(page, role).items()}
    for path, status in (expected | REFUSALS.get(role, {})).items():
        listener.said.clear()
        answer = page.goto(path)
        found = [] if answer.status == status else [f"status {answer.status}"]
        found += faults_in_every_look(page) + listener.said
        if found:
            wrong[path] = found
    listener.close()
    assert wrong == {}


# --- Pages at the end of a way ----------------------------------------------------------------------
@pytest.fixture
def fresh(portal, browser):
    """A page that nobody is signed in on, by a name: a key does not belong to a number."""
    named = portal.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=named, viewport=WIDE, locale="id-ID", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def confirm(page: Page, password: str) -> None:
    """The password once more, where the portal asks for it."""
    if password and page.locator("main [name=password]").count():
        page.fill("main [name=password]", password)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def add_factors(page: Page, password: str) -> None:
    """A key and an application with codes, as the account's pages offer them."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(reverse("mfa_add_webauthn"))
    confirm(page, password)
    page.fill("[name=name]", "Ponsel")
    page.click("#passkey_button")
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    page.goto(reverse("mfa_activate_totp"))
    secret = page.locator("main .copy code").inner_text()
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time()) // 30)))
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url(lambda url: "activate" not in url)


def test_pages_of_a_second_factor_are_accessible_and_whole(portal, fresh, seen_by):
    account = portal.accounts["inspector"]
    seen_by("inspector")  # signed in before a second step is asked of this person
    add_factors(sign_in(fresh, account), account["password"])
    fresh.goto(reverse("mfa_list_webauthn"))
    one = {route: linked(fresh, route) for route in ("mfa_edit_webauthn", "mfa_remove_webauthn")}
    fresh.context.clear_cookies()
    sign_in(fresh, account)
    wrong = {"mfa_authenticate": faults_in_every_look(fresh)}
    fresh.click("#passkey_button")
    fresh.wait_for_url(lambda url: "authenticate" not in url)
    for route in SECOND_FACTOR[1:]:
        path = one.get(route) or reverse(route)
        fresh.goto(path)
        confirm(fresh, account["password"] if "reauthenticate" not in path else "")
        wrong[route] = faults_in_every_look(fresh) + ([] if fresh.url.endswith(path) else [fresh.url])
    assert {route: found for route, found in wrong.items() if found} == {}


def test_pages_of_an_activation_are_accessible_and_whole(seen_by, fresh):
    page = seen_by("hr_central")
    page.goto(reverse("employee_activation:index"))
    page.locator("main tbody a").last.click()
    page.locator("main tbody tr", has_text=NUMBER).locator("[name=id]").first.check()
    page.locator("main button[value=html]").click()
    slip = page.locator("section.card")
    code, number = slip.locator("code").inner_text(), slip.locator(".nip").inner_text()
    wrong = {"slips": faults_in_every_look(page)}
    fresh.goto(reverse("accounts:activate"))
    fresh.fill("main [name=login]", number)
    fresh.fill("main [name=code]", code)
    fresh.locator("main form button[type=submit]").first.click()
    fresh.wait_for_url(f"**{reverse('accounts:activate_password')}")
    wrong["accounts:activate_password"] = faults_in_every_look(fresh)
    assert {route: found for route, found in wrong.items() if found} == {}


# --- Light ------------------------------------------------------------------------------------------
def load(context: BrowserContext, path: str) -> tuple[int, int, set[str]]:
    """Requests, bytes over the wire and hosts of a first visit."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    hosts: set[str] = set()
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.on("Network.requestWillBeSent", lambda event: hosts.add(urlsplit(event["request"]["url"]).netloc))
    page.goto(path, wait_until="networkidle")
    page.close()
    return len(sizes), sum(sizes), hosts - {""}


@pytest.mark.parametrize(("role", "path"), [(ANONYMOUS, "/akun/login/"), ("employee", "/")])
def test_a_first_visit_is_light_and_asks_nobody_else(role, path, seen_by, portal):
    requests, size, hosts = load(seen_by(role).context, path)
    assert 2 <= requests <= BUDGET_REQUESTS
    assert size <= BUDGET_BYTES
    assert hosts == {urlsplit(portal.url).netloc}


# --- In English -------------------------------------------------------------------------------------
@pytest.fixture
def english(seen_by):
    """The page of a role who chose English on the account page; it goes back to Indonesian."""
    chosen: list[Page] = []

    def choose(page: Page, language: str) -> None:
        page.goto(reverse("accounts:me"))
        page.locator(f"main button[name=language][value={language}]").click()

    def open_page(role: str) -> Page:
        page = seen_by(role)
        choose(page, "en")
        chosen.append(page)
        return page

    yield open_page
    for page in chosen:
        choose(page, "id")


SEEN_TEXT = """() => {
    document.querySelectorAll("[lang=id], [data-own], textarea, option").forEach(part => part.remove());
    return document.title + "\\n" + document.body.innerText;
}"""


def indonesian_lines(page: Page) -> list[str]:
    lines = page.evaluate(SEEN_TEXT).splitlines()
    return [line.strip()[:120] for line in lines if WORDS_LEFT.search(NAMES.sub("", line))]


@pytest.mark.parametrize("role", ["employee", "decider", "hr_central", "admin"])
def test_pages_in_english_keep_no_indonesian_sentences(role, english):
    page = english(role)
    found = {}
    for path in addresses(page, role).values():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en", path
        if left := indonesian_lines(page):
            found[path] = left[:4]
    assert found == {}
