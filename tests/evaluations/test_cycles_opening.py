"""A year is prepared, previewed and opened for everybody: once, whatever happens to the worker."""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from evaluations.enums import CycleState, DeadlineKind, PeriodKind
from evaluations.models import AssessorAssignment, Cycle, EvaluationSetting, Participant, Posting
from evaluations.services import cycles
from evaluations.services.cycles_opening import JOB, add_batch
from evaluations.services.cycles_population import Population, preview
from kepegawaian.audit.models import Event
from kepegawaian.employees import services as people
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import superior_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.work import running
from kepegawaian.work.models import Job
from tests.employees.factories import EmployeeFactory, UserFactory, make_government

YEAR = 2026


@pytest.fixture(autouse=True)
def _day(time_machine):
    time_machine.move_to(datetime.datetime(YEAR, 3, 2, 3, tzinfo=datetime.UTC))


def prepare(gov, **kwargs) -> Cycle:
    return cycles.prepare_cycle(actor=gov.hr.user, year=YEAR, period_kind=PeriodKind.QUARTER, **kwargs)


def opened(gov, **kwargs) -> Cycle:
    cycle = prepare(gov, **kwargs)
    running.run(cycles.open_cycle(actor=gov.hr.user, cycle=cycle).pk)
    cycle.refresh_from_db()
    return cycle


def test_a_prepared_year_has_its_periods_and_the_calendar_of_the_settings(gov):
    EvaluationSetting.objects.create(plan_days=20, period_days=7)
    cycle = prepare(gov)
    assert [period.kind for period in cycle.periods.all()].count("quarter") == 4
    dates = {(row.kind, row.period and row.period.number): row.due_on for row in cycle.deadlines.all()}
    assert dates[DeadlineKind.PLAN_AGREE, None] == datetime.date(YEAR, 1, 20)
    assert dates[DeadlineKind.ASSESS, 1] == datetime.date(YEAR, 4, 7)
    assert Event.objects.filter(verb="evaluations.cycle_prepared", actor_id=gov.hr.user.pk).exists()


def test_months_may_be_the_periods(gov):
    cycle = cycles.prepare_cycle(actor=gov.hr.user, year=YEAR, period_kind=PeriodKind.MONTH)
    assert cycle.periods.filter(kind="month").count() == 12


def test_only_hr_of_the_whole_government_prepares(gov):
    for user in (gov.employee.user, gov.office_head.user, UserFactory()):
        with pytest.raises(PermissionRefused):
            cycles.prepare_cycle(actor=user, year=YEAR, period_kind=PeriodKind.QUARTER)


@pytest.mark.parametrize("year", [2021, YEAR + 2])
def test_years_out_of_reach_are_refused(gov, year):
    with pytest.raises(RuleRefused):
        cycles.prepare_cycle(actor=gov.hr.user, year=year, period_kind=PeriodKind.QUARTER)


def test_a_year_is_prepared_once(gov):
    prepare(gov)
    with pytest.raises(RuleRefused, match="sudah ada"):
        prepare(gov)


def test_dates_may_be_moved_but_not_before_the_period(gov):
    cycle = prepare(gov)
    row = cycle.deadlines.get(kind=DeadlineKind.ASSESS, period__number=1)
    date = datetime.date(YEAR, 4, 30)
    assert cycles.change_calendar(actor=gov.hr.user, cycle=cycle, dates={row.pk: date}) == 1
    row.refresh_from_db()
    assert row.due_on == date
    with pytest.raises(RuleRefused):
        cycles.change_calendar(actor=gov.hr.user, cycle=cycle, dates={row.pk: datetime.date(YEAR - 1, 12, 31)})


def test_opening_takes_in_everybody_subject_with_post_and_assessor(gov):
    cycle = opened(gov)
    assert cycle.state == CycleState.OPEN
    assert not Participant.objects.filter(employee=gov.mayor).exists()
    for participant in cycle.participants.select_related("employee"):
        holder = superior_of(participant.employee, today())
        assert participant.assessor_id == (holder and holder.employee.pk)
        assert participant.path == participant.employee.current_path
        posting = participant.postings.get()
        assert (posting.valid_from, posting.valid_to) == (datetime.date(YEAR, 1, 1), None)
        assert posting.rank == participant.employee.current_golongan
    head = Participant.objects.get(employee=gov.office_head)
    assert head.heads_id == gov.office.pk
    assert AssessorAssignment.objects.count() == Participant.objects.exclude(assessor=None).count()


def test_the_preview_counts_what_opening_then_does(gov):
    Employee.objects.filter(pk=gov.colleague.pk).update(legal_state="cltn")
    EmployeeFactory(name="Belum berjabatan")
    cycle = prepare(gov)
    seen = preview(cycle)
    running.run(cycles.open_cycle(actor=gov.hr.user, cycle=cycle).pk)
    made = cycle.participants.filter(excused_reason="")
    assert seen.total == made.count()
    assert seen.without_assessor == made.filter(assessor=None).count()
    assert seen.without_post == 1
    excused = cycle.participants.exclude(excused_reason="").get()
    assert dict(seen.excused) == {excused.excused_reason: 1}
    assert "PermenPANRB 8/2021" in excused.excused_reason
    assert excused.assessor is None


