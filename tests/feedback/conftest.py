import pytest

from tests.feedback.factories import THURSDAY, make_desk


@pytest.fixture
def clock(time_machine):
    """`clock("01-21")`: that day of 2026, ten o'clock in Jakarta."""

    def move(day: str) -> None:
        time_machine.move_to(f"2026-{day}T03:00:00+00:00", tick=False)

    move(f"{THURSDAY:%m-%d}")
    return move


@pytest.fixture
def desk(db, clock):
    return make_desk()


@pytest.fixture
def sign_in(client):
    """`sign_in(desk.admin)` gives the client of that person."""

    def signed_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return signed_in
