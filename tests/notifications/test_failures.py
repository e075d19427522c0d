"""Kills and outages with real processes: the click succeeds, each message arrives, once."""

import datetime
import os
import signal
import time

import pytest
from django.db import transaction
from django.utils import timezone

from kepegawaian.lib import queue
from kepegawaian.notifications import tasks
from kepegawaian.notifications.models import Delivery, DeliveryState, Message
from tests.accounts.factories import UserFactory
from tests.notifications.factories import tell
from tests.support import processes as real

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG_AGO = datetime.timedelta(minutes=10)


@pytest.fixture
def house(tmp_path):
    with real.house(tmp_path) as made:
        yield made


def _click(*people):
    """What a verb does at its end; how long the person waited."""
    started = time.perf_counter()
    with transaction.atomic():
        tell(*people)
    return time.perf_counter() - started


def _minutes_later():
    """As if time had passed for every row that is not done."""
    past = timezone.now() - LONG_AGO
    Delivery.objects.exclude(state=DeliveryState.SENT).update(due_at=past)
    Delivery.objects.filter(queued_at__isnull=False).update(queued_at=past)
    Delivery.objects.filter(state=DeliveryState.SENDING).update(claimed_at=past)
    tasks.sweep()


def _all_sent():
    return not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def _assert_each_once(house, people):
    assert real.until(_all_sent), "a message was lost"
    time.sleep(1)  # a second copy would arrive about now
    assert sorted(mail["To"] for mail in house.mail.mails) == sorted(person.email for person in people)
    wanted = {f"<{key}@127.0.0.1>" for key in Delivery.objects.values_list("pk", flat=True)}
    assert {mail["Message-ID"] for mail in house.mail.mails} == wanted
    assert Message.objects.count() == len(people)


def test_a_real_worker_sends_what_a_click_queued(house):
    person = UserFactory()
    house.worker()
    _click(person)
    _assert_each_once(house, [person])


def test_a_worker_killed_between_commit_and_delivery_loses_nothing(house):
    people = UserFactory.create_batch(3)
    first = house.worker()
    _click(people[0])
    assert real.until(lambda: len(house.mail.mails) == 1)
    first.signal(signal.SIGSTOP)
    assert _click(*people[1:]) < 2
    first.kill()
    assert len(house.mail.mails) == 1
    house.worker()
    _minutes_later()
    _assert_each_once(house, people)


def test_a_worker_killed_between_claim_and_hand_over_loses_nothing(house):
    person = UserFactory()
    house.mail.hanging = True
    first = house.worker()
    _click(person)
    assert real.until(lambda: house.mail.calls == 1)
    assert Delivery.objects.get().state == DeliveryState.SENDING
    first.kill()
    house.mail.hanging = False
    house.worker()
    _minutes_later()
    _assert_each_once(house, [person])
    assert Delivery.objects.get().attempts == 2


def test_while_valkey_is_away_clicks_succeed_quickly_and_nothing_is_lost(house):
    people = UserFactory.create_batch(4)
    house.worker()
    _click(people[0])
    assert real.until(_all_sent)
    house.valkey.stop()
    waits = [_click(person) for person in people[1:]]
    time.sleep(3)
    assert max(waits) < 2
    assert Message.objects.count() == 4
    house.valkey.start()
    queue._silent_until = 0.0

    def swept():
        _minutes_later()
        time.sleep(1)
        return _all_sent()

    assert real.until(swept)
    _assert_each_once(house, people)


def test_a_valkey_that_hangs_holds_a_click_up_only_once(house):
    people = UserFactory.create_batch(3)
    os.kill(house.valkey.pid("server"), signal.SIGSTOP)
    try:
        waits = [_click(person) for person in people]
    finally:
        os.kill(house.valkey.pid("server"), signal.SIGCONT)
    assert max(waits) < 2
    assert sum(waits) < 2.5
    house.worker()
    queue._silent_until = 0.0
    _minutes_later()
    _assert_each_once(house, people)
