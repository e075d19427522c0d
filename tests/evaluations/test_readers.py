"""One compiled statement serves many readers, and shows each only what is theirs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.enums import PlanState
from evaluations.models import Participant, Plan
from evaluations.sections import _sections
from evaluations.selectors.readers import Reader
from evaluations.selectors.seen import participant_and_years, participant_seen, plan_seen
from kepegawaian.accounts.models import User
from kepegawaian.lib.prepared import Compiled, Slots
from tests.evaluations.factories import join, make_cycle, make_plan, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = make_world()
    for participant in made.people.values():
        make_plan(participant, state=PlanState.DRAFT)
    return made


def everybody():
    return list(User.objects.order_by("pk"))


def test_who_holds_the_same_roles_and_units_shares_the_statement(world):
    gov = world.gov
    staff = [Reader(person.user, own=False) for person in (gov.employee, gov.colleague)]
    others = [Reader(person.user, own=False) for person in (gov.section_head, gov.office_head, gov.hr)]
    assert staff[0] == staff[1]
    assert len({*staff, *others}) == 4
    assert Reader(gov.hr.user, own=True) == Reader(gov.employee.user, own=True) != staff[0]


def test_each_reader_sees_the_people_of_his_scope_whoever_asked_before(world):
    for user in [*everybody(), *reversed(everybody())]:
        visible = set(Participant.objects.visible_to(user))
        for participant in Participant.objects.all():
            found = participant_seen(user, participant.pk)
            assert (found == participant) is (participant in visible)


def test_each_reader_sees_the_plans_of_his_scope_and_no_drafts_of_others(world):
    make_plan(join(make_cycle(2025), world.gov.employee, world.gov.section_head))
    shown = set()
    for user in everybody():
        visible = set(Plan.objects.visible_to(user))
        seen = {plan for plan in Plan.objects.all() if plan_seen(user, plan.pk) == plan}
        assert seen == visible
        shown |= {plan.state for plan in seen}
    assert shown == {PlanState.DRAFT, PlanState.AGREED}


def test_what_is_hung_on_a_participant_costs_no_further_statement(world, django_assert_num_queries):
    user, head = world.me.employee.user, world.gov.section_head.user
    participant_seen(head, world.me.pk)
    with django_assert_num_queries(1):
        found = participant_seen(head, world.me.pk)
        names = (found.employee.user.name, found.assessor.user, found.unit.name, found.cycle.year, found.plan.pk)
    assert names == (user.name, head, world.me.unit.name, 2026, world.me.plan.pk)


def test_the_years_of_a_person_are_those_that_the_reader_may_see(world):
    earlier = join(make_cycle(2025), world.gov.employee, None)
    Participant.objects.filter(pk=earlier.pk).update(path="")
    assert participant_and_years(world.gov.hr.user, world.me.pk)[1] == [(world.me.pk, 2026), (earlier.pk, 2025)]
    assert participant_and_years(world.gov.section_head.user, world.me.pk)[1] == [(world.me.pk, 2026)]


def test_one_s_own_page_is_one_s_own_whoever_opened_his_before(client, world):
    for person in (world.gov.hr, world.gov.employee, world.gov.colleague):
        client.force_login(person.user)
        html = client.get(reverse("evaluations:mine")).content.decode()
        plans = {str(plan.pk) for plan in Plan.objects.all() if str(plan.pk) in html}
        assert plans == {str(plan.pk) for plan in Plan.objects.filter(participant__employee=person)}


@pytest.mark.parametrize("name", ["mine", "person", "plan"])
def test_a_person_s_year_takes_four_statements_with_those_of_the_request(client, world, name):
    plan = make_plan(join(make_cycle(2025), world.gov.employee, world.gov.section_head))
    args = {"mine": [], "person": [plan.participant_id], "plan": [plan.pk]}[name]
    client.force_login(world.gov.section_head.user if name == "person" else world.gov.employee.user)
    client.get(reverse(f"evaluations:{name}", args=args))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(f"evaluations:{name}", args=args)).status_code == 200
    assert len(captured) == 4


@pytest.mark.parametrize("own", [True, False])
def test_a_name_that_sections_share_is_one_read(world, own):
    """Else the page of whoever has both sections gives one of them the other's rows."""
    reader, meant = Reader(world.gov.section_head.user, own=own), {}
    for section in _sections.values():
        for name, rows in section.reads(reader, Slots()).items():
            compiled = Compiled(rows)
            read = compiled.sql, [getattr(param, "name", param) for param in compiled.params]
            assert meant.setdefault(name, read) == read, f"{section.code}: {name}"
    assert len(meant) > 10
