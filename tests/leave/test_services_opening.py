"""Years before go-live, entered by HR; credits; and what a late fact does to years already carried over."""

import datetime

import pytest
from django.utils import timezone

from kepegawaian.calendars.models import Holiday
from kepegawaian.employees.models import DutyDay, Employee
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from leave import ledger, services
from leave.models import LeaveAccount, Movement, OpeningYear
from leave.selectors import balance_of
from leave.services import OpeningEntry
from leave.services.collective import credit_worked_days
from tests.leave.factories import day, set_up_leave


def enter(flow, *entries, actor=None):
    services.enter_opening(
        actor=actor or flow.gov.hr.user, employee=flow.employee, entries=[OpeningEntry(*each) for each in entries]
    )


def sums(flow, year=2026):
    rows = flow.employee.leave_account.buckets.filter(year=year).order_by("kind")
    return {row.kind: row.granted for row in rows if row.granted}


def test_without_openings_there_are_own_days_only_and_nothing_is_confirmed(flow):
    balance = balance_of(flow.employee)
    assert ([bucket.kind for bucket in balance.buckets], balance.left) == (["O"], 12)
    assert not balance.confirmed


def test_openings_give_the_carry_and_confirm_it(flow):
    enter(flow, (2025, 4), (2024, 0))
    assert sums(flow) == {"C1": 4, "O": 12}
    assert LeaveAccount.objects.get().confirmed
    assert balance_of(flow.employee).confirmed


def test_two_unused_opening_years_give_24(flow):
    enter(flow, (2025, 12, 0, True), (2024, 12, 0, True))
    assert sums(flow) == {"C1": 6, "C2": 6, "O": 12}


def test_postponed_days_of_the_opening_year_come_along(flow):
    enter(flow, (2025, 2, 7), (2024, 0))
    assert sums(flow) == {"P": 7, "C1": 2, "O": 12}


def test_one_year_alone_does_not_confirm_when_the_other_still_has_a_say(flow):
    enter(flow, (2025, 12, 0, True))
    assert not LeaveAccount.objects.get().confirmed


def test_the_same_openings_again_change_nothing(flow):
    for _ in range(2):
        enter(flow, (2025, 4), (2024, 0))
    assert OpeningYear.objects.count() == 2
    assert Movement.objects.count() == 2


def test_a_corrected_opening_keeps_the_wrong_one_and_posts_the_difference(flow):
    enter(flow, (2025, 6), (2024, 0))
    enter(flow, (2025, 2), (2024, 0))
    assert OpeningYear.objects.filter(superseded_at=None, year=2025).get().left == 2
    assert OpeningYear.objects.filter(year=2025).count() == 2
    rows = Movement.objects.filter(bucket__kind="C1").order_by("id").values_list("kind", "days")
    assert list(rows) == [("opening", 6), ("correction", -4)]


def test_a_correction_never_takes_days_that_are_used_already(flow):
    enter(flow, (2025, 6), (2024, 0))
    flow.submitted()
    enter(flow, (2025, 2), (2024, 0))
    assert flow.bucket_sums(2026, "C1") == (5, 5, 0, 0, 0)


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ((2023, 3), "year"),
        ((2026, 3), "year"),
        ((2025, 13), "left"),
        ((2025, 6, 7), "left"),
        ((2025, 3, 0, True), "unused"),
    ],
)
def test_an_opening_that_cannot_be_true_is_refused(flow, entry, field):
    with pytest.raises(RuleRefused) as error:
        enter(flow, entry)
    assert field in {problem.field for problem in error.value.problems}
    assert not OpeningYear.objects.exists()


@pytest.mark.parametrize("who", ["employee", "section_head", "office_head", "secretary"])
def test_only_the_central_office_enters_openings(flow, who):
    with pytest.raises(PermissionRefused):
        enter(flow, (2025, 4), actor=getattr(flow.gov, who).user)


def test_hr_does_not_enter_its_own_opening(flow):
    with pytest.raises(PermissionRefused):
        services.enter_opening(
            actor=flow.gov.hr.user, employee=flow.gov.hr, entries=[OpeningEntry(2025, 4)], source="SK"
        )


