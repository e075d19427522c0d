"""Pages of many people: in pages, with numbers that are kept for a while and say so."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from evaluations import exporting, monitoring
from evaluations.enums import EvaluationState, OrgResult, Predikat
from evaluations.models import Feedback, OrganisationResult, Participant, PlanResult
from evaluations.selectors import kept, monitor
from evaluations.views import distribution, feedback, plans_team
from evaluations.views import monitor as monitor_pages
from kepegawaian.accounts.roles import Role
from tests.employees.factories import Cast, EmployeeFactory
from tests.evaluations.factories import join, make_evaluation, make_plan
from tests.evaluations.ratings_world import assessed
from tests.units.factories import RoleAssignmentFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]


@pytest.fixture
def look(client):
    """`look(employee, name, *args, **query)` opens a page as somebody."""

    def open_page(person, name, *args, **query):
        client.force_login(person.user)
        return client.get(reverse(f"evaluations:{name}", args=args), query)

    return open_page


def html(answer):
    return answer.content.decode()


def joined(world, unit, *names):
    """New people of the unit in the year, assessed by the head of the section."""
    cast = Cast()
    people = [cast.person(unit, name) for name in names]
    cast.write()
    for person in people:
        person.refresh_from_db()
    return [join(world.cycle, person, world.gov.section_head) for person in people]


# --- Units side by side ---------------------------------------------------------------------------
def test_units_side_by_side_count_everybody_below_them(look, world):
    deeper = UnitFactory(name="Seksi Loket", parent=world.gov.section)
    [participant] = joined(world, deeper, "Lia Loket")
    make_plan(participant)
    assessed(participant, world.quarter)
    assessed(world.me, world.quarter)
    row = OrganisationResult(unit=world.gov.section, period=world.quarter, result=OrgResult.BAIK, reason="Target")
    row.set_by = world.gov.office_head.user
    row.save()
    answer = look(world.gov.office_head, "calibration", unit=world.gov.office.pk, periode=world.quarter.pk)
    rows = {row.unit.name: row for row in answer.context["units"]}
    section = rows[world.gov.section.name]
    assert (section.people, section.rated, section.result) == (4, 2, OrgResult.BAIK)
    assert section.counts == {Predikat.BAIK: 2}
    assert rows[world.gov.school.name].people == 0
    assert answer.context["counted_at"] is None


def test_units_and_people_are_paged_apart(look, world, monkeypatch):
    monkeypatch.setattr(distribution, "UNITS", 2)
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk}
    first = look(world.gov.office_head, "calibration", **asked)
    second = look(world.gov.office_head, "calibration", **asked, halaman_unit=2)
    assert [len(page.context["units"]) for page in (first, second)] == [2, 1]
    assert f"unit={world.gov.office.pk}&amp;periode={world.quarter.pk}&amp;halaman_unit=2" in html(first)
    assert world.gov.employee.full_name in html(first)
    assert world.gov.employee.full_name in html(second)


def test_a_filter_stays_with_the_unit_and_period_and_says_only_what_was_chosen(look, world):
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk, "predikat": "none"}
    page = html(look(world.gov.office_head, "calibration", **asked))
    for name in ("unit", "periode"):
        assert f'<input type="hidden" name="{name}" value="{asked[name]}"' in page
    assert page.count('class="chip"') == 1


def test_numbers_of_many_people_in_units_are_kept_and_say_so(look, world, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 1)
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk}
    pattern = ("distribution", world.gov.office.pk, world.quarter.pk)
    head = world.gov.office_head
    assert sum(row.rated for row in look(head, "calibration", **asked).context["units"]) == 0
    assert look(head, *pattern).context["rated"] == 0
    assessed(world.me, world.quarter)
    answer = look(head, "calibration", **asked)
    assert sum(row.rated for row in answer.context["units"]) == 0
    assert "dihitung lagi setelah satu menit" in html(answer)
    assert world.gov.employee.full_name in html(look(head, "calibration", **asked, predikat="baik"))
    assert "dihitung lagi setelah satu menit" in html(look(head, *pattern))
    other = look(head, "distribution", world.gov.section.pk, world.quarter.pk)
    assert other.context["rated"] == 1  # of another unit nothing was kept
    cache.delete_pattern("evaluations.units:*")
    cache.delete_pattern("evaluations.pattern:*")
    assert sum(row.rated for row in look(head, "calibration", **asked).context["units"]) == 1
    assert look(head, *pattern).context["rated"] == 1


def test_whoever_is_listed_stands_with_the_result_that_counts(look, world):
    make_evaluation(world.me, world.quarter, state=EvaluationState.OPEN)
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk}
    for predikat, listed in (("", True), ("none", True), ("baik", False)):
        page = html(look(world.gov.office_head, "calibration", **asked, predikat=predikat))
        assert (world.gov.employee.full_name in page) is listed


# --- The list and its sheet -----------------------------------------------------------------------
def test_who_is_not_signed_yet_is_counted_and_listed_alike(look, world):
    make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    make_evaluation(world.of(world.gov.colleague), world.quarter, state=EvaluationState.ASSESSED)
    hr, period = world.gov.hr, world.quarter.pk
    total = look(hr, "monitor", periode=period).context["total"]
    for what, number in (("to_rate", total.people - 1), ("assessed", 1), ("final", 1)):
        assert look(hr, "people", what=what, periode=period).context["page"].count == number
        query = f"what={what}&periode={period}"
        assert monitoring.people(query, hr.user).count() == monitoring.selection(query, hr.user).count() == number
    assert total.heard == 0


def test_feedback_of_the_period_is_counted_once_a_person(world):
    said = {"participant": world.me, "period": world.quarter, "giver": world.gov.section_head}
    for text in ("Cepat tanggap", "Rapi"):
        Feedback.objects.create(**said, relation="superior", text=text, given_at=timezone.now())
    found = monitor.tallies(monitor.look_at(world.cycle, str(world.quarter.pk)), None, 5)
    assert monitor.in_all(found).heard == 1


def test_a_sheet_of_a_unit_that_does_not_exist_is_empty(look, world):
    assert html(look(world.gov.hr, "people_export", unit="Dinas Entah")).count("\n") == 1


def test_a_list_beyond_the_cap_is_said_to_be_longer(look, world, monkeypatch):
    monkeypatch.setattr(monitor_pages, "CAP", 2)
    page = html(look(world.gov.hr, "people_assessor"))
    assert "Lebih dari 2 pegawai dalam daftar ini" in page


def test_a_sheet_of_results_has_those_of_its_year_alone(world):
    row = make_evaluation(world.me, world.year, state=EvaluationState.FINAL)
    officer = EmployeeFactory(unit=world.gov.office)
    RoleAssignmentFactory(user=officer.user, role=Role.HR_UNIT, unit=world.gov.office)
    for user in (world.gov.hr.user, officer.user):
        assert list(exporting.years("tahun=2026", user)) == [row]
        assert exporting.SKP22.count_capped("tahun=2026", user) == 1
        assert exporting.SKP22.count_capped("tahun=2025", user) == 0
        assert exporting.PERIODIC.count_capped("tahun=2026", user) == 0


# --- Large teams ----------------------------------------------------------------------------------
def test_the_same_words_reach_whoever_stands_on_another_page_by_now(look, client, world, monkeypatch):
    monkeypatch.setattr(feedback, "TEAM_PAGE", 1)
    head = world.gov.section_head
    one, other = (world.of(person) for person in world.gov.staff)
    pages = [html(look(head, "feedback_team", page=number)) for number in (1, 2)]
    assert [str(one.pk) in page for page in pages] == [True, False]
    assert [str(other.pk) in page for page in pages] == [False, True]
    assert look(head, "feedback_team", page=3).status_code == 404
    sent = {"people": [str(one.pk), str(other.pk)], "text": "Terima kasih", "periode": world.quarter.pk}
    assert client.post(reverse("evaluations:feedback_team"), sent).status_code == 302
    assert Feedback.objects.count() == 2


def test_the_same_words_go_to_nobody_outside_the_team(look, client, world):
    stranger = world.of(world.gov.second_staff[0])
    look(world.gov.section_head, "feedback_team")
    sent = {"people": [str(stranger.pk)], "text": "Terima kasih", "periode": world.quarter.pk}
    assert client.post(reverse("evaluations:feedback_team"), sent).status_code == 422
    assert not Feedback.objects.exists()


def test_the_matrix_of_a_large_team_has_pages_and_takes_what_was_written(look, client, world, monkeypatch):
    monkeypatch.setattr(plans_team, "MATRIX_PAGE", 1)
    head = world.gov.section_head
    above = world.of(head).plan or make_plan(world.of(head))
    [new] = joined(world, world.gov.section, "Aaron Awal")
    assert str(new.pk) in html(look(head, "team_matrix"))
    last = html(look(head, "team_matrix", page=3))
    assert str(new.pk) not in last
    indicator = above.results.first().indicators.get()
    stranger = world.of(world.gov.second_staff[0])
    names = [f"cell-{key}-{indicator.pk}" for key in (new.pk, stranger.pk)]
    answer = client.post(reverse("evaluations:team_matrix") + "?page=3", dict.fromkeys(names, "Data dasar"))
    assert answer.url.endswith("?page=3")
    assert PlanResult.objects.get(text="Data dasar").plan.participant == new


def test_who_is_to_be_assessed_is_listed_page_by_page_in_order(look, world):
    head = world.gov.section_head
    joined(world, world.gov.section, *(f"Budi {number:02}" for number in range(26)))
    pages = [look(head, "open_evaluations", page=number).context["page"] for number in (1, 2)]
    assert [len(page) for page in pages] == [25, 3]
    names = [row.employee.name for page in pages for row in page]
    assert names == sorted(names)
    assert pages[0].count == Participant.objects.assessed_by(head.user).count()
