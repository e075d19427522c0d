"""People of one government, and their year, for most tests of performance."""

import pytest

from tests.employees.factories import make_government
from tests.evaluations.factories import make_world
from tests.evaluations.ratings_world import AFTER_QUARTER, quarter_world


@pytest.fixture
def gov(db):
    return make_government()


@pytest.fixture
def after_the_quarter(time_machine):
    """For `pytestmark`: it is the day on which the first quarter is rated."""
    time_machine.move_to(AFTER_QUARTER, tick=False)


@pytest.fixture
def world(request, db):
    """A year that begins; for tests that come after the quarter one with plans agreed to and progress."""
    return quarter_world() if "after_the_quarter" in request.fixturenames else make_world()


@pytest.fixture
def me(world):
    return world.me


@pytest.fixture
def call(client):
    """`call(person, "post", "/cycles/", {...})` on the API of evaluations, signed in as that employee."""

    def calling(person, method, path, body=None, **headers):
        client.force_login(person.user)
        if method == "get":
            return client.get(f"/api/v1/evaluations{path}", body)
        act = getattr(client, method)
        return act(f"/api/v1/evaluations{path}", body or {}, content_type="application/json", headers=headers)

    return calling
