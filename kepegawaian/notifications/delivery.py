"""From a delivery row to an e-mail: claimed, handed over and marked, so that it leaves exactly once.

Between the claim and the mark a worker may die. Its claim is then taken back after CLAIM_FOR, so the mail leaves
all the same; only when it died between the mail server's yes and our mark does the mail leave twice, with the
same Message-ID, by which mail programs show it once.
"""

import datetime
import itertools
import uuid
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template import Context, engines
from django.utils import timezone, translation

from kepegawaian.notifications import base
from kepegawaian.notifications.context import decode
from kepegawaian.notifications.models import Channel, Delivery, DeliveryState, Message, Preference

logger = structlog.get_logger("notifications")
CLAIM_FOR = datetime.timedelta(minutes=5)
"""Longer than a mail server may take (EMAIL_TIMEOUT), so a claim older than this belongs to a dead worker."""
QUEUED_FOR = datetime.timedelta(minutes=2)
"""How long a queued task may take to arrive before it is thought lost and queued again."""
BACK_OFF = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
DIGEST_AT = datetime.time(6, 30)
MAX_ATTEMPTS = len(BACK_OFF) + 1
SWEEP_AT_MOST = 5000


def deliver(delivery_id: str | uuid.UUID) -> bool:
    """Send one delivery if it is due and nobody else has it. True when it was sent now."""
    row = _claim(delivery_id)
    if row is None:
        return False
    try:
        mode = mode_of(row.message.recipient, row.message.kind)
        if mode == base.Mode.DIGEST:
            later = next_digest(row.claimed_at or timezone.now())
            _release(row, state=DeliveryState.PENDING, digest=True, due_at=later, attempts=row.attempts - 1)
            return False
        if mode == base.Mode.OFF or not _address(row.message.recipient):
            _release(row, state=DeliveryState.SKIPPED)
            return False
        _email(row).send()
    except Exception as error:  # whatever it was, the row must go on: tried again later, then given up
        _retry([row], error)
        return False
    _mark_sent([row])
    return True


def take_lost(now: datetime.datetime | None = None) -> list[str]:
    """Ids of deliveries that nobody is working on although they are due; they count as queued from now."""
    now = now or timezone.now()
    dead = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=now - CLAIM_FOR)
    dead.filter(digest=False, attempts__gte=MAX_ATTEMPTS).update(state=DeliveryState.FAILED, error="WorkerLost")
    dead.update(state=DeliveryState.PENDING, claimed_at=None)
    overdue = now - QUEUED_FOR
    waiting = Delivery.objects.filter(
        Q(queued_at=None) | Q(queued_at__lt=overdue),
        # A first attempt has a task of its own, queued on commit: give that one the time to arrive.
        Q(attempts__gt=0, due_at__lte=now) | Q(due_at__lte=overdue),
        state=DeliveryState.PENDING,
        digest=False,
    )
    ids = list(waiting.order_by("due_at").values_list("id", flat=True)[:SWEEP_AT_MOST])
    Delivery.objects.filter(id__in=ids).update(queued_at=now)
    return [str(key) for key in ids]


def mode_of(user: Any, kind: str) -> str:
    """How this person wants e-mails of this kind: the own choice, else the category's default."""
    category = base.category_of(kind)
    chosen = Preference.objects.filter(user=user, category=category.code, channel=Channel.EMAIL).first()
    return chosen.mode if chosen and chosen.mode in category.modes else category.default


def words(message: Message, part: str) -> str:
    """A part of a message in the active language; the kind's name when its class is gone."""
    notification = base.find(message.kind)
    if notification is None:
        return message.kind
    context = decode(message.context)
    return notification.render(part, {**context, "recipient": message.recipient, "url": absolute(message.url)})


def absolute(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}" if path.startswith("/") else path


def next_digest(now: datetime.datetime) -> datetime.datetime:
    """When the next daily summary leaves: DIGEST_AT in the government's time zone."""
    local = timezone.localtime(now, ZoneInfo(settings.TIME_ZONE))
    at = local.replace(hour=DIGEST_AT.hour, minute=DIGEST_AT.minute, second=0, microsecond=0)
    return at if local < at else at + datetime.timedelta(days=1)


