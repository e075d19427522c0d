"""Lists of requests. A constant number of statements whatever the number of rows."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kepegawaian.documents.models import StoredFile
from kepegawaian.employees.models import Employee
from kepegawaian.lib.prepared import Prepared
from leave.models import LeaveRequest, LeaveStep


def with_holder(steps: QuerySet[LeaveStep]) -> QuerySet[LeaveStep]:
    """Those that wait, with what a list says of them."""
    rows = steps.filter(closed_at=None).select_related("holder")
    return rows.only("request_id", "kind", "opened_at", "due_on", "holder__name")


_OPEN_STEPS: Prepared[LeaveStep] = Prepared(
    lambda slot: with_holder(LeaveStep.objects.filter(request__in=slot.any("requests", "uuid")))
)


def hang_open_steps(requests: list[LeaveRequest]) -> list[LeaveRequest]:
    """The same requests, each with the steps in which it waits, and who holds them, as `open_steps`."""
    return hang(requests, _OPEN_STEPS.all(requests=[filed.pk for filed in requests]) if requests else ())


def hang(requests: list[LeaveRequest], steps: Iterable[LeaveStep]) -> list[LeaveRequest]:
    """The same with `steps` that are known already."""
    of: dict[uuid.UUID, list[LeaveStep]] = {filed.pk: [] for filed in requests}
    for step in steps:
        of[step.request_id].append(step)
    for filed in requests:
        filed.open_steps = of[filed.pk]  # type: ignore[attr-defined]
    return requests


def detail(user: Any) -> QuerySet[LeaveRequest]:
    """For one request: everything its page shows, in the scope of `user`."""
    rows = LeaveRequest.objects.visible_to(user)
    return rows.select_related("employee__user", "employee__current_unit", "stand_in")


def requests_of(employee: Employee) -> QuerySet[LeaveRequest]:
    """The person's own list, the newest first."""
    return LeaveRequest.objects.filter(employee=employee).select_related("stand_in").order_by("-id")


def team_requests(user: Any) -> QuerySet[LeaveRequest]:
    """Requests in the scope of `user` that are not his own, the newest first; never drafts of others."""
    rows = LeaveRequest.objects.visible_to(user).exclude(employee__user_id=user.pk)
    return rows.select_related("employee__current_unit").order_by("-id")


def attachments_of(request: LeaveRequest) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(subject_type=request._meta.label_lower, subject_id=request.pk).order_by("id")
