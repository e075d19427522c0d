"""Any sequence of verbs by anybody: no version is lost, never two plans are agreed, what waits has its item."""

import datetime
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.enums import EDITABLE, LIVE_PLANS, PlanState
from evaluations.models import Participant, Plan, PlanStep, Posting
from evaluations.services import plans as verbs
from evaluations.services.plans_lines import RESULT
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import make_world
from tests.evaluations.plans import started

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
VERBS = ["start"] * 3 + ["submit"] * 4 + ["agree"] * 4
VERBS += ["withdraw", "give_back", "change", "change", "edit", "discard", "transfer", "new_assessor", "talk"]


class Act(NamedTuple):
    verb: str
    actor: int
    pick: int


ACTS = st.builds(Act, st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 3))
PROGRAMS = st.lists(ACTS, min_size=15, max_size=40)


class World:
    """Refusals are welcome: what matters is that they leave everything as it was."""

    def __init__(self):
        self.world = make_world()
        self.me = self.world.me
        gov = self.world.gov
        self.assessors = [gov.section_head, gov.second_section_head]
        self.actors = [self.me.employee.user] * 2 + [one.user for one in self.assessors] + [gov.hr.user]
        self.agreed_ever: set = set()

    def run(self, act):
        rows = list(Plan.objects.filter(participant=self.me).order_by("id"))
        plan = rows[-1 - act.pick % len(rows)] if rows else None
        actor = self.actors[act.actor % len(self.actors)]
        try:
            with transaction.atomic():
                self.do(act, actor, plan)
        except ApplicationError:
            pass
        connection.check_constraints()

    def do(self, act, actor, plan):
        if act.verb == "start":
            started(self.me)
        elif act.verb == "transfer":
            self.transfer()
        elif act.verb == "new_assessor":
            Participant.objects.filter(pk=self.me.pk).update(assessor=self.assessors[act.pick % 2])
            verbs.hand_over_plans([self.me])
        elif plan is not None:
            extra = {"give_back": {"note": "Lagi"}, "change": {"reason": "Sebab"}, "talk": {"text": "Kata"}}
            if act.verb == "edit":
                row = plan.results.first()
                change = verbs.LineChange((RESULT, str(row.pk)), {"text": f"Hasil {act.pick}"})
                verbs.save_lines(actor=actor, plan=plan, changes=[change])
            else:
                verb = getattr(verbs, {"talk": "comment"}.get(act.verb, act.verb))
                verb(actor=actor, plan=plan, **extra.get(act.verb, {}))

    def transfer(self):
        last = Posting.objects.filter(participant=self.me).latest("number")
        if last.number < 3:
            day = last.valid_from + datetime.timedelta(days=60)
            Posting.objects.filter(pk=last.pk).update(valid_to=day - datetime.timedelta(days=1))
            Posting.objects.create(participant=self.me, number=last.number + 1, position="Analis", valid_from=day)

    def check(self):
        plans = list(Plan.objects.filter(participant=self.me))
        agreed = [plan for plan in plans if plan.state == PlanState.AGREED]
        assert len(agreed) <= 1
        self.me.refresh_from_db()
        if agreed:
            assert self.me.plan_id == agreed[0].pk
        ever = {plan.pk for plan in plans if plan.agreed_at is not None}
        assert self.agreed_ever <= ever
        self.agreed_ever = ever
        for plan in plans:
            self.check_plan(plan)
        for posting in Posting.objects.filter(participant=self.me):
            numbers = sorted(plan.number for plan in plans if plan.posting_id == posting.pk)
            assert numbers == list(range(1, len(numbers) + 1))
            assert sum(plan.state in LIVE_PLANS for plan in plans if plan.posting_id == posting.pk) <= 1

    def check_plan(self, plan):
        log = list(
            PlanStep.objects.filter(plan=plan).order_by("id").values_list("from_state", "to_state", "version")
        )
        assert [version for _a, _b, version in log] == list(range(2, 2 + len(log)))
        assert plan.version == 1 + len(log)
        states = [PlanState.DRAFT, *(to for _from, to, _version in log)]
        assert [origin for origin, _to, _version in log] == states[:-1]
        assert states[-1] == plan.state
        waiting = WorkItem.objects.filter(subject_id=plan.pk, closed_at=None).values_list("kind", "holder_id")
        wanted = {
            PlanState.SUBMITTED: [("evaluations.plan", self.me.assessor.user_id)],
            PlanState.RETURNED: [("evaluations.plan_returned", self.me.employee.user_id)],
        }
        assert list(waiting) == wanted.get(plan.state, [])
        assert plan.results.exists()
        if plan.state not in EDITABLE:
            assert all(row.indicators.exists() for row in plan.results.all())


@given(PROGRAMS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sequence_of_verbs_leaves_everything_in_order(db, program):
    with transaction.atomic():
        world = World()
        for act in program:
            world.run(act)
            world.check()
        transaction.set_rollback(True)
