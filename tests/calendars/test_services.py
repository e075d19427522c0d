import datetime

import pytest

from kepegawaian.calendars import services
from kepegawaian.calendars.models import HolidayKind, PatternKind
from kepegawaian.calendars.rules import FIVE_DAY, SIX_DAY, PatternPeriod, classify_days
from tests.calendars.factories import HolidayFactory, UnitPatternFactory
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db
Day = datetime.date
START, END = Day(2026, 1, 1), Day(2026, 12, 31)


@pytest.fixture
def tree():
    """A government, an office in it, and a section in that."""
    government = UnitFactory(government=True)
    office = UnitFactory(parent=government, office=True)
    return government, office, UnitFactory(parent=office)


# --- Days off -------------------------------------------------------------------------------------
def test_days_off_by_date_with_both_ends():
    for date in (Day(2026, 1, 1), Day(2026, 3, 19), Day(2026, 12, 25), Day(2025, 12, 25)):
        HolidayFactory(date=date)
    found = services.holidays_between(Day(2026, 1, 1), Day(2026, 12, 25))
    assert list(found) == [Day(2026, 1, 1), Day(2026, 3, 19), Day(2026, 12, 25)]
    assert found[Day(2026, 3, 19)].name_en == "Day of Silence"


@pytest.mark.parametrize(
    ("kinds", "stands"),
    [
        (["collective", "national"], "national"),
        (["collective", "regional"], "regional"),
        (["regional", "national"], "national"),
    ],
)
def test_of_two_on_a_date_the_weightier_stands(kinds, stands):
    for kind in kinds:
        HolidayFactory(kind=kind)
    assert services.holidays_between(START, END)[Day(2026, 3, 19)].kind == stands


def test_a_removed_holiday_is_a_working_day_again():
    HolidayFactory(removed=True)
    assert services.holidays_between(START, END) == {}


# --- Patterns -------------------------------------------------------------------------------------
def test_without_any_pattern_five_days_hold(tree):
    assert services.unit_patterns(tree[2], START, END) == [PatternPeriod(START, END, FIVE_DAY)]
    assert services.unit_patterns(None, START, END) == [PatternPeriod(START, END, FIVE_DAY)]


def test_a_pattern_holds_below_its_unit_and_not_beside_it(tree):
    government, office, section = tree
    UnitPatternFactory(unit=office)
    other = UnitFactory(parent=government, office=True)
    assert services.unit_patterns(section, START, END)[0].pattern == SIX_DAY
    assert services.unit_patterns(section.path, START, END)[0].pattern == SIX_DAY
    assert services.unit_patterns(other, START, END)[0].pattern == FIVE_DAY


def test_the_nearest_unit_wins_even_over_a_newer_pattern_above(tree):
    government, office, section = tree
    UnitPatternFactory(unit=office, kind=PatternKind.SIX_DAY, valid_from=Day(2020, 1, 1))
    UnitPatternFactory(unit=government, kind=PatternKind.FIVE_DAY, valid_from=Day(2025, 1, 1))
    assert services.unit_patterns(section, START, END) == [PatternPeriod(START, END, SIX_DAY)]


def test_a_newer_pattern_of_a_unit_ends_the_older_one(tree):
    UnitPatternFactory(unit=tree[1], kind=PatternKind.SIX_DAY)
    UnitPatternFactory(unit=tree[1], kind=PatternKind.FIVE_DAY, valid_from=Day(2026, 7, 1))
    assert services.unit_patterns(tree[1], START, END) == [
        PatternPeriod(START, Day(2026, 6, 30), SIX_DAY),
        PatternPeriod(Day(2026, 7, 1), END, FIVE_DAY),
    ]


def test_after_a_pattern_that_ends_the_one_above_holds_again(tree):
    UnitPatternFactory(unit=tree[1], valid_from=Day(2026, 2, 1), valid_to=Day(2026, 2, 28))
    assert services.unit_patterns(tree[2], START, END) == [
        PatternPeriod(START, Day(2026, 1, 31), FIVE_DAY),
        PatternPeriod(Day(2026, 2, 1), Day(2026, 2, 28), SIX_DAY),
        PatternPeriod(Day(2026, 3, 1), END, FIVE_DAY),
    ]


def test_shift_workers_fall_back_on_the_week_of_the_unit_above(tree):
    government, office, _section = tree
    UnitPatternFactory(unit=government, kind=PatternKind.SIX_DAY)
    UnitPatternFactory(unit=office, kind=PatternKind.SHIFT)
    pattern = services.unit_patterns(office, START, END)[0].pattern
    assert (pattern.rostered, pattern.weekdays) == (True, SIX_DAY.weekdays)


def test_other_days_are_as_they_were_typed(tree):
    UnitPatternFactory(unit=tree[1], kind=PatternKind.OTHER, weekdays=[0, 2, 4])
    assert services.unit_patterns(tree[1], START, END)[0].pattern.weekdays == {0, 2, 4}


def test_patterns_of_many_units_cost_one_statement(tree, django_assert_num_queries):
    units = [UnitFactory(parent=tree[1]) for _number in range(10)]
    UnitPatternFactory(unit=tree[1])
    with django_assert_num_queries(1):
        found = services.unit_patterns_bulk([unit.path for unit in units], START, END)
    assert all(periods[0].pattern == SIX_DAY for periods in found.values())
    assert len(found) == 10


# --- Deadlines ------------------------------------------------------------------------------------
def test_a_deadline_skips_weekends_and_days_off(tree):
    HolidayFactory(date=Day(2026, 3, 19))
    HolidayFactory(date=Day(2026, 3, 20), kind=HolidayKind.COLLECTIVE)
    assert services.deadline(Day(2026, 3, 16), 3, tree[1]) == Day(2026, 3, 23)
    UnitPatternFactory(unit=tree[1])
    assert services.deadline(Day(2026, 3, 16), 3, tree[1]) == Day(2026, 3, 21)
    assert services.deadline(Day(2026, 3, 16), 0) == Day(2026, 3, 16)


def test_a_deadline_costs_two_statements(tree, django_assert_num_queries):
    with django_assert_num_queries(2):
        services.deadline(Day(2026, 3, 16), 14, tree[2])


def test_unit_days_are_what_the_rules_want(tree):
    HolidayFactory(date=Day(2026, 3, 19))
    days = classify_days(
        Day(2026, 3, 18), Day(2026, 3, 21), **services.unit_days(tree[1], Day(2026, 3, 18), Day(2026, 3, 21))
    )
    assert [day.kind for day in days] == ["working", "national", "working", "rest"]
