"""Officers are told in the morning that something waits, never when it came, what it is or how much."""

import datetime

from django.db.models import Q
from django.urls import reverse

from feedback import permissions_whistle as permissions
from feedback.enums import WhistleState
from feedback.models import WhistleReport
from feedback.models.whistle import WhistleReportQuerySet
from feedback.notifications_whistle import WhistleWaiting
from feedback.workflow_whistle import OPEN_STATES
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.notifications.services import notify

SOON = datetime.timedelta(days=3)


def waiting_for(user: User) -> WhistleReportQuerySet:
    """Nobody has taken it; or it is the officer's own and the reporter wrote, or its limit is near."""
    near = Q(state__in=OPEN_STATES, due_on__lte=today() + SOON)
    own = Q(officer=user) & (Q(waiting=True) | near)
    fresh = Q(state=WhistleState.RECEIVED) | (Q(officer=None) & (Q(waiting=True) | near))
    return WhistleReport.objects.visible_to(user).marked().filter(own | fresh)


def tell_officers() -> int:
    """Once a day each, however much waits; how many were told now. Safe to run twice."""
    url = reverse("feedback:whistle_desk")
    waiting = [user for user in permissions.officers() if waiting_for(user).exists()]
    return notify(WhistleWaiting, waiting, f"{today():%Y-%m-%d}", {}, url)
