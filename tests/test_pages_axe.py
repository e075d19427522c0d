"""Every page of the running portal as each role opens it: accessible, whole on a small screen, quiet, light."""

import re
from functools import cache
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
ANONYMOUS = "anonymous"
SHARED = ("/", "/akun/saya/", "/pemberitahuan/", "/pekerjaan/", "/kalender/")
PAGES = {
    ANONYMOUS: (
        "/akun/login/",
        "/akun/aktivasi/",
        "/akun/password/reset/",
        "/akun/kunci-sandi/",
        "/verifikasi/tidak-ada/",
        "/tidak-ada/",
    ),
    "employee": (
        *SHARED,
        "/akun/email/",
        "/akun/password/change/",
        "/akun/2fa/",
        "/akun/sessions/",
        "/akun/token/",
        "/cuti/kalender-tim/",
        "/cuti/permohonan/baru/",
        "/cuti/saldo/",
        "/cuti/saya/",
        "/pegawai/pelimpahan/saya/",
        "/pegawai/saya/",
        "/pekerjaan/proses/",
        "/pemberitahuan/pilihan/",
    ),
    "superior": ("/", "/pekerjaan/", "/cuti/kalender-tim/", "/pegawai/"),
    "decider": ("/", "/pekerjaan/", "/cuti/kalender-tim/"),
    "hr_central": (
        "/",
        "/cuti/kantor/",
        "/cuti/kantor/akhir-tahun/",
        "/cuti/kantor/pemeriksaan/",
        "/cuti/kantor/saldo-awal/",
        "/cuti/kantor/tanpa-pejabat/",
        "/kalender/",
        "/kalender/libur/baru/",
        "/kalender/pola/",
        "/pegawai/",
        "/pegawai/aktivasi/",
        "/pegawai/baru/",
        "/pegawai/impor/",
        "/pegawai/pelimpahan/",
        "/unit/",
        "/unit/baru/",
        "/unit/tanpa-kepala/",
    ),
    "hr_unit": ("/", "/pegawai/", "/pegawai/aktivasi/", "/cuti/kantor/", "/unit/"),
    "inspector": ("/", "/pegawai/", "/jejak/", "/cuti/kantor/"),
    "leader": ("/", "/pegawai/", "/cuti/kantor/"),
    "admin": ("/", "/jejak/", "/unit/", "/kalender/"),
    "citizen": ("/",),
}
UUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
BEHIND = {
    "employee": (("/cuti/saya/", rf"/cuti/permohonan/{UUID}/"), ("/cuti/saldo/", rf"/cuti/permohonan/{UUID}/")),
    "superior": (("/pekerjaan/", rf"/cuti/permohonan/{UUID}/"),),
    "decider": (("/pekerjaan/", rf"/cuti/permohonan/{UUID}/"),),
    "hr_central": (
        ("/pegawai/", rf"/pegawai/{UUID}/"),
        ("/unit/", rf"/unit/{UUID}/"),
        ("/pegawai/aktivasi/", rf"/pegawai/aktivasi/{UUID}/"),
        ("/kalender/", rf"/kalender/libur/{UUID}/"),
        ("/kalender/pola/", rf"/kalender/pola/{UUID}/"),
        ("/cuti/kantor/", rf"/cuti/permohonan/{UUID}/"),
        ("/cuti/kantor/saldo-awal/", rf"/cuti/saldo/{UUID}/awal/"),
    ),
}
"""Pages of one thing: the list that leads there, and what the link looks like."""
OF_A_PERSON = ("ubah", "pangkat", "jabatan", "hari-kerja", "pelimpahan", "berhenti", "nomor")
OF_A_UNIT = ("ubah", "nama", "pindah", "tutup", "pimpinan")
WORDS_LEFT = re.compile(
    r"\b(dan|yang|untuk|dengan|belum|sudah|Anda|Simpan|Batalkan|Cari|Masuk|hari|dari|tidak|Menunggu|Tanggal|saya"
    r"|Semua|Tambah|Ubah|Hapus|Lihat|Unduh|Pegawai|Berkas|Kembali|Nama|Terapkan|Pilih|Beranda|pada|atau|sejak)\b"
)
NAMES = re.compile(
    r"\b(Asisten|Badan|Bagian|Bidang|Camat|Dinas|Inspektorat|Jalan|Kecamatan|Kelurahan|Kepala|KEPALA|Lurah"
    r"|Penata|Pengelola|Perawat|Pranata|Sekolah|Sekretar\w+|Seksi|Staf|Subbag\w+|UPTD)\b[^\t·,:;]*"
)
"""Offices and posts are called what they are called in every language."""
BUDGET_REQUESTS, BUDGET_BYTES = 8, 80_000


