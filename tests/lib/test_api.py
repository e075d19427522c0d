"""What every route of the API shares: problem JSON, limits, schema, its own pages."""

import json
import uuid

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from kepegawaian.notifications.models import Message
from tests.accounts.factories import UserFactory
from tests.calendars.factories import HolidayFactory
from tests.notifications.factories import tell, told
from tests.work.factories import KIND, open_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def api(user):
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


def _assert_problem(response, status):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["title"]
    return body


# --- Errors ---------------------------------------------------------------------------------------
def test_who_is_not_signed_in_is_told_how():
    response = APIClient().get("/api/v1/notices/")
    _assert_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Token")


def test_a_wrong_token_is_a_401():
    client = APIClient(headers={"Authorization": "Token salah"})
    _assert_problem(client.get("/api/v1/notices/"), 401)


def test_a_session_without_its_csrf_token_is_a_403(user):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    _assert_problem(client.post(f"/api/v1/notices/{told(user).message.pk}/read/"), 403)


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v1/tidak/ada/", "/api/v1/notices/x/read/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_is_none_is_a_404(api, address, method):
    _assert_problem(getattr(api, method)(address), 404)


def test_the_thing_of_another_is_a_404(api):
    message = told(UserFactory()).message
    _assert_problem(api.post(f"/api/v1/notices/{message.pk}/read/"), 404)


def test_a_wrong_method_is_a_405_that_names_the_right_ones(api):
    response = api.delete("/api/v1/notices/")
    _assert_problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_errors_are_said_in_indonesian_where_the_framework_knows_english_alone(api):
    said = [
        api.delete("/api/v1/notices/"),
        api.post("/api/v1/leave/preview/", "{bukan json", content_type="application/json"),
        api.post(f"/api/v1/notices/{uuid.uuid4()}/read/"),
    ]
    assert [answer.json()["title"] for answer in said] == [
        "Alamat ini tidak melayani DELETE.",
        "Isi permintaan ini tidak terbaca.",
        "Data tidak ditemukan.",
    ]


def test_a_wrong_parameter_is_a_400_that_names_it(api):
    body = _assert_problem(api.get("/api/v1/calendar/holidays/?year=besok"), 400)
    assert list(body["errors"]) == ["year"]


def test_a_broken_cursor_is_a_404(api):
    _assert_problem(api.get("/api/v1/notices/?cursor=rusak"), 404)


def test_an_answer_in_another_form_is_a_406(api):
    _assert_problem(api.get("/api/v1/notices/", headers={"Accept": "text/csv"}), 406)


class TestBodies:
    ADDRESS = "/api/v1/leave/preview/"

    def test_broken_json_is_a_400(self, api):
        _assert_problem(api.post(self.ADDRESS, "{bukan json", content_type="application/json"), 400)

    def test_another_kind_of_body_is_a_415(self, api):
        _assert_problem(api.post(self.ADDRESS, "<x/>", content_type="application/xml"), 415)

    def test_a_huge_body_is_a_413(self, api, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        body = json.dumps({"x": "y" * 2000})
        _assert_problem(api.post(self.ADDRESS, body, content_type="application/json"), 413)


def test_too_many_requests_are_a_429_that_says_when(api, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    from kepegawaian.notifications.api import NoticeViewSet

    monkeypatch.setattr(NoticeViewSet, "throttle_classes", [type("Two", (UserRateThrottle,), {"rate": "2/min"})])
    answers = [api.get("/api/v1/notices/") for _time in range(3)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    _assert_problem(answers[2], 429)
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60


# --- The core's own routes ------------------------------------------------------------------------
def test_days_off_of_a_year(api):
    HolidayFactory()
    HolidayFactory(date="2025-03-29")
    HolidayFactory(date="2026-12-25", removed=True)
    rows = api.get("/api/v1/calendar/holidays/?year=2026").json()["results"]
    assert [(row["date"], row["kind"], row["confirmed"]) for row in rows] == [("2026-03-19", "national", True)]


def test_ones_own_notices_are_listed_in_words_and_marked_read(api, user):
    tell(user)
    tell(UserFactory(), title="Rahasia")
    (row,) = api.get("/api/v1/notices/").json()["results"]
    assert row["text"] == "Pengingat: Usul cuti Siti menunggu Anda, batasnya Sen, 16 Mar 2026"
    assert row["read_at"] is None
    assert api.post(f"/api/v1/notices/{row['id']}/read/").json()["read_at"]
    assert Message.objects.get(recipient=user).read_at is not None


def test_what_waits_for_oneself(api, user):
    open_item(user, context={"line": "5 hari"})
    open_item(user, kind="test.other")
    open_item(UserFactory())
    (row,) = api.get("/api/v1/work/items/", {"kind": KIND}).json()["results"]
    assert (row["title"], row["line"], row["url"]) == ("Cuti Siti", "5 hari", "/cuti/1/")
    assert len(api.get("/api/v1/work/items/").json()["results"]) == 2


def test_lists_come_in_pages(api, user):
    for number in range(30):
        tell(user, key=str(number))
    first = api.get("/api/v1/notices/").json()
    rest = api.get(first["next"]).json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (25, 5, None)
    assert len(api.get("/api/v1/notices/?page_size=1000").json()["results"]) == 30


# --- Schema and pages -----------------------------------------------------------------------------
def test_the_schema_is_openapi_3_1_and_says_how_errors_look(client):
    schema = client.get(reverse("api_schema"), headers={"Accept": "application/json"}).json()
    assert schema["openapi"] == "3.1.0"
    for path, operations in schema["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["4XX"]["content"]


def test_the_schema_names_the_idempotency_key_where_it_counts(client):
    schema = client.get(reverse("api_schema"), headers={"Accept": "application/json"}).json()
    headers = {
        path
        for path, operations in schema["paths"].items()
        for parameter in operations.get("post", {}).get("parameters", ())
        if (parameter["in"], parameter["name"]) == ("header", "Idempotency-Key")
    }
    assert "/api/v1/leave/requests/" in headers
    assert "/api/v1/notices/{id}/read/" not in headers


def test_the_docs_are_served_by_ourselves_without_inline_code(client):
    response = client.get(reverse("api_docs"))
    assert response.status_code == 200
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "<style" not in response.text
    assert "<script>" not in response.text
    assert "//cdn" not in response.text
    script = client.get(reverse("api_docs"), {"script": ""})
    assert script.headers["Content-Type"] == "application/javascript"
    assert "SwaggerUIBundle" in script.text
