"""Years, assessors and the monitor over the API: the verbs of the pages with their scope and refusals."""

import datetime

import pytest
from django.utils import timezone

from evaluations.enums import AssessorSource, CycleState, DeadlineKind
from evaluations.models import Cycle, Deadline, Participant, ReminderRun
from kepegawaian.accounts.roles import Role
from kepegawaian.notifications.models import Message
from kepegawaian.units.models import Unit
from kepegawaian.work import running
from kepegawaian.work.models import Job
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories import make_plan
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture(autouse=True)
def _day(time_machine):
    time_machine.move_to(datetime.datetime(YEAR, 3, 2, 3, tzinfo=datetime.UTC), tick=False)


def prepared(call, gov, **body) -> Cycle:
    answer = call(gov.hr, "post", "/cycles/", {"year": YEAR, "period_kind": "quarter", **body})
    assert answer.status_code == 201
    return Cycle.objects.get(pk=answer.json()["id"])


def finished(answer) -> Job:
    """The job that the answer names, run by a worker."""
    assert answer.status_code == 202
    key = answer.json()["job"]
    assert running.run(key)
    return Job.objects.get(pk=key)


# --- The year -------------------------------------------------------------------------------------
def test_a_year_from_preparation_to_its_people(call, gov):
    cycle = prepared(call, gov)
    seen = call(gov.hr, "post", f"/cycles/{cycle.pk}/preview/", {}).json()
    assert not Participant.objects.exists()
    answer = call(gov.hr, "post", f"/cycles/{cycle.pk}/open/")
    job = finished(answer)
    assert seen["total"] == job.result["people"] == Participant.objects.filter(excused_reason="").count()
    detail = call(gov.employee, "get", f"/cycles/{cycle.pk}/").json()
    assert (detail["state"], len(detail["periods"])) == ("open", 5)
    assert call(gov.hr, "post", f"/cycles/{cycle.pk}/open/").status_code == 409


def test_a_preview_by_another_filter_writes_nothing(call, gov):
    cycle = prepared(call, gov)
    whole = call(gov.hr, "post", f"/cycles/{cycle.pk}/preview/", {}).json()["total"]
    part = call(gov.hr, "post", f"/cycles/{cycle.pk}/preview/", {"units": [str(gov.section.pk)]}).json()["total"]
    assert 0 < part < whole
    cycle.refresh_from_db()
    assert cycle.population["units"] == []


def test_a_unit_that_is_not_there_never_means_everybody(call, gov):
    cycle = prepared(call, gov)
    unknown = {"units": [str(gov.employee.pk)]}
    assert call(gov.hr, "post", f"/cycles/{cycle.pk}/preview/", unknown).status_code == 400
    assert call(gov.hr, "patch", f"/cycles/{cycle.pk}/", {"statuses": []}).status_code == 400


def test_the_population_is_changed_by_what_the_body_says_alone(call, gov):
    cycle = prepared(call, gov, without=[str(gov.section.pk)])
    body = {"statuses": ["pns"], "approach": "qualitative"}
    assert call(gov.hr, "patch", f"/cycles/{cycle.pk}/", body).json()["approach"] == "qualitative"
    cycle.refresh_from_db()
    assert cycle.population["statuses"] == ["pns"]
    assert cycle.population["without"] == [str(gov.section.pk)]


def test_a_prepared_year_changes_its_kind_and_is_discarded_before_it_is_opened(call, gov):
    cycle = prepared(call, gov)
    assert call(gov.hr, "patch", f"/cycles/{cycle.pk}/", {"period_kind": "month"}).json()["period_kind"] == "month"
    assert cycle.periods.count() == 13
    assert call(gov.employee, "delete", f"/cycles/{cycle.pk}/").status_code == 404
    assert call(gov.hr, "delete", f"/cycles/{cycle.pk}/").status_code == 204
    again = prepared(call, gov)
    Cycle.objects.filter(pk=again.pk).update(state="open", opened_at=timezone.now())
    assert call(gov.hr, "delete", f"/cycles/{again.pk}/").status_code == 409
    assert call(gov.hr, "patch", f"/cycles/{again.pk}/", {"period_kind": "month"}).status_code == 409


