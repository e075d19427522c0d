"""Mails leave through a worker. What they carry may open an account, so the broker sees it sealed only."""

import json
from typing import Any

from celery import Task, shared_task
from django.core.mail import EmailMessage

from kepegawaian.accounts.crypto import seal, unseal
from kepegawaian.accounts.services.housekeeping import forget
from kepegawaian.accounts.services.passwords import send_password_reset

RETRIES = 8
SLOWEST_RETRY_SECONDS = 3600


def pack(message: EmailMessage) -> str:
    parts = {
        "subject": message.subject,
        "body": message.body,
        "from_email": message.from_email,
        "to": message.to,
        "headers": message.extra_headers,
    }
    return seal(json.dumps({name: value for name, value in parts.items() if value}))


def unpack(sealed: str) -> EmailMessage:
    return EmailMessage(**json.loads(unseal(sealed)))


@shared_task(
    name="accounts.deliver_mail",
    bind=True,
    autoretry_for=(OSError,),  # of which every error of the mail server is one
    max_retries=RETRIES,
    retry_backoff=30,
    retry_backoff_max=SLOWEST_RETRY_SECONDS,
)
def deliver_mail(self: "Task[Any, Any]", sealed: str) -> None:
    unpack(sealed).send()


@shared_task(name="accounts.answer_reset_request")
def answer_reset_request(sealed_login: str) -> None:
    """Look the person up and mail the link, out of sight of whoever asked."""
    send_password_reset(login=unseal(sealed_login))


@shared_task(name="accounts.forget")
def forget_what_is_over() -> None:
    """The listing of ended sessions, and dead activation codes; every night."""
    forget()
