"""People of one government, and their year, for most tests of performance."""

import pytest

from tests.employees.factories import make_government
from tests.evaluations.factories import make_world


@pytest.fixture
def gov(db):
    return make_government()


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def me(world):
    return world.me
