import io
import json
import logging

import pytest
import structlog
from celery import shared_task
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import include, path

from kepegawaian.celery import app
from tests.accounts.factories import UserFactory

NAME, NIP, NIK, MAIL = "Siti Aminah Rahayu", "198609262015052001", "3275016609860004", "siti.aminah@kota.go.id"
SECRETS = (NAME, NIP, NIK, MAIL, "Siti", "19860926 201505 2 001")


def explode(request):
    """Fails the way PostgreSQL does: with the row in the text of the error."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_user (nip, name) VALUES (%s, %s)", [NIP, NAME])


urlpatterns = [path("explode/", explode), path("", include("kepegawaian.urls"))]


@shared_task(name="tests.explode")
def explode_in_worker(words):
    raise ValueError(f"{words} sakit")


@pytest.fixture
def lines():
    """What the real handler of the settings writes, parsed."""
    stream = io.StringIO()
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    before = handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


def _assert_nothing_personal(lines):
    text = json.dumps(lines(), ensure_ascii=False)
    assert text != "[]"
    for secret in SECRETS:
        assert secret not in text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestRequests:
    def test_a_line_says_what_happened_with_ids_only(self, client, lines):
        user = UserFactory(name=NAME)
        client.force_login(user)
        response = client.get("/kalender/2026/", {"q": NAME})
        line = lines()[-1]
        assert (line["event"], line["method"], line["route"]) == ("request", "GET", "calendars:year")
        assert (line["status"], line["user"], line["level"]) == (200, str(user.pk), "info")
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert {"timestamp", "ms", "logger"} <= set(line)

    @pytest.mark.parametrize(
        ("method", "address"),
        [
            ("get", f"/kalender/?q={NAME}&nip={NIP}"),
            ("get", f"/pegawai/{NIP}/"),
            ("get", f"/tidak-ada/{NIP}/{NIK}/"),
            ("post", "/akun/login/"),
            ("get", f"/api/v1/tidak-ada/{NIP}/"),
            ("post", "/explode/"),
        ],
    )
    def test_nothing_personal_in_a_request_reaches_the_log(self, lines, method, address):
        client = Client(raise_request_exception=False)
        client.force_login(UserFactory(name=NAME, nip=NIP, email=MAIL))
        data = {"login": NIP, "password": "Siti", "email": MAIL, "name": NAME}
        getattr(client, method)(address, data, headers={"User-Agent": NAME, "Referer": f"/x?nip={NIP}"})
        _assert_nothing_personal(lines)

    def test_an_error_keeps_its_place_but_not_its_text(self, lines):
        client = Client(raise_request_exception=False)
        client.force_login(UserFactory(nip=NIP))
        assert client.post("/explode/").status_code == 500
        line = next(line for line in lines() if line["logger"] == "django.request")
        assert line["error"][0] == IntegrityError.__name__
        assert any("test_logging.py" in frame and "explode" in frame for frame in line["frames"])


@pytest.mark.django_db
class TestTasks:
    def test_a_failed_task_says_which_and_where_but_not_what(self, lines):
        app.conf.task_eager_propagates = False
        try:
            explode_in_worker.apply(args=(NAME,), throw=False)
        finally:
            app.conf.task_eager_propagates = True
        line = next(line for line in lines() if line["logger"] == "celery.app.trace")
        assert (line["event"], line["task"]) == ("task failed", "tests.explode")
        assert line["error"] == ["ValueError"]
        _assert_nothing_personal(lines)


class TestRedaction:
    def test_numbers_and_addresses_are_blacked_out_wherever_they_stand(self, lines):
        logging.getLogger("foreign").warning("user %s mail %s", NIP, MAIL)
        structlog.get_logger("own").warning("x", nik=NIK, grouped="19860926 201505 2 001", many=[NIP, MAIL])
        _assert_nothing_personal(lines)

    def test_ids_and_times_stay(self, lines):
        key = "01890a5d-ac96-774b-bcce-b302099a8057"
        structlog.get_logger("own").warning("x", id=key, ms=12.5, at="2026-03-16T09:00:00Z")
        line = lines()[-1]
        assert (line["id"], line["ms"], line["at"]) == (key, 12.5, "2026-03-16T09:00:00Z")

    def test_a_chain_of_errors_is_named(self, lines):
        try:
            try:
                raise ValueError(NAME)
            except ValueError as error:
                raise KeyError(NIP) from error
        except KeyError:
            structlog.get_logger("own").exception("x")
        assert lines()[-1]["error"] == ["KeyError", "ValueError"]
        _assert_nothing_personal(lines)
