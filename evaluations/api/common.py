"""What the addresses of performance share: reading a body, versions, jobs, whose part in which year."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.models import Participant, Period
from evaluations.permissions.common import NO_RECORD
from evaluations.permissions.follow_up import can_see_follow_up
from evaluations.views.common import find_own_employee, visible_participants
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.work.models import Job

Data = dict[str, Any]
TEXT: Data = {"max_length": 2000, "allow_blank": True, "default": ""}
YEARS: Data = {"min_value": 2022, "max_value": 2100}


class PerformanceVersion(serializers.Serializer[Any]):
    """`version`: the one that was read; when it has changed since, the answer is 409."""

    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class PerformanceJob(serializers.Serializer[Any]):
    job = serializers.UUIDField(help_text="/api/v1/work/jobs/{id}/ tells how far it is")


def read(serializer: serializers.Serializer[Any]) -> Data:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def started(job: Job) -> Response:
    """202: a worker does it."""
    return Response({"job": str(job.pk)}, status=status.HTTP_202_ACCEPTED)


def own_employee(user: Any) -> Employee:
    """Raises PermissionRefused for accounts that belong to no employee."""
    employee = find_own_employee(user)
    if employee is None:
        raise PermissionRefused(NO_RECORD)
    return employee


def visible(request: Request, pk: uuid.UUID) -> Participant:
    """Strangers get 404."""
    found: Participant = get_object_or_404(visible_participants(request.user), pk=pk)
    return found


def followed(user: Any, pk: uuid.UUID) -> Participant:
    """Whose follow-up the user may see; strangers get 404, whatever else their role shows."""
    rows = Participant.objects.select_related("cycle", "employee__user", "assessor__user", "unit")
    found = rows.filter(pk=pk).first()
    if found is None or not can_see_follow_up(user, found):
        raise Http404
    return found


def period_of(participant: Participant, pk: uuid.UUID) -> Period:
    rows = Period.objects.select_related("cycle").filter(cycle=participant.cycle_id)
    found: Period = get_object_or_404(rows, pk=pk)
    return found
