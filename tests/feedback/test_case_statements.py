"""What a click costs: statements of each verb, and that lists cost the same with one row and with many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Case
from feedback.services import cases
from feedback.services.cases import Filing
from tests.feedback.factories import CONTACT, TEXT

BUDGET = 25
REQUEST = 3
"""Session, user and their roles are read before the verb; the transaction's own begin and commit count too."""


def count(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as captured:
        act(*args, **kwargs)
    return len(captured)


def test_filing(desk):
    filing = Filing(text=TEXT, service=desk.service, contact=CONTACT, anonymous=True)
    assert count(cases.file_case, filing=filing, key="kunci") <= BUDGET


@pytest.mark.parametrize("rows", [1, 12])
def test_a_desk_costs_the_same_with_many_cases(desk, rows):
    for _row in range(rows):
        desk.file()

    def read():
        return list(
            Case.objects.visible_to(desk.admin).open().select_related("unit", "service").order_by("due_on")[:25]
        )

    cases_seen = []
    assert count(lambda: cases_seen.extend(read())) <= 3
    assert len(cases_seen) == rows


@pytest.mark.parametrize(
    ("make", "act"),
    [
        ("file", lambda d, c: cases.open_case(actor=d.admin, case=c)),
        ("accepted", lambda d, c: cases.message(actor=d.liaison, case=c, text="x", audience="public")),
        ("answered", lambda d, c: cases.accept_answer(by=d.reporter(c), case=c)),
        ("answered", lambda d, c: cases.object_to_answer(by=d.reporter(c), case=c, reason="x")),
    ],
    ids=["open", "message", "close", "object"],
)
def test_verbs(desk, make, act):
    case = getattr(desk, make)(user=desk.citizen)
    used = count(act, desk, case)
    assert used <= BUDGET + REQUEST, used


def test_forwarding(desk):
    """It chooses an officer, starts and stops clocks, publishes and tells two people."""
    case = desk.opened(user=desk.citizen)
    assert count(cases.assign, actor=desk.admin, case=case, unit=desk.gov.office) <= BUDGET
