"""What the API answers to whatever fits its schema, and to what nearly fits: never an error of ours.

Cases are made from `/api/schema/` by schemathesis, the same ones each time.
"""

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from kepegawaian.accounts.services import create_token
from kepegawaian.notifications.models import Message
from tests.leave.factories import Flow, day, make_leave_government

EXAMPLES = 12
BEHIND_THE_DOOR = {"employee": 4, "hr": 3}
"""How many of the addresses with an id must have let this person in at least once."""
CHECKS = [
    not_a_server_error,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
]


@pytest.fixture
def gov(db, time_machine):
    time_machine.move_to("2026-03-02T02:00:00+00:00", tick=False)
    return make_leave_government()


@pytest.fixture
def known(gov):
    """One real thing for each kind of address that ends in an id."""
    Flow(gov).granted(day(5, 4), day(5, 6))
    request = Flow(gov).submitted()
    message = Message.objects.filter(recipient=gov.employee.user).latest("id")
    return {
        "/api/v1/employees/": gov.employee.pk,
        "/api/v1/leave/requests/": request.pk,
        "/api/v1/notices/": message.pk,
        "/api/v1/units/": gov.section.pk,
    }


@pytest.fixture
def one_connection():
    """Requests end inside the test's transaction, which must not cost them its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(gov, one_connection):
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())


def _answers(operation, token, known):
    """Run the cases of one operation, each in a transaction that is rolled back. The statuses they got.

    Ids are real ones in half of the cases; invented ones would never reach what is behind the door.
    """
    statuses = set()
    real = next((str(pk) for prefix, pk in known.items() if operation.path.startswith(prefix + "{")), None)

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), at=st.booleans())
    def run(case, at):
        if at and real:
            case.path_parameters["id"] = real
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Token {token}"})
            transaction.set_rollback(True)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    run()
    return statuses


@pytest.mark.slow
@pytest.mark.parametrize("who", ["employee", "hr"])
def test_every_operation_answers_as_its_schema_says(who, gov, known, schema):
    token = create_token(user=getattr(gov, who).user, name="skema", days=1)
    seen = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        seen[f"{operation.method.upper()} {operation.path}"] = _answers(operation, token, known)
    assert len(seen) >= 20
    assert not [name for name, statuses in seen.items() if statuses == {401}]
    behind = {name for name, statuses in seen.items() if "{id}" in name and not statuses <= {400, 404, 422}}
    assert len(behind) >= BEHIND_THE_DOOR[who]
    assert {200, 404} <= set().union(*seen.values())
