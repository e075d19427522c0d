"""Every page costs the same statements with one row of everything as with fifty, and no page is heavy.

Each page is opened by the first of `VIEWERS` who may, in a world with one of each thing, then again when there are
fifty. A page whose rows do not become more is named in `WITHOUT_ROWS` with the reason; a new page is found by its
route and needs no listing here unless it has no rows.
"""

import datetime
import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.accounts.models import AccessToken
from kepegawaian.audit import services as audit
from kepegawaian.calendars.models import Holiday, UnitPattern
from kepegawaian.employees.models import Delegation, ImportBatch, ImportRow, PersonPattern
from kepegawaian.lib.dates import today
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import Job
from leave import services
from leave.models import LeaveStep
from tests.employees.factories import Cast, make_head
from tests.leave.factories import Flow, data, day
from tests.support import evaluations_world, feedback_world
from tests.support.routes import routes
from tests.support.world import TODAY, World, make_world
from tests.units.factories import UnitFactory

MATRIX = Path(__file__).with_name("access_matrix.json")
VIEWERS = ("employee", "hr_central", "admin", "anonymous")
OWN_VIEWER = {
    "home": "superior",
    "work:inbox": "superior",
    "leave:team_calendar": "superior",
    "employee_imports:detail": "hr_central",
    "work:jobs": "hr_central",
    "work:job": "hr_central",
    "units:detail": "hr_central",
    "employees:detail": "hr_central",
    "employees:delegations": "hr_central",
    "feedback:case": "complaint_liaison",
    "feedback:desk": "complaint_liaison",
    "feedback:survey_office": "complaint_liaison",
    "evaluations:assess": "superior",
    "evaluations:calibration": "superior",
    "evaluations:distribution": "superior",
    "evaluations:feedback_team": "superior",
    "evaluations:open_evaluations": "superior",
    "evaluations:team": "superior",
    "evaluations:team_matrix": "superior",
    "evaluations:organisation": "decider",
    "evaluations:organisation_set": "decider",
    "feedback:my_reports": "citizen",
    "feedback:forum_mine": "citizen",
}
"""Where the first who may is not the one with rows."""
FEW, MANY = 1, 49
A_PAGE_OF_ROWS = 20
STATEMENTS, PAGE_BYTES = 10, 40_000
BUDGETS = {
    "leave:edit": 25,
    "leave:request": 18,
    "units:detail": 12,
    "feedback:case": 12,
    "feedback:forum": 14,
    "feedback:forum_manage": 13,
    "feedback:mine": 15,
    "feedback:track": 12,
}
"""Pages that gather several lists or preview a write."""
QUERY = {"leave:team_calendar": {"bulan": "2026-04"}, "evaluations:talent": {"tahun": "2025"}}
FORMS_OF_FEEDBACK = [
    "ask_link",
    "case_act",
    "counter",
    "desk_template",
    "desk_template_new",
    "find",
    "forum_amend",
    "forum_answer",
    "forum_attendance",
    "forum_comment",
    "forum_copy",
    "forum_edit",
    "forum_file_remove",
    "forum_flag",
    "forum_meeting_cancel",
    "forum_meeting_edit",
    "forum_meeting_files",
    "forum_meeting_new",
    "forum_minutes",
    "forum_moderate",
    "forum_new",
    "forum_note",
    "forum_phases",
    "forum_poll_close",
    "forum_poll_new",
    "forum_progress",
    "forum_proposal_comment",
    "forum_proposal_edit",
    "forum_propose",
    "forum_propose_officially",
    "forum_publish",
    "forum_publish_all",
    "forum_register",
    "forum_result_edit",
    "forum_result_new",
    "forum_results_import",
    "forum_withdraw",
    "report",
    "sign_up",
    "survey_change",
    "survey_create",
    "survey_method",
    "survey_plan",
    "survey_plan_add",
    "survey_plan_change",
    "survey_reword",
    "survey_take_back",
    "survey_tokens",
    "whistle_act",
    "whistle_follow",
    "whistle_report",
]
FORMS_OF_FOLLOW_UP = [
    "chain",
    "chain_open",
    "coaching_close",
    "coaching_competency",
    "coaching_new",
    "coaching_review",
    "coaching_session",
    "credit_reverse",
    "credits_convert",
    "credits_education",
    "credits_give_back",
    "credits_integrasi",
    "credits_jenjang",
    "propose",
    "recommendation_answer",
    "talent_place",
]
WITHOUT_ROWS = {
    "for people who are not signed in": (
        "account_confirm_email",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_signup",
        "accounts:activate",
        "accounts:passkey",
        "socialaccount_login_cancelled",
    ),
    "one account, whose parts are few": (
        "account_change_password",
        "account_email",
        "account_reauthenticate",
        "account_set_password",
        "accounts:me",
        "employees:account",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "notifications:preferences",
        "socialaccount_connections",
    ),
    "a form": (
        *(f"feedback:{name}" for name in FORMS_OF_FEEDBACK),
        "calendars:add_holiday",
        "calendars:holiday",
        *(f"evaluations:{name}" for name in FORMS_OF_FOLLOW_UP),
        "evaluations:assess",
        "evaluations:cycle",
        "evaluations:evaluation",
        "evaluations:feedback_give",
        "evaluations:feedback_team",
        "evaluations:objection",
        "evaluations:objection_withdraw",
        "evaluations:organisation_set",
        "evaluations:people_assessor",
        "evaluations:plan_change",
        "evaluations:plan_edit",
        "evaluations:plan_start",
        "employees:account_act",
        "employees:account_code",
        "employees:add_position",
        "employees:add_rank",
        "employees:correct_position",
        "employees:correct_rank",
        "employees:create",
        "employees:edit",
        "employees:end_pattern",
        "employees:end_position",
        "employees:end_service",
        "employees:number",
        "employees:withdraw_position",
        "employees:withdraw_rank",
        "heads:name",
        "leave:edit",
        "leave:new",
        "leave:opening",
        "leave:undo_collective",
        "leave:withdraw",
        "units:close",
        "units:create",
        "units:edit",
        "units:move",
        "units:rename",
        "units:reopen",
    ),
    "counted with rows of their own in the tests of feedback": (
        *(f"feedback:forum_{name}" for name in ("mine", "moderation", "people", "proposal", "proposals", "queue")),
        *(f"feedback:{name}" for name in ("public_search", "services", "statistics")),
    ),
    "words": ("feedback:accessibility", "feedback:help", "feedback:privacy", "feedback:whistle"),
    "two cards": ("evaluations:exports",),
    "one thing": (
        "feedback:case_clocks",
        "feedback:case_moderation",
        "feedback:case_reads",
        "feedback:forum_amendment",
        "feedback:forum_meeting",
        "feedback:forum_result",
        "feedback:forum_versions",
        "feedback:service",
        "feedback:survey_screen_thanks",
        "feedback:track",
        "employees:roster",
        "leave:collective",
        "ui:door",
        "work:job",
    ),
    "the first few of each list": ("home",),
    "suggestions, a few at most": (
        "employees:suggest",
        "evaluations:assessor_suggest",
        "leave:colleagues",
        "units:suggest",
    ),
    "one line for each unit below": ("evaluations:organisation",),
    "a chart": ("evaluations:distribution",),
    "no period is over yet; counted in tests/evaluations/test_ratings_views.py": ("evaluations:open_evaluations",),
    "its branches open one by one": ("units:tree",),
    "allauth asks the few sessions of a person one by one whether they still run": ("usersessions_list",),
    "drawn by Swagger UI": ("api_docs",),
}