def test_deadlines_are_extended_within_reason(call, gov):
    cycle = prepared(call, gov)
    row = cycle.deadlines.get(kind=DeadlineKind.ASSESS, period__number=1)
    path = f"/cycles/{cycle.pk}/calendar/"

    def moved(day, key=row.pk):
        return call(gov.hr, "patch", path, {"deadlines": [{"id": str(key), "due_on": day}]})

    assert moved("2026-05-01").status_code == 200
    row.refresh_from_db()
    assert row.due_on == datetime.date(2026, 5, 1)
    assert [moved(day).status_code for day in ("2025-12-31", "9999-12-31")] == [422, 422]
    assert moved("2026-05-01", gov.employee.pk).status_code == 400


def test_a_year_in_preparation_is_for_hr_of_the_whole_government(call, gov):
    cycle = prepared(call, gov)
    RoleAssignmentFactory(user=gov.colleague.user, role=Role.HR_UNIT, unit=gov.office)
    for person in (gov.employee, gov.colleague):
        assert call(person, "get", "/cycles/").json()["results"] == []
        assert call(person, "post", f"/cycles/{cycle.pk}/open/").status_code == 404
        assert call(person, "post", "/cycles/", {"year": 2027, "period_kind": "month"}).status_code == 403
    Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.OPEN, opened_at="2026-01-02T00:00Z")
    assert call(gov.colleague, "post", f"/cycles/{cycle.pk}/close/").status_code == 403
    assert call(gov.colleague, "patch", f"/cycles/{cycle.pk}/", {"approach": ""}).status_code == 403


def test_a_year_is_closed_when_it_is_over(call, gov, time_machine):
    cycle = prepared(call, gov)
    finished(call(gov.hr, "post", f"/cycles/{cycle.pk}/open/"))
    refused = call(gov.hr, "post", f"/cycles/{cycle.pk}/close/")
    assert (refused.status_code, refused.json()["rule"]) == (422, "cycle-over")
    time_machine.move_to(datetime.datetime(YEAR + 1, 2, 1, tzinfo=datetime.UTC), tick=False)
    assert call(gov.hr, "post", f"/cycles/{cycle.pk}/close/").json()["state"] == "closed"


def test_the_same_key_opens_once(call, gov):
    cycle = prepared(call, gov)
    path, key = f"/cycles/{cycle.pk}/open/", {"Idempotency-Key": "buka-2026"}
    first, second = (call(gov.hr, "post", path, {}, **key) for _twice in range(2))
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"


# --- The assessor ---------------------------------------------------------------------------------
def test_people_of_ones_own_scope_are_listed(call, world):
    gov = world.gov
    mine = call(gov.employee, "get", "/participants/", {"year": YEAR}).json()["results"]
    assert [row["id"] for row in mine] == [str(world.me.pk)]
    team = call(gov.section_head, "get", "/participants/", {"assessor": str(gov.section_head.pk)}).json()[
        "results"
    ]
    assert {row["employee"] for row in team} == {str(person.pk) for person in gov.staff}
    assert call(gov.second_section_head, "get", f"/participants/{world.me.pk}/").status_code == 404


def test_who_assesses_is_proposed_and_corrected_by_the_person(call, world):
    gov, path = world.gov, f"/participants/{world.me.pk}/assessor/"
    body = call(gov.employee, "get", path).json()
    assert body["assessor"] == body["proposed"]["employee"] == str(gov.section_head.pk)
    assert body["above"]["employee"] == str(gov.office_head.pk)
    change = {"assessor": str(gov.second_section_head.pk), "reason": "Sudah pindah seksi"}
    later = call(gov.employee, "post", path, {**change, "valid_from": "2026-09-01"})
    assert later.status_code == 400
    body = call(gov.employee, "post", path, change).json()
    assert body["assessor"] == str(gov.second_section_head.pk)
    assert [row["source"] for row in body["history"]] == ["employee", "proposed"]


def test_hr_names_an_assessor_with_a_date_and_undoes_it(call, world):
    gov, path = world.gov, f"/participants/{world.me.pk}/assessor/"
    change = {"assessor": str(gov.second_section_head.pk), "reason": "SK mutasi", "valid_from": "2026-06-01"}
    body = call(gov.hr, "post", path, change).json()
    assert body["assessor"] == str(gov.section_head.pk)
    assert body["history"][0]["valid_from"] == "2026-06-01"
    early = call(gov.hr, "post", path, {**change, "valid_from": "2025-01-01"})
    assert (early.status_code, early.json()["rule"]) == (422, "assessor-since")
    body = call(gov.hr, "post", f"{path}line/", {"reason": "Keliru"}).json()
    assert [row["source"] for row in body["history"] if row["valid_to"] is None] == [AssessorSource.PROPOSED]
    assert call(gov.employee, "post", f"{path}line/", {}).status_code == 403


