"""What is hidden, what the reporter objects to, and the photos of a case: for its admin and its unit."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feedback import permissions
from feedback.desk_acts import Seat
from feedback.enums import Undecided
from feedback.models import CaseFile, Moderation
from feedback.services import cases
from feedback.views.desk.common import found_case, private
from kepegawaian.documents.files import PICTURES
from kepegawaian.lib.exceptions import demand


@require_safe
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = found_case(request, pk)
    seat = Seat(request.user, case)
    found = [] if seat.answering and not seat.handling else _moderations(seat)
    if not any(row["may"] for row in found):  # a leader decides on what the only admin did
        demand(seat.office)
    context = {
        "case": case,
        "seat": seat,
        "moderations": found,
        "messages_hidden": case.messages.exclude(hidden_at=None).select_related("hidden_by").order_by("id"),
        "photos": [(row, permissions.can_check_photo(request.user, case, row)) for row in _photos(seat)]
        if seat.office
        else [],
    }
    return private(request, "feedback/desk/moderation.html", context)


def _moderations(seat: Seat) -> list[dict[str, object]]:
    """Each act against the reporter, whether he objected, and whether this person may decide on it."""
    held = {row.pk for row in cases.in_force(seat.case)}
    found = []
    for row in cases.moderations_of(seat.case):
        appeal = getattr(row, "appeal", None)
        waits = appeal is not None and appeal.state == Undecided.WAITING and row.pk in held
        found.append(
            {
                "row": row,
                "act": Moderation.Act(row.act),
                "appeal": appeal,
                "may": cases.can_decide_appeal(seat.user, seat.case, row) if waits else None,
            }
        )
    return found


def _photos(seat: Seat) -> list[CaseFile]:
    rows = seat.case.files.filter(stored__mime__in=PICTURES).exclude(message__audience="internal")
    return list(rows.select_related("stored", "offered", "offered_by", "published_by").order_by("id"))
