"""Every page of the portal by role, and the way to it: for the tests that open all and for `make shots`."""

from pathlib import Path

from django.urls import resolve, reverse
from playwright.sync_api import Page

from kepegawaian.lib.dates import today

SHEET = Path(__file__).resolve().parents[1] / "data" / "siasn_data_utama.csv"
ANONYMOUS = "anonymous"
FORUM = "musrenbang-kota"
ANYWHERE = ""
"""Where a page that needs no link is found."""
PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    ANONYMOUS: {
        ANYWHERE: (
            "account_login",
            "account_signup",
            "account_confirm_email",
            "account_email_verification_sent",
            "account_inactive",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "accounts:activate",
            "accounts:passkey",
            "documents:verify",
            "socialaccount_login_cancelled",
            "feedback:accessibility",
            "feedback:ask_link",
            "feedback:find",
            "feedback:forum",
            "feedback:forum_moderation",
            "feedback:forum_proposals",
            "feedback:forum_results",
            "feedback:forums",
            "feedback:help",
            "feedback:privacy",
            "feedback:public_search",
            "feedback:report",
            "feedback:reports",
            "feedback:service",
            "feedback:services",
            "feedback:sign_up",
            "feedback:statistics",
            "feedback:statistics_year",
            "feedback:surveys",
            "feedback:whistle",
            "feedback:whistle_follow",
            "feedback:whistle_report",
        ),
        "feedback:forum": ("feedback:forum_meeting",),
        "feedback:forum_proposals": ("feedback:forum_proposal",),
        "feedback:forum_results": ("feedback:forum_result",),
        "feedback:reports": ("feedback:track",),
        "feedback:surveys": ("feedback:survey",),
    },
    "employee": {
        ANYWHERE: (
            "home",
            "account_logout",
            "account_email",
            "account_change_password",
            "accounts:me",
            "accounts:tokens",
            "account_reauthenticate",
            "calendars:this_year",
            "calendars:year",
            "employees:me",
            "employees:my_delegations",
            "evaluations:feedback_inbox",
            "evaluations:mine",
            "evaluations:my_credits",
            "leave:balance",
            "leave:new",
            "leave:requests",
            "leave:team_calendar",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_index",
            "mfa_list_webauthn",
            "notifications:inbox",
            "notifications:preferences",
            "socialaccount_connections",
            "socialaccount_login_error",
            "ui:door",
            "units:tree",
            "usersessions_list",
            "work:inbox",
            "work:jobs",
        ),
        "evaluations:feedback_inbox": ("evaluations:feedback_give", "evaluations:feedback_of"),
        "evaluations:mine": ("evaluations:plan", "evaluations:progress", "evaluations:evaluation"),
        "evaluations:evaluation": ("evaluations:objection",),
        "evaluations:plan": ("evaluations:plan_change", "evaluations:plan_share"),
        "leave:requests": ("leave:request",),
        "leave:request": ("leave:edit", "leave:withdraw"),
        "employees:me": ("leave:balance_of",),
    },
    "superior": {
        ANYWHERE: (
            "home",
            "work:inbox",
            "leave:team_calendar",
            "employees:list",
            "evaluations:calibration",
            "evaluations:open_evaluations",
            "evaluations:team",
        ),
        "evaluations:team": ("evaluations:person", "evaluations:team_matrix"),
        "evaluations:person": ("evaluations:follow_up",),
        "evaluations:follow_up": ("evaluations:coaching_new", "evaluations:propose"),
        "evaluations:calibration": ("evaluations:distribution",),
        "evaluations:open_evaluations": ("evaluations:assess", "evaluations:feedback_team"),
        "work:inbox": ("leave:request",),
    },
    "decider": {
        ANYWHERE: ("home", "work:inbox", "leave:team_calendar", "evaluations:organisation"),
        "evaluations:organisation": ("evaluations:organisation_set",),
        "work:inbox": ("leave:request",),
    },
    "hr_central": {
        ANYWHERE: (
            "home",
            "calendars:add_holiday",
            "calendars:patterns",
            "calendars:this_year",
            "employee_activation:index",
            "employee_imports:index",
            "employees:accounts",
            "employees:create",
            "employees:delegations_all",
            "employees:list",
            "evaluations:cycles",
            "evaluations:exports",
            "evaluations:monitor",
            "evaluations:people",
            "evaluations:talent",
            "heads:missing",
            "leave:checks",
            "leave:office",
            "leave:openings",
            "leave:without_holder",
            "leave:year_end",
            "units:create",
            "units:tree",
            "work:jobs",
        ),
        "calendars:this_year": ("calendars:holiday",),
        "calendars:patterns": ("calendars:unit_patterns",),
        "employee_activation:index": ("employee_activation:unit",),
        "employee_imports:index": ("employee_imports:detail",),
        "employees:accounts": ("employees:account",),
        "employees:account": ("employees:account_act", "employees:account_code"),
        "employees:list": ("employees:detail",),
        "employees:detail": (
            "employees:add_position",
            "employees:add_rank",
            "employees:correct_position",
            "employees:correct_rank",
            "employees:days",
            "employees:delegations",
            "employees:edit",
            "employees:end_position",
            "employees:end_service",
            "employees:number",
        ),
        "employees:correct_position": ("employees:withdraw_position",),
        "employees:correct_rank": ("employees:withdraw_rank",),
        "employees:days": ("employees:roster",),
        "evaluations:cycles": ("evaluations:cycle",),
        "evaluations:monitor": ("evaluations:unit",),
        "evaluations:people": ("evaluations:assessor", "evaluations:people_assessor"),
        "heads:missing": ("heads:name",),
        "leave:office": ("leave:request",),
        "leave:openings": ("leave:balance_of", "leave:opening"),
        "leave:balance_of": ("leave:collective",),
        "units:tree": ("units:detail",),
        "units:detail": ("units:close", "units:edit", "units:move", "units:rename"),
        "work:jobs": ("work:job",),
    },
    "whistle_officer": {
        ANYWHERE: ("home", "feedback:whistle_desk"),
        "feedback:whistle_desk": ("feedback:whistle_page",),
        "feedback:whistle_page": ("feedback:whistle_act", "feedback:whistle_reads"),
    },
    "hr_unit": {
        ANYWHERE: (
            "home",
            "employees:list",
            "employee_activation:index",
            "evaluations:mine",
            "leave:office",
            "units:tree",
        ),
        "evaluations:mine": ("evaluations:plan_edit",),
    },
    "inspector": {
        ANYWHERE: ("home", "employees:list", "evaluations:mine", "leave:office"),
        "evaluations:mine": ("evaluations:plan_start",),
    },
    "leader": {ANYWHERE: ("home", "employees:list", "leave:office")},
    "admin": {ANYWHERE: ("home", "audit:events", "units:tree")},
    "complaint_admin": {
        ANYWHERE: (
            "home",
            "feedback:counter",
            "feedback:desk",
            "feedback:desk_template_new",
            "feedback:desk_templates",
            "feedback:forum_desk",
            "feedback:forum_new",
            "feedback:forum_people",
            "feedback:forum_queue",
            "feedback:forum_results",
            "feedback:forum_proposals",
        ),
        "feedback:desk": ("feedback:case",),
        "feedback:case": (
            "feedback:case_act",
            "feedback:case_moderation",
            "feedback:case_clocks",
            "feedback:case_reads",
        ),
        "feedback:forum_desk": ("feedback:forum_manage",),
        "feedback:forum_manage": (
            "feedback:forum_copy",
            "feedback:forum_edit",
            "feedback:forum_meeting_new",
            "feedback:forum_phases",
            "feedback:forum_propose_officially",
            "feedback:forum_result_new",
            "feedback:forum_results_import",
        ),
        "feedback:forum_proposals": ("feedback:forum_proposal",),
        "feedback:forum_proposal": ("feedback:forum_answer", "feedback:forum_note"),
        "feedback:forum_queue": ("feedback:forum_moderate",),
        "feedback:forum_results": ("feedback:forum_result",),
        "feedback:forum_result": ("feedback:forum_progress", "feedback:forum_result_edit"),
    },
    "complaint_liaison": {
        ANYWHERE: ("home", "feedback:forum_desk", "feedback:survey_create", "feedback:survey_office"),
        "feedback:survey_office": ("feedback:survey_desk",),
        "feedback:survey_desk": ("feedback:survey_change", "feedback:survey_method", "feedback:survey_reword"),
        "feedback:forum_desk": ("feedback:forum_manage",),
        "feedback:forum_manage": ("feedback:forum_meeting",),
        "feedback:forum_meeting": (
            "feedback:forum_meeting_files",
            "feedback:forum_poll_new",
            "feedback:forum_poll_close",
        ),
    },
    "citizen": {
        ANYWHERE: (
            "home",
            "feedback:forum",
            "feedback:forum_mine",
            "feedback:forum_propose",
            "feedback:forum_proposals",
            "feedback:my_reports",
        ),
        "feedback:forum_proposals": ("feedback:forum_proposal",),
        "feedback:forum_proposal": ("feedback:forum_amend", "feedback:forum_flag"),
        "feedback:forum_mine": ("feedback:forum_ticket",),
        "feedback:forum_ticket": ("feedback:forum_give_up",),
        "feedback:my_reports": ("feedback:mine",),
    },
}
NAMED = {
    "account_confirm_email": {"key": "tidak-ada"},
    "account_reset_password_from_key": {"uidb36": "0", "key": "tidak-ada"},
    "calendars:year": {"year": 2027},
    "documents:verify": {"token": "tidak-ada"},
    "feedback:forum": {"slug": FORUM},
    "feedback:forum_proposals": {"slug": FORUM},
    "feedback:forum_propose": {"slug": "konsultasi-publik"},
    "feedback:forum_results": {"slug": FORUM},
    "feedback:service": {"code": "akta"},
    "feedback:statistics_year": {"year": today().year},
    "ui:door": {"code": "my"},
}
QUERY = {
    ("hr_central", "employees:list"): "?sort=golongan",
    ("superior", "work:inbox"): "?kind=leave.opinion",
    ("decider", "work:inbox"): "?kind=leave.decision",
}
"""The highest rank first: such a person leads a unit, and his page has every link. And requests in an inbox."""