def test_who_was_appointed_after_go_live_needs_no_opening(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(tmt_cpns=day(3, 1, 2025))
    flow.employee.refresh_from_db()
    assert balance_of(flow.employee).confirmed


def test_an_opening_after_a_year_has_closed_corrects_that_year_and_the_next(flow, time_machine):
    """2026 closed with an unknown carry; afterwards HR says that 2024 and 2025 were unused."""
    flow.granted()
    time_machine.move_to(datetime.datetime(2027, 2, 1, 3, tzinfo=datetime.UTC))
    flow.submitted(day(3, 1, 2027), day(3, 1, 2027))
    assert sums(flow, 2027) == {"C1": 6, "O": 12}
    enter(flow, (2025, 12, 0, True), (2024, 12, 0, True))
    assert sums(flow, 2026) == {"C1": 6, "C2": 6, "O": 12}
    late = flow.employee.leave_account.buckets.get(year=2026, kind="C1")
    assert (late.left, late.lapsed) == (0, 6)


# --- Late facts -------------------------------------------------------------------------------------
def test_a_request_refused_after_new_year_gives_its_days_to_the_carry(flow, time_machine):
    """Pending at 31 December it counted as taken; refused in January the carry is computed anew (R10)."""
    enter(flow, (2025, 0), (2024, 0))
    request = flow.opined(day(12, 21), day(12, 30))
    flow.granted(day(4, 6), day(4, 7))
    time_machine.move_to(datetime.datetime(2027, 1, 5, 3, tzinfo=datetime.UTC))
    flow.submitted(day(2, 1, 2027), day(2, 1, 2027))
    assert sums(flow, 2027) == {"C1": 2, "O": 12}
    flow.decide(request, "refused", reason="Terlambat")
    assert sums(flow, 2027) == {"C1": 6, "O": 12}
    closed = flow.employee.leave_account.buckets.get(year=2026, kind="O")
    assert (closed.reserved, closed.left) == (0, 0)


def test_a_late_postponement_becomes_p_of_the_running_year(flow, time_machine):
    enter(flow, (2025, 0), (2024, 0))
    request = flow.opined(day(12, 21), day(12, 30))
    time_machine.move_to(datetime.datetime(2027, 1, 5, 3, tzinfo=datetime.UTC))
    flow.decide(request, "postponed", reason="Kepentingan dinas mendesak")
    balance = balance_of(flow.employee, year=2027)
    assert {bucket.kind: bucket.granted for bucket in balance.buckets} == {"P": 8, "C1": 4, "O": 12}


# --- Cuti bersama days worked -----------------------------------------------------------------------
@pytest.fixture
def collective(db):
    return Holiday.objects.create(
        date=day(3, 18), kind="collective", name_id="Cuti bersama Nyepi", name_en="Nyepi collective leave"
    )


def credit(flow, missed, actor=None):
    return services.credit_collective_leave(
        actor=actor or flow.gov.hr.user, employee=flow.employee, missed=missed, order_number="800/5"
    )


def test_a_credit_may_be_used_from_the_day_after(flow, collective):
    assert credit(flow, day(3, 18))
    bucket = flow.employee.leave_account.buckets.get(kind="X")
    assert (bucket.granted, bucket.usable_from, bucket.lapses_on) == (1, day(3, 19), day(12, 31))
    assert balance_of(flow.employee, on=day(3, 18)).left == 12
    assert balance_of(flow.employee, on=day(3, 19)).left == 13


def test_only_collective_leave_gives_a_credit(flow, collective):
    with pytest.raises(RuleRefused, match="bukan hari cuti bersama"):
        credit(flow, day(3, 17))


def test_a_credit_is_given_by_the_central_office_alone(flow, collective):
    with pytest.raises(PermissionRefused):
        credit(flow, day(3, 18), actor=flow.gov.office_head.user)


def test_credits_of_two_days_are_two_buckets(flow, collective):
    Holiday.objects.create(date=day(3, 20), kind="collective", name_id="Cuti bersama", name_en="Collective leave")
    credit(flow, day(3, 18))
    credit(flow, day(3, 20))
    assert flow.employee.leave_account.buckets.filter(kind="X").count() == 2


def test_ordered_duties_are_credited_the_day_after_by_the_nightly_task(flow, time_machine):
    for person in (flow.employee, flow.gov.colleague):
        DutyDay.objects.create(employee=person, date=day(3, 18), on_collective_leave=True, order_number="800/6")
    assert credit_worked_days() == 0
    time_machine.move_to(datetime.datetime(2026, 3, 19, 3, tzinfo=datetime.UTC))
    assert (credit_worked_days(), credit_worked_days()) == (2, 0)
    assert balance_of(flow.employee).left == 13


def test_a_credit_used_in_december_counts_as_leave_of_that_year(flow, time_machine):
    """A year with a single day from a year-end credit is not an unused year (R3)."""
    set_up_leave()
    Holiday.objects.create(date=day(12, 24), kind="collective", name_id="Cuti bersama", name_en="Collective leave")
    credit(flow, day(12, 24))
    time_machine.move_to(datetime.datetime(2026, 12, 26, 3, tzinfo=datetime.UTC))
    flow.granted(day(12, 28), day(12, 28))
    account = LeaveAccount.objects.get(employee=flow.employee)
    book = ledger.load(
        account, employee=flow.employee, setting=ledger.current_setting(), today=timezone.localdate()
    )
    assert flow.bucket_sums(2027, "X") == (1, 0, 1, 0, 0)
    assert (book.taken_in(2026), book.taken_in(2027)) == (1, 0)
