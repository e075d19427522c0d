"""Who is told what about an SKP; the words are in templates/evaluations/email/plan_*."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from evaluations.models import Plan
from evaluations.notifications.common import CATEGORY
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import notify


class Submitted(Notification):
    """To the assessor."""

    kind = "evaluations.plan_submitted"
    category = CATEGORY


class Returned(Notification):
    kind = "evaluations.plan_returned"
    category = CATEGORY


class Agreed(Notification):
    kind = "evaluations.plan_agreed"
    category = CATEGORY


class Commented(Notification):
    """To the other of the two."""

    kind = "evaluations.plan_commented"
    category = CATEGORY


class HandedOver(Notification):
    """To the new assessor."""

    kind = "evaluations.plan_handed_over"
    category = CATEGORY


class ChangeBegun(Notification):
    """To the employee whose assessor asks for a new version."""

    kind = "evaluations.plan_change"
    category = CATEGORY


class MatrixFilled(Notification):
    """To the employee whose superior gave him a share of his own results."""

    kind = "evaluations.plan_matrix"
    category = CATEGORY


def tell(
    notification: type[Notification],
    plan: Plan,
    people: Iterable[Any],
    *,
    occasion: object = "",
    **context: Any,
) -> int:
    """One message each. `occasion` tells two of one kind apart; no word of the dialogue leaves the house."""
    participant = plan.participant
    facts = {
        "name": participant.employee.full_name,
        "year": participant.cycle.year,
        "number": plan.number,
        **context,
    }
    url = reverse("evaluations:plan", args=[plan.pk])
    return notify(notification, people, f"{plan.pk}:{occasion}", facts, url)