def test_refusals_of_an_assessor_come_in_words(call, world):
    gov, path = world.gov, f"/participants/{world.of(world.gov.section_head).pk}/assessor/"
    oneself = call(gov.section_head, "post", path, {"assessor": str(gov.section_head.pk), "reason": "x"})
    assert oneself.json()["rule"] == "not-oneself"
    staff = call(gov.section_head, "post", path, {"assessor": str(gov.employee.pk), "reason": "x"})
    assert staff.status_code == 404
    assert call(gov.office_head, "post", path, {}).status_code == 403
    assert call(gov.employee, "get", path).status_code == 404


# --- The monitor ----------------------------------------------------------------------------------
def test_the_numbers_of_the_api_are_those_of_the_people(call, world):
    make_plan(world.me)
    Participant.objects.filter(pk=world.of(world.gov.colleague).pk).update(assessor=None)
    body = call(world.gov.hr, "get", "/monitor/", {"year": YEAR}).json()
    assert body["total"]["people"] == Participant.objects.count() == sum(row["people"] for row in body["units"])
    assert (body["total"]["agreed"], body["total"]["without_assessor"]) == (1, 2)
    section = call(world.gov.section_head, "get", "/monitor/", {"year": YEAR}).json()
    assert section["total"]["people"] == len(world.gov.staff) + 1
    assert [row["itself"] for row in section["units"]] == [True]


def test_the_list_of_blockages(call, world):
    blocked = world.of(world.gov.colleague)
    Participant.objects.filter(pk=blocked.pk).update(assessor=None)
    asked = {"year": YEAR, "what": "without_assessor", "unit": str(world.gov.section.pk)}
    [row] = call(world.gov.hr, "get", "/monitor/people/", asked).json()["results"]
    assert (row["id"], row["assessor"], row["plan_state"]) == (str(blocked.pk), None, None)


def test_the_monitor_keeps_to_the_scope(call, world):
    gov = world.gov
    other = Unit.objects.get(pk=gov.second_section.pk)
    elsewhere = {"year": YEAR, "unit": str(other.pk)}
    for path in ("/monitor/", "/monitor/people/"):
        assert call(gov.employee, "get", path, {"year": YEAR}).status_code == 403
        assert call(gov.section_head, "get", path, elsewhere).status_code == 404
        assert call(gov.hr, "get", path, {"year": 2031}).status_code == 404
    for path in ("/monitor/remind/", "/monitor/assign/"):
        assert call(gov.section_head, "post", path, {"year": YEAR}).status_code == 403
    assert call(gov.employee, "post", "/monitor/export/", {"year": YEAR}).status_code == 403


def test_the_late_are_reminded_by_a_worker(call, world):
    deadline = Deadline.objects.create(cycle=world.cycle, kind=DeadlineKind.PLAN_SUBMIT, due_on="2026-03-10")
    body = {"year": YEAR, "unit": str(world.gov.section.pk), "deadline": str(deadline.pk)}
    job = finished(call(world.gov.hr, "post", "/monitor/remind/", body))
    assert job.result["told"] == len(world.gov.staff) + 1
    assert finished(call(world.gov.hr, "post", "/monitor/remind/", body)).result["told"] == 0
    assert Message.objects.filter(kind="evaluations.reminder").count() == job.result["told"]
    assert not ReminderRun.objects.exists()


def test_one_assessor_for_a_whole_list(call, world):
    body = {"year": YEAR, "unit": str(world.gov.section.pk), "reason": "SK pengganti"}
    job = finished(
        call(world.gov.hr, "post", "/monitor/assign/", {**body, "assessor": str(world.gov.office_head.pk)})
    )
    staff = [person.pk for person in world.gov.staff]
    assert set(Participant.objects.filter(employee__in=staff).values_list("assessor", flat=True)) == {
        world.gov.office_head.pk
    }
    assert (job.result["changed"], sum(job.result["refused"].values())) == (len(staff), 1)


def test_the_list_as_a_sheet(call, world):
    job = finished(call(world.gov.section_head, "post", "/monitor/export/", {"year": YEAR}))
    assert job.result["rows"] == len(world.gov.staff) + 1


def test_somebody_without_a_part_in_anything_sees_nothing(call, world):
    outsider = EmployeeFactory()
    assert call(outsider, "get", "/participants/").json()["results"] == []
    assert call(outsider, "get", "/monitor/", {"year": YEAR}).status_code == 403
