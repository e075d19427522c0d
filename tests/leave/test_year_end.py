"""The end of a leave year: preview, a run, a second run, a late one, one that died half-way, two at once."""

import datetime
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from kepegawaian.audit.models import Event
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.work.models import Job
from leave import year_end
from leave.models import Bucket, LeaveAccount, Movement, YearRun
from leave.selectors import balance_of
from tests.leave.factories import day, know_years


@pytest.fixture
def in_january(flow, time_machine):
    """2026 has been lived: one took 5 days, all others none; it is 4 January 2027."""
    know_years(flow.employee, 2024, 2025)
    flow.granted()
    time_machine.move_to(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC))
    return flow


def state():
    buckets = Bucket.objects.order_by("account", "year", "kind", "usable_from")
    return list(
        buckets.values_list("account", "year", "kind", "granted", "reserved", "taken", "postponed", "lapsed")
    )


def test_closing_carries_over_and_lapses(in_january):
    counts = year_end.close_year(2026)
    bucket = in_january.employee.leave_account.buckets.get(year=2027, kind="C1")
    assert bucket.granted == 6
    assert in_january.bucket_sums(2026) == (12, 0, 5, 0, 7)
    assert counts["opened"] == counts["people"] == year_end.people().count()


def test_everybody_in_service_gets_an_account_and_the_own_days(in_january):
    year_end.close_year(2026)
    assert LeaveAccount.objects.filter(opened_through=2027).count() == year_end.people().count()
    assert not LeaveAccount.objects.filter(employee=in_january.gov.mayor).exists()


def test_counts_add_up(in_january):
    counts = year_end.close_year(2026)
    carried = Bucket.objects.filter(year=2027, kind="C1")
    assert counts["carried"]["C1"] == sum(carried.values_list("granted", flat=True))
    assert counts["movements"] == Movement.objects.exclude(request__isnull=False).count() - 1
    assert counts["unconfirmed"] == LeaveAccount.objects.filter(confirmed=False).count()


def test_a_second_run_finds_nothing_left_to_do(in_january):
    year_end.close_year(2026)
    before, movements = state(), Movement.objects.count()
    counts = year_end.close_year(2026)
    assert (counts["opened"], counts["movements"]) == (0, 0)
    assert (state(), Movement.objects.count()) == (before, movements)


def test_a_late_run_gives_what_the_verbs_opened_in_the_meantime(in_january, time_machine):
    in_january.submitted(day(2, 1, 2027), day(2, 2, 2027))
    opened_by_verb = [row for row in state() if row[1] == 2027]
    time_machine.move_to(datetime.datetime(2027, 6, 1, 3, tzinfo=datetime.UTC))
    year_end.close_year(2026)
    account = in_january.employee.leave_account.pk
    assert [row for row in state() if row[1] == 2027 and row[0] == account] == opened_by_verb


def test_two_missed_years_are_closed_one_after_the_other(in_january, time_machine):
    time_machine.move_to(datetime.datetime(2028, 3, 1, 3, tzinfo=datetime.UTC))
    year_end.close_year(2026)
    year_end.close_year(2027)
    balance = balance_of(in_january.gov.colleague)
    assert {bucket.kind: bucket.granted for bucket in balance.buckets} == {"C2": 6, "C1": 6, "O": 12}


def test_a_preview_counts_the_same_and_writes_nothing(in_january):
    before = state()
    preview = year_end.close_year(2026, preview=True)
    assert state() == before
    assert preview == year_end.close_year(2026)


def test_the_running_year_can_be_previewed_but_not_closed(flow):
    assert year_end.close_year(2026, preview=True)["people"] == year_end.people().count()
    assert not LeaveAccount.objects.exists()
    with pytest.raises(RuleRefused, match="belum berakhir"):
        year_end.close_year(2026)


def test_years_before_the_portal_are_refused(flow):
    with pytest.raises(RuleRefused, match="sejak 2026"):
        year_end.close_year(2020)


