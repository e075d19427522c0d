import pytest

from tests.leave.factories import MONDAY, Flow, make_leave_government


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(f"{MONDAY}T02:00:00+00:00", tick=False)


@pytest.fixture
def gov(db):
    return make_leave_government()


@pytest.fixture
def flow(gov):
    return Flow(gov)
