"""A transfer within the year: the period before it stays with the former post, its SKP and its assessor."""

import datetime

import pytest
from django.urls import reverse

from evaluations.enums import DeadlineKind, OrgResult, PeriodKind, PlanState, Predikat, Rating
from evaluations.models import Deadline, Evaluation, OrganisationResult
from evaluations.papers import evaluations
from evaluations.papers import units as papers_of_units
from evaluations.selectors.calibration import children_of, pattern_of, side_by_side
from evaluations.selectors.ratings import signed_in
from evaluations.services import opening, ratings
from evaluations.services.cycles_following import follow_records
from evaluations.services.execution import Entry, save_progress
from evaluations.services.plans_flow import agree
from evaluations.services.reminders import whose_turn
from kepegawaian.accounts.roles import Role
from kepegawaian.employees import services as people
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.work.models import WorkItem
from tests.accounts.factories import UserFactory
from tests.evaluations.factories import YEAR, make_plan
from tests.evaluations.ratings_world import indicators, rated, signed
from tests.units.factories import RoleAssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]
JULY_1, AFTER_YEAR = datetime.date(YEAR, 7, 1), datetime.datetime(YEAR + 1, 1, 4, 3, tzinfo=datetime.UTC)


def quarter(world, number):
    return world.cycle.periods.get(kind=PeriodKind.QUARTER, number=number)


def transferred(world, time_machine, *, opened=False):
    """On 1 July, to the second section; both SKP are agreed. The former plan and the new one."""
    former = world.me.plan
    time_machine.move_to(datetime.datetime(YEAR, 7, 1, 3, tzinfo=datetime.UTC), tick=False)
    if opened:
        opening.open_due()
    post = people.position_named("Analis Kesehatan", "functional")
    people.add_position(
        employee=world.gov.employee, position=post, unit=world.gov.second_section, valid_from=JULY_1
    )
    world.me.refresh_from_db()
    submitted = make_plan(world.me, state=PlanState.SUBMITTED)
    return former, agree(actor=world.gov.second_section_head.user, plan=submitted)


def assess_as(person, world, period):
    return ratings.assess(actor=person.user, participant=world.me, period=period, given=rated())


@pytest.mark.parametrize("opened", [False, True])
def test_each_period_is_rated_in_the_post_of_its_end(world, time_machine, opened):
    old, new = world.gov.section_head, world.gov.second_section_head
    former, plan = transferred(world, time_machine, opened=opened)
    time_machine.move_to(AFTER_YEAR, tick=False)
    opening.open_due()
    for period, mine, other, against in (
        (quarter(world, 2), old, new, former),
        (quarter(world, 3), new, old, plan),
        (world.year, new, old, plan),
    ):
        waiting = Evaluation.objects.get(participant=world.me, period=period)
        assert (waiting.assessor, waiting.plan) == (mine, against)
        assert WorkItem.objects.get(subject_id=waiting.pk, closed_at=None).holder == mine.user
        with pytest.raises(PermissionRefused):
            assess_as(other, world, period)
        row = assess_as(mine, world, period)
        with pytest.raises(PermissionRefused):
            ratings.sign(actor=other.user, evaluation=row)
        final = ratings.sign(actor=mine.user, evaluation=row)
        assert (final.assessor, final.plan) == (mine, against)


def test_the_page_is_that_of_the_former_post_and_its_assessor_finds_it(client, world, time_machine):
    former, _plan = transferred(world, time_machine)
    opening.open_due()
    old, new, second = world.gov.section_head, world.gov.second_section_head, quarter(world, 2)
    page = reverse("evaluations:assess", args=[world.me.pk, second.pk])
    person = reverse("evaluations:person", args=[world.me.pk])
    listed = f"{reverse('evaluations:open_evaluations')}?periode={second.pk}"
    for reader, status, finds in ((old, 200, True), (new, 403, False)):
        client.force_login(reader.user)
        answer = client.get(page)
        assert answer.status_code == status
        assert [page in client.get(where).content.decode() for where in (person, listed)] == [finds, finds]
        assert not finds or answer.context["page"].plan == former
        assert not finds or answer.context["page"].post.unit == world.gov.section
    assert page not in client.get(reverse("evaluations:team")).content.decode()


