"""What PostgreSQL itself refuses: moves outside the tables, changes to what is agreed, judging oneself."""

import datetime
import importlib

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from evaluations import workflow
from evaluations.enums import EvaluationState, PlanState, Predikat, Rating
from evaluations.models import AssessorAssignment, Evaluation, Indicator, Participant, Plan, PlanStep
from evaluations.models.ratings import _MATRIX
from tests.evaluations.factories import make_evaluation, make_plan, make_world

pytestmark = pytest.mark.django_db
GUARDS = importlib.import_module("evaluations.migrations.0002_guards")
REFUSALS = (IntegrityError, InternalError)


@pytest.mark.parametrize("kind", ["plan", "evaluation", "objection"])
def test_the_database_knows_the_same_moves(kind):
    table = {"plan": workflow.PLANS, "evaluation": workflow.EVALUATIONS, "objection": workflow.OBJECTIONS}[kind]
    assert set(GUARDS.PAIRS[kind]) == workflow.pairs(table)


def test_the_database_knows_the_same_matrix():
    from evaluations.rules.matrix import predikat

    assert {pair: predikat(Rating(pair[0]), Rating(pair[1])) for pair in _MATRIX} == _MATRIX


def test_a_plan_skips_no_state():
    plan = make_plan(make_world().me, state=PlanState.DRAFT)
    with pytest.raises(REFUSALS):
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUPERSEDED)


def test_a_change_of_state_leaves_a_step():
    plan = make_plan(make_world().me, state=PlanState.DRAFT)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED, version=2)
    with pytest.raises(REFUSALS):
        connection.check_constraints()


def test_the_log_is_never_rewritten():
    plan = make_plan(make_world().me)
    with pytest.raises(REFUSALS):
        PlanStep.objects.filter(plan=plan).update(note="lain")


def test_an_agreed_plan_is_locked():
    plan = make_plan(make_world().me)
    with pytest.raises(REFUSALS):
        Indicator.objects.filter(result__plan=plan).update(target="1 laporan")


def test_an_agreed_result_may_still_be_linked_to_the_superiors():
    world = make_world()
    above = make_plan(world.of(world.gov.section_head)).results.first()
    result = make_plan(world.me).results.first()
    result.intervenes = above
    result.save(update_fields=["intervenes"])
    result.refresh_from_db()
    assert result.intervenes == above


def test_two_agreed_plans_of_one_posting_do_not_stand():
    world = make_world()
    plan = make_plan(world.me)
    with pytest.raises(REFUSALS):
        Plan.objects.create(
            participant=world.me,
            posting=plan.posting,
            number=2,
            change_reason="Anggaran berubah",
            state=PlanState.AGREED,
            agreed_at=plan.agreed_at,
            assessor=plan.assessor,
        )


@pytest.mark.parametrize(("results", "behaviour"), list(_MATRIX))
def test_a_predikat_outside_the_matrix_is_refused(results, behaviour):
    world = make_world()
    make_plan(world.me)
    row = make_evaluation(world.me, world.quarter)
    wrong = next(item for item in Predikat if item != _MATRIX[results, behaviour])
    with pytest.raises(REFUSALS):
        Evaluation.objects.filter(pk=row.pk).update(
            results_rating=results, behaviour_rating=behaviour, predikat=wrong
        )


def test_a_signed_evaluation_is_frozen():
    world = make_world()
    make_plan(world.me)
    row = make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    with pytest.raises(REFUSALS):
        Evaluation.objects.filter(pk=row.pk).update(recommendation="Lain")


def test_there_is_one_evaluation_a_person_and_period():
    world = make_world()
    make_plan(world.me)
    make_evaluation(world.me, world.quarter)
    with pytest.raises(REFUSALS):
        make_evaluation(world.me, world.quarter)


def test_nobody_assesses_himself():
    world = make_world()
    with pytest.raises(REFUSALS), transaction.atomic():
        Participant.objects.filter(pk=world.me.pk).update(assessor=world.me.employee)
    with pytest.raises(REFUSALS), transaction.atomic():
        AssessorAssignment.objects.filter(participant=world.me).update(assessor=world.me.employee)


# --- Rows that were bad before the database refused them ------------------------------------------
def test_who_never_assessed_a_day_goes_and_everybody_else_stays():
    """Migration 0010 on rows as they were before it."""
    migration = importlib.import_module("evaluations.migrations.0010_assessor_ends_after_beginning")
    world = make_world()
    AssessorAssignment.objects.filter(participant=world.me).delete()
    day = datetime.timedelta(days=1)
    start = datetime.date(2026, 3, 1)
    facts = {"participant": world.me, "assessor": world.gov.section_head, "source": "proposed"}
    constraint = migration.Migration.operations[1].constraint
    with connection.schema_editor() as editor:
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.remove_constraint(AssessorAssignment, constraint)
    kept = [
        AssessorAssignment.objects.create(**facts, valid_from=start - day, valid_to=start - day),
        AssessorAssignment.objects.create(**facts, valid_from=start, valid_to=None),
    ]
    for until in (start - day, start - 30 * day):
        AssessorAssignment.objects.create(**facts, valid_from=start, valid_to=until)
    with connection.schema_editor() as editor:
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute(migration.NEVER_HELD)
        editor.add_constraint(AssessorAssignment, constraint)
    assert set(AssessorAssignment.objects.filter(participant=world.me)) == set(kept)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessorAssignment.objects.create(**facts, valid_from=start, valid_to=start - day)
