import datetime
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from kepegawaian.accounts.roles import Role
from kepegawaian.calendars import seeding
from kepegawaian.calendars.models import Holiday, HolidayKind, UnitPattern
from tests.accounts.factories import UserFactory, with_role
from tests.calendars.factories import HolidayFactory, UnitPatternFactory
from tests.units.factories import RoleAssignmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
Day = datetime.date
TYPED = {"date": "2026-08-18", "kind": "regional", "name_id": "Hari jadi", "name_en": "City day", "source": "SK"}


@pytest.fixture
def sign_in(client):
    def _sign_in(role=None, unit=None):
        user = UserFactory() if unit or role is None else with_role(role)
        if unit:
            RoleAssignmentFactory(user=user, role=role, unit=unit)
        client.force_login(user)
        return user

    return _sign_in


# --- The year -------------------------------------------------------------------------------------
@time_machine.travel("2026-03-16 09:00+07:00", tick=False)
def test_everybody_who_signed_in_sees_the_year(client, sign_in):
    sign_in()
    HolidayFactory()
    page = client.get(reverse("calendars:this_year")).text
    for words in ("Kalender 2026", "Hari Suci Nyepi", "Kam, 19 Mar 2026", "Libur nasional"):
        assert words in page
    assert "Tambah hari libur" not in page
    assert f"/kalender/libur/{Holiday.objects.get().pk}/" not in page


def test_names_come_in_the_readers_language(client, sign_in):
    sign_in()
    HolidayFactory()
    client.cookies["language"] = "en"
    type(sign_in()).objects.update(language="en")
    page = client.get(reverse("calendars:year", args=[2026])).text
    assert "Day of Silence" in page
    assert "Calendar 2026" in page


def test_a_date_without_a_decree_is_marked(client, sign_in):
    sign_in()
    HolidayFactory(confirmed=False)
    HolidayFactory(date=Day(2026, 12, 25), removed=True, name_id="Dihapus")
    page = client.get(reverse("calendars:year", args=[2026])).text
    assert "Belum pasti" in page
    assert "Dihapus" not in page


@pytest.mark.parametrize(("year", "status"), [(1999, 404), (2000, 200), (2100, 200), (2101, 404), (99999, 404)])
def test_years_far_away_are_not_there(client, sign_in, year, status):
    sign_in()
    assert client.get(f"/kalender/{year}/").status_code == status
    assert client.get(f"/kalender/{year}.ics").status_code == status


def test_a_full_year_is_light(client, sign_in):
    sign_in()
    seeding.seed(2026, 2026)
    with CaptureQueriesContext(connection) as statements:
        page = client.get(reverse("calendars:year", args=[2026])).text
    assert len(statements) <= 8
    assert len(page.encode()) < 40_000
    assert page.count('scope="row"') == 25


def test_the_calendar_can_be_subscribed_to_without_signing_in(client):
    HolidayFactory()
    HolidayFactory(date=Day(2026, 3, 20), kind=HolidayKind.COLLECTIVE, confirmed=False)
    response = client.get(reverse("calendars:year_ical", args=[2026]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(event.decoded("dtstart"), event["status"]) for event in events] == [
        (Day(2026, 3, 19), "CONFIRMED"),
        (Day(2026, 3, 20), "TENTATIVE"),
    ]
    assert events[0]["summary"] == "Hari Suci Nyepi"
    assert events[0].decoded("dtend") == Day(2026, 3, 20)


# --- Holidays -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "status"), [(Role.HR_CENTRAL, 200), (Role.ADMIN, 200), (Role.HR_UNIT, 403), (Role.EMPLOYEE, 403)]
)
def test_who_may_change_holidays(client, sign_in, role, status):
    sign_in(role)
    row = HolidayFactory()
    assert client.get(reverse("calendars:add_holiday")).status_code == status
    assert client.get(reverse("calendars:holiday", args=[row.pk])).status_code == status
    removed = client.post(reverse("calendars:remove_holiday", args=[row.pk]))
    assert removed.status_code == (302 if status == 200 else 403)


def test_a_holiday_is_added_and_shows_who_did(client, sign_in):
    keeper = sign_in(Role.HR_CENTRAL)
    response = client.post(reverse("calendars:add_holiday"), TYPED)
    assert response.url == "/kalender/2026/"
    row = Holiday.objects.get()
    assert (row.date, row.confirmed) == (Day(2026, 8, 18), False)
    page = client.get(reverse("calendars:holiday", args=[row.pk])).text
    assert "Menambah hari libur" in page
    assert keeper.name in page


