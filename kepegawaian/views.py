"""The home page: what waits for me, what I wait for, what is coming, my numbers; for visitors the services."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui.shell import Shell
from kepegawaian.work.lines import drawn
from kepegawaian.work.models import WorkItem
from kepegawaian.work.registry import COMING, NUMBERS, WAITING, cards

SHOWN = 5
_NEXT: Prepared[WorkItem] = Prepared(
    lambda slot: WorkItem.objects.waiting_for(slot("person")).order_by("due_on", "id")[: SHOWN + 1]
)


def _drawn(request: HttpRequest, section: str) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of every card of a section that has something to say to this person."""
    made = ((card.template, card.context(request)) for card in cards(section))
    return [(template, context) for template, context in made if context is not None]


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(next((link.url for link in Shell(request).public), "account_login"))
    items = _NEXT.all(person=request.user.pk)
    context = {
        "lines": drawn(items[:SHOWN]),
        "more": len(items) > SHOWN,
        "waiting": _drawn(request, WAITING),
        "coming": _drawn(request, COMING),
        "numbers": _drawn(request, NUMBERS),
    }
    return render(request, "home.html", context)
