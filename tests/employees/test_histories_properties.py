"""Whatever HR does to a history, in whatever order: it stays whole, and nothing that was written is lost."""

import datetime
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepegawaian.employees import rules, services
from kepegawaian.employees.models import Employee, RankHolding
from kepegawaian.lib.exceptions import RuleRefused
from tests.employees.factories import EmployeeFactory

TODAY = datetime.date(2026, 3, 2)
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db

dates = st.dates(datetime.date(2015, 1, 1), datetime.date(2028, 12, 31))
golongan = st.sampled_from([known.name for known in rules.PNS_GOLONGAN])
acts = st.lists(
    st.one_of(
        st.tuples(st.just("add"), golongan, dates),
        st.tuples(st.just("correct"), st.integers(0, 20), dates),
        st.tuples(st.just("withdraw"), st.integers(0, 20), st.none()),
    ),
    max_size=8,
)


def act(person, what, which, date):
    standing = list(RankHolding.objects.standing().filter(employee=person).order_by("valid_from"))
    if what == "add":
        services.add_rank(employee=person, golongan=which, valid_from=date)
    elif standing and what == "correct":
        services.correct(row=standing[which % len(standing)], changes={"valid_from": date}, reason="TMT")
    elif standing:
        services.withdraw(row=standing[which % len(standing)], reason="keliru")


@pytest.fixture
def person(today):
    return EmployeeFactory(golongan="")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_a_history_stays_whole(person, steps):
    written = 0
    with transaction.atomic():
        for step in steps:
            before = RankHolding.objects.filter(employee=person).count()
            try:
                act(person, *step)
            except RuleRefused:
                assert RankHolding.objects.filter(employee=person).count() == before
            written = max(written, before)
        rows = list(RankHolding.objects.standing().filter(employee=person).order_by("valid_from"))
        _no_overlap(rows)
        assert all(row.valid_to is None or row.valid_to >= row.valid_from for row in rows)
        assert RankHolding.objects.filter(employee=person).count() >= written, "nothing is ever deleted"
        _mirror_is_right(person, rows)
        transaction.set_rollback(True)


def _no_overlap(rows):
    for earlier, later in itertools.pairwise(rows):
        assert earlier.valid_to is not None
        assert earlier.valid_to < later.valid_from


def _mirror_is_right(person, rows):
    now = [row for row in rows if row.valid_from <= TODAY and (row.valid_to is None or row.valid_to >= TODAY)]
    mirror = Employee.objects.get(pk=person.pk).current_golongan
    assert mirror == (now[0].golongan if now else "")
    assert services.refresh_current() == 0
