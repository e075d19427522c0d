"""Whatever people try in whatever order, with plans and assessors changing underneath: no rating without an agreed
plan, no version of a plan lost, one evaluation that counts a person and period, a predikat only by the matrix, a
signed one never changed, an original never lost."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from evaluations.enums import EvaluationState, PlanState, Rating
from evaluations.models import Evaluation, EvaluationStep, Objection, Participant, Plan
from evaluations.rules import matrix
from evaluations.services import assessors, objections, opening, plans, ratings
from kepegawaian.lib.exceptions import ApplicationError
from tests.evaluations.factories import PerformanceWorld, move_plan
from tests.evaluations.ratings_world import AFTER_QUARTER, assessor_of, quarter_world, rated, user_of

pytestmark = pytest.mark.django_db
RATINGS = st.sampled_from(Rating.values)
WHO = st.integers(0, 2)
PLAN_VERBS = ["submit", "withdraw", "change", "agree", "give_back"]
DONE = (EvaluationState.FINAL, EvaluationState.REPLACED)


class Flow(RuleBasedStateMachine):
    """Each run begins where the world began."""

    world: PerformanceWorld

    def __init__(self):
        super().__init__()
        self.signed, self.versions = {}, {}
        self.start = transaction.savepoint()

    @property
    def people(self):
        """As they stand now, in a fixed order."""
        gov = self.world.gov
        keys = [self.world.of(person).pk for person in (*gov.staff[:2], gov.second_staff[0])]
        related = ("employee__user", "assessor__user", "cycle", "plan")
        rows = Participant.objects.select_related(*related).in_bulk(keys)
        return [rows[key] for key in keys]

    def _try(self, act):
        try:
            return act()
        except ApplicationError:
            return None

    def _latest(self, person):
        return Evaluation.objects.filter(participant=person).order_by("-id").first()

    @rule(person=WHO, results=RATINGS, behaviour=RATINGS)
    def assess(self, person, results, behaviour):
        person = self.people[person]
        about = {"actor": assessor_of(person), "participant": person, "period": self.world.quarter}
        row = self._try(lambda: ratings.assess(**about, given=rated(results, behaviour)))
        assert row is None or (row.plan.state, row.plan_id) == (PlanState.AGREED, person.plan_id)

    @rule(person=WHO, results=RATINGS)
    def save_draft(self, person, results):
        person = self.people[person]
        about = {"actor": assessor_of(person), "participant": person, "period": self.world.quarter}
        self._try(lambda: ratings.save_draft(**about, given=rated(results)))

    @rule(person=WHO, verb=st.sampled_from(PLAN_VERBS), newest=st.booleans())
    def about_the_plan(self, person, verb, newest):
        person = self.people[person]
        plan = person.plans.order_by("-number" if newest else "number").first()
        actor = assessor_of(person) if verb in ("agree", "give_back") else user_of(person)
        words = {"change": {"reason": "Anggaran turun"}, "give_back": {"note": "Lagi"}}.get(verb, {})
        self._try(lambda: getattr(plans, verb)(actor=actor, plan=plan, **words))

    @rule(person=WHO, other=st.booleans())
    def another_assessor(self, person, other):
        person, gov = self.people[person], self.world.gov
        chosen = gov.second_section_head if other else gov.section_head
        change = {"participant": person, "assessor": chosen, "reason": "SK mutasi"}
        self._try(lambda: assessors.set_assessor(actor=gov.hr.user, **change))

    @rule(person=WHO, verb=st.sampled_from(["sign", "reopen"]))
    def by_assessor(self, person, verb):
        person = self.people[person]
        row = self._latest(person)
        if row is not None:
            self._try(lambda: getattr(ratings, verb)(actor=assessor_of(person), evaluation=row))

    @rule(person=WHO)
    def receive(self, person):
        person = self.people[person]
        row = self._latest(person)
        if row is not None:
            self._try(lambda: ratings.receive(actor=user_of(person), evaluation=row))

    @rule(person=WHO)
    def file(self, person):
        person = self.people[person]
        row = self._latest(person)
        if row is not None:
            about = {"actor": user_of(person), "evaluation": row, "reasons": "Tidak dihitung"}
            self._try(lambda: objections.file_objection(**about))

    @rule(person=WHO, results=RATINGS, behaviour=RATINGS, hears=st.booleans())
    def rule_on_it(self, person, results, behaviour, hears):
        person = self.people[person]
        row = Objection.objects.filter(evaluation__participant=person).first()
        if row is None or row.decider is None:
            return
        actor = row.decider.user
        if hears:
            self._try(lambda: objections.hear(actor=actor, objection=row, employee="Ada", assessor="Ya"))
        ruling = objections.Ruling(results, behaviour, "Bukti sah")
        self._try(lambda: objections.decide_objection(actor=actor, objection=row, ruling=ruling))

    @rule()
    def open_what_is_due(self):
        opening.open_due()

    @invariant()
    def nobody_is_rated_without_an_agreed_plan(self):
        rated_rows = Evaluation.objects.exclude(state=EvaluationState.OPEN)
        assert not rated_rows.filter(plan__agreed_at=None).exists()
        assert not rated_rows.exclude(plan__state__in=[PlanState.AGREED, PlanState.SUPERSEDED]).exists()

    @invariant()
    def no_version_of_a_plan_is_lost(self):
        rows = Plan.objects.filter(participant__in=self.people)
        found = {row.pk: (row.participant_id, row.number, row.change_reason) for row in rows}
        assert self.versions.items() <= found.items()
        self.versions |= found
        agreed = [row.participant_id for row in rows if row.state == PlanState.AGREED]
        assert len(agreed) == len(set(agreed))

    @invariant()
    def what_is_unsigned_is_in_the_hands_of_todays_assessor(self):
        for person in self.people:
            for row in Evaluation.objects.filter(participant=person, state=EvaluationState.ASSESSED):
                assert row.assessor_id == person.assessor_id

    @invariant()
    def one_evaluation_counts_a_person(self):
        for person in self.people:
            assert Evaluation.objects.counting().filter(participant=person).count() <= 1

    @invariant()
    def every_predikat_is_the_cell_of_the_matrix(self):
        for row in Evaluation.objects.exclude(predikat=""):
            pair = Rating(row.results_rating), Rating(row.behaviour_rating)
            assert row.predikat == matrix.predikat(*pair)

    @invariant()
    def what_was_signed_stays_as_it_was(self):
        found = {row.pk: (row.predikat, row.signed_at) for row in Evaluation.objects.filter(state__in=DONE)}
        assert self.signed.items() <= found.items()
        self.signed |= found

    @invariant()
    def a_replaced_one_has_its_successor(self):
        for row in Evaluation.objects.filter(state=EvaluationState.REPLACED):
            assert row.replaced_by.state == EvaluationState.FINAL
            assert EvaluationStep.objects.filter(evaluation=row, action="replace").count() == 1

    def teardown(self):
        connection.check_constraints()
        transaction.savepoint_rollback(self.start)


def test_no_order_of_acts_breaks_what_holds(time_machine):
    time_machine.move_to(AFTER_QUARTER, tick=False)
    world = quarter_world()
    draft = world.of(world.gov.second_staff[0])
    plan = Plan.objects.create(participant=draft, posting=draft.postings.get())
    move_plan(plan, PlanState.SUBMITTED)
    type(draft).objects.filter(pk=draft.pk).update(plan=plan)
    Flow.world = world
    limits = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Flow, settings=limits)
