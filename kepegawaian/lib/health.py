"""Is the portal alive, is it ready, and its numbers for Prometheus. Apps add theirs from their `ready()`.

`/health/live/` says that the process answers, nothing else. `/health/ready/` says 503 as soon as something is
wrong that somebody should look at. `/metrics` adds gauges read from the database to what django-prometheus counts.
"""

import datetime
import os
from collections.abc import Callable, Iterable, Iterator

import prometheus_client
import structlog
from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from prometheus_client import multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

logger = structlog.get_logger("health")
HEARTBEAT_KEY = "worker-heartbeat"
SILENT_FOR = datetime.timedelta(minutes=3)
Check = Callable[[], str]
"""Returns what is wrong, or an empty text."""
Reading = float | int | dict[str, float | int]
_checks: dict[str, Check] = {}
_gauges: dict[str, tuple[str, Callable[[], Reading]]] = {}


def register_check(name: str, check: Check) -> None:
    _checks[name] = check


def register_gauge(name: str, documentation: str, read: Callable[[], Reading]) -> None:
    """`read()` gives a number, or numbers by state; asked when Prometheus asks. Names get "portal_" in front."""
    _gauges[name] = (documentation, read)


def beat() -> None:
    """Called by a periodic task: proof that beat queues and a worker works."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), timeout=3600)


# --- What every installation has ------------------------------------------------------------------
def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _broker() -> str:
    # A connection of its own: one from the pool may have been opened before the broker went away.
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, timeout=1)
        link.default_channel.client.ping()
    return ""


def _worker() -> str:
    stamp = cache.get(HEARTBEAT_KEY)
    if stamp is None:
        return "no heartbeat"
    age = timezone.now() - datetime.datetime.fromisoformat(stamp)
    return f"silent for {int(age.total_seconds())} s" if age > SILENT_FOR else ""


register_check("database", _database)
register_check("broker", _broker)
register_check("worker", _worker)


# --- Pages ----------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    wrong = {name: _outcome(name, check) for name, check in _checks.items()}
    healthy = not any(wrong.values())
    body = {
        "status": "ok" if healthy else "failing",
        "checks": {name: text or "ok" for name, text in wrong.items()},
    }
    response = JsonResponse(body, status=200 if healthy else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # _outcome did, and probes come every second
    return response


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read_metrics(request):
        raise Http404
    counted: Collector | prometheus_client.CollectorRegistry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # several web processes, see gunicorn.conf.py
        counted = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    page = prometheus_client.generate_latest(counted) + prometheus_client.generate_latest(_registry)
    return HttpResponse(page, content_type=prometheus_client.CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """Only from METRICS_ALLOWED_HOSTS. Behind a proxy the address that the proxy saw must be one of them too:
    a proxy on the same machine comes from 127.0.0.1 whoever stands behind it."""
    addresses = [request.META.get("REMOTE_ADDR", "")]
    if forwarded := request.headers.get("X-Forwarded-For"):
        addresses.append(forwarded.rpartition(",")[2].strip())
    return all(address in settings.METRICS_ALLOWED_HOSTS for address in addresses)


def _outcome(name: str, check: Check) -> str:
    try:
        return check()
    except (Error, KombuError, OSError) as error:
        logger.warning("not ready", check=name, error=type(error).__name__)
        return type(error).__name__


class _Gauges(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (documentation, read) in _gauges.items():
            yield _family(f"portal_{name}", documentation, read())

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # nothing is read when the process starts


def _family(name: str, documentation: str, reading: Reading) -> GaugeMetricFamily:
    if not isinstance(reading, dict):
        return GaugeMetricFamily(name, documentation, value=reading)
    family = GaugeMetricFamily(name, documentation, labels=["state"])
    for state, value in reading.items():
        family.add_metric([state], value)
    return family


_registry = prometheus_client.CollectorRegistry()
_registry.register(_Gauges())

urlpatterns = [
    path("health/live/", live, name="health_live"),
    path("health/ready/", ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
]
