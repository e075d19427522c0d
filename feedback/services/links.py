"""A link by mail into one's own report, for whoever lost the PIN: for an hour, to the address that is known."""

import datetime
import hmac

from django.core import signing
from django.urls import reverse

from feedback.models import Case, Reporter, current_setting
from feedback.notifications_reports import OpenLink
from feedback.rules.numbers import parse_number
from feedback.services import rates
from feedback.services.cases.guards import verb
from feedback.services.cases.telling import tell_reporter
from kepegawaian.lib.ids import uuid7
from kepegawaian.notifications.delivery import absolute

LIFETIME = datetime.timedelta(hours=1)
_SALT = "feedback.link"


def send_link(number: str, email: str, network: str) -> bool:
    """Write the mail, where number and address belong together; what is asked too often is dropped."""
    known, setting = parse_number(number) or "", current_setting()
    if rates.hit("link", network) > setting.replies_an_hour or rates.hit("link", known) > setting.replies_an_hour:
        return False
    reporter = Reporter.objects.filter(case__number=known).select_related("case", "user").first()
    wanted = reporter.email if reporter is not None else ""
    same = hmac.compare_digest(email.strip().lower().encode(), wanted.lower().encode())
    if reporter is None or not wanted or not same:
        return False
    if reporter.user is not None and not reporter.case.anonymous:
        return False  # his account is the way in
    return _write(reporter=reporter)


@verb
def _write(*, reporter: Reporter) -> bool:
    case = reporter.case
    token = signing.dumps([str(case.pk), case.pin_digest[:16]], salt=_SALT)
    link = absolute(reverse("feedback:enter", args=[token]))
    return tell_reporter(OpenLink, case, occasion=f"link:{uuid7()}", secret={"link": link}, reporter=reporter)


def case_of_link(token: str) -> Case | None:
    try:
        key, digest = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Case.objects.filter(pk=key, pin_digest__startswith=digest).first()