def test_a_preview_for_one_person_says_what_is_carried_and_what_lapses(in_january):
    people = [in_january.employee, in_january.gov.colleague]
    first, second = year_end.preview_people(2026, people)
    assert (first.carried, first.lapsed, first.confirmed) == ({"C1": 6}, 1, True)
    assert (second.carried, second.lapsed) == ({"C1": 6}, 6)


def test_after_closing_the_preview_of_a_person_shows_what_was_done(in_january):
    before = year_end.preview_people(2026, [in_january.employee])
    year_end.close_year(2026)
    after = year_end.preview_people(2026, [Employee.objects.get(pk=in_january.employee.pk)])
    assert [(row.carried, row.lapsed) for row in before] == [(row.carried, row.lapsed) for row in after]


def test_people_no_longer_in_service_are_left_out(in_january):
    Employee.objects.filter(pk=in_january.gov.colleague.pk).update(legal_state="retired")
    year_end.close_year(2026)
    assert not LeaveAccount.objects.filter(employee=in_january.gov.colleague).exists()


class Dies(Exception):
    pass


def run_of(cursor, stop_after=None):
    """A job run that dies after so many batches."""
    saved = SimpleNamespace(cursor=cursor, job=SimpleNamespace(owner=None), batches=0)

    def save_cursor(values):
        if saved.batches == stop_after:
            raise Dies
        saved.batches += 1
        saved.cursor = values

    saved.save_cursor, saved.progress = save_cursor, lambda *args: None
    return saved


def test_a_run_that_died_goes_on_where_it_stopped(in_january, monkeypatch):
    monkeypatch.setattr(year_end, "BATCH", 4)
    run = run_of({}, stop_after=2)
    with pytest.raises(Dies):
        year_end.close_year(2026, run=run)
    assert LeaveAccount.objects.filter(opened_through=2027).count() == 8
    resumed = run_of(run.cursor)
    counts = year_end.close_year(2026, run=resumed)
    assert counts["opened"] == year_end.people().count()
    assert YearRun.objects.count() == 1
    assert resumed.batches < year_end.people().count() / 4


def test_the_daily_task_closes_once_and_then_rests(in_january):
    assert year_end.close_due_year()["people"] > 0
    assert year_end.close_due_year() is None
    assert YearRun.objects.filter(finished_at__isnull=False).count() == 1


def test_closing_leaves_an_event(in_january):
    year_end.close_year(2026)
    assert Event.objects.filter(verb="leave.year_closed").get().data["year"] == 2026


def test_only_the_central_office_starts_a_run(in_january):
    with pytest.raises(PermissionRefused):
        year_end.start_run(actor=in_january.gov.office_head.user, year=2026)
    job = year_end.start_run(actor=in_january.gov.hr.user, year=2026, preview=True)
    assert Job.objects.get(kind=year_end.JOB) == job
    assert year_end.may_see(in_january.gov.hr.user, job)
    assert not year_end.may_see(in_january.employee.user, job)


def test_the_command_prints_the_counts(in_january, capsys):
    call_command("close_leave_year", "2026", "--preview")
    assert json.loads(capsys.readouterr().out)["people"] == year_end.people().count()
    assert not Bucket.objects.filter(year=2027).exists()


def test_the_command_says_why_not(in_january):
    with pytest.raises(CommandError, match="belum berakhir"):
        call_command("close_leave_year", "2027")


def test_a_batch_costs_a_constant_number_of_statements(in_january, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        year_end.close_year(2026)


@pytest.mark.django_db(transaction=True)
def test_one_host_at_a_time_closes_a_year(time_machine):
    time_machine.move_to(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [year_end._LOCK + 2026])
        with pytest.raises(StateChanged, match="proses lain"):
            year_end.close_year(2026)
        assert year_end.close_due_year() is None
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [year_end._LOCK + 2026])
    finally:
        other.close()
    assert year_end.close_year(2026)["people"] == 0
    assert connection.is_usable()
