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


@pytest.fixture
def sign_in(client):
    """`sign_in(gov.employee)` gives the client of that person, or of an account without one."""

    def signed_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return signed_in
