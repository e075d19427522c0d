"""Reads in one statement give what each would have given alone."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Count, OuterRef
from django.test.utils import CaptureQueriesContext

from evaluations.models import CreditEntry, EvaluationSetting, Participant, Plan, PlanResult
from kepegawaian.audit.models import Event
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.lib.together import Together, attach, read_together
from kepegawaian.units.models import Unit
from tests.evaluations.factories import make_plan, make_world
from tests.support.evaluations_follow_up import credit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = make_world()
    make_plan(made.me)
    credit(made.me.employee, made.gov.hr.user)
    EvaluationSetting.objects.create()
    return made


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_of_every_model_are_those_of_its_own_statement(world):
    asked = [model._default_manager.order_by("pk") for model in apps.get_models() if model._meta.managed]
    with CaptureQueriesContext(connection) as captured:
        found = read_together(*asked)
    assert len(captured) == 1
    alone = [list(queryset) for queryset in asked]
    assert [[columns(row) for row in rows] for rows in found] == [[columns(row) for row in rows] for rows in alone]
    assert {type(value) for rows in found for row in rows for value in columns(row).values()} >= {
        datetime.date, datetime.datetime, Decimal, dict,
    }  # fmt: skip


def test_what_is_joined_and_annotated_comes_with_it(world):
    paths = PositionHolding.objects.filter(employee=OuterRef("pk")).values("unit__path")
    people = Employee.objects.select_related("user", "current_unit").annotate(
        paths=ArraySubquery(paths), posts=Count("holdings")
    )
    [found] = read_together(people.order_by("pk"))
    for row, alone in zip(found, people.order_by("pk"), strict=True):
        with CaptureQueriesContext(connection) as captured:
            assert (row.user, row.current_unit) == (alone.user, alone.current_unit)
        assert not captured.captured_queries
        assert (row.paths, row.posts) == (alone.paths, alone.posts)
        assert not row._state.adding


def test_tuples_and_single_values_come_as_they_were_asked_for(world):
    pairs = Employee.objects.order_by("pk").values_list("pk", "user__name")
    names = Unit.objects.order_by("path").values_list("name", flat=True)
    money = CreditEntry.objects.values_list("value", "end")
    assert read_together(pairs, names, money) == [list(pairs), list(names), list(money)]


def test_an_order_and_a_slice_are_kept(world):
    rows = Unit.objects.order_by("-path")[1:3]
    assert read_together(rows) == [list(rows)]


def test_what_can_have_no_rows_is_not_asked(world):
    with CaptureQueriesContext(connection) as captured:
        assert read_together(Unit.objects.none(), Unit.objects.filter(pk__in=[])) == [[], []]
    assert not captured.captured_queries
    nothing, units = read_together(Event.objects.none(), Unit.objects.all())
    assert (nothing, len(units)) == ([], Unit.objects.count())


def test_a_prefetch_still_works(world):
    with CaptureQueriesContext(connection) as captured:
        [plans] = read_together(Plan.objects.prefetch_related("results"))
        assert [len(plan.results.all()) for plan in plans] == [PlanResult.objects.count()]
    assert len(captured) == 3  # the plans, their results, and the count of the test


def test_rows_are_hung_on_their_parents(world):
    results = PlanResult.objects.order_by("-number")
    plans, rows = read_together(Plan.objects.all(), results)
    attach(plans, "results", rows)
    with CaptureQueriesContext(connection) as captured:
        assert [list(plan.results.all()) for plan in plans] == [rows]
        assert rows[0].plan is plans[0]
    assert not captured.captured_queries
    others = [Participant.objects.first()]
    attach(others, "plans", [])
    assert list(others[0].plans.all()) == []


# --- Compiled once --------------------------------------------------------------------------------
def of_person(slot):
    held = PositionHolding.objects.filter(employee=slot("employee")).select_related("position")
    return (
        held,
        Unit.objects.filter(path__in=slot.any("paths", "text")).order_by("path"),
        Unit.objects.none(),
        Employee.objects.filter(pk=slot("employee")).values_list("name", flat=True),
    )


def test_what_is_compiled_once_answers_each_call_with_its_own_values(world):
    compiled, paths = Together(of_person), list(Unit.objects.values_list("path", flat=True))
    for person in Employee.objects.order_by("pk"):
        for some in (paths, paths[:1], []):
            with CaptureQueriesContext(connection) as captured:
                found = compiled.all(employee=person.pk, paths=some)
            assert len(captured) == 1
            held, units, nothing, names = found
            assert [row.position.name for row in held] == [row.position.name for row in person.holdings.all()]
            assert ([unit.path for unit in units], nothing, names) == (sorted(some), [], [person.name])


def test_the_querysets_are_built_once_whatever_the_threads():
    built, found, start = [], [], threading.Barrier(4)

    def build(slot):
        built.append(1)
        return [Unit.objects.none()]

    compiled = Together(build)

    def ask():
        start.wait()
        found.append(compiled.all())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (built, found) == ([1], [[[]]] * 4)


def test_rows_of_one_call_are_not_those_of_the_next(world):
    compiled = Together(lambda slot: [Plan.objects.filter(pk=slot("plan")).prefetch_related("results")])
    key = Plan.objects.get().pk
    [[first]], [[second]] = compiled.all(plan=key), compiled.all(plan=key)
    assert first == second
    assert first is not second
    assert len(first.results.all()) == len(second.results.all()) == PlanResult.objects.count()
    assert compiled.all(plan=None) == [[]]


def test_a_kind_that_json_cannot_carry_is_refused():
    class Shelf(models.Model):
        content = models.BinaryField()

        class Meta:
            app_label = "tests"
            managed = False

        def __str__(self):
            return str(self.pk)

    with pytest.raises(TypeError, match="BinaryField"):
        read_together(Shelf.objects.all())
    with pytest.raises(TypeError, match="values_list"):
        read_together(Unit.objects.values("name"))
