"""Any sequence of verbs by anybody: the ledger always adds up, and nothing stays reserved for what has ended."""

import datetime
from collections import Counter
from typing import NamedTuple

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.models import WorkItem
from leave import rules, services, year_end
from leave.enums import LIVE, WAITING, Outcome, RequestState
from leave.models import Bucket, HeldPeriod, LeaveRequest, LeaveStep, Movement, RequestDay, Transition
from leave.services import Verdict
from tests.leave.factories import Flow, data, know_years

VERBS = ["submit"] * 4 + ["go_on"] * 8 + ["edit", "withdraw", "withdraw", "new_year"]
"""How often each is tried: requests should get far more often than they are taken back."""


EVERY_ACT = {*("submit", "edit", "opine", "grant", "offer", "accept", "decline", "postpone", "refuse", "withdraw")}


class Act(NamedTuple):
    """`days` from today to the first day of leave, or by which an offer is moved; `length` in calendar days."""

    verb: str
    pick: int
    outcome: str
    days: int
    length: int


PROGRAMS = st.lists(
    st.builds(
        Act,
        verb=st.sampled_from(VERBS),
        pick=st.integers(0, 5),
        outcome=st.sampled_from([*Outcome.values, Outcome.CHANGED, Outcome.POSTPONED]),
        days=st.integers(1, 100),
        length=st.integers(0, 8),
    ),
    min_size=14,
    max_size=22,
)


class World:
    """Refusals are welcome: what matters is that they leave everything as it was."""

    def __init__(self, gov, clock, left):
        self.gov, self.flow, self.clock = gov, Flow(gov), clock
        self.clock.move_to("2026-03-02T03:00:00+00:00", tick=False)
        know_years(gov.employee, 2024, 2025, left=left)
        self.done = Counter()

    def run(self, act):
        try:
            with transaction.atomic():
                getattr(self, act.verb)(act)
            self.done[act.verb] += 1
        except ApplicationError:
            pass

    def some(self, act, *states):
        found = list(LeaveRequest.objects.filter(state__in=states).order_by("pk"))
        return found[act.pick % len(found)] if found else None

    # --- Verbs ----------------------------------------------------------------------------------
    def submit(self, act):
        start = today() + datetime.timedelta(days=act.days)
        wanted = data(start, start + datetime.timedelta(days=act.length))
        services.file_request(actor=self.gov.employee.user, employee=self.gov.employee, data=wanted)

    def go_on(self, act):
        """Whoever holds the step of a waiting request fills it; new dates lie near the old ones."""
        request = self.some(act, *WAITING)
        if request is None:
            return
        start = request.start + datetime.timedelta(days=act.days % 9)
        verdict = Verdict(act.outcome, "Sebab", start, start + datetime.timedelta(days=act.length))
        if request.state == RequestState.SUBMITTED:
            services.give_opinion(actor=self.gov.section_head.user, request=request, verdict=verdict)
        elif request.state == RequestState.OPINED:
            services.decide(actor=self.gov.office_head.user, request=request, verdict=verdict)
        else:
            accept = act.outcome in (Outcome.APPROVED, Outcome.CHANGED)
            services.respond(actor=self.gov.employee.user, request=request, accept=accept)

    def edit(self, act):
        if request := self.some(act, RequestState.SUBMITTED):
            start = request.start + datetime.timedelta(days=act.days % 9)
            changed = data(start, start + datetime.timedelta(days=act.length))
            services.edit(actor=self.gov.employee.user, request=request, data=changed)

    def withdraw(self, act):
        if request := self.some(act, *LIVE):
            services.withdraw(actor=self.gov.employee.user, request=request)

    def new_year(self, act):
        """The days go by to the end of the year; in January what still waits is decided late."""
        at = "2026-11-02T03:00:00+00:00" if today() < datetime.date(2026, 11, 1) else "2027-01-04T03:00:00+00:00"
        if act.pick > 2:
            self.clock.move_to(at, tick=False)
        if today().year == 2027:
            year_end.close_year(2026)

    # --- What always holds ----------------------------------------------------------------------
    def every_bucket_is_the_sum_of_its_movements(self):
        for bucket in Bucket.objects.all():
            sums = dict.fromkeys(("granted", "taken", "reserved", "postponed", "lapsed"), 0)
            for kind, days in Movement.objects.filter(bucket=bucket).values_list("kind", "days"):
                column, sign = rules.COLUMN_OF[kind]
                sums[column] += sign * days
            assert sums == {name: getattr(bucket, name) for name in sums}
            assert bucket.left >= 0

    def only_waiting_requests_reserve_and_only_granted_ones_take(self):
        reserved = (
            RequestDay.objects.filter(request__state__in=WAITING).values("request", "date").distinct().count()
        )
        taken = RequestDay.objects.filter(request__state=RequestState.GRANTED).count()
        totals = Bucket.objects.aggregate(reserved=Sum("reserved"), taken=Sum("taken"))
        assert (totals["reserved"] or 0, totals["taken"] or 0) == (reserved, taken)

    def what_has_ended_leaves_no_movement_behind(self):
        for request in LeaveRequest.objects.filter(state__in=(RequestState.REFUSED, RequestState.WITHDRAWN)):
            rows = Movement.objects.filter(request=request).values_list("kind", "days")
            assert sum(rules.effect(kind, days) for kind, days in rows) == 0

    def dates_are_held_by_live_requests_alone(self):
        holding = set(HeldPeriod.objects.values_list("request", flat=True))
        assert holding == set(LeaveRequest.objects.filter(state__in=LIVE).values_list("pk", flat=True))

    def every_waiting_request_has_one_open_step_and_one_item(self):
        waiting = set(LeaveRequest.objects.filter(state__in=WAITING).values_list("pk", flat=True))
        assert set(LeaveStep.objects.filter(closed_at=None).values_list("request", flat=True)) == waiting
        assert set(WorkItem.objects.filter(closed_at=None).values_list("subject_id", flat=True)) == waiting

    def check(self):
        self.every_bucket_is_the_sum_of_its_movements()
        self.only_waiting_requests_reserve_and_only_granted_ones_take()
        self.what_has_ended_leaves_no_movement_behind()
        self.dates_are_held_by_live_requests_alone()
        self.every_waiting_request_has_one_open_step_and_one_item()


@pytest.mark.slow
def test_any_sequence_of_verbs_keeps_the_ledger_true(gov, time_machine):
    reached = Counter()

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(program=PROGRAMS, left=st.integers(0, 6))
    def live(program, left):
        with transaction.atomic():
            world = World(gov, time_machine, left)
            for act in program:
                world.run(act)
                world.check()
            reached.update(Transition.objects.values_list("action", flat=True))
            transaction.set_rollback(True)

    live()
    assert set(reached) >= EVERY_ACT, "too tame to prove much"
