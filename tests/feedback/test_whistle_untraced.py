"""Nothing names where a report of the protected channel came from: no table, no line of a log, no row of the
trail, no session, no cookie, no metric, and no key of Valkey once it has expired."""

import datetime
import json
import logging

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_redis import get_redis_connection
from prometheus_client import REGISTRY, generate_latest
from pytest_django.asserts import assertContains, assertNotContains

from feedback.models import FeedbackSetting, RateKey, SpentChallenge, WhistleRead, WhistleReport, whistle
from feedback.services import whistle as services
from feedback.services.whistle import limits
from feedback.untraced import Metrics, UntracedMiddleware
from kepegawaian.audit.models import Event
from kepegawaian.documents.models import StoredFile
from tests.documents.hostile import exif_photo
from tests.feedback.whistling import Whistleblower

pytestmark = pytest.mark.django_db
TRACES = {
    "address": "203.0.113.77",
    "agent": "PerambanUnik/9.1",
    "proxy": "198.51.100.23",
    "language": "min-ID",
    "referrer": "intranet-dinas-contoh",
    "file": "foto-dari-budi",
}
HEADERS = {
    "HTTP_USER_AGENT": TRACES["agent"],
    "HTTP_X_FORWARDED_FOR": TRACES["proxy"],
    "HTTP_ACCEPT_LANGUAGE": TRACES["language"],
    "HTTP_REFERER": f"https://{TRACES['referrer']}.test/menu",
}
PAGES = ("feedback:whistle", "feedback:whistle_report", "feedback:whistle_follow")


@pytest.fixture
def blower(desk, time_machine):
    FeedbackSetting.objects.update(work_cost=10, work_cost_busy=40)
    return Whistleblower(wait=lambda: time_machine.shift(60), address=TRACES["address"], headers=HEADERS)


