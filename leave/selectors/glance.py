"""A person's leave at a glance, for the home page: one statement for what all of its cards show."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together
from leave.enums import WAITING, RequestState
from leave.models import Bucket, LeaveRequest, LeaveStep
from leave.selectors.requests import hang, with_holder


@dataclass(frozen=True, slots=True)
class Glance:
    employee: uuid.UUID
    waiting: list[LeaveRequest]
    """On their way, the earliest first, each with `open_steps`."""
    granted: LeaveRequest | None
    """The next one, or the one that goes on."""
    buckets: list[Bucket]
    """Usable today, with the account."""


def usable(slot: Slots) -> QuerySet[Bucket]:
    """Buckets of the `employee` that can be used `today`, with the account."""
    rows = Bucket.objects.filter(usable_from__lte=slot("today"), lapses_on__gte=slot("today"))
    return rows.filter(account__employee=slot("employee")).select_related("account")


def _parts(slot: Slots) -> tuple[QuerySet[Any], ...]:
    ahead = Q(state=RequestState.GRANTED, end__gte=slot("today"))
    filed = LeaveRequest.objects.filter(ahead | Q(state__in=WAITING), employee=slot("employee"))
    steps = LeaveStep.objects.filter(request__employee=slot("employee"), request__state__in=WAITING)
    shown = ("employee_id", "state", "start", "end", "charged_days")
    return filed.only(*shown).order_by("start", "id"), with_holder(steps), usable(slot)


_GLANCE = Together(_parts)


def glance_of(employee: uuid.UUID) -> Glance:
    filed, steps, buckets = _GLANCE.all(employee=employee, today=today())
    waiting = [one for one in filed if one.state in WAITING]
    granted = next((one for one in filed if one.state == RequestState.GRANTED), None)
    return Glance(employee, hang(waiting, steps), granted, buckets)
