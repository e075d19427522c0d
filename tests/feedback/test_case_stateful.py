"""Any sequence of verbs by anybody: the log tells the state, clocks fit it, and nothing secret gets out."""

import itertools
from collections import Counter
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.enums import FINAL_STATES, CaseState
from feedback.models import Case, CaseClock, CaseStep, Merge, Pause
from feedback.permissions import Reporting
from feedback.services import cases
from feedback.services.cases import tick
from feedback.services.cases.clocks import RUNNING
from feedback.services.cases.steps import ITEM_OF_STATE
from feedback.workflow import PAIRS
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.models import WorkItem

VERBS = [
    "file",
    *["admin"] * 4,
    *["unit"] * 7,
    *["reporter"] * 5,
    "time",
]
ADMIN = (
    lambda d, c, n: cases.open_case(actor=d.admin, case=c),
    lambda d, c, n: cases.assign(actor=d.admin, case=c, unit=(d.gov.office, d.other)[n % 2]),
    lambda d, c, n: cases.assign(actor=d.admin, case=c, unit=d.gov.office),
    lambda d, c, n: cases.ask(actor=d.admin, case=c, question="?"),
    lambda d, c, n: cases.reject(actor=d.admin, case=c, reason="unclear", explanation="x"),
    lambda d, c, n: cases.refer_outside(actor=d.admin, case=c, agency="PLN", reason="x"),
    lambda d, c, n: cases.mark_spam(actor=d.admin, case=c),
    lambda d, c, n: cases.undo(actor=d.admin, case=c, reason="x"),
    lambda d, c, n: cases.merge(actor=d.admin, case=c, main=d.pick(n)),
    lambda d, c, n: cases.classify(actor=d.admin, case=c, kind=("informasi", "berkadar")[n % 2]),
    lambda d, c, n: cases.classify(actor=d.admin, case=c, secret=True),
    lambda d, c, n: cases.resume(actor=d.admin, case=c),
    lambda d, c, n: cases.keep_closed(actor=d.admin, case=c, reason="x"),
)
UNIT = (
    lambda d, c, n: cases.accept(actor=d.liaison, case=c),
    lambda d, c, n: cases.accept(actor=d.checker, case=c),
    lambda d, c, n: d.answer(c),
    lambda d, c, n: d.answer(c),
    lambda d, c, n: cases.return_case(actor=d.liaison, case=c, reason="x"),
    lambda d, c, n: cases.reroute(actor=d.liaison, case=c, unit=d.other, reason="x"),
    lambda d, c, n: cases.message(actor=d.liaison, case=c, text="x", audience="public"),
)
REPORTER = (
    lambda by, c, n: cases.complete(by=by, case=c, text="x"),
    lambda by, c, n: cases.accept_answer(by=by, case=c),
    lambda by, c, n: cases.object_to_answer(by=by, case=c, reason="x"),
    lambda by, c, n: cases.reopen(by=by, case=c, reason="x"),
    lambda by, c, n: cases.cancel(by=by, case=c),
    lambda by, c, n: cases.uncancel(by=by, case=c),
    lambda by, c, n: cases.reply(by=by, case=c, text="x", public=True),
    lambda by, c, n: cases.rate(by=by, case=c, score=1 + n % 5),
)


class Act(NamedTuple):
    verb: str
    which: int
    case: int


PROGRAMS = st.lists(
    st.builds(Act, st.sampled_from(VERBS), st.sampled_from(range(91)), st.sampled_from(range(3))),
    min_size=20,
    max_size=30,
)


class World:
    def __init__(self, desk, clock):
        self.desk, self.clock, self.days = desk, clock, 15
        desk.pick = self.pick
        clock("01-15")
        desk.accepted(user=desk.citizen)
        desk.opened(anonymous=True)

    def pick(self, n):
        found = list(Case.objects.order_by("pk"))
        return found[n % len(found)]

    def run(self, act):
        """The first act from `which` on that is not refused; refusals must leave everything as it was."""
        if act.verb == "file":
            return self.desk.file(anonymous=act.which % 2 == 0, secret=act.which % 5 == 0)
        if act.verb == "time":
            return self.time(act)
        acts, case = {"admin": ADMIN, "unit": UNIT, "reporter": REPORTER}[act.verb], self.pick(act.case)
        who = Reporting(case_id=case.pk) if act.verb == "reporter" else self.desk
        for number in range(len(acts)):
            try:
                with transaction.atomic():
                    return acts[(act.which + number) % len(acts)](who, case, act.which)
            except ApplicationError:
                continue
        return None

    def time(self, act):
        self.days = min(self.days + 1 + act.which % 14, 58)
        self.clock(
            f"{1 + self.days // 30:02d}-{1 + self.days % 28:02d}" if self.days > 28 else f"01-{self.days:02d}"
        )
        tick()

    # --- What always holds ----------------------------------------------------------------------
    def check(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for case in Case.objects.all():
            self.the_log_tells_the_state(case)
            self.clocks_fit_the_state(case)
            self.one_item_waits_where_somebody_must_act(case)
            assert case.published_at is None or not case.secret
            assert (case.closed_at is not None) == (case.state in FINAL_STATES)
        joined = set(Merge.objects.filter(undone_at=None).values_list("duplicate_id", flat=True))
        assert joined == set(Case.objects.filter(state=CaseState.DUPLICATE).values_list("pk", flat=True))

    def the_log_tells_the_state(self, case):
        steps = list(CaseStep.objects.filter(case=case).order_by("version"))
        assert [step.version for step in steps] == list(range(1, case.version + 1))
        assert steps[-1].to_state == case.state
        for before, after in itertools.pairwise(steps):
            assert after.from_state == before.to_state
            assert after.from_state == after.to_state or (after.from_state, after.to_state) in PAIRS
        assert steps[-1].due_after == case.due_on

    def clocks_fit_the_state(self, case):
        running = CaseClock.objects.filter(case=case, stopped_on=None)
        assert {row.phase for row in running} <= set(RUNNING[CaseState(case.state)])
        due = [row.due_on for row in running if row.due_on]
        assert case.due_on == min(due, default=None)
        assert Pause.objects.filter(case=case, ended_on=None).exists() == (case.state == CaseState.INCOMPLETE)

    def one_item_waits_where_somebody_must_act(self, case):
        kinds = list(WorkItem.objects.filter(subject_id=case.pk, closed_at=None).values_list("kind", flat=True))
        wanted = ITEM_OF_STATE.get(CaseState(case.state))
        assert kinds == ([wanted] if wanted else [])


@pytest.mark.slow
def test_any_sequence_of_verbs_keeps_log_clocks_and_secrets_true(desk, clock):
    reached = Counter()

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(program=PROGRAMS)
    def live(program):
        with transaction.atomic():
            world = World(desk, clock)
            for act in program:
                world.run(act)
                world.check()
            reached.update(CaseStep.objects.values_list("to_state", flat=True))
            transaction.set_rollback(True)

    live()
    assert set(reached) >= set(CaseState) - {CaseState.LAPSED}, "too tame to prove much"
