"""W1-W5 of the leave reference from the calendar down to the buckets."""

from collections import Counter
from datetime import date

import pytest

from kepegawaian.calendars.rules import FIVE_DAY, SIX_DAY, PatternPeriod, WorkCalendar
from leave.rules import BucketKind, allocate, given_back, new_bucket
from tests.calendars.reference_holidays import HOLIDAYS

OWN = [new_bucket(BucketKind.O, year, year, 12) for year in (2025, 2026)]


def calendar(pattern=FIVE_DAY, duties=()):
    in_force = [PatternPeriod(date(2020, 1, 1), None, pattern)]
    return WorkCalendar(patterns=in_force, holidays=HOLIDAYS, duties=duties)


@pytest.mark.parametrize(
    ("days", "start", "end", "charged"),
    [
        pytest.param(calendar(), (2026, 3, 16), (2026, 3, 27), {2026: 5}, id="W1"),
        pytest.param(calendar(), (2026, 5, 11), (2026, 5, 22), {2026: 8}, id="W2"),
        pytest.param(calendar(SIX_DAY), (2026, 5, 11), (2026, 5, 22), {2026: 9}, id="W2-six-day-week"),
        pytest.param(calendar(), (2026, 5, 25), (2026, 6, 5), {2026: 7}, id="W3"),
        pytest.param(calendar(SIX_DAY), (2026, 5, 25), (2026, 6, 5), {2026: 8}, id="W3-six-day-week"),
        pytest.param(
            calendar(duties=[date(2026, 5, 28)]), (2026, 5, 25), (2026, 6, 5), {2026: 8}, id="W3-on-duty-28-May"
        ),
        pytest.param(calendar(), (2025, 12, 29), (2026, 1, 6), {2025: 3, 2026: 3}, id="W4"),
    ],
)
def test_each_charged_day_falls_on_the_own_days_of_its_year(days, start, end, charged):
    allocation = allocate(days.working_days(date(*start), date(*end)), OWN)
    assert allocation.complete
    assert Counter(charge.bucket.year for charge in allocation.charges) == charged


def test_w5_a_recall_gives_back_the_days_from_the_day_of_return():
    granted = allocate(calendar().working_days(date(2026, 6, 8), date(2026, 6, 19)), OWN).charges
    back = given_back(granted, date(2026, 6, 15))
    assert (len(granted), len(granted) - len(back), len(back)) == (9, 5, 4)