def every_row() -> dict[str, list[str]]:
    """Each table of the database as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def everything_in_valkey() -> dict[str, str]:
    server = get_redis_connection()
    return {key.decode(): (server.get(key) or b"").decode("latin-1") for key in server.scan_iter("*untraced:*")}


def whole_visit(blower) -> tuple:
    """Look, file with a photo, be wrong about the PIN, open, answer."""
    for name in PAGES:
        blower.client.get(reverse(name), **blower.origin)
    photo = SimpleUploadedFile(f"{TRACES['file']}.jpg", exif_photo())
    report, pin, receipt = blower.file(files=[photo])
    blower.open(report.number, "0000-0000")
    page = blower.open(report.number, pin)
    blower.answer(page, text="Masih terjadi.")
    return report, pin, receipt


def test_no_table_names_the_origin_though_the_reporter_is_signed_in(blower, desk):
    blower.client.force_login(desk.liaison)
    session = blower.client.cookies[settings.SESSION_COOKIE_NAME].value
    before, sessions = every_row(), list(Session.objects.values_list())
    report, pin, _receipt = whole_visit(blower)
    after = every_row()
    assert list(Session.objects.values_list()) == sessions
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {
        "documents_storedfile",
        "feedback_whistlefile",
        "feedback_whistlemessage",
        "feedback_whistleparty",
        "feedback_whistlereport",
        "feedback_whistlestep",
    }
    written = "\n".join(row for table in changed for row in after[table])
    for trace in (*TRACES.values(), str(desk.liaison.pk), desk.liaison.name, session, pin):
        assert trace not in written
    assert report.number in written


def test_no_row_tells_the_hour(blower):
    dated = [
        f"{model.__name__}.{field.name}"
        for model in vars(whistle).values()
        if isinstance(model, type) and issubclass(model, whistle.Untraceable) and not model._meta.abstract
        for field in model._meta.fields
        if isinstance(field, models.DateTimeField | models.TimeField)
    ]
    assert dated == [f"{WhistleRead.__name__}.at"]  # an officer's reading
    whole_visit(blower)
    assert [timezone.localtime(row.uploaded_at).time() for row in StoredFile.objects.all()] == [datetime.time(0)]
    assert all(row.pk.version == 4 for row in StoredFile.objects.all())


def test_no_line_of_any_log_comes_of_it(blower, desk, caplog):
    caplog.set_level(logging.DEBUG)
    blower.client.force_login(desk.liaison)
    caplog.clear()
    whole_visit(blower)
    own = [row for row in caplog.records if row.name not in ("faker.factory", "factory.generate")]
    text = "\n".join(f"{row.name} {row.getMessage()} {row.__dict__}" for row in own)
    assert [row.name for row in own if row.name == "request"] == []
    for trace in (*TRACES.values(), str(desk.liaison.pk), "/wbs/", "whistle"):
        assert trace not in text, text


def test_a_failing_page_does_not_name_the_sender_either(blower, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise RuntimeError("rusak")

    monkeypatch.setattr("feedback.views.whistle.public.current_setting", broken)
    blower.client.raise_request_exception = False
    assert blower.client.get(reverse("feedback:whistle"), **blower.origin).status_code == 500
    rows = [row for row in caplog.records if row.name == "django.request"]
    assert rows
    for row in rows:
        meta = {name: value for name, value in row.request.META.items() if isinstance(value, str)}
        assert not any(trace in f"{row.getMessage()} {json.dumps(meta)}" for trace in TRACES.values())


def test_the_trail_says_nothing(blower):
    before = Event.objects.count()
    whole_visit(blower)
    assert Event.objects.count() == before


def test_limits_live_in_valkey_alone_name_nobody_and_expire(blower):
    report, pin, _receipt = whole_visit(blower)
    assert not RateKey.objects.exists()
    assert not SpentChallenge.objects.exists()
    kept = everything_in_valkey()
    assert kept
    for trace in (*TRACES.values(), "203.0", report.number, str(report.pk), pin):
        assert not any(trace in f"{key} {value}" for key, value in kept.items())
    server = get_redis_connection()
    assert all(0 < server.ttl(key) <= limits.DAY for key in kept)
    for key in kept:
        server.pexpire(key, 1)
    while everything_in_valkey():
        pass
    assert every_row()["feedback_whistlereport"]


def test_another_day_another_key_for_the_same_network(blower, time_machine):
    limits.hit("filing", "x")
    time_machine.shift(24 * 3600)
    assert limits.seen("filing", "x") == 0


def test_no_cookie_is_set_and_no_other_page_learns_of_the_visit(blower):
    pages = [blower.client.get(reverse(name), **blower.origin) for name in PAGES]
    report, pin, receipt = blower.file()
    pages += [receipt, blower.open(report.number, pin)]
    for page in pages:
        assert page.status_code == 200
        assert not page.cookies
        assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "no-store")


def test_no_address_holds_number_or_pin(blower):
    report, pin, receipt = blower.file()
    page = blower.open(report.number, pin)
    assert [page.status_code, receipt.status_code] == [200, 200]  # answers, not ways to somewhere
    assert report.number not in page.request["PATH_INFO"] + page.request["QUERY_STRING"]


@pytest.mark.parametrize("path", ["/wbs/lapor/", "/wbs/", "/wbs"])
def test_downstream_of_the_door_nothing_is_left_of_the_sender(rf: RequestFactory, path):
    seen = []
    request = rf.get(path, REMOTE_ADDR=TRACES["address"], **HEADERS)
    request.META["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}=rahasia; {settings.LANGUAGE_COOKIE_NAME}=en"
    UntracedMiddleware(seen.append)(request)
    text = f"{request.META} {request.headers} {request.COOKIES}"
    assert not any(trace in text for trace in (*TRACES.values(), "rahasia"))
    assert request.COOKIES == {settings.LANGUAGE_COOKIE_NAME: "en"}
    assert len(request.origin_key) == 64


@pytest.mark.parametrize("path", ["/pengaduan/", "/meja-wbs/", "/wbsx/"])
def test_other_pages_keep_their_sender(rf: RequestFactory, path):
    request = rf.get(path, REMOTE_ADDR=TRACES["address"], **HEADERS)
    UntracedMiddleware(lambda given: given)(request)
    assert request.META["REMOTE_ADDR"] == TRACES["address"]
    assert not hasattr(request, "untraced")


def test_no_metric_counts_the_pages_of_the_channel(rf: RequestFactory):
    def count():
        return generate_latest(REGISTRY).decode().count("whistle")

    metrics = Metrics(lambda _request: "answer")
    request = rf.get("/wbs/")
    request.untraced = True
    before = count()
    assert metrics(request) == "answer"
    metrics.process_view(request, None)
    metrics.process_exception(request, RuntimeError())
    assert metrics.process_template_response(request, "drawn") == "drawn"
    assert count() == before


def test_the_door_stands_before_everything_else():
    assert settings.MIDDLEWARE[0] == "feedback.untraced.UntracedMiddleware"


def test_neither_the_admin_site_nor_the_page_of_files_knows_the_channel(blower, desk, client):
    report, _pin, _receipt = whole_visit(blower)
    assert not [model for model in admin.site._registry if "whistle" in model._meta.model_name]
    stored = StoredFile.objects.get()
    for officer in (desk.admin, desk.inspector, desk.keeper):
        client.force_login(officer)
        assert client.get(reverse("documents:file", args=[stored.pk])).status_code == 404
    assert report.files.count() == 1


def test_officers_are_not_named_to_the_reporter(blower, desk):
    report, pin, _receipt = blower.file()
    report = services.take(actor=desk.keeper, report=report)
    services.ask(actor=desk.keeper, report=report, text="Kapan terjadinya?")
    services.note(actor=desk.keeper, report=report, text="Catatan dalam")
    page = blower.open(report.number, pin)
    assertContains(page, "Kapan terjadinya?")
    for inside in (desk.keeper.name, "Catatan dalam"):
        assertNotContains(page, inside)


def test_reports_are_in_no_search_statistics_or_public_page(blower, client):
    report, _pin, _receipt = blower.file(what="Pungutan unikwbs di loket")
    for name in ("reports", "services", "statistics", "public_search", "find"):
        page = client.get(reverse(f"feedback:{name}"), {"q": "unikwbs"})
        text = page.content.decode().replace('value="unikwbs"', "")
        assert report.number not in text
        assert "Pungutan unikwbs" not in text
    assert WhistleReport.objects.count() == 1
    assert cache.get("unikwbs") is None
