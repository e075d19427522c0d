"""Every route x every role: what a GET and an empty POST answer. A route that is not listed fails.

`UPDATE_ACCESS_MATRIX=1 pytest tests/test_access_matrix.py -n 0` rewrites access_matrix.json; read the difference
line by line before committing it. "login" is the way to the sign-in page.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.support.routes import routes
from tests.support.world import TODAY, World, make_world

FILE = Path(__file__).with_name("access_matrix.json")
UPDATE = os.environ.get("UPDATE_ACCESS_MATRIX") == "1"
ROLES = (
    "anonymous",
    "citizen",
    "employee",
    "colleague",
    "outsider",
    "superior",
    "decider",
    "hr_unit",
    "hr_elsewhere",
    "hr_central",
    "leader",
    "inspector",
    "whistle_officer",
    "complaint_admin",
    "complaint_liaison",
    "admin",
)


@pytest.fixture
def world(db, time_machine) -> World:
    time_machine.move_to(TODAY, tick=False)
    return make_world()


def _answer(client: Client, method: str, url: str) -> str:
    with transaction.atomic():
        json_body = {"content_type": "application/json"} if "/api/" in url and method == "post" else {}
        response = getattr(client, method)(url, **json_body)
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith(
        reverse("account_login") + "?next="
    ):
        return "login"
    return str(response.status_code)


def _matrix() -> dict[str, dict[str, str]]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def _write(role: str, found: dict[str, str]) -> None:
    table = _matrix()
    fresh = {route: table.get(route, {}) | {role: found[route]} for route in found}
    ordered = {route: {name: row[name] for name in ROLES if name in row} for route, row in sorted(fresh.items())}
    lines = [f" {json.dumps(route)}: {json.dumps(row)}" for route, row in ordered.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_listed(role, world):
    found = {}
    for route, names in routes().items():
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(world.people[role])
        url = reverse(route, kwargs=world.kwargs(route, names))
        found[route] = f"{_answer(client, 'get', url)} {_answer(client, 'post', url)}"
    if UPDATE:
        _write(role, found)
    listed = {route: row.get(role) for route, row in _matrix().items()}
    assert found == listed


def test_no_listed_answer_is_a_server_error():
    """But that of a portal whose worker does not run, which is what /health/ready/ is there to say."""
    table = {route: row for route, row in _matrix().items() if route != "health_ready"}
    assert [(route, role) for route, row in table.items() for role, answer in row.items() if "50" in answer] == []
    assert all(set(row) == set(ROLES) for row in table.values())
