import re
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.audit import services
from kepegawaian.audit.models import Event
from kepegawaian.audit.registry import register_verbs
from tests.accounts.factories import UserFactory, with_role
from tests.units.factories import RoleAssignmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("audit:events")
register_verbs({"test.granted": "Menyetujui cuti"})


@pytest.fixture
def inspector(client):
    user = with_role(Role.INSPECTOR, name="Ibu Inspektur")
    client.force_login(user)
    return user


def _events(count, **fields):
    return [services.record("test.done", ("test.thing", str(n)), **fields) for n in range(count)]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.INSPECTOR, 200),
        (Role.ADMIN, 200),
        (Role.HR_CENTRAL, 403),
        (Role.HR_UNIT, 403),
        (Role.LEADER, 403),
        (Role.EMPLOYEE, 403),
    ],
)
def test_only_inspectors_and_admins_read_the_trail(client, role, status):
    client.force_login(with_role(role))
    assert client.get(PAGE).status_code == status


def test_an_inspector_of_one_unit_does_not_read_the_whole_trail(client):
    government = UnitFactory(government=True)
    office = UnitFactory(parent=government, office=True)
    for unit, status in ((office, 403), (government, 200)):
        user = UserFactory()
        RoleAssignmentFactory(user=user, role=Role.INSPECTOR, unit=unit)
        client.force_login(user)
        assert client.get(PAGE).status_code == status


def test_an_event_is_told_in_words(client, inspector):
    actor, principal = UserFactory(name="Budi"), UserFactory(name="Kepala Dinas")
    services.record("test.granted", actor, actor=actor, on_behalf_of=principal, data={"hari": 5})
    page = client.get(PAGE).text
    for words in ("Menyetujui cuti", "Budi", "atas nama Kepala Dinas", "hari"):
        assert words in page


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "ya"),
        (False, "tidak"),
        (None, "kosong"),
        ("", "kosong"),
        ([], "kosong"),
        (0, "0"),
        (["baru", "dijawab"], "baru, dijawab"),
        ({"layak": True, "biaya": None, "tahun": [2026, 2027]}, "biaya: kosong; layak: ya; tahun: 2026, 2027"),
    ],
)
def test_the_values_of_a_payload_are_told_in_words(client, inspector, value, words):
    services.record("test.done", ("test.thing", "1"), data={"isi": value})
    assert f"<dd>{words}</dd>" in client.get(PAGE).text


def test_a_payload_is_escaped_and_an_erased_one_is_gone(client, inspector):
    event = services.record("test.done", ("test.thing", "1"), data={"alasan": "<script>x</script>"})
    assert "<script>x" not in client.get(PAGE).text
    services.erase_payload(event=event, actor=None, reason="UU 27/2022")
    assert "Dihapus menurut hukum" in client.get(PAGE).text


def test_reading_the_trail_is_recorded_with_what_was_asked(client, inspector):
    client.get(PAGE, {"q": "Budi", "verb": "", "junk": "x"})
    event = Event.objects.get(verb="audit.read")
    assert (event.actor, event.data) == (inspector, {"q": "Budi"})


def _shown(client, **asked):
    return re.findall(r'<span class="cell-sub">(\w[\w-]*)</span>', client.get(PAGE, asked).text)


def test_filter_by_person_name_or_number(client, inspector):
    budi = UserFactory(name="Budi Santoso", nip="198609262015052001")
    _events(1, actor=budi)
    services.record("test.done", ("test.thing", "other"), actor=UserFactory(name="Siti"))
    assert _shown(client, q="santoso") == ["0"]
    assert _shown(client, q="19860926 201505 2 001") == ["0"]
    assert _shown(client, q="nobody") == []


def test_filter_by_verb_and_by_thing(client, inspector):
    _events(2)
    services.record("test.granted", ("test.thing", "1"))
    assert _shown(client, verb="test.granted") == ["1"]
    assert _shown(client, part="test") == ["1"]
    assert _shown(client, part="leave", verb="test.granted") == []
    offered = dict(
        client.get(PAGE, {"part": "leave", "verb": "test.granted"}).context["form"].fields["verb"].choices
    )
    assert "leave.submit" in offered
    assert "test.granted" not in offered
    assert "verb" not in client.get(PAGE).context["form"].fields
    assert _shown(client, subject="test.thing:1") == ["1", "1"]


def test_filter_by_date(client, inspector):
    for day in ("2026-03-15", "2026-03-16", "2026-03-17"):
        with time_machine.travel(f"{day} 12:00+07:00", tick=False):
            services.record("test.done", ("test.thing", day))
    assert _shown(client, since="2026-03-16", until="2026-03-16") == ["2026-03-16"]
    assert _shown(client, until="2026-03-15") == ["2026-03-15"]


def test_a_wrong_filter_finds_nothing_and_says_why(client, inspector):
    _events(1)
    response = client.get(PAGE, {"since": "besok"})
    assert "Tidak ada peristiwa yang cocok" in response.text
    assert 'class="error"' in response.text


def test_the_page_costs_the_same_for_1_and_50_events(client, inspector):
    _events(1, actor=inspector)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE, {"verb": ""})
    _events(60, actor=inspector)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE).text
    assert len(many) == len(few) + 1  # the count, which a list of one page does not need
    assert len(many) <= 10
    assert page.count("<tr>") == 1 + 25


# --- The history of one thing ---------------------------------------------------------------------
def _history(subject, reader):
    request = SimpleNamespace(user=reader)
    return Template("{% load audit %}{% history subject %}").render(
        Context({"subject": subject, "request": request})
    )


def test_a_thing_shows_its_acts_without_payloads():
    subject, actor = UserFactory(), UserFactory(name="Budi")
    services.record("test.granted", subject, actor=actor, data={"alasan": "sakit"})
    services.record("test.granted", UserFactory(), actor=UserFactory(name="Orang lain"))
    part = _history(subject, actor)
    assert "Menyetujui cuti" in part
    assert "Budi" in part
    assert "sakit" not in part
    assert "Orang lain" not in part


def test_a_thing_without_acts_says_so():
    assert "Belum ada yang dicatat" in _history(UserFactory(), UserFactory())


def test_only_inspectors_are_led_to_the_rest():
    subject = UserFactory()
    for _number in range(21):
        services.record("test.granted", subject)
    assert "Seluruh jejak" not in _history(subject, UserFactory())
    part = _history(subject, with_role(Role.INSPECTOR))
    assert f"/jejak/?subject=accounts.user%3A{subject.pk}" in part


# --- The admin ------------------------------------------------------------------------------------
def test_in_the_admin_the_trail_is_read_only(admin_client):
    event = _events(1)[0]
    change = reverse("admin:audit_event_change", args=[event.pk])
    assert admin_client.get(reverse("admin:audit_event_changelist")).status_code == 200
    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"verb": "x"}).status_code == 403
    assert admin_client.post(reverse("admin:audit_event_delete", args=[event.pk])).status_code == 403
    assert admin_client.get(reverse("admin:audit_event_add")).status_code == 403


@pytest.mark.parametrize(("label", "name"), [("accounts.user", "Pengguna"), ("test.thing", "test.thing")])
def test_a_subject_is_called_by_its_name_where_it_has_one(label, name):
    assert Template("{% load audit %}{{ label|thing }}").render(Context({"label": label})) == name
