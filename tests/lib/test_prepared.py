"""Querysets compiled once answer as the ordinary ones do, with each call's own values."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepegawaian.employees.models import PositionHolding
from kepegawaian.lib.prepared import Prepared, PreparedCounts
from kepegawaian.units.models import Unit
from tests.employees.factories import EmployeeFactory
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 1, 1)


def held(slot):
    rows = PositionHolding.objects.standing().in_force(slot("on")).filter(employee=slot("employee"))
    return rows.select_related("employee__user", "position", "heads")


def test_each_call_reads_its_own_row_with_what_is_joined():
    prepared = Prepared(held)
    for person in EmployeeFactory.create_batch(2, unit=UnitFactory()):
        with CaptureQueriesContext(connection) as captured:
            found = prepared.first(employee=person.pk, on=ON)
            names = (found.employee.name, found.employee.user.name, found.position.name, found.heads)
        assert names == (person.name, person.user.name, person.current_position, None)
        assert len(captured) == 1


def test_the_queryset_is_built_once():
    built = []
    prepared = Prepared(lambda slot: built.append(1) or Unit.objects.filter(code=slot("code")))
    prepared.all(code="x")
    prepared.all(code="y")
    assert built == [1]


def test_nothing_fits_gives_nothing():
    assert (
        Prepared(held).first(employee=EmployeeFactory(unit=UnitFactory()).pk, on=datetime.date(1999, 1, 1)) is None
    )


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_list_of_any_length_fits_one_slot(number):
    units = UnitFactory.create_batch(3)
    paths = [unit.path for unit in units[:number]]
    prepared = Prepared(lambda slot: Unit.objects.filter(path__in=slot.any("paths", "text")))
    assert {unit.path for unit in prepared.all(paths=paths)} == set(paths)


def test_columns_come_as_tuples_and_annotations_stay_on_rows():
    unit = UnitFactory(name="Bagian Umum")
    columns = Prepared(lambda slot: Unit.objects.filter(pk=slot("pk")).values_list("name", "path"))
    assert columns.all(pk=unit.pk) == [("Bagian Umum", unit.path)]
    annotated = Prepared(
        lambda slot: Unit.objects.filter(pk=slot("pk")).annotate(given=slot.value("given", "text"))
    )
    assert annotated.first(pk=unit.pk, given="x").given == "x"


def test_values_are_parameters_and_never_part_of_the_statement():
    prepared = Prepared(lambda slot: Unit.objects.filter(name=slot("name")))
    assert prepared.all(name="' OR 1=1 --") == []


def test_what_can_have_no_rows_is_not_asked_for():
    prepared = Prepared(lambda slot: Unit.objects.none())
    with CaptureQueriesContext(connection) as captured:
        assert prepared.all() == []
    assert len(captured) == 0


def test_several_counts_come_in_one_statement_each_up_to_its_cap():
    UnitFactory.create_batch(3, name="Bagian Umum")
    named = PreparedCounts(
        lambda slot: [
            Unit.objects.filter(name=slot("name")).order_by().values("pk")[:2],
            Unit.objects.filter(name="Bagian Umum").order_by().values("pk"),
            Unit.objects.none().order_by().values("pk"),
        ]
    )
    with CaptureQueriesContext(connection) as captured:
        assert named.all(name="Bagian Umum") == [2, 3, 0]
        assert named.all(name="x") == [0, 3, 0]
    assert len(captured) == 2