def test_the_next_one_to_rate_is_never_somebody_elses(client, world, time_machine):
    transferred(world, time_machine)
    opening.open_due()
    second, new = quarter(world, 2), world.gov.second_section_head
    mine = world.of(world.gov.second_staff[0])
    make_plan(mine)
    client.force_login(new.user)
    page = client.get(reverse("evaluations:assess", args=[mine.pk, second.pk])).context["page"]
    assert page.neighbours == ("", "")


def test_the_date_of_january_does_not_bind_a_second_post(client, world, time_machine):
    Deadline.objects.create(cycle=world.cycle, kind=DeadlineKind.PLAN_SUBMIT, due_on=datetime.date(YEAR, 1, 26))
    client.force_login(world.gov.employee.user)
    type(world.me).objects.filter(pk=world.me.pk).update(plan=None)
    assert "SKP diajukan pegawai" in client.get(reverse("evaluations:mine")).content.decode()
    world.me.refresh_from_db()
    world.me.postings.update(number=2)
    assert "SKP diajukan pegawai" not in client.get(reverse("evaluations:mine")).content.decode()


def test_progress_of_the_period_before_is_written_on_its_own_skp(world, time_machine):
    own = indicators(world.me)[0]
    transferred(world, time_machine)
    user = world.gov.employee.user
    saved = save_progress(
        actor=user, participant=world.me, period=quarter(world, 2), entries=[Entry(own, "Dua laporan", 100)]
    )
    assert [row.indicator for row in saved] == [own]


def test_the_former_assessor_is_reminded_of_it(world, time_machine):
    transferred(world, time_machine)
    opening.open_due()
    due = datetime.date(YEAR, 7, 10)
    deadline = Deadline.objects.create(
        cycle=world.cycle, period=quarter(world, 2), kind=DeadlineKind.ASSESS, due_on=due
    )
    name = world.gov.employee.name
    assert [who for who, whom in whose_turn(deadline) if whom == name] == [world.gov.section_head.user.pk]


def test_who_left_service_is_followed_by_the_assessor_of_today(world, time_machine):
    former, _plan = transferred(world, time_machine)
    user = world.gov.section_head.user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    row = assess_as(world.gov.second_section_head, world, quarter(world, 2))
    assert (row.assessor, row.plan) == (world.gov.second_section_head, former)


def test_the_paper_says_where_it_was_earned(world, time_machine):
    transferred(world, time_machine)
    opening.open_due()
    period = quarter(world, 2)
    OrganisationResult.objects.create(
        unit=world.gov.section, period=period, result=OrgResult.BAIK, set_by=world.gov.office_head.user
    )
    assess_as(world.gov.section_head, world, period)
    row = ratings.sign(
        actor=world.gov.section_head.user, evaluation=Evaluation.objects.get(participant=world.me, period=period)
    )
    papers = evaluations.evaluation_data(evaluations.load(row.pk))
    assert (papers["employee"]["unit"], papers["organisation_unit"]) == (str(world.gov.section),) * 2


def test_what_waits_for_who_left_service_passes_to_the_assessor_of_today_overnight(world, time_machine):
    transferred(world, time_machine)
    opening.open_due()
    row = Evaluation.objects.get(participant=world.me, period=quarter(world, 2))
    user = world.gov.section_head.user
    assert WorkItem.objects.get(subject_id=row.pk, closed_at=None).holder == user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    follow_records()
    row.refresh_from_db()
    assert row.assessor == world.gov.second_section_head
    assert WorkItem.objects.get(subject_id=row.pk, closed_at=None).holder == world.gov.second_section_head.user


def test_what_was_signed_before_the_transfer_stays(world, time_machine):
    row = signed(world.me, world.quarter)
    transferred(world, time_machine)
    opening.open_due()
    assert Evaluation.objects.get(participant=world.me, period=world.quarter) == row


