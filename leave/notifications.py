"""Who is told what at each step; the words are in templates/leave/email/."""

from collections.abc import Iterable
from typing import Any

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import Letter, notify_together
from kepegawaian.units.models import RoleAssignment
from leave.enums import LeaveType
from leave.links import request_url
from leave.models import LeaveRequest

CATEGORY = "leave"


class Waiting(Notification):
    """To the holder of a step that was opened or handed over."""

    kind = "leave.waiting"
    category = CATEGORY


class HolderMissing(Notification):
    """To the central personnel office: nobody can act on a step."""

    kind = "leave.holder_missing"
    category = CATEGORY


class Returned(Notification):
    kind = "leave.returned"
    category = CATEGORY


class Opined(Notification):
    kind = "leave.opined"
    category = CATEGORY


class Granted(Notification):
    kind = "leave.granted"
    category = CATEGORY


class Offered(Notification):
    kind = "leave.offered"
    category = CATEGORY


class Postponed(Notification):
    kind = "leave.postponed"
    category = CATEGORY


class Refused(Notification):
    kind = "leave.refused"
    category = CATEGORY


class Decided(Notification):
    """To the superior whose opinion was asked."""

    kind = "leave.decided"
    category = CATEGORY


class StandIn(Notification):
    """To who takes over the work."""

    kind = "leave.stand_in"
    category = CATEGORY


class Answered(Notification):
    """To the decider and the superior: the applicant accepted or declined the change."""

    kind = "leave.answered"
    category = CATEGORY


class Withdrawn(Notification):
    kind = "leave.withdrawn"
    category = CATEGORY


class Recalled(Notification):
    """To the employee, the superior and the stand-in: the leave ends early."""

    kind = "leave.recalled"
    category = CATEGORY


class LetterIssued(Notification):
    kind = "leave.letter"
    category = CATEGORY


def tell(
    notification: type[Notification], request: LeaveRequest, people: Iterable[User | None], **about: Any
) -> int:
    """One message each about this request, at once; see `letter`."""
    return notify_together([letter(notification, request, people, **about)])


def letter(
    notification: type[Notification],
    request: LeaveRequest,
    people: Iterable[User | None],
    *,
    occasion: object = "",
    **context: Any,
) -> Letter:
    """One message each about this request. `occasion` tells two messages of one kind apart (a step, a version).

    No reason of leave goes into a message: mail leaves the house, reasons stay in it.
    """
    facts = {
        "name": request.employee.full_name,
        "type": LeaveType(request.type),
        "start": request.start,
        "end": request.end,
        "days": request.charged_days,
        **context,
    }
    key = f"{request.pk}:{occasion}" if occasion else str(request.pk)
    return Letter(notification, [person for person in people if person], key, facts, request_url(request))


def personnel_office() -> list[User]:
    """Everybody of the central personnel office, the longest in the role first."""
    assigned = RoleAssignment.objects.in_force(today()).filter(role=Role.HR_CENTRAL, user__is_active=True)
    return [row.user for row in assigned.select_related("user").order_by("valid_from", "id")]