# --- More of everything -----------------------------------------------------------------------------
def days(count: int, back: int = 0) -> list[datetime.date]:
    """Different days long ago, none of them used by another call with another `back`."""
    return [datetime.date(2018, 1, 1) + datetime.timedelta(back + number) for number in range(count)]


def grow_people(world: World, count: int) -> None:
    """Colleagues of `employee`, each with a request; some of those without a holder, some to be checked."""
    cast = Cast()
    people = [cast.person(world.gov.section) for _ in range(2 * count)]
    cast.write()
    filed = [services.file_request(actor=each.user, employee=each, data=data()) for each in people]
    LeaveStep.objects.filter(request__in=filed[:count]).update(holder=None, kind="check")


def grow_own_requests(world: World, count: int) -> None:
    flow = Flow(world.gov)
    for _ in range(count):
        services.withdraw(actor=flow.employee.user, request=flow.submitted(day(7, 6), day(7, 7)))


def grow_notices(world: World, count: int) -> None:
    old = Message.objects.filter(recipient=world.people["employee"], key="1").get()
    rows = [
        Message(recipient=old.recipient, kind=old.kind, key=str(uuid.uuid4()), context=old.context)
        for _ in range(count)
    ]
    Message.objects.bulk_create(rows)


def grow_units(world: World, count: int) -> None:
    """Units without a head, each with a pattern and with somebody whose account is not in use yet."""
    cast = Cast()
    for number in range(count):
        unit = UnitFactory(parent=world.gov.section, name=f"Subseksi {number} {uuid.uuid4().hex[:6]}")
        UnitPattern.objects.create(unit=unit, kind="five_day", valid_from=today())
        cast.person(unit)
    cast.write()


