"""Telling the reporter: by the inbox of his account, or by mail alone where he has none or stays anonymous."""

import json
from typing import Any

from django.db import IntegrityError, transaction

from feedback import notifications
from feedback.models import Case, Reporter, ReporterMail
from feedback.services.cases.inviting import may_answer_survey
from kepegawaian.accounts.crypto import seal
from kepegawaian.lib.prepared import Prepared
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.context import encode
from kepegawaian.notifications.delivery import absolute
from kepegawaian.notifications.services import notify

_REPORTER: Prepared[Reporter] = Prepared(
    lambda slot: Reporter.objects.filter(case=slot("case")).select_related("user")
)


def tell_reporter(
    notification: type[Notification],
    case: Case,
    *,
    occasion: object = "",
    secret: dict[str, str] | None = None,
    reporter: Reporter | None = None,
    **context: Any,
) -> bool:
    """False when nothing is known of the reporter. `secret`: what stands in the mail and nowhere else (a PIN).

    An anonymous reporter with an account gets no message in the inbox: that row would tie the two together.
    """
    reporter = reporter or _REPORTER.first(case=case.pk)
    if reporter is None:
        return False
    known = {**notifications.facts(case), **context}
    key = str(occasion or case.version)
    if reporter.user is not None and not case.anonymous:
        url = notifications.tracking_url(case)
        if notification is notifications.Finished and may_answer_survey(case):
            url = notifications.survey_url(case)
            known["survey_url"] = absolute(url)
        return bool(notify(notification, [reporter.user], f"{case.pk}:{key}", known, url))
    if not reporter.email:
        return False
    return _write_mail(notification, case, key, known, secret)


def _write_mail(
    notification: type[Notification], case: Case, key: str, known: dict[str, Any], secret: dict[str, str] | None
) -> bool:
    try:
        with transaction.atomic():
            ReporterMail.objects.create(
                case=case,
                kind=notification.kind,
                key=key,
                context=encode(known),
                sealed=seal(json.dumps(secret)) if secret else "",
            )
    except IntegrityError:
        return False  # told already: the verb runs a second time
    return True
