import datetime
import smtplib

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from kepegawaian.notifications import delivery, services, tasks
from kepegawaian.notifications.models import Delivery, DeliveryState
from tests.accounts.factories import UserFactory
from tests.notifications.factories import tell, told

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def _age(row, **ago):
    now = timezone.now()
    Delivery.objects.filter(pk=row.pk).update(**{name: now - span for name, span in ago.items()})


@pytest.fixture
def broken_server(monkeypatch):
    def refuse(self, fail_silently=False):
        raise smtplib.SMTPRecipientsRefused({"siti@contoh.test": (550, b"no")})

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_the_mail_speaks_the_recipients_language(mailoutbox):
    for language, subject, words in [
        ("id", "Pengingat: Usul cuti Siti", "Batasnya Sen, 16 Mar 2026"),
        ("en", "Reminder: Usul cuti Siti", "It is due on Mon, 16 Mar 2026"),
    ]:
        assert delivery.deliver(told(UserFactory(language=language)).pk)
        mail = mailoutbox[-1]
        assert mail.subject == subject
        assert words in mail.body
        assert "http://127.0.0.1:8000/pekerjaan/" in mail.body


def test_nothing_is_escaped_in_a_mail(mailoutbox):
    user = UserFactory()
    tell(user, title='Cuti O\'Brien & "Siti" <5 hari>')
    delivery.deliver(Delivery.objects.get().pk)
    assert mailoutbox[0].subject == 'Pengingat: Cuti O\'Brien & "Siti" <5 hari>'
    assert 'O\'Brien & "Siti" <5 hari>' in mailoutbox[0].body


def test_a_line_break_in_a_title_cannot_add_a_header(mailoutbox):
    tell(UserFactory(), title="Cuti\nBcc: semua@contoh.test")
    delivery.deliver(Delivery.objects.get().pk)
    assert mailoutbox[0].subject == "Pengingat: Cuti Bcc: semua@contoh.test"
    assert mailoutbox[0].recipients() == [Delivery.objects.get().message.recipient.email]


def test_the_message_id_is_that_of_the_delivery(mailoutbox):
    row = told(UserFactory())
    delivery.deliver(row.pk)
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{row.pk}@127.0.0.1>"


def test_run_twice_one_mail_leaves(mailoutbox):
    row = told(UserFactory())
    tasks.deliver([str(row.pk), str(row.pk)])
    tasks.deliver([str(row.pk)])
    row.refresh_from_db()
    assert (row.state, row.attempts, len(mailoutbox)) == (DeliveryState.SENT, 1, 1)


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}])
def test_without_an_address_nothing_is_sent(mailoutbox, fields):
    user = UserFactory()
    row = told(user)
    type(user).objects.filter(pk=user.pk).update(**fields)
    assert not delivery.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, mailoutbox) == (DeliveryState.SKIPPED, [])


def test_who_wants_no_mails_gets_none(mailoutbox):
    user = UserFactory()
    services.choose_modes(user=user, modes={"work": "off"})
    delivery.deliver(told(user).pk)
    assert Delivery.objects.get().state == DeliveryState.SKIPPED
    assert mailoutbox == []


