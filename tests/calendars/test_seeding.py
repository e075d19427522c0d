import datetime
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.calendars import seeding, services
from kepegawaian.calendars.models import Holiday, HolidayKind
from tests.accounts.factories import with_role
from tests.calendars import reference_holidays
from tests.calendars.factories import HolidayFactory

pytestmark = pytest.mark.django_db
Day = datetime.date
COLLECTIVE_2024 = [(2, 9), (3, 12), (4, 8), (4, 9), (4, 12), (4, 15), (5, 10), (5, 24), (6, 18), (12, 26)]
ELECTIONS = [Day(2024, 2, 14), Day(2024, 11, 27)]


def _dates(year, kind):
    return set(Holiday.objects.filter(date__year=year, kind=kind).values_list("date", flat=True))


@pytest.mark.parametrize("year", [2025, 2026])
def test_2025_and_2026_are_as_the_reference_has_them(year):
    seeding.seed(year, year)
    wanted = {day.date: str(day.kind) for day in reference_holidays.HOLIDAYS if day.date.year == year}
    assert dict(Holiday.objects.values_list("date", "kind")) == wanted
    assert not Holiday.objects.filter(confirmed=False).exists()


def test_2024_has_its_joint_leave_and_election_days():
    seeding.seed(2024, 2024)
    assert _dates(2024, HolidayKind.COLLECTIVE) == {Day(2024, month, day) for month, day in COLLECTIVE_2024}
    assert _dates(2024, HolidayKind.NATIONAL) >= set(ELECTIONS)
    assert len(_dates(2024, HolidayKind.NATIONAL)) == 17 + 2


def test_only_what_was_compared_with_a_decree_is_confirmed():
    seeding.seed(2023, 2027)
    confirmed = Counter(
        (date.year, kind) for date, kind in Holiday.objects.filter(confirmed=True).values_list("date", "kind")
    )
    assert confirmed == {
        (2024, "national"): 10,
        (2024, "collective"): 10,
        (2025, "national"): 17,
        (2025, "collective"): 11,
        (2026, "national"): 17,
        (2026, "collective"): 8,
    }
    last = Holiday.objects.filter(date__year=2024, kind="national", confirmed=True).latest("date")
    assert last.date == Day(2024, 5, 9)
    assert not Holiday.objects.filter(date__in=ELECTIONS, confirmed=True).exists()


def test_each_row_says_where_it_is_from_and_is_named_in_both_languages():
    seeding.seed(2026, 2026)
    row = Holiday.objects.get(date=Day(2026, 3, 20))
    assert (row.name_id, row.name_en) == ("Cuti Bersama Hari Raya Idul Fitri", "Eid al-Fitr Joint Holiday")
    assert row.source == "Keppres 42 Tahun 2025"
    assert not Holiday.objects.filter(source="").exists()


def test_seeding_twice_changes_nothing():
    first, again = seeding.seed(2023, 2027), seeding.seed(2023, 2027)
    assert first.added == Holiday.objects.count() > 130
    assert (again.added, again.corrected, again.withdrawn, again.kept) == (0, 0, 0, 0)


def test_what_a_person_changed_stays():
    seeding.seed(2027, 2027)
    keeper = with_role(Role.HR_CENTRAL)
    moved, removed = Holiday.objects.filter(kind="national").order_by("date")[4:6]
    values = {name: getattr(moved, name) for name in services.HOLIDAY_FIELDS}
    services.save_holiday(actor=keeper, holiday=moved, **(values | {"date": Day(2027, 3, 31), "confirmed": True}))
    services.remove_holiday(actor=keeper, holiday=removed)
    count = Holiday.objects.count()
    assert seeding.seed(2027, 2027).kept == 2
    assert Holiday.objects.count() == count
    assert Holiday.objects.filter(date=moved.date).count() == 0
    assert removed.date not in services.holidays_between(removed.date, removed.date)


def test_a_day_that_hr_typed_before_is_not_doubled():
    HolidayFactory(date=Day(2027, 8, 17), name_id="Kemerdekaan", changed_by=with_role(Role.HR_CENTRAL))
    assert seeding.seed(2027, 2027).kept == 1
    assert Holiday.objects.get(date=Day(2027, 8, 17)).name_id == "Kemerdekaan"


def test_a_newer_package_corrects_what_nobody_touched(monkeypatch):
    seeding.seed(2027, 2027)
    gone, renamed = Holiday.objects.filter(kind="collective").order_by("date")[:2]
    proposals = [one for one in seeding.proposals(2027, 2027) if one.date != gone.date]
    changed = [
        seeding.Proposal(one.date, one.kind, "Nama baru", one.name_en, True, "Keppres 1 Tahun 2026")
        if (one.date, one.kind) == (renamed.date, renamed.kind)
        else one
        for one in proposals
    ]
    monkeypatch.setattr(seeding, "proposals", lambda first, last: changed)
    report = seeding.seed(2027, 2027)
    assert (report.corrected, report.withdrawn) == (1, 1)
    renamed.refresh_from_db()
    assert (renamed.name_id, renamed.confirmed) == ("Nama baru", True)
    assert not Holiday.objects.filter(pk=gone.pk).exists()


def test_seeding_is_an_event():
    seeding.seed(2026, 2026)
    assert Event.objects.get(verb="calendars.seeded").data["added"] == 25


def test_the_command_seeds_and_can_only_count():
    output = StringIO()
    call_command("seed_holidays", "--from", "2026", "--to", "2026", "--dry-run", stdout=output)
    assert "25 ditambahkan" in output.getvalue()
    assert not Holiday.objects.exists()
    call_command("seed_holidays", "--from", "2026", "--to", "2026", stdout=output)
    assert Holiday.objects.count() == 25


def test_the_command_refuses_years_in_the_wrong_order():
    with pytest.raises(CommandError, match="--from"):
        call_command("seed_holidays", "--from", "2027", "--to", "2026", stdout=StringIO())


@pytest.mark.parametrize(("year", "days"), [(2024, 238), (2025, 237), (2026, 240)])
def test_the_working_days_of_a_year_are_those_of_the_reference(year, days):
    seeding.seed(year, year)
    off = services.holidays_between(Day(year, 1, 1), Day(year, 12, 31))
    dates = (Day(year, 1, 1) + datetime.timedelta(days=n) for n in range(366))
    assert sum(date.year == year and date.weekday() < 5 and date not in off for date in dates) == days
