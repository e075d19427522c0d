import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from kepegawaian.audit import permissions, sealing, services
from kepegawaian.audit.models import Event
from kepegawaian.lib.readonly import WriteDuringRead
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_which_thing():
    actor, principal, subject = UserFactory(), UserFactory(), UserFactory()
    event = services.record("test.done", subject, actor=actor, on_behalf_of=principal, data={"days": 5})
    stored = Event.objects.get(pk=event.pk)
    assert (stored.actor, stored.on_behalf_of, stored.verb) == (actor, principal, "test.done")
    assert (stored.subject_type, stored.subject_id) == ("accounts.user", str(subject.pk))
    assert stored.data == {"days": 5}
    assert len(stored.digest) == 64


def test_anonymous_people_leave_no_actor():
    assert services.record("test.done", ("test.thing", "7")).actor_id is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"a": [1, 2.5, 1e16, -0.0, 10**30, True, None, "ü\u2028"]},
        {"on": datetime.date(2026, 3, 16), "at": datetime.datetime.now(datetime.UTC), "n": Decimal("1.50")},
        {"b": 1, "a": {"z": 1, "y": uuid.uuid4()}},
    ],
)
def test_the_digest_holds_after_the_round_trip_through_postgresql(data):
    stored = Event.objects.get(pk=services.record("test.done", ("test.thing", "7"), data=data).pk)
    assert services.digest_of(stored) == stored.digest


def test_an_event_is_one_statement_and_dies_with_its_transaction(django_assert_num_queries):
    actor = UserFactory()
    with django_assert_num_queries(1):
        services.record("test.done", actor, actor=actor)

    def failing_verb():
        with transaction.atomic():
            services.record("test.failed", actor, actor=actor)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_verb()
    assert not Event.objects.filter(verb="test.failed").exists()


@pytest.mark.parametrize(
    "change", ["verb = 'x'", "at = now()", "data = '{}'", "digest = 'x'", "actor_id = NULL", "subject_id = 'x'"]
)
def test_postgresql_refuses_to_change_an_event(change):
    services.record("test.done", ("test.thing", "7"), actor=UserFactory(), data={"a": 1})
    with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_event SET {change}")


def test_postgresql_refuses_to_delete_an_event():
    event = services.record("test.done", ("test.thing", "7"))
    with pytest.raises(IntegrityError, match="never deleted"):
        event.delete()


def test_an_event_cannot_be_taken_out_of_its_seal():
    services.record("test.done", ("test.thing", "7"))
    sealing.seal()
    with pytest.raises(IntegrityError, match="never changed"):
        Event.objects.update(seal=None)


def test_a_payload_may_be_erased_lawfully_and_that_is_recorded():
    event = services.record("test.done", ("test.thing", "7"), data={"alasan": "sakit"})
    services.erase_payload(event=event, actor=UserFactory(), reason="UU 27/2022 Pasal 8")
    event.refresh_from_db()
    assert event.data is None
    assert event.erased_at is not None
    assert Event.objects.get(verb="audit.erased").subject_id == str(event.pk)


def test_a_get_may_record_a_reading_but_write_nothing_else(client, monkeypatch):
    def greedy(user):
        services.record("test.read", ("test.thing", "7"), actor=user)
        type(UserFactory()).objects.update(name="x")

    client.force_login(UserFactory())
    monkeypatch.setattr(permissions, "can_read", greedy)
    with pytest.raises(WriteDuringRead, match="accounts_user"):
        client.get("/jejak/")
