"""`make shots`: every page of each role, in Indonesian and English, by width and colour scheme, into var/shots/.

BASE=http://host:port takes a running portal (its demo-accounts.json is looked for in VAR_DIR); without it the demo
is started in var/shots/portal and ended again. Roles as arguments take only theirs: `make shots ARGS="employee"`.
With --readme: only docs/img/home.png, the employee's home page.
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.pages import ANONYMOUS, PAGES, addresses, sign_in, start_work
from tests.support.portal import Portal

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
SHOTS, README = VAR / "shots", ROOT / "docs" / "img" / "home.png"
WIDTHS, SCHEMES = (320, 768, 1440), ("light", "dark")
README_SIZE = {"width": 1280, "height": 800}
LANGUAGES = ("id", "en")


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
        os.environ["VAR_DIR"] = str(home)  # Django, set up for the addresses of pages, shares its services
        yield own.url, own.accounts
    finally:
        own.stop()


def page_of(browser: Browser, base: str, accounts: dict[str, dict[str, str]], role: str) -> Page:
    page = browser.new_context(base_url=base, locale="id-ID", reduced_motion="reduce").new_page()
    return page if role == ANONYMOUS else sign_in(page, accounts[role])


def speak(page: Page, language: str) -> None:
    """The language of the account; nobody's account has none."""
    page.goto(reverse("accounts:me"))
    page.locator(f"main button[name=language][value={language}]").click()


def take_all(browser: Browser, base: str, accounts: dict[str, dict[str, str]], roles: list[str]) -> int:
    taken = 0
    for role in roles:
        page = page_of(browser, base, accounts, role)
        if role == "hr_central":
            start_work(page)
        for language in LANGUAGES if role != ANONYMOUS else LANGUAGES[:1]:
            if role != ANONYMOUS:
                speak(page, language)
            for route, path in addresses(page, role).items():
                taken += take(page, path, f"{role}-{route.replace(':', '-')}-{language}")
        if role != ANONYMOUS:
            speak(page, LANGUAGES[0])
        page.context.close()
    return taken


def take(page: Page, path: str, name: str) -> int:
    """A picture of the page in each width and scheme."""
    page.goto(path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
    return len(WIDTHS) * len(SCHEMES)


def take_readme(browser: Browser, base: str, accounts: dict[str, dict[str, str]]) -> None:
    README.parent.mkdir(parents=True, exist_ok=True)
    page = page_of(browser, base, accounts, "employee")
    page.set_viewport_size(README_SIZE)
    page.goto("/")
    page.screenshot(path=README)


def main() -> int:
    executable = chromium.find()
    if executable is None:
        sys.stderr.write(f"Chromium tidak ditemukan. {chromium.HOW_TO_GET_IT}\n")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepegawaian.settings.dev")
    with portal() as (base, accounts), sync_playwright() as playwright:
        django.setup()
        browser = playwright.chromium.launch(**chromium.launch_options(executable))  # type: ignore[arg-type]
        if "--readme" in sys.argv:
            take_readme(browser, base, accounts)
            print(README.relative_to(ROOT), README.stat().st_size, "bytes")
        else:
            roles = [role for role in PAGES if role in sys.argv[1:]] or list(PAGES)
            print(take_all(browser, base, accounts, roles), "pictures in", SHOTS)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
