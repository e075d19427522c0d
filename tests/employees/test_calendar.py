"""A person's working days: own pattern, unit's pattern, moves between units, holidays, duties, roster."""

import datetime

import pytest

from kepegawaian.calendars.models import Holiday, HolidayKind, PatternKind
from kepegawaian.calendars.rules import DayKind, classify_days
from kepegawaian.employees import services
from kepegawaian.employees.calendar import working_calendar
from kepegawaian.employees.enums import PositionKind
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused

D = datetime.date
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def days(person, start, end):
    return classify_days(start, end, **working_calendar(person, start, end))


def worked(person, start, end):
    return [day.date.day for day in days(person, start, end) if day.charged]


def test_a_person_works_as_the_unit_does(gov):
    assert worked(gov.employee, D(2026, 3, 2), D(2026, 3, 8)) == [2, 3, 4, 5, 6]
    assert worked(gov.teachers[0], D(2026, 3, 2), D(2026, 3, 8)) == [2, 3, 4, 5, 6, 7]


def test_the_own_pattern_wins_for_its_time(gov):
    row = services.set_pattern(employee=gov.employee, kind=PatternKind.SIX_DAY, valid_from=D(2026, 3, 9))
    assert worked(gov.employee, D(2026, 3, 7), D(2026, 3, 14)) == [9, 10, 11, 12, 13, 14]
    services.end_pattern(row=row, on=D(2026, 3, 13))
    assert worked(gov.employee, D(2026, 3, 9), D(2026, 3, 14)) == [9, 10, 11, 12, 13]


def test_a_later_own_pattern_ends_the_one_before(gov):
    first = services.set_pattern(employee=gov.employee, kind=PatternKind.SIX_DAY, valid_from=D(2026, 1, 1))
    services.set_pattern(employee=gov.employee, kind=PatternKind.OTHER, weekdays=[1, 3], valid_from=D(2026, 3, 2))
    first.refresh_from_db()
    assert first.valid_to == D(2026, 3, 1)
    assert worked(gov.employee, D(2026, 3, 2), D(2026, 3, 8)) == [3, 5]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": PatternKind.OTHER}, "weekdays"),
        ({"kind": PatternKind.OTHER, "weekdays": [7]}, "weekdays"),
        ({"kind": PatternKind.SIX_DAY, "valid_to": D(2025, 1, 1)}, "valid_to"),
    ],
)
def test_a_pattern_names_its_days_and_a_period(gov, facts, field):
    with pytest.raises(RuleRefused) as excinfo:
        services.set_pattern(employee=gov.employee, valid_from=D(2026, 3, 2), **facts)
    assert excinfo.value.problems[0].field == field


def test_two_patterns_of_one_date_are_refused(gov):
    services.set_pattern(employee=gov.employee, kind=PatternKind.SIX_DAY, valid_from=D(2026, 3, 2))
    with pytest.raises(RuleRefused, match="pada tanggal itu"):
        services.set_pattern(employee=gov.employee, kind=PatternKind.FIVE_DAY, valid_from=D(2026, 3, 2))


def test_who_moves_in_the_middle_takes_the_new_units_days_from_then_on(gov):
    position = services.position_named("Guru", PositionKind.FUNCTIONAL)
    services.add_position(employee=gov.employee, position=position, unit=gov.school, valid_from=D(2026, 3, 12))
    assert worked(gov.employee, D(2026, 3, 6), D(2026, 3, 15)) == [6, 9, 10, 11, 12, 13, 14]


def test_a_period_before_the_first_post_takes_the_days_of_that_unit(gov):
    assert len(worked(gov.teachers[0], D(2019, 12, 30), D(2020, 1, 5))) == 6


def test_a_person_without_any_post_has_the_five_days_of_every_office(gov):
    services.end_holding(row=gov.employee.holdings.get(), on=D(2026, 3, 1))
    assert worked(gov.employee, D(2026, 3, 2), D(2026, 3, 8)) == [2, 3, 4, 5, 6]


def test_holidays_have_their_name_and_a_duty_makes_a_collective_day_count(gov):
    Holiday.objects.create(date=D(2026, 3, 19), kind=HolidayKind.NATIONAL, name_id="Nyepi", name_en="Nyepi")
    Holiday.objects.create(date=D(2026, 3, 20), kind=HolidayKind.COLLECTIVE, name_id="CB", name_en="CB")
    services.order_duty(employee=gov.employee, date=D(2026, 3, 20), order_number="800/2")
    first, second = days(gov.employee, D(2026, 3, 19), D(2026, 3, 20))
    assert (first.kind, first.name_id) == (DayKind.NATIONAL, "Nyepi")
    assert second.kind == DayKind.DUTY
    assert days(gov.colleague, D(2026, 3, 20), D(2026, 3, 20))[0].kind == DayKind.COLLECTIVE


def test_shift_staff_work_by_their_roster_where_there_is_one(gov):
    services.set_pattern(employee=gov.employee, kind=PatternKind.SHIFT, valid_from=D(2026, 1, 1))
    services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[D(2026, 3, 1), D(2026, 3, 4)])
    assert worked(gov.employee, D(2026, 3, 1), D(2026, 3, 8)) == [1, 4]
    assert worked(gov.employee, D(2026, 4, 1), D(2026, 4, 5)) == [1, 2, 3]


def test_a_roster_is_replaced_whole_and_may_be_emptied(gov):
    services.set_pattern(employee=gov.employee, kind=PatternKind.SHIFT, valid_from=D(2026, 1, 1))
    services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[D(2026, 3, 1)])
    services.set_roster(employee=gov.employee, month=D(2026, 3, 15), dates=[D(2026, 3, 7)])
    assert worked(gov.employee, D(2026, 3, 1), D(2026, 3, 8)) == [7]
    services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[])
    assert worked(gov.employee, D(2026, 3, 1), D(2026, 3, 8)) == [2, 3, 4, 5, 6]


def test_a_duty_on_a_collective_day_stays_when_the_roster_changes(gov):
    services.set_pattern(employee=gov.employee, kind=PatternKind.SHIFT, valid_from=D(2026, 1, 1))
    services.order_duty(employee=gov.employee, date=D(2026, 3, 20), order_number="800/2")
    services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[D(2026, 3, 20), D(2026, 3, 21)])
    assert gov.employee.duty_days.get(date=D(2026, 3, 20)).on_collective_leave
    assert worked(gov.employee, D(2026, 3, 19), D(2026, 3, 22)) == [20, 21]


def test_a_roster_stays_in_its_month_and_a_duty_has_an_order(gov):
    with pytest.raises(RuleRefused, match="bulan yang sama"):
        services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[D(2026, 4, 1)])
    with pytest.raises(RuleRefused, match="surat perintah"):
        services.order_duty(employee=gov.employee, date=D(2026, 3, 20), order_number="")


def test_hr_alone_sets_days(gov):
    actor = gov.section_head.user
    for verb in (
        lambda: services.set_pattern(
            employee=gov.employee, kind=PatternKind.SIX_DAY, valid_from=D(2026, 3, 2), actor=actor
        ),
        lambda: services.set_roster(employee=gov.employee, month=D(2026, 3, 1), dates=[], actor=actor),
        lambda: services.order_duty(employee=gov.employee, date=D(2026, 3, 2), order_number="1", actor=actor),
    ):
        with pytest.raises(PermissionRefused):
            verb()


def test_it_costs_five_statements_for_any_period(gov, django_assert_max_num_queries):
    for months in (1, 11):
        with django_assert_max_num_queries(5):
            working_calendar(gov.employee, D(2026, 1, 1), D(2026, 1 + months, 1))