def sign_in(page: Page, account: dict[str, str]) -> Page:
    page.goto("/akun/login/")
    page.fill("[name=login]", account["login"])
    page.fill("[name=password]", account["password"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/akun/login/" not in url)
    return page


def start_work(page: Page) -> None:
    """An import that waits for its confirmation, and a job."""
    few = b"".join(SHEET.read_bytes().splitlines(keepends=True)[:4])
    page.goto(reverse("employee_imports:index"))
    page.set_input_files("[name=file]", {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": few})
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("[formaction$='/batal/']")
    page.goto(reverse("leave:year_end"))
    page.locator("main form button[value=preview]").click()
    page.wait_for_url("**/pekerjaan/**")


WITH = {"evaluations:evaluation": "evaluations:objection"}
"""Of several things the one whose page leads on: a result that was not read yet has no objection."""


def links_to(page: Page, route: str) -> list[str]:
    links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.pathname)")
    return [link for link in dict.fromkeys(links) if resolve(link).view_name == route]


def leads_on(page: Page, link: str, route: str) -> bool:
    page.goto(link)
    found = links_to(page, route)
    return any(leads_on(page, one, WITH[route]) for one in found) if route in WITH else bool(found)


def linked(page: Page, route: str) -> str:
    """The first address on the page that leads to `route`."""
    here, found = page.url, links_to(page, route)
    if route in WITH:
        found = [link for link in found if leads_on(page, link, WITH[route])]
        page.goto(here)
    assert found, f"no link to {route} on {here}"
    return found[0]


def addresses(page: Page, role: str) -> dict[str, str]:
    """Route -> address of the role's pages."""
    found: dict[str, str] = {}
    for place, wanted in PAGES[role].items():
        if place != ANYWHERE:
            page.goto(found[place])
        for route in wanted:
            if place != ANYWHERE:
                found[route] = linked(page, route)
            else:
                found[route] = reverse(route, kwargs=NAMED.get(route)) + QUERY.get((role, route), "")
    return found


TORN = """() => [...document.querySelectorAll("main *")]
    .filter(one => !one.children.length && one.textContent.trim() && one.tagName !== "OPTION")
    .filter(one => {
        const words = one.textContent.trim().split(/\\s+/), range = document.createRange();
        range.selectNodeContents(one);
        const tops = new Set([...range.getClientRects()].map(line => Math.round(line.top)));
        const room = words.reduce((lines, word) => lines + Math.max(2, Math.ceil(word.length / 8)), 0);
        return tops.size > room;
    })
    .map(one => `torn: ${one.textContent.trim().slice(0, 40)}`)"""
RAW = """() => [...document.querySelectorAll("main *")]
    .filter(one => !one.children.length && /^(None|True|False|[[{]'.*)$/.test(one.textContent.trim()))
    .map(one => `raw: ${one.parentElement.textContent.trim().slice(0, 60)}`)"""


def cramped(page: Page) -> list[str]:
    """What stands outside the screen, words that stand in letters below each other for want of room, and values
    that were written as Python calls them."""
    width, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*([f"{width} px wide"] if width > screen else []), *page.evaluate(TORN), *page.evaluate(RAW)]
