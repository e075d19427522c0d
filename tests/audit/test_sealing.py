from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kepegawaian.audit import sealing, services, tasks
from kepegawaian.audit.models import Event, Seal
from tests.support.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    """Three seals over seven events, and one event not sealed yet."""
    for size in (3, 2, 2):
        _events(size)
        sealing.seal()
    _events(1)
    return list(Event.objects.order_by("id"))


def _events(count):
    return [
        services.record("test.done", ("test.thing", str(number)), data={"n": number}) for number in range(count)
    ]


def _tamper(sql, *values):
    """As somebody with full power over the database would: past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(sql, values)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def test_an_untouched_trail_is_whole(trail):
    report = sealing.verify()
    assert report.problems == []
    assert (report.events, report.seals, report.unsealed, report.erased) == (8, 3, 1, 0)


def test_seals_are_numbered_and_follow_from_each_other(trail):
    first, second = Seal.objects.order_by("number")[:2]
    digests = [event.digest for event in trail[3:5]]
    assert (first.number, second.number) == (1, 2)
    assert second.digest == sealing.chained(first.digest, digests)


def test_nothing_to_seal_makes_no_seal():
    assert sealing.seal() == 0
    assert not Seal.objects.exists()


def test_many_events_are_sealed_in_batches(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    _events(5)
    assert sealing.seal() == 5
    assert list(Seal.objects.order_by("number").values_list("events", flat=True)) == [2, 2, 1]


def test_the_task_seals():
    _events(1)
    tasks.seal()
    assert not Event.objects.filter(seal=None).exists()


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'test.undone'",
        "data = '{\"n\": 9}'",
        "data = NULL",
        "at = at + interval '1 second'",
        "subject_id = '9'",
        "actor_id = '01890a5d-ac96-774b-bcce-b302099a8057'",
        "digest = repeat('0', 64)",
    ],
)
def test_a_changed_event_is_named(trail, change):
    _tamper(f"UPDATE audit_event SET {change} WHERE id = %s", trail[1].pk)
    assert any(str(trail[1].pk) in problem for problem in sealing.verify().problems)
    _tamper("DELETE FROM audit_event WHERE id = %s", trail[1].pk)


def test_an_event_rewritten_with_a_fitting_digest_breaks_its_seal(trail):
    event = trail[1]
    event.verb = "test.undone"
    _tamper(
        "UPDATE audit_event SET verb = %s, digest = %s WHERE id = %s",
        event.verb,
        services.digest_of(event),
        event.pk,
    )
    assert sealing.verify().problems == ["seal 1: its digest does not follow from its events"]


def test_a_deleted_event_is_missed(trail):
    _tamper("DELETE FROM audit_event WHERE id = %s", trail[4].pk)
    assert sealing.verify().problems == ["seal 2: 2 events were sealed, 1 are there"]


def test_an_event_slipped_in_later_is_found(trail):
    first = Seal.objects.get(number=1)
    _tamper("UPDATE audit_event SET seal_id = %s WHERE id = %s", first.pk, trail[7].pk)
    assert sealing.verify().problems == ["seal 1: 3 events were sealed, 4 are there"]


def test_a_rewritten_seal_breaks_the_chain_after_it(trail):
    _tamper("UPDATE audit_seal SET digest = repeat('0', 64) WHERE number = 1")
    assert sealing.verify().problems == [
        "seal 1: its digest does not follow from its events",
        "seal 2: its digest does not follow from its events",
    ]


def test_a_seal_torn_out_is_missed(trail):
    _tamper("DELETE FROM audit_event WHERE seal_id = (SELECT id FROM audit_seal WHERE number = 2)")
    _tamper("DELETE FROM audit_seal WHERE number = 2")
    problems = sealing.verify().problems
    assert problems[0] == "seal 2 is missing, 3 follows"


def test_a_chain_cut_at_its_end_is_found_by_a_seal_from_the_log(trail):
    last = Seal.objects.get(number=3)
    _tamper("DELETE FROM audit_event WHERE seal_id = %s", last.pk)
    _tamper("DELETE FROM audit_seal WHERE number = 3")
    assert sealing.verify().problems == []
    assert sealing.verify((3, last.digest)).problems == ["seal 3 was logged but the chain ends at 2"]


def test_a_chain_rewritten_as_a_whole_is_found_by_a_seal_from_the_log(trail):
    assert sealing.verify((2, "0" * 64)).problems == ["seal 2 is not the one that was logged"]
    assert sealing.verify((2, Seal.objects.get(number=2).digest)).problems == []


def test_each_seal_is_logged(trail, caplog):
    _events(1)
    sealing.seal()
    assert Seal.objects.get(number=4).digest in caplog.text


def test_a_lawful_erasure_leaves_the_chain_whole(trail):
    services.erase_payload(event=trail[1], actor=None, reason="UU 27/2022")
    sealing.seal()
    report = sealing.verify()
    assert (report.problems, report.erased) == ([], 1)


def test_a_payload_put_back_after_its_erasure_is_found(trail):
    services.erase_payload(event=trail[1], actor=None, reason="UU 27/2022")
    _tamper("UPDATE audit_event SET data = '{}' WHERE id = %s", trail[1].pk)
    assert sealing.verify().problems == [f"event {trail[1].pk}: marked as erased, yet it has a payload"]


def test_the_command_says_that_all_is_well(trail):
    output = StringIO()
    call_command("verify_audit", stdout=output)
    assert "8 peristiwa, 3 segel, 1 belum disegel" in output.getvalue()
    assert "Jejak utuh." in output.getvalue()


def test_the_command_fails_and_names_what_broke(trail):
    _tamper("UPDATE audit_event SET verb = 'x' WHERE id = %s", trail[0].pk)
    with pytest.raises(CommandError, match=str(trail[0].pk)):
        call_command("verify_audit", stdout=StringIO())


def test_the_command_takes_a_seal_from_the_log(trail):
    with pytest.raises(CommandError, match="the chain ends at 3"):
        call_command("verify_audit", known="9:abc", stdout=StringIO())
    with pytest.raises(CommandError, match="NOMOR:SIDIK"):
        call_command("verify_audit", known="abc", stdout=StringIO())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sealers_at_the_same_time_seal_every_event_once():
    _events(200)
    at_once(*[sealing.seal] * 4)
    sealing.seal()
    report = sealing.verify()
    assert (report.problems, report.events, report.unsealed) == ([], 200, 0)
    assert sum(Seal.objects.values_list("events", flat=True)) == 200
