import re
import time
from types import SimpleNamespace

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from kepegawaian.lib import health, tasks
from kepegawaian.notifications.models import Delivery, DeliveryState
from kepegawaian.work.models import Job, JobState
from tests.accounts.factories import UserFactory
from tests.notifications.factories import told


@pytest.fixture
def beating():
    tasks.heartbeat()


def _checks(response):
    return response.json()["checks"]


# --- Alive and ready ------------------------------------------------------------------------------
def test_alive_asks_nobody(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/health/live/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
class TestReady:
    def test_all_is_well(self, client, beating):
        response = client.get("/health/ready/")
        assert (response.status_code, response.json()["status"]) == (200, "ok")
        assert set(_checks(response)) >= {"database", "broker", "worker", "deliveries"}

    def test_without_a_worker_it_is_not_ready(self, client):
        response = client.get("/health/ready/")
        assert (response.status_code, _checks(response)["worker"]) == (503, "no heartbeat")

    def test_a_silent_worker_is_missed(self, client):
        with time_machine.travel("2026-03-16 09:00+07:00", tick=False) as clock:
            tasks.heartbeat()
            clock.shift(200)
            assert _checks(client.get("/health/ready/"))["worker"] == "silent for 200 s"

    def test_without_a_database_it_is_not_ready(self, client, beating, monkeypatch):
        monkeypatch.setitem(health._checks, "database", _raising(OperationalError("host=10.0.0.1 password=x")))
        response = client.get("/health/ready/")
        assert (response.status_code, _checks(response)["database"]) == (503, "OperationalError")

    def test_without_a_broker_it_is_not_ready(self, client, beating, monkeypatch):
        away = SimpleNamespace(connection_for_write=_raising(BrokerError("redis://:secret@x")))
        monkeypatch.setattr(health, "current_app", away)
        response = client.get("/health/ready/")
        assert (response.status_code, _checks(response)["broker"]) == (503, "OperationalError")
        assert "secret" not in response.text

    def test_mails_that_wait_too_long_are_told(self, client, beating):
        told(UserFactory(), due_at=timezone.now() - timezone.timedelta(minutes=20))
        response = client.get("/health/ready/")
        assert response.status_code == 503
        assert re.fullmatch(r"oldest waits 12\d\d s", _checks(response)["deliveries"])
        Delivery.objects.update(state=DeliveryState.SENT)
        assert client.get("/health/ready/").status_code == 200


def _raising(error):
    def fail(*args):
        raise error

    return fail


# --- Numbers --------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestMetrics:
    def test_they_tell_what_waits(self, client):
        told(UserFactory())
        Job.objects.create(kind="a", state=JobState.RUNNING)
        page = client.get("/metrics").text
        assert 'portal_deliveries{state="pending"} 1.0' in page
        assert 'portal_jobs{state="running"} 1.0' in page
        assert "portal_audit_unsealed_events 0.0" in page
        assert "# HELP portal_delivery_wait_seconds" in page
        assert "process_resident_memory_bytes" in page

    @pytest.mark.parametrize(
        ("address", "forwarded", "status"),
        [
            ("127.0.0.1", None, 200),
            ("10.0.0.5", None, 404),
            ("127.0.0.1", "203.0.113.9", 404),
            ("127.0.0.1", "127.0.0.1, 203.0.113.9", 404),
            ("127.0.0.1", "203.0.113.9, 127.0.0.1", 200),
            ("10.0.0.5", "127.0.0.1", 404),
            ("", None, 404),
        ],
    )
    def test_only_from_allowed_hosts(self, client, address, forwarded, status):
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status

    def test_several_web_processes_are_added_up(self, client, monkeypatch, tmp_path):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
        page = client.get("/metrics").text
        assert "portal_deliveries" in page
        assert "process_resident_memory_bytes" not in page, "one process's number would be wrong for all"

    def test_they_cost_few_statements(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(7):
            client.get("/metrics")


def test_a_heartbeat_is_remembered():
    tasks.heartbeat()
    stamp = timezone.datetime.fromisoformat(cache.get(health.HEARTBEAT_KEY))
    assert time.time() - stamp.timestamp() < 10


@pytest.mark.django_db
def test_expired_sessions_are_removed(client):
    client.force_login(UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_session SET expire_date = now() - interval '1 day'")
        tasks.clear_sessions()
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone()[0] == 0
