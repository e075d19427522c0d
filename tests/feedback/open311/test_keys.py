"""Keys: shown once, a digest in the table, made and taken back in the admin and by command, with a trace."""

import json
import re

import pytest
from django.core.management import CommandError, call_command

from demo import feedback as demo
from feedback.models import ApiClient, Service
from feedback.open311 import keys
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError
from tests.accounts.factories import with_role

FIELDS = {"name": "Aplikasi warga", "email": "app@contoh.test", "an_hour": 10, "a_day": 20}


@pytest.fixture
def chief(db, client):
    user = with_role(Role.ADMIN, name="Admin Utama")
    client.force_login(user)
    return user


def key_on(page):
    return re.search(r"<code>([0-9a-f]{64})</code>", page.content.decode())[1]


@pytest.mark.django_db
def test_of_a_key_only_its_digest_is_kept():
    issued = keys.issue(client=ApiClient(name="Satu"))
    row = str(ApiClient.objects.values().get())
    assert issued.key not in row
    assert issued.key not in str(list(Event.objects.values()))
    assert keys.client_of(issued.key) == issued.client
    assert keys.client_of("") is keys.client_of(issued.key[:-1]) is keys.client_of(issued.client.digest) is None


@pytest.mark.django_db
def test_the_beginning_of_a_key_is_never_taken_for_an_option_of_the_command():
    beginnings = [keys.issue(client=ApiClient(name=f"Klien {n}")).client.prefix for n in range(64)]
    assert all(len(beginning) == 8 and beginning.isalnum() for beginning in beginnings)


@pytest.mark.django_db
def test_another_key_ends_the_old_one_and_a_revoked_client_gets_none():
    first = keys.issue(client=ApiClient(name="Satu"))
    second = keys.replace(client=first.client)
    assert keys.client_of(first.key) is None
    assert keys.client_of(second.key) == first.client
    keys.revoke(client=first.client)
    keys.revoke(client=first.client)
    assert keys.client_of(second.key) is None
    with pytest.raises(ApplicationError):
        keys.replace(client=first.client)
    verbs = Event.objects.order_by("id").values_list("verb", flat=True)
    assert [verb.rpartition("_")[2] for verb in verbs] == ["issued", "replaced", "revoked"]


def test_the_admin_shows_a_new_key_once(chief, client):
    page = client.post("/admin/feedback/apiclient/add/", FIELDS)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    row = keys.client_of(key_on(page))
    assert (row.name, row.an_hour, row.created_by) == ("Aplikasi warga", 10, chief)
    again = client.get(f"/admin/feedback/apiclient/{row.pk}/change/")
    assert key_on(page) not in again.content.decode()
    assert row.digest not in again.content.decode()
    assert Event.objects.get(verb="feedback.open311_issued").actor == chief


def test_the_admin_changes_limits_and_records_it(chief, client):
    row = keys.issue(client=ApiClient(name="Satu")).client
    client.post(f"/admin/feedback/apiclient/{row.pk}/change/", {**FIELDS, "name": "Satu", "reviewed": "on"})
    row.refresh_from_db()
    assert (row.an_hour, row.reviewed) == (10, True)
    event = Event.objects.get(verb="feedback.open311_changed")
    assert (event.actor, event.data["an_hour"]) == (chief, 10)
    assert set(event.data["fields"]) == {"email", "an_hour", "a_day", "reviewed"}


def test_the_admin_replaces_and_revokes(chief, client):
    issued = keys.issue(client=ApiClient(name="Satu"))
    chosen = {"_selected_action": str(issued.client.pk)}
    page = client.post("/admin/feedback/apiclient/", {"action": "replace_key", **chosen})
    new = key_on(page)
    assert keys.client_of(issued.key) is None
    client.post("/admin/feedback/apiclient/", {"action": "revoke", **chosen})
    assert keys.client_of(new) is None
    assert client.post(f"/admin/feedback/apiclient/{issued.client.pk}/change/", FIELDS).status_code == 403
    assert client.post(f"/admin/feedback/apiclient/{issued.client.pk}/delete/").status_code == 403
    page = client.post("/admin/feedback/apiclient/", {"action": "replace_key", **chosen}, follow=True)
    assert "sudah dicabut" in page.content.decode()


@pytest.mark.django_db
def test_the_command_issues_lists_replaces_and_revokes(capsys):
    call_command("open311_key", "issue", "Aplikasi", "--an-hour", "7", "--reviewed")
    key = capsys.readouterr().out.strip()
    row = keys.client_of(key)
    assert (row.name, row.an_hour, row.a_day, row.reviewed) == ("Aplikasi", 7, 500, True)
    call_command("open311_key", "replace", row.prefix)
    other = capsys.readouterr().out.strip()
    assert keys.client_of(key) is None
    assert keys.client_of(other) == row
    call_command("open311_key", "list")
    listing = capsys.readouterr().out
    assert other[:8] in listing
    assert other not in listing
    call_command("open311_key", "revoke", other[:8])
    assert keys.client_of(other) is None
    with pytest.raises(CommandError):
        call_command("open311_key", "replace", other[:8])
    with pytest.raises(CommandError):
        call_command("open311_key", "revoke", "tidakada")
    with pytest.raises(CommandError):
        call_command("open311_key", "issue", " ")


def test_the_demo_writes_its_key_among_the_sign_ins(desk, tmp_path):
    from demo.government import Node

    node = Node("Dinas Pekerjaan Umum", "office", short="DPUPR", id=desk.gov.office.pk)
    file = tmp_path / "demo-accounts.json"
    file.write_text(json.dumps([{"role": "admin", "login": "a", "password": "b", "name": "c"}]))
    demo.load([node], file)
    first, last = json.loads(file.read_text())
    assert (first["role"], last["role"], last["login"]) == ("admin", "open311", demo.CLIENT)
    assert keys.client_of(last["password"]).name == demo.CLIENT
    assert Service.objects.get(code="jalan-rusak").attributes.count() == 2
