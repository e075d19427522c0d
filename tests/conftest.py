"""What the whole suite shares: no network, a clean cache, the browser, and a loud word when there is none."""

import os
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from django.utils.text import camel_case_to_spaces

from kepegawaian.audit import services as audit
from kepegawaian.units.models import Unit
from tests.support import chromium
from tests.support.portal import portal as portal

CHROMIUM = chromium.find()
NO_BROWSER = "tidak ada Chromium"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Only this machine may be reached, and a Valkey that was named; libpq's connections are not Python's."""
    valkey = urlsplit(settings.REDIS_URL).hostname
    config.option.allow_hosts = ",".join({"127.0.0.1", "::1", "localhost", valkey or "localhost"})
    config.option.allow_unix_socket = True
    config.option.output = str(settings.VAR_DIR / "browser")


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{NO_BROWSER} dan REQUIRE_BROWSER=1. {chromium.HOW_TO_GET_IT}", pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter):
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        text = f"{len(skipped)} uji peramban TIDAK dijalankan: {NO_BROWSER}. {chromium.HOW_TO_GET_IT}"
        terminalreporter.write_sep("!", "PERHATIAN", red=True, bold=True)
        terminalreporter.write_line(text, red=True, bold=True)


@pytest.fixture(autouse=True)
def _clean_slate():
    """No test sees another's cache or language. Only our own keys: the server may be somebody's."""
    cache.delete_pattern("*")
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _named_subjects(monkeypatch):
    """Whatever the trail tells of has a name in Indonesian; Django's own is the name of the class."""

    def checked(event, digest_of=audit.digest_of):
        label = event.subject_type
        if label.partition(".")[0] in apps.app_configs and (model := apps.get_model(label)) is not Unit:
            name = model._meta.verbose_name_raw
            assert name != camel_case_to_spaces(model.__name__), f"{label} has no name"
        return digest_of(event)

    monkeypatch.setattr(audit, "digest_of", checked)


OTHERS = """
SELECT pid, state, left(query, 200) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
PATIENCE = 10.0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A database is dropped when nobody uses it: on a busy machine a server takes its time to see that a client is
    gone, and a thread that served a browser may keep its connection. Who stays is named and sent away."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        deadline = time.monotonic() + PATIENCE
        while (others := _others(cursor)) and time.monotonic() < deadline:
            time.sleep(0.2)
        for pid, state, query in others:
            sys.stderr.write(f"\nleft open: {state}, last said {query!r}\n")
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def _others(cursor):
    cursor.execute(OTHERS)
    return cursor.fetchall()


@pytest.fixture(scope="session")
def base_url():
    """Tests name whole addresses. (pytest-base-url's own fixture is written in a way that pytest deprecates.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """pytest-playwright's `browser`, `context` and `page` use the system's Chromium.

    Playwright's event loop stays in this thread until the end of the session, which Django would take for an
    async view that touches the database.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield browser_type_launch_args | chromium.launch_options(CHROMIUM)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