def test_the_filter_names_statuses_and_units(gov):
    chosen = Population(units=[str(gov.office.pk)], without=[str(gov.school.pk)])
    cycle = opened(gov, population=chosen)
    paths = set(cycle.participants.values_list("path", flat=True))
    assert paths == {gov.office.path, gov.section.path, gov.second_section.path}


def test_a_transfer_earlier_in_the_year_gives_two_postings_from_the_start(gov):
    moved = people.position_named("Analis Kesehatan", "functional")
    people.add_position(
        employee=gov.employee, position=moved, unit=gov.second_section, valid_from=datetime.date(YEAR, 2, 1)
    )
    participant = opened(gov).participants.get(employee=gov.employee)
    first, second = participant.postings.all()
    assert (first.unit_id, first.valid_to) == (gov.section.pk, datetime.date(YEAR, 1, 31))
    assert (second.unit_id, second.valid_from, second.valid_to) == (
        gov.second_section.pk,
        datetime.date(YEAR, 2, 1),
        None,
    )
    assert participant.assessor_id == gov.second_section_head.pk


def test_who_entered_service_in_the_year_joined_then(gov):
    new = EmployeeFactory(unit=gov.section, since=datetime.date(YEAR, 2, 16))
    assert opened(gov).participants.get(employee=new).joined_on == datetime.date(YEAR, 2, 16)


def test_opening_twice_makes_nobody_twice(gov):
    cycle = opened(gov)
    before = (Participant.objects.count(), Posting.objects.count(), AssessorAssignment.objects.count())
    with pytest.raises(StateChanged):
        cycles.open_cycle(actor=gov.hr.user, cycle=cycle)
    with transaction.atomic():
        assert add_batch(cycle)[1] == 0
    assert before == (Participant.objects.count(), Posting.objects.count(), AssessorAssignment.objects.count())


def test_a_job_that_waits_is_not_started_again(gov):
    cycle = prepare(gov)
    job = cycles.open_cycle(actor=gov.hr.user, cycle=cycle)
    assert cycles.open_cycle(actor=gov.hr.user, cycle=cycle).pk == job.pk
    assert Job.objects.filter(kind=JOB).count() == 1


def test_a_small_batch_after_another_gives_the_same_as_one(gov):
    cycle = prepare(gov)
    last, rounds = None, 0
    while True:
        with transaction.atomic():
            last, added, _assessed = add_batch(cycle, after=last, size=3)
        if not added:
            break
        rounds += 1
    assert rounds > 2
    assert cycle.participants.count() == preview(cycle).total


def test_a_year_is_closed_when_it_is_over(gov, time_machine):
    cycle = opened(gov)
    with pytest.raises(RuleRefused, match="belum berakhir"):
        cycles.close_cycle(actor=gov.hr.user, cycle=cycle)
    time_machine.move_to(datetime.datetime(YEAR + 1, 2, 1, 3, tzinfo=datetime.UTC))
    with pytest.raises(PermissionRefused):
        cycles.close_cycle(actor=gov.office_head.user, cycle=cycle)
    closed = cycles.close_cycle(actor=gov.hr.user, cycle=cycle)
    assert closed.state == CycleState.CLOSED
    event = Event.objects.get(verb="evaluations.cycle_closed")
    assert event.data["unfinished"] == cycle.participants.filter(excused_reason="").count()
    with pytest.raises(PermissionRefused, match="sudah ditutup"):
        cycles.change_calendar(actor=gov.hr.user, cycle=cycle, dates={})


# --- A worker that is killed ------------------------------------------------------------------------
WORKER = """
import os, sys, time
import django
django.setup()
from django.db import connection
connection.close()
connection.settings_dict["NAME"] = sys.argv[1]
from evaluations.services import cycles_opening
from kepegawaian.work import running
cycles_opening.BATCH = 2
real = cycles_opening.add_batch
def slow(cycle, **kwargs):
    kwargs["size"] = 2
    result = real(cycle, **kwargs)
    print("batch", flush=True)
    time.sleep(0.3)
    return result
cycles_opening.add_batch = slow
running.run(sys.argv[2])
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_whole_batches_and_the_next_one_goes_on(monkeypatch):
    monkeypatch.setattr("kepegawaian.work.jobs.publish_on_commit", lambda *args: None)  # it is for the worker
    gov = make_government(staff=6)
    cycle = prepare(gov)
    job = cycles.open_cycle(actor=gov.hr.user, cycle=cycle)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], str(job.pk)],
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "kepegawaian.settings.test"},
    )
    try:
        for _ in range(3):
            assert worker.stdout.readline() == b"batch\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    deadline = time.monotonic() + 10
    while _others() and time.monotonic() < deadline:
        time.sleep(0.05)
    left = cycle.participants.count()
    assert left == 4  # the third batch was never committed
    assert Posting.objects.count() == left
    Job.objects.filter(pk=job.pk).update(state="waiting")
    assert running.run(job.pk)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.OPEN
    assert cycle.participants.count() == preview(cycle).total == Posting.objects.count()
    assert Job.objects.get(pk=job.pk).result["people"] == cycle.participants.count()


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]
