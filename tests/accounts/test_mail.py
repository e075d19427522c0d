"""Mails about accounts: sealed on their way, in the reader's language, and never lost to a hiccup."""

import pytest
from allauth.account.adapter import get_adapter
from celery.exceptions import Retry
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from kombu.exceptions import OperationalError

from kepegawaian.accounts import tasks
from kepegawaian.accounts.mail import send_later
from kepegawaian.lib import queue
from tests.accounts.factories import UserFactory

NOTICES = {
    "account/email/password_changed": {},
    "account/email/password_reset": {},
    "account/email/password_set": {},
    "account/email/email_changed": {"from_email": "a@contoh.test", "to_email": "b@contoh.test"},
    "account/email/email_confirm": {},
    "account/email/email_deleted": {"deleted_email": "a@contoh.test"},
    "mfa/email/recovery_codes_generated": {},
    "mfa/email/totp_activated": {},
    "mfa/email/totp_deactivated": {},
    "mfa/email/webauthn_added": {},
    "mfa/email/webauthn_removed": {},
    "socialaccount/email/account_connected": {"provider": {"name": "SSO"}},
    "socialaccount/email/account_disconnected": {"provider": {"name": "SSO"}},
    "account/email/activation": {"activation_url": "http://x/y", "days": 30},
    "account/email/code_issued": {"officer": {"name": "Ratna"}},
    "account/email/not_activated": {"activation_page": "http://x/y"},
    "account/email/password_reset_key": {"password_reset_url": "http://x/y"},
    "account/email/email_confirmation": {"activate_url": "http://x/y"},
}
STAMP = {"timestamp": None, "ip": "127.0.0.1", "user_agent": "Chrome & <Co>"}
MESSAGE = {"subject": "Rahasia", "body": "isi rahasia", "to": ["siti@contoh.test"]}


@pytest.fixture
def broker_away(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(queue, "_silent_until", 0.0)
    monkeypatch.setattr(tasks.deliver_mail, "apply_async", refuse)
    yield
    queue._silent_until = 0.0


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", NOTICES)
def test_a_mail_speaks_the_language_of_its_reader(
    db, template, language, django_capture_on_commit_callbacks, settings
):
    user = UserFactory(language=language, name="Siti <Aminah> & Co")
    with django_capture_on_commit_callbacks(execute=True):
        get_adapter().send_mail(template, user.email, {"user": user, **STAMP, **NOTICES[template]})
    [message] = mail.outbox
    words = f"{message.subject}\n{message.body}"
    assert "&amp;" not in words
    assert "&lt;" not in words
    assert "\n" not in message.subject
    assert settings.REGION_NAME in words
    assert ("Surel" in words or "surel" in words) is (language == "id"), words


def test_a_mail_leaves_only_after_the_commit(transactional_db):
    with transaction.atomic():
        send_later(EmailMessage(**MESSAGE))
        assert mail.outbox == []
    assert len(mail.outbox) == 1


def test_a_mail_does_not_leave_when_nothing_was_committed(transactional_db):
    with transaction.atomic():
        send_later(EmailMessage(**MESSAGE))
        transaction.set_rollback(True)
    assert mail.outbox == []


def test_the_broker_sees_it_sealed_only():
    sealed = tasks.pack(EmailMessage(**MESSAGE))
    assert "rahasia" not in sealed.lower()
    assert "siti" not in sealed
    assert tasks.unpack(sealed).body == "isi rahasia"


def test_a_mail_keeps_its_name_however_often_it_is_tried(transactional_db):
    message = EmailMessage(**MESSAGE)
    send_later(message)
    sent = mail.outbox[0].extra_headers
    assert sent["Message-ID"] == message.extra_headers["Message-ID"]
    assert sent["Auto-Submitted"] == "auto-generated"


def test_without_a_broker_the_mail_leaves_at_once(transactional_db, broker_away):
    send_later(EmailMessage(**MESSAGE))
    assert len(mail.outbox) == 1


def test_without_broker_and_mail_server_the_click_still_succeeds(
    transactional_db, broker_away, monkeypatch, caplog
):
    def refuse(self, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    send_later(EmailMessage(**MESSAGE))
    assert "mail lost" in caplog.text


def test_a_mail_server_that_is_away_is_tried_again(monkeypatch):
    def refuse(self, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises((Retry, ConnectionRefusedError)):
        tasks.deliver_mail.apply(args=[tasks.pack(EmailMessage(**MESSAGE))], retries=0, throw=True).get()
    assert tasks.deliver_mail.max_retries == 8