def test_a_double_is_refused_beside_the_form_and_nothing_typed_is_lost(client, sign_in):
    sign_in(Role.HR_CENTRAL)
    HolidayFactory(date=Day(2026, 8, 18), kind="regional")
    page = client.post(reverse("calendars:add_holiday"), TYPED).text
    assert "Sudah ada hari libur jenis ini" in page
    assert 'value="Hari jadi"' in page
    assert Holiday.objects.count() == 1


def test_a_broken_form_says_what_is_wrong(client, sign_in):
    sign_in(Role.HR_CENTRAL)
    response = client.post(reverse("calendars:add_holiday"), TYPED | {"date": "31-31-2026"})
    assert (response.status_code, Holiday.objects.count()) == (200, 0)
    assert "data-error-summary" in response.text


def test_a_removed_holiday_is_gone(client, sign_in):
    sign_in(Role.HR_CENTRAL)
    row = HolidayFactory()
    assert client.post(reverse("calendars:remove_holiday", args=[row.pk])).url == "/kalender/2026/"
    for name in ("holiday", "remove_holiday"):
        assert client.post(reverse(f"calendars:{name}", args=[row.pk])).status_code == 404


# --- Patterns of units ----------------------------------------------------------------------------
@pytest.fixture
def offices():
    government = UnitFactory(government=True)
    return [UnitFactory(parent=government, office=True, name=name) for name in ("Dinas Kesehatan", "Satpol PP")]


def test_units_are_found_by_name_and_show_what_holds_today(client, sign_in, offices):
    sign_in(Role.HR_CENTRAL)
    UnitPatternFactory(unit=offices[1])
    page = client.get(reverse("calendars:patterns")).text
    assert "Satpol PP" in page
    assert "6 hari kerja" in page
    assert "Dinas Kesehatan" not in page
    assert "Dinas Kesehatan" in client.get(reverse("calendars:patterns"), {"q": "kesehatan"}).text


def test_the_list_costs_the_same_for_1_and_25_units(client, sign_in, offices):
    sign_in(Role.HR_CENTRAL)
    UnitPatternFactory(unit=offices[0])
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("calendars:patterns"))
    for number in range(24):
        UnitPatternFactory(unit=UnitFactory(parent=offices[0], name=f"Bidang {number}"))
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("calendars:patterns")).text
    assert len(many) == len(few) <= 10
    assert page.count('scope="row"') == 25


def test_outside_ones_scope_a_unit_is_not_there(client, sign_in, offices):
    sign_in(Role.HR_CENTRAL, unit=offices[0])
    other = UnitPatternFactory(unit=offices[1])
    assert client.get(reverse("calendars:unit_patterns", args=[offices[0].pk])).status_code == 200
    assert client.get(reverse("calendars:unit_patterns", args=[offices[1].pk])).status_code == 404
    assert client.post(reverse("calendars:remove_pattern", args=[other.pk])).status_code == 404
    assert "Satpol PP" not in client.get(reverse("calendars:patterns"), {"q": "satpol"}).text


@pytest.mark.parametrize("role", [Role.HR_UNIT, Role.EMPLOYEE])
def test_without_the_right_there_are_no_patterns(client, sign_in, offices, role):
    sign_in(role)
    assert client.get(reverse("calendars:patterns")).status_code == 403
    assert client.get(reverse("calendars:unit_patterns", args=[offices[0].pk])).status_code == 404


def test_a_pattern_is_set_shown_and_removed(client, sign_in, offices):
    sign_in(Role.HR_CENTRAL)
    address = reverse("calendars:unit_patterns", args=[offices[0].pk])
    typed = {"kind": "other", "weekdays": ["0", "2"], "valid_from": "2026-07-01", "decree": "SK 9"}
    assert client.post(address, typed).url == address
    page = client.get(address).text
    assert "Hari kerja lain" in page
    assert "SK 9" in page
    row = UnitPattern.objects.get()
    assert row.weekdays == [0, 2]
    client.post(reverse("calendars:remove_pattern", args=[row.pk]))
    assert not UnitPattern.objects.exists()
    assert client.post(reverse("calendars:remove_pattern", args=[uuid.uuid4()])).status_code == 404


def test_a_pattern_without_days_is_refused_beside_its_field(client, sign_in, offices):
    sign_in(Role.HR_CENTRAL)
    address = reverse("calendars:unit_patterns", args=[offices[0].pk])
    page = client.post(address, {"kind": "other", "valid_from": "2026-07-01"}).text
    assert re.search(r"Pilih sedikitnya satu hari kerja", page)
    assert not UnitPattern.objects.exists()


def test_in_the_admin_holidays_are_read_only(admin_client):
    row = HolidayFactory()
    assert admin_client.get(reverse("admin:calendars_holiday_changelist")).status_code == 200
    assert admin_client.post(reverse("admin:calendars_holiday_delete", args=[row.pk])).status_code == 403
