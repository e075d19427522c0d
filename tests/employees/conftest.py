"""What most tests of people begin with."""

import datetime

import pytest

from tests.employees.factories import Government, make_government


@pytest.fixture
def today(time_machine) -> datetime.date:
    """Monday, 2 March 2026."""
    time_machine.move_to(datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC))
    return datetime.date(2026, 3, 2)


@pytest.fixture
def gov(db, today) -> Government:
    return make_government()
