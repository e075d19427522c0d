"""From SIASN's sheet to a decided leave, as people do it: browser, web server, worker, mail folder."""

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kepegawaian.lib.dates import today
from tests.support.portal import Portal
from tests.support.processes import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SHEET = Path(__file__).with_name("data") / "siasn_data_utama.xlsx"
GOVERNMENT = "Pemerintah Kota Contoh"
OFFICE, FIELD = "Dinas Pekerjaan Umum dan Penataan Ruang", "Bidang Bina Marga"
EMPLOYEE, COLLEAGUE = "198705042018052014", "197601082005102131"
SUPERIOR, DECIDER = "198111052011091344", "198309212011071302"
MAIL_OF = {EMPLOYEE: "dewi.13@contoh.test", COLLEAGUE: "aisyah.130@contoh.test"}
PASSWORD = "jembatan-merah-7"
PATIENCE_MS = 60_000
NARROW = {"width": 320, "height": 640}
NUMBER = re.compile(r"\d+")


@dataclass
class Office:
    """The portal after the import, and who has signed in for the first time."""

    portal: Portal
    browser: Browser
    active: set[str] = field(default_factory=set)

    def context(self, **options) -> BrowserContext:
        context = self.browser.new_context(base_url=self.portal.url, locale="id-ID", **options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def hr(self) -> Page:
        account = self.portal.accounts["hr_central"]
        return sign_in(self.context().new_page(), account["login"], account["password"])

    def page_of(self, nip: str, **options) -> Page:
        """A signed-in page of this person, who activates the account by a printed code first if need be."""
        if nip in self.active:
            return sign_in(self.context(**options).new_page(), nip, PASSWORD)
        unit = OFFICE if nip == DECIDER else FIELD
        code = print_code(self.hr(), unit, nip)
        self.active.add(nip)
        return activate(self.context(**options).new_page(), nip, code)


def sign_in(page: Page, login: str, password: str) -> Page:
    page.goto("/akun/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Selamat datang")
    return page


def print_code(page: Page, unit: str, nip: str) -> str:
    """HR prints one person's slip; what stands on it."""
    page.goto("/pegawai/aktivasi/")
    page.locator("main [name=q]").fill(unit)
    page.keyboard.press("Enter")
    units = page.locator("main tbody tr", has_text=GOVERNMENT if unit == OFFICE else OFFICE)
    units.get_by_role("link", name=unit, exact=True).last.click()  # example data have an office of that name too
    row = page.locator("tr[data-row]", has_text=nip[:8])
    row.filter(has=page.get_by_text(re.compile(rf"{nip[8:14]}\s*{nip[14]}\s*{nip[15:]}"))).get_by_role(
        "checkbox"
    ).check()
    page.get_by_role("button", name="Cetak kode").click()
    slip = page.locator("section.card")
    expect(slip).to_have_count(1)
    expect(slip).to_contain_text("/akun/aktivasi/")
    return slip.locator("code").inner_text()


def activate(page: Page, nip: str, code: str) -> Page:
    page.goto("/akun/aktivasi/")
    page.fill("[name=login]", nip)
    page.fill("[name=code]", code)
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_role("heading", name="Buat kata sandi Anda")).to_be_visible()
    for entry in page.locator("main input[type=password]").all():
        entry.fill(PASSWORD)
    page.get_by_role("button", name="Aktifkan dan masuk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Selamat datang")
    return page


