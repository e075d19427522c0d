import pytest

from feedback.models import FeedbackSetting
from tests.feedback.factories import THURSDAY, make_desk
from tests.feedback.forum_factories import START, make_square
from tests.feedback.reporting import Citizen


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


@pytest.fixture
def square(db, time_machine):
    """A published forum on the first day of its phase of proposals."""
    time_machine.move_to(f"{START}T02:00:00+00:00", tick=False)
    return make_square()


@pytest.fixture
def on(time_machine):
    """`on("2026-03-16")`: nine o'clock of that day in Jakarta."""
    return lambda day: time_machine.move_to(f"{day}T02:00:00+00:00", tick=False)


@pytest.fixture
def citizen(desk, time_machine):
    """At the form, without an account; proofs cost little here. Between reading and sending a minute passes."""
    FeedbackSetting.objects.update(work_cost=10, work_cost_busy=40)
    return Citizen(wait=lambda: time_machine.shift(60))
