"""`make shots`: pictures of the main pages, per role, width and colour scheme, into var/shots/.

BASE=http://host:port takes a running portal (its demo-accounts.json is looked for in VAR_DIR); without it the demo
is started in var/shots/portal and ended again. With --readme: only docs/img/home.png, the employee's home page.
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.portal import Portal

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
SHOTS, README = VAR / "shots", ROOT / "docs" / "img" / "home.png"
WIDTHS, SCHEMES = (320, 768, 1440), ("light", "dark")
README_SIZE = {"width": 1280, "height": 800}
PAGES = {
    "": {"masuk": "/akun/login/", "aktivasi": "/akun/aktivasi/"},
    "employee": {
        "beranda": "/",
        "saldo": "/cuti/saldo/",
        "cuti-saya": "/cuti/saya/",
        "ajukan": "/cuti/permohonan/baru/",
        "data-saya": "/pegawai/saya/",
        "kalender": "/kalender/",
        "akun": "/akun/saya/",
        "pemberitahuan": "/pemberitahuan/",
    },
    "decider": {"beranda": "/", "menunggu": "/pekerjaan/", "kalender-tim": "/cuti/kalender-tim/"},
    "hr_central": {
        "beranda": "/",
        "pegawai": "/pegawai/",
        "pegawai-baru": "/pegawai/baru/",
        "unit": "/unit/",
        "impor": "/pegawai/impor/",
        "aktivasi": "/pegawai/aktivasi/",
        "kantor": "/cuti/kantor/",
        "saldo-awal": "/cuti/kantor/saldo-awal/",
        "akhir-tahun": "/cuti/kantor/akhir-tahun/",
    },
    "inspector": {"jejak": "/jejak/"},
}


@contextlib.contextmanager
def portal() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Address and accounts by role, of the portal that is running or of one for this run."""
    if base := os.environ.get("BASE"):
        rows = json.loads((VAR / "demo-accounts.json").read_text())
        yield base, {row["role"]: row for row in rows}
        return
    home = SHOTS / "portal"
    shutil.rmtree(home, ignore_errors=True)
    own = Portal(home)
    try:
        own.await_ready()
        yield own.url, own.accounts
    finally:
        own.stop()


def signed_in(browser: Browser, base: str, account: dict[str, str] | None) -> Page:
    page = browser.new_context(base_url=base, locale="id-ID", reduced_motion="reduce").new_page()
    if account:
        page.goto("/akun/login/")
        page.fill("[name=login]", account["login"])
        page.fill("[name=password]", account["password"])
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/")
    return page


def take_all(browser: Browser, base: str, accounts: dict[str, dict[str, str]]) -> int:
    taken = 0
    for role, pages in PAGES.items():
        page = signed_in(browser, base, accounts.get(role))
        for name, path in pages.items():
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    page.goto(path)
                    file = SHOTS / f"{role or 'tamu'}-{name}-{width}-{scheme}.png"
                    page.screenshot(path=file, full_page=True)
                    taken += 1
        page.context.close()
    return taken


def take_readme(browser: Browser, base: str, accounts: dict[str, dict[str, str]]) -> None:
    README.parent.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, base, accounts["employee"])
    page.set_viewport_size(README_SIZE)
    page.goto("/")
    page.screenshot(path=README)


def main() -> int:
    executable = chromium.find()
    if executable is None:
        sys.stderr.write(f"Chromium tidak ditemukan. {chromium.HOW_TO_GET_IT}\n")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    with portal() as (base, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options(executable))  # type: ignore[arg-type]
        if "--readme" in sys.argv:
            take_readme(browser, base, accounts)
            print(README.relative_to(ROOT), README.stat().st_size, "bytes")
        else:
            print(take_all(browser, base, accounts), "pictures in", SHOTS)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