# --- Digests --------------------------------------------------------------------------------------
def send_digests(now: datetime.datetime | None = None) -> int:
    """One mail to each person with waiting digest deliveries; how many were sent."""
    now = now or timezone.now()
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING, digest=True, due_at__lte=now)
    people = waiting.order_by().values_list("message__recipient_id", flat=True).distinct()
    return sum(_send_digest(person, now) for person in list(people))


def _send_digest(person: uuid.UUID, now: datetime.datetime) -> bool:
    waiting = Delivery.objects.filter(
        message__recipient_id=person, state=DeliveryState.PENDING, digest=True, due_at__lte=now
    )
    keys = list(waiting.values_list("id", flat=True))
    Delivery.objects.filter(id__in=keys, state=DeliveryState.PENDING).update(
        state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1
    )
    claimed = Delivery.objects.filter(id__in=keys, state=DeliveryState.SENDING, claimed_at=now)
    rows = list(claimed.select_related("message__recipient").order_by("id"))
    if not rows:
        return False
    if not _address(rows[0].message.recipient):
        claimed.update(state=DeliveryState.SKIPPED)
        return False
    try:
        _digest_email(rows).send()
    except Exception as error:
        _retry(rows, error)
        return False
    _mark_sent(rows)
    return True


def _digest_email(rows: Sequence[Delivery]) -> EmailMessage:
    recipient = rows[0].message.recipient
    with translation.override(recipient.language):
        groups = [
            (category, [(words(row.message, "line"), absolute(row.message.url)) for row in members])
            for category, members in _by_category(rows)
        ]
        context = {"recipient": recipient, "groups": groups, "count": len(rows), "url": absolute("/")}
        return _mail(recipient, rows[0].id, _digest_text("subject", context), _digest_text("body", context))


def _by_category(rows: Sequence[Delivery]) -> list[tuple[base.Category, list[Delivery]]]:
    def code(row: Delivery) -> str:
        return base.category_of(row.message.kind).code

    ordered = sorted(rows, key=lambda row: (code(row), row.id))
    return [
        (base.category_of((members := list(group))[0].message.kind), members)
        for _code, group in itertools.groupby(ordered, key=code)
    ]


def _digest_text(part: str, context: dict[str, Any]) -> str:
    template = engines["django"].engine.get_template(f"notifications/email/digest_{part}.txt")  # type: ignore[attr-defined]
    text = template.render(Context(context, autoescape=False)).strip()
    return f"{text}\n" if part == "body" else " ".join(text.split())


# --- Steps of a delivery --------------------------------------------------------------------------
def _claim(delivery_id: str | uuid.UUID) -> Delivery | None:
    now = timezone.now()
    claimed = Delivery.objects.filter(
        id=delivery_id, state=DeliveryState.PENDING, digest=False, due_at__lte=now
    ).update(state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    if not claimed:
        return None
    return Delivery.objects.select_related("message__recipient").get(id=delivery_id)


def _release(row: Delivery, **values: Any) -> None:
    """Give the claim up, unless somebody took it over meanwhile."""
    held = Delivery.objects.filter(id=row.id, state=DeliveryState.SENDING, claimed_at=row.claimed_at)
    held.update(**values)


def _mark_sent(rows: Sequence[Delivery]) -> None:
    Delivery.objects.filter(id__in=[row.id for row in rows]).update(
        state=DeliveryState.SENT, sent_at=timezone.now(), error=""
    )
    for row in rows:
        logger.info("delivered", delivery=str(row.id), kind=row.message.kind, attempts=row.attempts)


def _retry(rows: Sequence[Delivery], error: Exception) -> None:
    """Put back with a growing wait; give up after MAX_ATTEMPTS. Only the error's class is kept."""
    for row in rows:
        last = row.attempts >= MAX_ATTEMPTS
        wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
        _release(
            row,
            state=DeliveryState.FAILED if last else DeliveryState.PENDING,
            due_at=timezone.now() + wait,
            error=type(error).__name__,
        )
        logger.warning(
            "not delivered", delivery=str(row.id), attempts=row.attempts, error=type(error).__name__, last=last
        )


def _email(row: Delivery) -> EmailMessage:
    message = row.message
    with translation.override(message.recipient.language):
        return _mail(message.recipient, row.id, words(message, "subject"), words(message, "body"))


def _mail(recipient: Any, key: uuid.UUID, subject: str, body: str) -> EmailMessage:
    host = urlsplit(settings.BASE_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[_address(recipient)], headers=headers)


def _address(user: Any) -> str:
    return user.email if user.is_active and user.email else ""
