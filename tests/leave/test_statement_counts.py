"""What a click costs: statements of each verb, and that lists cost the same with one row and with many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leave import selectors, services
from leave.enums import Outcome
from leave.services import Verdict
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import data, day, know_years

BUDGET = 25
"""Design, section 8: a write. Session, user and, when filing, the own record are read before the verb."""
REQUEST = 3
SAVEPOINT = 2
"""Its begin and its end, which tests count and clicks do not pay for."""


def count(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as captured:
        act(*args, **kwargs)
    return len(captured)


@pytest.fixture
def used(flow):
    """An account that has been used before, as on an ordinary day."""
    know_years(flow.employee, 2024, 2025)
    flow.granted(day(6, 1), day(6, 1), stand_in=flow.gov.colleague)
    return flow


def within(pinned, counted):
    """No more than was reached: one more is to be noticed here, and never more than the budget of a click."""
    assert counted <= pinned + SAVEPOINT, f"{counted} statements"
    assert counted - SAVEPOINT + REQUEST <= BUDGET


def test_submitting(used):
    draft = used.draft()
    within(15, count(services.submit, actor=used.employee.user, request=draft))


def test_filing_in_one_go(used):
    user, employee = used.employee.user, used.employee
    within(15, count(services.file_request, actor=user, employee=employee, data=data()))


def test_editing(used):
    request = used.submitted()
    changed = data(day(5, 4), day(5, 6))
    within(21, count(services.edit, actor=used.employee.user, request=request, data=changed))


def test_giving_an_opinion(used):
    request, user = used.submitted(), used.gov.section_head.user
    within(14, count(services.give_opinion, actor=user, request=request, verdict=Verdict("approved")))


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(Outcome.APPROVED),
        Verdict(Outcome.REFUSED, "Tidak"),
        Verdict(Outcome.POSTPONED, "Mendesak"),
    ],
    ids=lambda verdict: verdict.outcome,
)
def test_deciding(used, verdict):
    request, user = used.opined(stand_in=used.gov.colleague), used.gov.office_head.user
    within(10, count(services.decide, actor=user, request=request, verdict=verdict))


def test_withdrawing(used):
    request = used.opined()
    within(10, count(services.withdraw, actor=used.employee.user, request=request))


def test_more_days_cost_no_more_statements(used):
    short, long = used.draft(day(5, 4), day(5, 4)), used.draft(day(7, 6), day(7, 15))
    user = used.employee.user
    assert count(services.submit, actor=user, request=short) == count(services.submit, actor=user, request=long)


def test_a_preview_writes_nothing_and_stays_small(used):
    used.submitted(day(5, 4), day(5, 5))
    with CaptureQueriesContext(connection) as captured:
        services.preview(used.employee.user, used.employee, data(stand_in=used.gov.colleague))
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(captured) <= 15


def test_a_balance_costs_the_same_with_one_movement_and_with_fifty(used):
    few = count(selectors.balance_of, used.employee)
    for number in range(1, 12):
        services.withdraw(actor=used.employee.user, request=used.submitted(day(7, number), day(7, number + 2)))
    assert count(selectors.balance_of, used.employee) == few <= 6


def away(gov, number):
    for person in [gov.employee, *EmployeeFactory.create_batch(number - 1, unit=gov.section)]:
        services.file_request(actor=person.user, employee=person, data=data())


@pytest.mark.parametrize("number", [1, 6])
def test_the_team_calendar_costs_the_same_with_one_and_with_many(flow, number, django_assert_max_num_queries):
    away(flow.gov, number)
    with django_assert_max_num_queries(3):
        found = selectors.team_absences(flow.gov.section_head.user, day(4, 1), day(4, 30))
    assert len(found) == number


@pytest.mark.parametrize("number", [1, 6])
def test_requests_of_a_team_cost_the_same_with_one_and_with_many(flow, number, django_assert_max_num_queries):
    away(flow.gov, number)
    user = flow.gov.section_head.user
    with django_assert_max_num_queries(2):
        rows = list(selectors.team_requests(user))
        assert [str(row.employee.current_unit) for row in rows] == [str(flow.gov.section)] * number
