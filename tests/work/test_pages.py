import datetime
import re
import uuid

import pytest
import time_machine
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.work import registry, services
from kepegawaian.work.models import JobState, WorkItem
from kepegawaian.work.registry import BulkResult
from tests.accounts.factories import UserFactory
from tests.work import handlers
from tests.work.factories import KIND, job, open_item

pytestmark = pytest.mark.django_db
INBOX = reverse("work:inbox")
DAY = datetime.date(2026, 3, 16)


@pytest.fixture
def me(client):
    user = UserFactory()
    client.force_login(user)
    return user


class NoteForm(forms.Form):
    note = forms.CharField(label="Catatan")


@pytest.fixture
def actions(monkeypatch):
    """Two bulk actions of a feature: one asks for a note, the other refuses half."""
    monkeypatch.setattr(registry, "_actions", {})
    calls = []

    def agree(actor, ids, data):
        calls.append((actor, list(ids), dict(data)))
        return [BulkResult(key, True) for key in ids]

    def refuse(actor, ids, data):
        return [BulkResult(key, index > 0, "Sudah diputuskan.") for index, key in enumerate(ids)]

    registry.register_bulk_action(KIND, "agree", "Setujui", agree, form=NoteForm)
    registry.register_bulk_action(KIND, "refuse", "Tolak", refuse, order=200)
    return calls


# --- The inbox ------------------------------------------------------------------------------------
def test_an_empty_inbox_says_so(client, me):
    assert "Tidak ada yang menunggu Anda" in client.get(INBOX).text


@time_machine.travel("2026-03-16 09:00+07:00", tick=False)
@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (DAY - datetime.timedelta(days=3), "Lewat 3 hari"),
        (DAY, "hari ini"),
        (DAY + datetime.timedelta(days=1), "besok"),
        (None, "tanpa batas"),
    ],
)
def test_an_item_shows_its_clock_in_words(client, me, due_on, words):
    open_item(me, due_on=due_on, context={"line": "5 hari kerja"})
    page = client.get(INBOX).text
    assert words in page
    assert "5 hari kerja" in page
    assert 'href="/cuti/1/"' in page


def test_the_most_urgent_comes_first_and_what_has_no_date_last(client, me):
    for title, due_on in (("Ketiga", None), ("Kedua", DAY), ("Pertama", DAY - datetime.timedelta(days=9))):
        open_item(me, title=title, due_on=due_on)
    assert re.findall("data-open>(.*?)</a>", client.get(INBOX).text) == ["Pertama", "Kedua", "Ketiga"]


def test_nobody_sees_what_waits_for_others_or_is_done(client, me):
    open_item(UserFactory(), title="Orang lain")
    item = open_item(me, title="Selesai sudah")
    services.close_item(kind=KIND, subject=(item.subject_type, item.subject_id))
    page = client.get(INBOX).text
    assert "Orang lain" not in page
    assert "Selesai sudah" not in page


def test_kinds_are_tabs_with_their_counts(client, me):
    open_item(me)
    open_item(me)
    open_item(me, kind="test.other", title="Hal lain")
    page = client.get(INBOX, {"kind": KIND}).text
    assert re.search(r'kind=test\.opinion" aria-current="page">Pendapat <span class="count">2<', page)
    assert "Hal lain" not in page
    assert "Hal lain" in client.get(INBOX, {"kind": "no.such"}).text


def test_the_inbox_costs_the_same_for_1_and_50_items(client, me, actions):
    open_item(me)
    with CaptureQueriesContext(connection) as few:
        client.get(INBOX)
    for _number in range(49):
        open_item(me, due_on=DAY)
    with CaptureQueriesContext(connection) as many:
        page = client.get(INBOX).text
    assert len(many) == len(few) + 1  # the count, which a list of one page does not need
    assert len(many) <= 10
    assert len(page.encode()) < 40_000


# --- Several at once ------------------------------------------------------------------------------
def _bulk(client, name, items, **data):
    return client.post(reverse("work:bulk", args=[KIND, name]), {"id": [item.pk for item in items], **data})


def test_rows_can_be_ticked_only_where_there_is_something_to_do(client, me, actions):
    open_item(me, kind="test.other")
    assert "data-select" not in client.get(INBOX).text
    open_item(me)
    page = client.get(INBOX, {"kind": KIND}).text
    assert "data-select" in page
    assert reverse("work:bulk", args=[KIND, "agree"]) in page