@pytest.fixture(scope="module")
def office(portal, browser) -> Office:
    """HR central imports the sheet that SIASN gave."""
    found = Office(portal, browser)
    page = found.hr()
    page.goto("/pegawai/impor/")
    page.set_input_files("input[type=file]", SHEET)
    page.get_by_role("button", name="Baca berkas").click()
    expect(page.get_by_role("heading", name=SHEET.name)).to_be_visible()
    expect(page.get_by_role("button", name="Simpan", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    counts = page.get_by_text(re.compile(r"400\s+baris"))
    expect(counts).to_contain_text("ditolak")
    new, refused = (int(n) for n in re.search(r"(\d+) baru.* (\d+) ditolak", counts.inner_text(), re.S).groups())
    assert new + refused == 400
    assert refused >= 11  # siasn_data_utama.xlsx.expected.json
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text(f"{new} akun dibuat dan menunggu aktivasi")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Cetak kode aktivasi").click()
    expect(page.get_by_role("heading", name="Kode aktivasi")).to_be_visible()
    page.context.close()
    return found


def next_monday() -> datetime.date:
    """Far enough ahead that no rule about notice applies."""
    start = today() + datetime.timedelta(days=10)
    return start + datetime.timedelta(days=-start.weekday() % 7)


def left_on(page: Page, year: int) -> int:
    """The balance as its page shows it."""
    page.goto(f"/cuti/saldo/?tahun={year}")
    return int(NUMBER.search(page.locator(".balance .figure").first.inner_text()).group())


def fill_request(page: Page, start: datetime.date, end: datetime.date) -> None:
    page.goto("/cuti/permohonan/baru/")
    page.fill("[name=start]", start.isoformat())
    page.fill("[name=end]", end.isoformat())


def complete_and_send(page: Page) -> None:
    page.fill("[name=reason]", "Menghadiri pernikahan saudara di Soe.")
    page.fill("[name=address]", "Jalan Diponegoro 8, Soe")
    page.fill("[name=phone]", "0812 3700 1234")
    page.get_by_role("button", name="Kirim permohonan").click()
    expect(page.get_by_text("Permohonan terkirim.")).to_be_visible()


def preview_of(page: Page, before: int) -> int:
    """Days charged, as the panel says them; the arithmetic beside them must agree."""
    panel = page.locator("#preview")
    expect(panel).to_contain_text("hari kerja dihitung")
    days = int(NUMBER.search(panel.locator(".figure").first.inner_text()).group())
    expect(panel).to_contain_text(f"Sisa cuti {before} menjadi {before - days} hari")
    expect(panel).to_contain_text("Siapa yang memutuskan")
    expect(panel).to_contain_text(re.compile("eko bani", re.I))
    expect(panel).to_contain_text("Marthen Darwis Siregar")
    return days


def judge(page: Page, name: str, button: str) -> None:
    page.goto("/pekerjaan/")
    page.locator("main").get_by_role("link", name=re.compile(name, re.I)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(name, re.I))
    page.locator("input[name=outcome][value=approved]").check()
    page.get_by_role("button", name=button).click()


def mail_about(portal: Portal, nip: str, word: str) -> str:
    """Text of this person's first mail with the word; the worker sends it within a minute."""

    def found():
        texts = (
            f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in portal.mails(MAIL_OF[nip])
        )
        return next((text for text in texts if word in text.lower()), "")

    return until(found, seconds=60)


def test_annual_leave_from_the_printed_code_to_the_mail(office):
    page = office.page_of(EMPLOYEE)
    start = next_monday()
    before = left_on(page, start.year)
    fill_request(page, start, start + datetime.timedelta(days=2))
    page.locator("[name=end]").dispatch_event("change")
    days = preview_of(page, before)
    complete_and_send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cuti tahunan")
    expect(page.locator("main")).to_contain_text(re.compile("ada pada eko bani", re.I))
    assert left_on(page, start.year) == before - days

    superior = office.page_of(SUPERIOR)
    judge(superior, "Dewi Manafe", "Beri pertimbangan")
    decider = office.page_of(DECIDER)
    judge(decider, "Dewi Manafe", "Putuskan")

    text = mail_about(office.portal, EMPLOYEE, "diputuskan") or mail_about(office.portal, EMPLOYEE, "disetujui")
    address = re.search(r"https?://\S+", text).group()
    assert address.startswith(office.portal.url)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Disetujui")
    assert left_on(page, start.year) == before - days
    expect(page.locator("#mutasi")).to_contain_text(re.compile(r"cuti", re.I))


class Narrow:
    """Looks at every page it is sent to: nothing may stand outside a 320 px screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def check(self) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        # Scripts of the page are off; what the tools of the browser evaluate is not one of them.
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], self.page.url


def test_the_same_on_a_phone_without_javascript(office):
    phone = {"viewport": NARROW, "java_script_enabled": False}
    page = office.page_of(COLLEAGUE, **phone)
    narrow = Narrow(page)
    narrow.check()
    start = next_monday() + datetime.timedelta(days=1)
    before = left_on(page, start.year)
    narrow.check()
    fill_request(page, start, start + datetime.timedelta(days=1))
    narrow.check()
    page.get_by_role("button", name="Hitung").click()
    days = preview_of(page, before)
    narrow.check()
    complete_and_send(page)
    narrow.check()
    for nip, button in ((SUPERIOR, "Beri pertimbangan"), (DECIDER, "Putuskan")):
        officer = office.page_of(nip, **phone)
        officer.goto("/pekerjaan/")
        Narrow(officer).check()
        judge(officer, "Aisyah Maria Benu", button)
        Narrow(officer).check()
    page.goto("/cuti/saya/")
    expect(page.locator("main tbody tr").first).to_contain_text("Diberikan")
    narrow.check()
    assert left_on(page, start.year) == before - days
    narrow.check()
