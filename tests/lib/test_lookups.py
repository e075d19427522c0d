import pytest
from django.db.models import F
from django.db.models.expressions import RawSQL

from kepegawaian.lib.lookups import AnyOf
from kepegawaian.units.models import Unit
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db


def test_any_of_finds_what_in_finds():
    one, _two, three = (UnitFactory() for _ in range(3))
    wanted = RawSQL("SELECT unnest(%s::text[])", [[one.path, three.path]])
    assert set(Unit.objects.filter(AnyOf(F("path"), wanted))) == {one, three}
    assert set(Unit.objects.exclude(AnyOf(F("path"), wanted))).isdisjoint({one, three})


def test_any_of_takes_a_queryset_and_an_empty_one_finds_nothing():
    one, _other = UnitFactory(), UnitFactory()
    named = Unit.objects.filter(name=one.name).order_by()
    assert list(Unit.objects.filter(AnyOf(F("pk"), named.values("pk")))) == [one]
    assert not Unit.objects.filter(AnyOf(F("pk"), Unit.objects.filter(name="-").values("pk"))).exists()