def test_the_form_is_asked_first_then_the_verb_is_called_for_each(client, me, actions):
    items = [open_item(me, title=f"Cuti {number}") for number in range(2)]
    asked = _bulk(client, "agree", items)
    assert "Catatan" in asked.text
    assert "Cuti 1" in asked.text
    assert actions == []
    assert "Catatan" in _bulk(client, "agree", items, confirmed="1").text
    done = _bulk(client, "agree", items, confirmed="1", note="Baik")
    assert (done.status_code, done.url) == (302, f"{INBOX}?kind={KIND}")
    assert actions == [(me, [item.subject_id for item in items], {"note": "Baik"})]
    assert "2 selesai." in client.get(done.url).text


def test_what_could_not_be_done_is_told_one_by_one(client, me, actions):
    items = [open_item(me, title=f"Cuti {number}") for number in range(3)]
    page = client.get(_bulk(client, "refuse", items).url).text
    assert "2 selesai." in page
    assert "Cuti 0: Sudah diputuskan." in page


def test_the_items_of_others_are_left_out_and_told(client, me, actions):
    mine, other = open_item(me), open_item(UserFactory())
    page = client.get(_bulk(client, "agree", [mine, other], confirmed="1", note="x").url).text
    assert actions[0][1] == [mine.subject_id]
    assert "1 sudah tidak menunggu Anda dan dilewati." in page


@pytest.mark.parametrize("ids", [[], ["bukan-uuid"], [uuid.uuid4()]])
def test_nothing_chosen_is_no_error(client, me, actions, ids):
    response = client.post(reverse("work:bulk", args=[KIND, "agree"]), {"id": ids})
    assert "Pilih dulu" in client.get(response.url).text


def test_an_unknown_action_is_a_404(client, me):
    open_item(me)
    assert client.post(reverse("work:bulk", args=[KIND, "explode"])).status_code == 404


# --- Jobs -----------------------------------------------------------------------------------------
def _page(client, row, **headers):
    return client.get(reverse("work:job", args=[row.pk]), headers=headers)


def test_the_owner_sees_how_far_it_is(client, me):
    row = job(me, handlers.SLOW, state=JobState.RUNNING, done=640, total=1000, phase="Menulis")
    page = _page(client, row).text
    assert "Pekerjaan lambat" in page
    assert '<progress value="640" max="1000"' in page
    assert f'hx-get="/pekerjaan/proses/{row.pk}/"' in page
    assert '<meta http-equiv="refresh"' in page


def test_htmx_gets_only_the_part_that_changes(client, me):
    row = job(me, handlers.SLOW, state=JobState.RUNNING)
    part = _page(client, row, **{"HX-Request": "true"}).text
    assert part.strip().startswith("<div")
    assert "<html" not in part
    assert 'id="job"' in part


def test_a_finished_job_leads_to_its_result_and_asks_no_more(client, me):
    page = _page(client, job(me, handlers.SLOW, state=JobState.DONE)).text
    assert 'href="/hasil/"' in page
    assert "hx-get" not in page
    assert "refresh" not in page


def test_a_failed_job_says_why(client, me):
    page = _page(client, job(me, handlers.SLOW, state=JobState.FAILED, error="Sheet ini kosong.")).text
    assert "Sheet ini kosong." in page
    assert "/hasil/" not in page


def test_the_job_of_another_is_a_404_unless_its_kind_allows(client, me):
    other = UserFactory()
    assert _page(client, job(other, handlers.SLOW)).status_code == 404
    assert _page(client, job(other, handlers.QUICK)).status_code == 404
    assert _page(client, job(other, "gone.kind")).status_code == 404
    type(me).objects.filter(pk=me.pk).update(name="Pengawas")
    assert _page(client, job(other, handlers.QUICK)).status_code == 200


def test_the_list_has_ones_own_jobs_even_of_a_feature_that_is_gone(client, me):
    job(me, handlers.SLOW)
    job(me, "gone.kind")
    job(UserFactory(), handlers.QUICK)
    page = client.get(reverse("work:jobs")).text
    assert "Pekerjaan lambat" in page
    assert "gone.kind" in page
    assert "Pekerjaan cepat" not in page


def test_every_open_item_can_be_found_from_the_home_page(client, me):
    open_item(me, title="Cuti Siti")
    assert "Cuti Siti" in client.get("/").text
    assert WorkItem.objects.count() == 1