def grow_jobs(world: World, count: int) -> None:
    owner = world.people["hr_central"]
    Job.objects.bulk_create([Job(kind="leave.year_end", owner=owner) for _ in range(count)])
    ImportBatch.objects.bulk_create(
        [ImportBatch(layout="siasn", state="preview", created_by=owner) for _ in range(count)]
    )
    batch = ImportBatch.objects.get(pk=world.objects["employee_imports"]["pk"])
    first = batch.rows.count() + 2
    batch.rows.bulk_create(
        [
            ImportRow(batch=batch, number=first + number, verdict="new", employee=world.gov.employee)
            for number in range(count)
        ]
    )


def grow_calendar(world: World, count: int) -> None:
    first = Holiday.objects.filter(date__year=2026).count()
    Holiday.objects.bulk_create(
        [
            Holiday(date=datetime.date(2026, 1, 1) + datetime.timedelta(first + number), kind="national")
            for number in range(count // 2 + 1)
        ]
    )
    taken = UnitPattern.objects.filter(unit=world.gov.section).count()
    UnitPattern.objects.bulk_create(
        [UnitPattern(unit=world.gov.section, kind="five_day", valid_from=date) for date in days(count, taken)]
    )


def grow_own_facts(world: World, count: int) -> None:
    """What the employee has many of: delegations, own patterns, ranks and posts held before, tokens."""
    employee, user = world.gov.employee, world.people["employee"]
    taken = PersonPattern.objects.filter(employee=employee).count()
    span = [{"valid_from": date, "valid_to": date} for date in days(count, taken)]
    Delegation.objects.bulk_create(
        [
            Delegation(
                principal=employee, delegate=world.gov.colleague, decree_number="2",
                valid_from=today() + datetime.timedelta(number), valid_to=today() + datetime.timedelta(number),
            )
            for number in range(count)
        ]
    )  # fmt: skip
    PersonPattern.objects.bulk_create([PersonPattern(employee=employee, kind="five_day", **one) for one in span])
    rank, holding = employee.ranks.latest("valid_from"), employee.holdings.latest("valid_from")
    for row in (rank, holding):
        facts = {
            field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"
        }
        type(row).objects.bulk_create([type(row)(**(facts | one)) for one in span])
    for number in range(count):
        AccessToken.objects.create(user=user, name=f"Program {number}")


def grow_events(world: World, count: int) -> None:
    for _ in range(count):
        audit.record("employees.changed", world.gov.employee, actor=world.people["hr_central"])
        audit.record("units.changed", world.gov.section, actor=world.people["hr_central"])


def grow_heads(world: World, count: int) -> None:
    for number in range(min(count, 3)):
        make_head(UnitFactory(parent=world.gov.section, name=f"Subbag {number}"))


GROWTH = (
    grow_people,
    grow_own_requests,
    grow_notices,
    grow_units,
    grow_jobs,
    grow_calendar,
    grow_own_facts,
    grow_events,
    grow_heads,
    *feedback_world.GROWTH,
    *evaluations_world.GROWTH,
)


# --- Measuring --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cost:
    statements: int
    counting: int
    """Of these, the ones that count: a list that fits on one page needs none."""
    rows: int
    size: int


def pages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Route -> who opens it, names of its arguments; every route that answers somebody with 200."""
    table, found = json.loads(MATRIX.read_text()), {}
    for route, names in routes().items():
        may = [role for role, answer in table.get(route, {}).items() if answer.startswith("200")]
        if may and "api:" not in route:
            viewer = OWN_VIEWER.get(route) or next((role for role in VIEWERS if role in may), may[0])
            found[route] = viewer, names
    return found


def cost(client: Client, url: str, query: dict[str, str]) -> Cost | None:
    """Of the page opened for the second time; nothing for what is no page."""
    first = client.get(url, query)
    if first.streaming:
        first.getvalue()
    if first.status_code != 200 or not first.get("Content-Type", "").startswith("text/html"):
        return None
    with CaptureQueriesContext(connection) as captured:
        html = client.get(url, query).content.decode()
    counting = sum("COUNT(" in query["sql"] for query in captured)
    rows = len(re.findall(r"<tr\b|<li\b|class=\"card\b", html.partition("<main")[2] or html))
    return Cost(len(captured), counting, rows, len(html.encode()))


def measure(world: World) -> dict[str, Cost]:
    found = {}
    for route, (viewer, names) in pages().items():
        client = Client()
        if viewer != "anonymous":
            client.force_login(world.people[viewer])
        url = reverse(route, kwargs=world.kwargs(route, names))
        if measured := cost(client, url, QUERY.get(route, {})):
            found[route] = measured
    return found


def size_at_25(few: Cost, many: Cost) -> float:
    """Bytes with 25 rows; a page that is not turned shows all fifty, each as heavy as the others."""
    more = many.rows - few.rows
    return few.size + (many.size - few.size) * min(1, 24 / more) if more > 0 else many.size


@pytest.fixture
def measured(db, time_machine) -> tuple[dict[str, Cost], dict[str, Cost]]:
    time_machine.move_to(TODAY, tick=False)
    world = make_world()
    found = []
    for count in (FEW, MANY):
        for grow in GROWTH:
            grow(world, count)
        found.append(measure(world))
    return found[0], found[1]


def test_pages_cost_the_same_with_one_row_as_with_fifty_and_are_light(measured):
    few, many = measured
    assert set(few) == set(many)
    grown = {
        route: (few[route].statements, cost.statements)
        for route, cost in many.items()
        if cost.statements - cost.counting != few[route].statements - few[route].counting
    }
    dear = {
        route: cost.statements for route, cost in many.items() if cost.statements > BUDGETS.get(route, STATEMENTS)
    }
    heavy = {route: size for route in many if (size := size_at_25(few[route], many[route])) > PAGE_BYTES}
    assert (grown, dear, heavy) == ({}, {}, {})
    without = {route for reason in WITHOUT_ROWS.values() for route in reason}
    with_rows = {route for route, cost in many.items() if cost.rows >= A_PAGE_OF_ROWS}
    assert sorted(set(many) - with_rows - without) == [], "pages whose rows did not grow"
    assert sorted(without & with_rows) + sorted(without - set(many)) == [], "named as without rows"
