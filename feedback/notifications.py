"""Who is told what about a case; the words are in templates/feedback/email/.

Mail leaves the house: of a secret case it carries the number alone, and no message says who the reporter is.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from feedback.enums import CaseState
from feedback.models import Case
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import notify

CATEGORY = "feedback"


# --- To the reporter ------------------------------------------------------------------------------
class Received(Notification):
    """The receipt: number, PIN where there is one, until when something happens."""

    kind = "feedback.received"
    category = CATEGORY


class Asked(Notification):
    kind = "feedback.asked"
    category = CATEGORY


class Forwarded(Notification):
    kind = "feedback.forwarded"
    category = CATEGORY


class Resumed(Notification):
    """What had ended a report was taken back: it is verified again."""

    kind = "feedback.resumed"
    category = CATEGORY


class Answered(Notification):
    kind = "feedback.answered"
    category = CATEGORY


class Wrote(Notification):
    """An officer wrote something in between."""

    kind = "feedback.wrote"
    category = CATEGORY


class Finished(Notification):
    """Closed, rejected, joined, referred: with the state and its reason."""

    kind = "feedback.finished"
    category = CATEGORY


class Moderated(Notification):
    """Something of the author's was hidden: why, and that he may object."""

    kind = "feedback.moderated"
    category = CATEGORY


class AppealDecided(Notification):
    """Shown again or not, and why."""

    kind = "feedback.appeal_decided"
    category = CATEGORY


class Converted(Notification):
    """Handled as a request for public information from now on, or no longer: why, and which limits hold."""

    kind = "feedback.converted"
    category = CATEGORY


class Extended(Notification):
    """The limit of a request for public information was extended, why and until when."""

    kind = "feedback.extended"
    category = CATEGORY


class LimitPassed(Notification):
    """The last limit has passed without an answer: the way to the Ombudsman."""

    kind = "feedback.limit_passed"
    category = CATEGORY


# --- To officers ----------------------------------------------------------------------------------
class Waiting(Notification):
    kind = "feedback.waiting"
    category = CATEGORY


class DueSoon(Notification):
    """At 75 and at 90 percent of a limit."""

    kind = "feedback.due_soon"
    category = CATEGORY


class Overdue(Notification):
    """To the leader of the unit, later to that of the government."""

    kind = "feedback.overdue"
    category = CATEGORY


class CheckAnswer(Notification):
    kind = "feedback.check_answer"
    category = CATEGORY


class AnswerReturned(Notification):
    kind = "feedback.answer_returned"
    category = CATEGORY


class Mentioned(Notification):
    kind = "feedback.mentioned"
    category = CATEGORY


class Watched(Notification):
    kind = "feedback.watched"
    category = CATEGORY


class Appealed(Notification):
    kind = "feedback.appealed"
    category = CATEGORY


class Objected(Notification):
    """To the superior of the PPID: somebody objects to the answer to his request for information."""

    kind = "feedback.objected"
    category = CATEGORY


class Disputed(Notification):
    """To officer and superior: the request was taken to the Komisi Informasi."""

    kind = "feedback.disputed"
    category = CATEGORY


class IdentityAsked(Notification):
    kind = "feedback.identity_asked"
    category = CATEGORY


class IdentityDecided(Notification):
    kind = "feedback.identity_decided"
    category = CATEGORY


def facts(case: Case) -> dict[str, Any]:
    """What every message knows. The title is what everybody may read, and nothing of a secret case."""
    title = "" if case.secret else case.published_title
    return {"number": case.number, "title": title, "state": CaseState(case.state)}


def case_url(case: Case) -> str:
    """The officers' page."""
    return _url("feedback:case", case.pk)


def moderation_url(case: Case) -> str:
    """Objections and photos that wait for a second officer."""
    return _url("feedback:case_moderation", case.pk)


def public_url(case: Case) -> str:
    """The page behind the number, the same for everybody."""
    return _url("feedback:track", case.number)


def tracking_url(case: Case) -> str:
    """Where its reporter gets in, published or not: his own page when he is known, else number and PIN."""
    find = _url("feedback:find")
    return f"{find}?{urlencode({'nomor': case.number})}" if find else ""


def survey_url(case: Case) -> str:
    """The reporter's own page, where he asks for the survey: the token itself stands in no message of ours."""
    return f"{tracking_url(case)}#survey"


def _url(name: str, *arguments: Any) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def tell(
    notification: type[Notification], case: Case, people: Iterable[Any], *, occasion: object = "", **context: Any
) -> int:
    """One message to each officer about this case. `occasion` tells two messages of one kind apart."""
    key = f"{case.pk}:{occasion}" if occasion else str(case.pk)
    wanted = [person for person in people if person]
    return notify(notification, wanted, key, {**facts(case), **context}, case_url(case))