@cache
def axe() -> Axe:
    return Axe()


@pytest.fixture
def as_role(portal, browser):
    """A signed-in context of a role; sign-in happens over HTTP alone."""
    made: list[BrowserContext] = []

    def open_context(role: str, **options) -> BrowserContext:
        context = browser.new_context(base_url=portal.url, viewport=WIDE, locale="id-ID", **options)
        made.append(context)
        if role != ANONYMOUS:
            account = portal.accounts[role]
            page = context.new_page()
            page.goto("/akun/login/")
            page.fill("[name=login]", account["login"])
            page.fill("[name=password]", account["password"])
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_url("**/")
            page.close()
        return context

    yield open_context
    for context in made:
        context.close()


def addresses(page: Page, role: str) -> list[str]:
    """The role's pages, with one of each kind that only a list leads to."""
    found = list(PAGES[role])
    for listing, pattern in BEHIND.get(role, ()):
        page.goto(listing)
        links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.pathname)")
        path = next((link for link in links if re.fullmatch(pattern, link)), None)
        assert path, f"no link like {pattern} on {listing}"
        found.append(path)
        if re.fullmatch(rf"/pegawai/{UUID}/", path):
            found += [f"{path}{name}/" for name in OF_A_PERSON]
        if re.fullmatch(rf"/unit/{UUID}/", path):
            found += [f"{path}{name}/" for name in OF_A_UNIT]
    return list(dict.fromkeys(found))


CONTRAST = {"runOnly": ["color-contrast"]}
BUT_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}


def violations(page: Page, **options) -> list[str]:
    found = axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
    return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"][:3]]


def faults(page: Page, path: str, noise: list[str]) -> list[str]:
    """All that is wrong with one page, in light, dark and on a small screen."""
    noise.clear()
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    answer = page.goto(path)
    found = [] if answer.status < 500 and (answer.status == 200 or "tidak-ada" in path) else [str(answer.status)]
    if page.locator("html").get_attribute("lang") != "id":
        found.append("lang")
    found += [f"light {each}" for each in violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark {each}" for each in violations(page, **CONTRAST)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"{width} px wide")
    found += [f"narrow {each}" for each in violations(page, **BUT_CONTRAST)]
    return found + [f"console {each}" for each in noise if "status of 404" not in each]


@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible_whole_and_quiet(role, as_role):
    page = as_role(role, reduced_motion="reduce").new_page()
    noise: list[str] = []
    page.on("console", lambda line: noise.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    found = {path: wrong for path in addresses(page, role) if (wrong := faults(page, path, noise))}
    assert found == {}


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
def test_a_first_visit_is_light_and_asks_nobody_else(role, path, as_role, portal):
    requests, size, hosts = load(as_role(role), path)
    assert 2 <= requests <= BUDGET_REQUESTS
    assert size <= BUDGET_BYTES
    assert hosts == {urlsplit(portal.url).netloc}


@pytest.fixture
def english(as_role):
    """Contexts of roles who chose English on their account page; they get Indonesian back."""
    chosen: list[Page] = []

    def choose(page: Page, language: str) -> None:
        page.goto("/akun/saya/")
        page.locator(f"main button[name=language][value={language}]").click()

    def open_page(role: str) -> Page:
        page = as_role(role).new_page()
        choose(page, "en")
        chosen.append(page)
        return page

    yield open_page
    for page in chosen:
        choose(page, "id")


SEEN_TEXT = """() => {
    const copy = document.body.cloneNode(true);
    copy.querySelectorAll("[lang=id], [data-own], textarea, script, option").forEach(part => part.remove());
    document.body.replaceChildren(...copy.childNodes);
    return document.title + "\\n" + document.body.innerText;
}"""


def indonesian_lines(page: Page) -> list[str]:
    lines = page.evaluate(SEEN_TEXT).splitlines()
    return [line.strip()[:120] for line in lines if WORDS_LEFT.search(NAMES.sub("", line))]


@pytest.mark.parametrize("role", ["employee", "decider", "hr_central", "inspector"])
def test_pages_in_english_keep_no_indonesian_sentences(role, english):
    page = english(role)
    found = {}
    for path in addresses(page, role):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en", path
        if left := indonesian_lines(page):
            found[path] = left[:4]
    assert found == {}