@pytest.mark.usefixtures("broken_server")
def test_a_refusal_is_tried_again_later_and_later_then_given_up():
    row = told(UserFactory())
    waits = []
    for _attempt in range(delivery.MAX_ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        delivery.deliver(row.pk)
        row.refresh_from_db()
        waits.append(round((row.due_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 5, 15, 60, 240, 720, 720]
    assert (row.state, row.attempts) == (DeliveryState.FAILED, delivery.MAX_ATTEMPTS)
    assert row.error == "SMTPRecipientsRefused", "the text of the error has an address in it"


@pytest.mark.usefixtures("broken_server")
def test_not_before_it_is_due_again():
    row = told(UserFactory())
    delivery.deliver(row.pk)
    delivery.deliver(row.pk)
    row.refresh_from_db()
    assert row.attempts == 1


def test_a_message_of_a_feature_that_is_gone_fails_without_blocking_others(mailoutbox):
    gone, here = told(UserFactory()), told(UserFactory())
    type(gone.message).objects.filter(pk=gone.message_id).update(kind="gone.event")
    tasks.deliver([str(gone.pk), str(here.pk)])
    gone.refresh_from_db()
    assert (gone.state, gone.error, len(mailoutbox)) == (DeliveryState.PENDING, "KeyError", 1)


# --- The sweeper ----------------------------------------------------------------------------------
def test_a_fresh_delivery_is_left_to_its_own_task():
    told(UserFactory())
    assert delivery.take_lost() == []


def test_what_the_broker_lost_is_sent_by_the_sweeper(mailoutbox):
    row = told(UserFactory())
    _age(row, due_at=3 * MINUTE)
    tasks.sweep()
    row.refresh_from_db()
    assert (row.state, len(mailoutbox)) == (DeliveryState.SENT, 1)


def test_what_a_dead_worker_held_is_sent_by_another(mailoutbox):
    row = told(UserFactory(), state=DeliveryState.SENDING, attempts=1)
    _age(row, claimed_at=6 * MINUTE, due_at=6 * MINUTE)
    tasks.sweep()
    row.refresh_from_db()
    assert (row.state, row.attempts, len(mailoutbox)) == (DeliveryState.SENT, 2, 1)


def test_what_a_living_worker_holds_is_left_to_it(mailoutbox):
    row = told(UserFactory(), state=DeliveryState.SENDING, attempts=1)
    _age(row, claimed_at=4 * MINUTE, due_at=4 * MINUTE)
    tasks.sweep()
    row.refresh_from_db()
    assert (row.state, mailoutbox) == (DeliveryState.SENDING, [])


def test_a_delivery_that_kills_its_workers_is_given_up():
    row = told(UserFactory(), state=DeliveryState.SENDING, attempts=delivery.MAX_ATTEMPTS)
    _age(row, claimed_at=6 * MINUTE)
    assert delivery.take_lost() == []
    row.refresh_from_db()
    assert (row.state, row.error) == (DeliveryState.FAILED, "WorkerLost")


def test_while_workers_are_busy_the_queue_does_not_fill_with_copies():
    row = told(UserFactory())
    _age(row, due_at=3 * MINUTE)
    assert delivery.take_lost() == [str(row.pk)]
    assert delivery.take_lost() == []
    assert delivery.take_lost(timezone.now() + 3 * MINUTE) == [str(row.pk)]


def test_a_late_claimer_does_not_undo_what_another_did():
    row = told(UserFactory())
    mine = delivery._claim(row.pk)
    _age(row, claimed_at=6 * MINUTE)
    delivery.take_lost()
    delivery.deliver(row.pk)
    delivery._retry([mine], OSError())
    row.refresh_from_db()
    assert row.state == DeliveryState.SENT


# --- Digests --------------------------------------------------------------------------------------
@pytest.fixture
def reader():
    user = UserFactory()
    services.choose_modes(user=user, modes={"work": "digest"})
    return user


def _wait_for_digest(user, *keys):
    for key in keys:
        tell(user, key=key, title=f"Hal {key}")
    tasks.deliver([str(key) for key in Delivery.objects.values_list("pk", flat=True)])


def test_a_digest_says_everything_in_one_mail_the_next_morning(reader, mailoutbox):
    with time_machine.travel("2026-03-16 09:00+07:00", tick=False) as clock:
        _wait_for_digest(reader, "a", "b")
        assert delivery.send_digests() == 0
        clock.move_to("2026-03-17 06:31+07:00")
        assert delivery.send_digests() == 1
        assert delivery.send_digests() == 0
    assert len(mailoutbox) == 1
    assert mailoutbox[0].subject == "2 pemberitahuan untuk Anda"
    assert "Hal a" in mailoutbox[0].body
    assert "Hal b" in mailoutbox[0].body
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_the_sweeper_leaves_digests_alone(reader):
    _wait_for_digest(reader, "a")
    _age(Delivery.objects.get(), due_at=10 * MINUTE)
    assert delivery.take_lost() == []


def test_two_workers_send_one_digest(reader, mailoutbox):
    _wait_for_digest(reader, "a")
    Delivery.objects.update(due_at=timezone.now())
    now = timezone.now()
    assert delivery._send_digest(reader.pk, now)
    assert not delivery._send_digest(reader.pk, now)
    assert len(mailoutbox) == 1


def test_a_digest_whose_worker_died_is_sent_with_the_same_message_id(reader, mailoutbox):
    _wait_for_digest(reader, "a", "b")
    first = Delivery.objects.order_by("id")[0]
    Delivery.objects.update(state=DeliveryState.SENDING, attempts=1, claimed_at=timezone.now() - 6 * MINUTE)
    Delivery.objects.update(due_at=timezone.now())
    delivery.take_lost()
    delivery.send_digests()
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{first.pk}@127.0.0.1>"


@pytest.mark.usefixtures("broken_server")
def test_a_digest_that_cannot_leave_is_tried_again(reader):
    _wait_for_digest(reader, "a")
    Delivery.objects.update(due_at=timezone.now())
    assert delivery.send_digests() == 0
    row = Delivery.objects.get()
    assert (row.state, row.digest, row.attempts) == (DeliveryState.PENDING, True, 1)


@pytest.mark.parametrize(
    ("now", "then"),
    [("2026-03-16 05:00+07:00", "2026-03-16 06:30+07:00"), ("2026-03-16 06:30+07:00", "2026-03-17 06:30+07:00")],
)
def test_digests_leave_in_the_morning(now, then):
    read = datetime.datetime.fromisoformat
    assert delivery.next_digest(read(now)) == read(then)