# --- The pattern of both units --------------------------------------------------------------------
@pytest.fixture
def moved(world, time_machine):
    """Both quarters rated: the second in the former post with Sangat Baik, the third in the new one with Baik."""
    transferred(world, time_machine)
    time_machine.move_to(AFTER_YEAR, tick=False)
    opening.open_due()
    best = rated(results_rating=Rating.ABOVE, behaviour_rating=Rating.ABOVE)
    for person, number, given in (
        (world.gov.section_head, 2, best),
        (world.gov.second_section_head, 3, rated()),
    ):
        row = ratings.assess(actor=person.user, participant=world.me, period=quarter(world, number), given=given)
        ratings.sign(actor=person.user, evaluation=row)
    return world


def patterns(world, number):
    """Of the former section and of the new one: who was rated how, and how many people they had."""
    found = [pattern_of(unit, quarter(world, number)) for unit in (world.gov.section, world.gov.second_section)]
    return [(one.counts, one.people) for one in found]


def test_a_rating_counts_in_the_unit_where_it_was_earned(moved):
    (former, many), (new, few) = patterns(moved, 2)
    assert (former, new) == ({Predikat.SANGAT_BAIK: 1}, {})
    assert patterns(moved, 3) == [({}, many - 1), ({Predikat.BAIK: 1}, few + 1)]


@pytest.mark.parametrize(("number", "rated_in"), [(2, "section"), (3, "second_section")])
def test_units_side_by_side_and_the_paper_count_alike(moved, number, rated_in):
    period = quarter(moved, number)
    branches = children_of(moved.gov.office, period)
    rows, _at = side_by_side(moved.gov.office, branches, period)
    alone = {row.unit.name: (row.rated, row.people) for row in rows if row.rated}
    unit = getattr(moved.gov, rated_in)
    [(_counts, people)] = [one for one in patterns(moved, number) if one[0]]
    assert alone == {unit.name: (1, people)}
    result = OrganisationResult.objects.create(
        unit=unit, period=period, result=OrgResult.BAIK, set_by=moved.gov.office_head.user
    )
    assert sum(papers_of_units.counts_of(result).values()) == 1


@pytest.mark.parametrize(("number", "rated_in"), [(2, "section"), (3, "second_section")])
def test_the_calibration_names_who_rated_him_and_where(client, moved, number, rated_in):
    unit = getattr(moved.gov, rated_in)
    client.force_login(moved.gov.office_head.user)
    where = {"unit": unit.pk, "periode": quarter(moved, number).pk}
    page = client.get(reverse("evaluations:calibration"), where).context["page"]
    [line] = [row for row in page if row.pk == moved.me.pk]
    assert (line.unit, line.assessor) == (unit.name, getattr(moved.gov, f"{rated_in}_head").full_name)


def test_who_has_moved_out_of_sight_is_counted_and_not_named(client, moved):
    period, name = quarter(moved, 2), moved.gov.employee.name
    staff = UserFactory()
    RoleAssignmentFactory(user=staff, role=Role.HR_UNIT, unit=moved.gov.section)
    for reader, named in ((moved.gov.office_head.user, True), (staff, False)):
        client.force_login(reader)
        where = {"unit": moved.gov.section.pk, "periode": period.pk}
        answer = client.get(reverse("evaluations:calibration"), where)
        assert (name in answer.content.decode()) is named
        page = client.get(reverse("evaluations:distribution", args=[moved.gov.section.pk, period.pk]))
        assert page.context["rated"] == 1


def test_the_whole_year_counts_in_the_last_post(moved):
    row = assess_as(moved.gov.second_section_head, moved, moved.year)
    ratings.sign(actor=moved.gov.second_section_head.user, evaluation=row)
    assert signed_in(moved.gov.section.path, moved.year).count() == 0
    assert list(signed_in(moved.gov.second_section.path, moved.year)) == [(Predikat.BAIK, 1)]
