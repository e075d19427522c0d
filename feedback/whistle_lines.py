"""The list of the protected channel's desk, by statements that are compiled once for whoever sees the same: who is
named or whose unit is accused sees less, which is the longest part of them."""

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from feedback.forms_whistle import WhistleFilter
from feedback.models import WhistleReport
from feedback.models.whistle import may_read_reports
from kepegawaian.lib.prepared import Eyes, Prepared, PreparedCounts
from kepegawaian.lib.ui.pages import CAP, Page, paged
from kepegawaian.units.registry import ties_of

SHOWN = ("number", "state", "held", "due_on", "received_on", "officer__name")
"""Nothing of what a report says is read for the list."""


class WhistleEyes(Eyes):
    """Which reports the list may hold depends on this alone."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.key = (user.pk, user.name, user.is_active, may_read_reports(user), ties_of(user))


def page_of(request: HttpRequest, state: str) -> Page:
    """What runs out first on top. `state`: as `WhistleFilter.chosen` gives it."""
    eyes = WhistleEyes(request.user)
    return paged(
        request,
        lambda first, last: _listing(eyes, state, first, last).all(),
        lambda _items: _counting(eyes, state).all()[0],
    )


@lru_cache(maxsize=128)
def _listing(eyes: WhistleEyes, state: str, first: int, last: int) -> Prepared[WhistleReport]:
    def build(slot: Any) -> QuerySet[WhistleReport]:
        rows = _asked_for(eyes, state).marked().select_related("officer").only(*SHOWN)
        return rows.order_by("due_on", "received_on", "number")[first:last]

    return Prepared(build)


@lru_cache(maxsize=128)
def _counting(eyes: WhistleEyes, state: str) -> PreparedCounts:
    return PreparedCounts(lambda slot: [_asked_for(eyes, state).order_by().values("pk")[: CAP + 1]])


def _asked_for(eyes: WhistleEyes, state: str) -> Any:
    return WhistleFilter.of(WhistleReport.objects.visible_to(eyes.user), state)
