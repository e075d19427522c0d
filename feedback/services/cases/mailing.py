"""Mails to reporters leave from rows as all mails do: claimed, sent, marked; what was lost is found again."""

import datetime
import json
import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from feedback import notifications
from feedback.models import Reporter, ReporterMail
from feedback.services.cases.inviting import survey_token
from kepegawaian.accounts.crypto import unseal
from kepegawaian.notifications import base
from kepegawaian.notifications.context import decode
from kepegawaian.notifications.delivery import BACK_OFF, CLAIM_FOR, MAX_ATTEMPTS, absolute

logger = structlog.get_logger("feedback")
State = ReporterMail.State
AT_MOST = 1000


def send_waiting(now: datetime.datetime | None = None) -> int:
    """Send whatever is due and nobody else is sending; how many left."""
    now = now or timezone.now()
    dead = ReporterMail.objects.filter(state=State.SENDING, claimed_at__lt=now - CLAIM_FOR)
    dead.update(state=State.PENDING, claimed_at=None)
    due = ReporterMail.objects.filter(state=State.PENDING, due_at__lte=now).order_by("due_at")
    return sum(_send(key) for key in list(due.values_list("pk", flat=True)[:AT_MOST]))


def _send(key: uuid.UUID) -> bool:
    now = timezone.now()
    waiting = ReporterMail.objects.filter(pk=key, state=State.PENDING)
    if not waiting.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return False
    row = ReporterMail.objects.select_related("case").get(pk=key)
    reporter = Reporter.objects.filter(case=row.case).first()
    try:
        if reporter is not None and reporter.email:
            _mail(row, reporter).send()
    except Exception as error:  # whatever it was, the row goes on: tried again later, then given up
        _retry(row, error)
        return False
    # The PIN is forgotten with the mail that carried it.
    ReporterMail.objects.filter(pk=key).update(state=State.SENT, sent_at=timezone.now(), sealed="")
    return True


def _retry(row: ReporterMail, error: Exception) -> None:
    last = row.attempts >= MAX_ATTEMPTS
    wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    state = State.FAILED if last else State.PENDING
    sealed = "" if last else row.sealed
    ReporterMail.objects.filter(pk=row.pk, claimed_at=row.claimed_at).update(
        state=state, due_at=timezone.now() + wait, sealed=sealed
    )
    logger.warning("reporter not told", mail=str(row.pk), error=type(error).__name__, last=last)


def _mail(row: ReporterMail, reporter: Reporter) -> EmailMessage:
    notification = base.classes()[row.kind]
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    with translation.override(reporter.language):
        context = _context(row)
        headers = {"Message-ID": f"<{row.pk}@{host}>", "Auto-Submitted": "auto-generated"}
        return EmailMessage(
            notification.render("subject", context),
            notification.render("body", context),
            to=[reporter.email],
            headers=headers,
        )


def _survey_url(row: ReporterMail) -> str:
    """Asked for as the mail leaves, so that no row of ours keeps it together with the mail."""
    if row.kind != notifications.Finished.kind:
        return ""
    token = survey_token(row.case)
    return absolute(reverse("feedback:survey_answer", args=[token])) if token else ""


def _context(row: ReporterMail) -> dict[str, Any]:
    secret = json.loads(unseal(row.sealed)) if row.sealed else {}
    return {
        **decode(row.context),
        **secret,
        "survey_url": _survey_url(row),
        "recipient": SimpleNamespace(name=_("Pelapor")),
        "url": absolute(notifications.tracking_url(row.case)),
    }
