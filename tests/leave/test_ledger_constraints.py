"""What PostgreSQL itself refuses, asked in plain SQL: no Python of ours stands before it."""

import pytest
from django.db import IntegrityError, connection

from kepegawaian.lib.ids import uuid7
from leave.models import Bucket
from tests.leave.factories import know_years


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def movement(bucket, kind, days):
    execute(
        """INSERT INTO leave_movement (id, bucket_id, kind, days, "on", rule, note, data, created_at)
        VALUES (%s, %s, %s, %s, '2026-03-02', '', '', '{}', now())""",
        [uuid7(), bucket.pk, kind, days],
    )


@pytest.fixture
def bucket(flow):
    """The own days of 2026: 12 granted, 5 of them reserved."""
    flow.submitted()
    return Bucket.objects.get()


def test_a_balance_below_zero_is_refused(bucket):
    movement(bucket, "reserve", 7)
    with pytest.raises(IntegrityError, match="leave_balance_not_below_zero"):
        movement(bucket, "reserve", 1)


@pytest.mark.parametrize("kind", ["take", "postpone", "lapse"])
def test_no_kind_of_movement_may_go_below_zero(bucket, kind):
    with pytest.raises(IntegrityError, match="leave_balance_not_below_zero"):
        movement(bucket, kind, 8)


@pytest.mark.parametrize(("kind", "days"), [("release", 6), ("return", 1), ("lapse", -1), ("postpone", -1)])
def test_more_than_there_was_cannot_come_back(bucket, kind, days):
    with pytest.raises(IntegrityError, match="bucket_sums_not_negative"):
        movement(bucket, kind, days)


def test_a_movement_of_nothing_is_refused(bucket):
    with pytest.raises(IntegrityError, match="movement_moves"):
        movement(bucket, "reserve", 0)


def test_every_movement_is_added_to_its_bucket_by_the_database(bucket):
    for kind, days in (
        ("correction", 3),
        ("release", 5),
        ("take", 4),
        ("return", 1),
        ("postpone", 2),
        ("lapse", 6),
    ):
        movement(bucket, kind, days)
    bucket.refresh_from_db()
    sums = (bucket.granted, bucket.reserved, bucket.taken, bucket.postponed, bucket.lapsed)
    assert sums == (15, 0, 3, 2, 6)


@pytest.mark.parametrize("sql", ["UPDATE leave_movement SET days = 1", "DELETE FROM leave_movement"])
def test_movements_are_append_only(bucket, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)


@pytest.mark.parametrize("sql", ["UPDATE leave_transition SET reason = 'x'", "DELETE FROM leave_transition"])
def test_the_log_is_append_only(bucket, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)


def test_sums_change_by_movements_only(bucket):
    with pytest.raises(IntegrityError, match="movements only"):
        execute("UPDATE leave_bucket SET granted = 24")


def test_overlapping_live_leave_of_one_person_is_refused(flow):
    first, second = flow.submitted(), flow.draft()
    with pytest.raises(IntegrityError, match="no_overlapping_leave"):
        execute(
            """INSERT INTO leave_heldperiod (id, request_id, employee_id, period)
            VALUES (%s, %s, %s, '[2026-04-10,2026-04-11)')""",
            [uuid7(), second.pk, first.employee_id],
        )


def test_two_open_steps_of_a_request_are_refused(flow):
    request = flow.submitted()
    with pytest.raises(IntegrityError, match="one_open_step_a_request"):
        request.steps.create(kind="decision")


def test_a_decision_by_the_applicant_is_refused(flow):
    request = flow.submitted()
    with pytest.raises(IntegrityError, match="nobody decides on himself"):
        execute(
            "UPDATE leave_leavestep SET acted_by_id = %s, closed_at = now(), outcome = 'approved'",
            [request.employee.user_id],
        )


def test_a_closed_step_is_never_changed(flow):
    flow.opined()
    with pytest.raises(IntegrityError, match="never changed"):
        execute("UPDATE leave_leavestep SET reason = 'x' WHERE closed_at IS NOT NULL")


def test_a_refusal_without_a_reason_is_refused(flow):
    flow.submitted()
    with pytest.raises(IntegrityError, match="outcome_has_reason"):
        execute(
            "UPDATE leave_leavestep SET outcome = 'refused', closed_at = now(), acted_by_id = %s",
            [flow.gov.section_head.user_id],
        )


def test_an_outcome_without_its_author_is_refused(flow):
    flow.submitted()
    with pytest.raises(IntegrityError, match="closed_step_has_actor"):
        execute("UPDATE leave_leavestep SET outcome = 'approved', closed_at = now()")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'lost'", "leave_state_known"),
        ("state = 'granted', submitted_at = NULL", "leave_submitted_has_time"),
        ("state = 'offered', submitted_at = now()", "leave_offer_has_dates"),
        ('"end" = start - 1', "leave_ends_after_start"),
        ("abroad = true, country = ''", "leave_abroad_names_country"),
        ("stand_in_id = employee_id", "leave_stand_in_is_another"),
    ],
)
def test_states_outside_the_table_are_refused(flow, change, constraint):
    flow.draft()
    with pytest.raises(IntegrityError, match=constraint):
        execute(f"UPDATE leave_leaverequest SET {change}")


def test_two_openings_of_one_year_are_refused(flow):
    know_years(flow.employee, 2025)
    with pytest.raises(IntegrityError, match="one_opening_a_year"):
        know_years(flow.employee, 2025)
