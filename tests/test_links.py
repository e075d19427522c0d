"""No link of any page leads to an error, a refusal or nothing: everybody follows all links that he is shown."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import APIRequestContext

from tests.support.pages import ANONYMOUS, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ALIKE = 2
"""So many addresses are opened that differ in keys, numbers and values alone."""
ENOUGH = 40
"""Pages that even the role with the fewest is led to; fewer: the links were not read."""
HREF = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
ROLES = (
    *(ANONYMOUS, "citizen", "employee", "superior", "decider", "hr_unit", "hr_central", "leader", "inspector"),
    *("complaint_admin", "complaint_liaison", "whistle_officer", "admin"),
)


def shape(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    return KEY.sub("*", parts.path), *sorted(name for name, _value in parse_qsl(parts.query))


def links(page: str, here: str, site: str) -> Iterator[str]:
    """Of the portal itself, without the place within a page."""
    for href in HREF.findall(page):
        url = urljoin(here, unescape(href)).partition("#")[0]
        if url.startswith(f"{site}/"):
            yield url


def walk(request: APIRequestContext, site: str) -> dict[str, int]:
    """Address -> status of what was opened."""
    waiting, known, shapes, found = deque([f"{site}/"]), {f"{site}/"}, Counter(), {}
    while waiting:
        url = waiting.popleft()
        shapes[shape(url)] += 1
        if shapes[shape(url)] > ALIKE:
            continue
        answer = request.get(url)
        found[url] = answer.status
        if "text/html" in answer.headers.get("content-type", ""):
            new = [link for link in links(answer.text(), answer.url, site) if link not in known]
            known.update(new)
            waiting.extend(new)
        answer.dispose()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_link_that_is_shown_leads_somewhere(portal, browser, role):
    context = browser.new_context(base_url=portal.url, locale="id-ID")
    try:
        if role != ANONYMOUS:
            sign_in(context.new_page(), portal.accounts[role])
        found = walk(context.request, portal.url)
    finally:
        context.close()
    assert {url: status for url, status in found.items() if status >= 400} == {}
    assert len(found) > ENOUGH


def test_public_pages_fit_the_screen_of_a_feature_phone(portal, browser):
    """240 px; with scripts, which add switches and menus."""
    tiny = {"width": 240, "height": 320}
    context = browser.new_context(base_url=portal.url, locale="id-ID", viewport=tiny)
    one_of_each = {shape(url): url for url, status in walk(context.request, portal.url).items() if status == 200}
    page, wide = context.new_page(), {}
    for url in one_of_each.values():
        answer = context.request.head(url)
        if "text/html" in answer.headers.get("content-type", ""):
            page.goto(url)
            if (width := page.locator("html").evaluate("html => html.scrollWidth")) > tiny["width"]:
                wide[url] = width
    context.close()
    assert len(one_of_each) > ENOUGH // 2
    assert wide == {}
