"""What tests are given a second time is what the verbs made the first time."""

import datetime

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from tests.employees.factories import EmployeeFactory, UserFactory, make_government
from tests.evaluations.factories import make_world
from tests.feedback.factories import make_desk
from tests.feedback.factories_surveys import make_bureau
from tests.feedback.forum_factories import make_square
from tests.support.remembered import remembered
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db


def everything():
    """All rows of all tables; of numbered ones without the number, which a sequence gives anew."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        names = [each.attname for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
        found[model._meta.label] = sorted(model._base_manager.values_list(*names), key=repr)
    return found


def made(make, **kwargs):
    """What it leaves behind and what it gave; then everything is taken back."""
    with transaction.atomic():
        gave = make(**kwargs)
        rows = everything()
        transaction.set_rollback(True)
    return rows, gave


@pytest.mark.parametrize("make", [make_government, make_desk, make_world, make_square, make_bureau])
def test_the_rows_are_the_same(make):
    again = remembered(make.__wrapped__)
    (first, _gave), (second, _copy) = made(again), made(again)
    assert first["units.Unit"]
    assert first == second


def test_it_is_written_in_one_statement_and_what_is_given_is_a_copy(django_assert_num_queries):
    again = remembered(make_government.__wrapped__)
    _rows, first = made(again)
    with transaction.atomic(), django_assert_num_queries(2):  # one looks whether anybody is there
        second = again()
    assert first == second
    assert first.employee.user is not second.employee.user
    second.employee.user.refresh_from_db()


def test_another_government_is_made_by_itself():
    again = remembered(make_government.__wrapped__)
    _rows, few = made(again)
    _rows, many = made(again, staff=3)
    assert (len(few.staff), len(many.staff)) == (2, 3)


def test_it_is_made_anew_on_another_day_and_before_its_moment(time_machine):
    again = remembered(make_government.__wrapped__)
    first = datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC)
    time_machine.move_to(first, tick=False)
    _rows, gave = made(again)
    for moment in (first + datetime.timedelta(days=1), first - datetime.timedelta(minutes=1)):
        time_machine.move_to(moment, tick=False)
        _rows, anew = made(again)
        assert anew.root.pk != gave.root.pk


@pytest.mark.parametrize("something", [UnitFactory, UserFactory, EmployeeFactory])
def test_beside_what_is_there_it_is_made_by_itself(something):
    again = remembered(make_world.__wrapped__)
    _rows, gave = made(again)
    something()
    _rows, anew = made(again)
    assert anew.gov.root.pk != gave.gov.root.pk


def test_what_was_taken_back_meanwhile_is_not_remembered():
    def make():
        root = UnitFactory(government=True)
        with transaction.atomic():
            UserFactory()
            transaction.set_rollback(True)
        return root

    again = remembered(make)
    assert made(again)[1].pk != made(again)[1].pk


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_make_their_own():
    again = remembered(make_government.__wrapped__)
    _rows, gave = made(again)
    assert not connection.in_atomic_block
    assert again().root.pk != gave.root.pk
