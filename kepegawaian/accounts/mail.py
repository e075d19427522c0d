"""Handing mails to the worker, and sending them ourselves when the broker is away."""

import uuid
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from kepegawaian.accounts.crypto import seal
from kepegawaian.accounts.services.passwords import send_password_reset
from kepegawaian.accounts.tasks import answer_reset_request, deliver_mail, pack
from kepegawaian.lib.queue import publish

logger = structlog.get_logger("accounts")


def send_later(message: EmailMessage) -> None:
    """Send once the transaction is in the database; neither broker nor mail server can fail the click."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message.extra_headers |= {"Message-ID": f"<{uuid.uuid4()}@{host}>", "Auto-Submitted": "auto-generated"}
    transaction.on_commit(lambda: _hand_over(message), robust=True)


def _hand_over(message: EmailMessage) -> None:
    if publish(deliver_mail, pack(message)):
        return
    try:
        message.send()
    except OSError as error:
        logger.error("mail lost", error=type(error).__name__)


def request_reset(login: str) -> None:
    """Let a worker look `login` up, or do it here when the broker is away."""
    if not publish(answer_reset_request, seal(login)):
        send_password_reset(login=login)
