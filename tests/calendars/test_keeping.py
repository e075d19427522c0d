import datetime

import pytest
from django.db import IntegrityError

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.calendars import services
from kepegawaian.calendars.models import Holiday, PatternKind, UnitPattern
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from tests.accounts.factories import UserFactory, with_role
from tests.calendars.factories import HolidayFactory, UnitPatternFactory
from tests.units.factories import RoleAssignmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
Day = datetime.date
VALUES = {
    "date": Day(2026, 8, 18),
    "kind": "regional",
    "name_id": "Hari jadi kota",
    "name_en": "City day",
    "confirmed": True,
    "source": "SK Wali Kota 12/2026",
}


@pytest.fixture
def keeper():
    return with_role(Role.HR_CENTRAL)


def test_a_holiday_is_added_with_who_and_why(keeper):
    row = services.save_holiday(actor=keeper, **VALUES)
    assert (row.changed_by, row.seeded_date) == (keeper, None)
    event = Event.objects.get(verb="calendars.holiday_added")
    assert (event.actor, event.data["before"], event.data["after"]["date"]) == (keeper, None, "2026-08-18")


def test_a_change_keeps_what_was_before_in_the_trail(keeper):
    row = HolidayFactory(seeded_date=Day(2026, 3, 19))
    services.save_holiday(actor=keeper, holiday=row, **(VALUES | {"date": Day(2026, 3, 20)}))
    row.refresh_from_db()
    assert (row.date, row.seeded_date, row.changed_by) == (Day(2026, 3, 20), Day(2026, 3, 19), keeper)
    data = Event.objects.get(verb="calendars.holiday_changed").data
    assert (data["before"]["date"], data["after"]["date"]) == ("2026-03-19", "2026-03-20")


def test_a_second_holiday_of_a_kind_on_a_date_is_refused(keeper):
    services.save_holiday(actor=keeper, **VALUES)
    with pytest.raises(RuleRefused, match="Sudah ada hari libur"):
        services.save_holiday(actor=keeper, **VALUES)
    with pytest.raises(IntegrityError, match="one_holiday_of_a_kind_a_day"):
        Holiday.objects.create(**VALUES)


def test_a_removed_holiday_can_be_added_again(keeper):
    services.remove_holiday(actor=keeper, holiday=services.save_holiday(actor=keeper, **VALUES))
    assert services.holidays_between(VALUES["date"], VALUES["date"]) == {}
    services.save_holiday(actor=keeper, **VALUES)
    assert Holiday.objects.count() == 2


def test_removing_twice_is_one_event(keeper):
    row = HolidayFactory()
    for _time in range(2):
        services.remove_holiday(actor=keeper, holiday=row)
    assert Event.objects.filter(verb="calendars.holiday_removed").count() == 1


@pytest.mark.parametrize("role", [Role.HR_UNIT, Role.LEADER, Role.INSPECTOR, Role.EMPLOYEE])
def test_others_keep_no_calendar(role):
    actor = with_role(role)
    with pytest.raises(PermissionRefused):
        services.save_holiday(actor=actor, **VALUES)
    with pytest.raises(PermissionRefused):
        services.remove_holiday(actor=actor, holiday=HolidayFactory())


def test_a_right_in_one_unit_is_not_enough_for_everybodys_holidays():
    actor = UserFactory()
    RoleAssignmentFactory(user=actor, role=Role.HR_CENTRAL, unit=UnitFactory(government=True))
    with pytest.raises(PermissionRefused):
        services.save_holiday(actor=actor, **VALUES)


# --- Patterns -------------------------------------------------------------------------------------
def test_a_pattern_is_set_from_a_date_on(keeper):
    unit = UnitFactory(government=True)
    row = services.set_unit_pattern(
        actor=keeper, unit=unit, kind="six_day", valid_from=Day(2026, 7, 1), decree="SK 1"
    )
    assert (row.unit, row.kind, row.decree) == (unit, "six_day", "SK 1")
    assert Event.objects.get(verb="calendars.pattern_set").data["unit"] == str(unit.pk)


def test_the_same_start_replaces(keeper):
    unit = UnitFactory(government=True)
    for kind in ("six_day", "five_day"):
        services.set_unit_pattern(actor=keeper, unit=unit, kind=kind, valid_from=Day(2026, 7, 1))
    assert UnitPattern.objects.get().kind == PatternKind.FIVE_DAY


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "other"}, "weekdays"),
        ({"kind": "other", "weekdays": [9]}, "weekdays"),
        ({"kind": "six_day", "valid_to": Day(2026, 6, 30)}, "valid_to"),
        ({"kind": "nine_day"}, "kind"),
    ],
)
def test_a_pattern_that_makes_no_sense_is_refused_beside_its_field(keeper, fields, field):
    with pytest.raises(RuleRefused) as refused:
        services.set_unit_pattern(
            actor=keeper, unit=UnitFactory(government=True), valid_from=Day(2026, 7, 1), **fields
        )
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not UnitPattern.objects.exists()


def test_a_scope_ends_at_its_unit():
    government = UnitFactory(government=True)
    mine, other = UnitFactory(parent=government, office=True), UnitFactory(parent=government, office=True)
    actor = UserFactory()
    RoleAssignmentFactory(user=actor, role=Role.HR_CENTRAL, unit=mine)
    services.set_unit_pattern(actor=actor, unit=mine, kind="six_day", valid_from=Day(2026, 7, 1))
    with pytest.raises(PermissionRefused):
        services.set_unit_pattern(actor=actor, unit=other, kind="six_day", valid_from=Day(2026, 7, 1))
    with pytest.raises(PermissionRefused):
        services.remove_unit_pattern(actor=actor, pattern=UnitPatternFactory(unit=other))


def test_a_removed_pattern_stays_in_the_trail(keeper):
    pattern = UnitPatternFactory(unit=UnitFactory(government=True))
    services.remove_unit_pattern(actor=keeper, pattern=pattern)
    assert not UnitPattern.objects.exists()
    assert Event.objects.get(verb="calendars.pattern_removed").data["before"]["kind"] == "six_day"
