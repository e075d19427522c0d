"""Who is told what about credit points and what follows a result; words in templates/evaluations/email/."""

from collections.abc import Iterable
from typing import Any

from evaluations.models import Participant
from evaluations.notifications.common import CATEGORY
from kepegawaian.employees.models import Employee
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import notify


class CreditsChanged(Notification):
    """To the person: points came, or were taken back."""

    kind = "evaluations.credits"
    category = CATEGORY


class CreditsDecided(Notification):
    """To the person and who asked: the sum of points is established, or was given back."""

    kind = "evaluations.credits_decided"
    category = CATEGORY


class PaperIssued(Notification):
    """To the person: a numbered document is there."""

    kind = "evaluations.paper"
    category = CATEGORY


class CoachingOpened(Notification):
    """To the person and the coach."""

    kind = "evaluations.coaching_opened"
    category = CATEGORY


class CoachingClosed(Notification):
    """To the person: the coaching has ended, form B.1.8 is his to fill."""

    kind = "evaluations.coaching_closed"
    category = CATEGORY


class ReviewGiven(Notification):
    """To the assessor's superior: form B.1.8 was filled."""

    kind = "evaluations.review"
    category = CATEGORY


class ChainMoved(Notification):
    """To the person and the assessor: a step of the six months."""

    kind = "evaluations.chain"
    category = CATEGORY


class RecommendationAnswered(Notification):
    """To the person and who proposed it."""

    kind = "evaluations.recommendation"
    category = CATEGORY


def tell(
    notification: type[Notification],
    people: Iterable[Employee | None],
    *,
    key: object,
    url: str,
    **context: Any,
) -> int:
    """One message each to those who have an account."""
    users = [person.user for person in people if person is not None and person.user is not None]
    return notify(notification, users, str(key), context, url)


def tell_about(
    notification: type[Notification],
    participant: Participant,
    people: Iterable[Employee | None],
    *,
    key: object,
    url: str,
    **context: Any,
) -> int:
    """`tell` with the name and year of the participant."""
    facts = {"name": participant.employee.full_name, "year": participant.cycle.year, **context}
    return tell(notification, people, key=key, url=url, **facts)
