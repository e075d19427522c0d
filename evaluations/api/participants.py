"""People in a year, and who assesses them, over the API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.api.common import YEARS, Data, read
from evaluations.forms.cycles import officials
from evaluations.models import AssessorAssignment, Participant
from evaluations.permissions.common import is_own
from evaluations.permissions.cycles import can_correct_assessor
from evaluations.selectors.line import superior_of_assessor
from evaluations.selectors.proposing import proposed
from evaluations.services import assessors
from evaluations.views.common import visible_participants
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.work.idempotency import IdempotentMixin


class ParticipantQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(**YEARS, required=False)
    employee = serializers.UUIDField(required=False)
    assessor = serializers.UUIDField(required=False, help_text="Employee id: whom this person assesses now")


class ParticipantOut(serializers.ModelSerializer[Any]):
    year = serializers.IntegerField(source="cycle.year")
    employee_name = serializers.CharField(source="employee.full_name")
    assessor_name = serializers.CharField(source="assessor.full_name", default="")

    class Meta:
        model = Participant
        fields = (
            *("id", "cycle", "year", "employee", "employee_name", "position", "unit", "heads", "assessor"),
            *("assessor_name", "excused_reason", "joined_on", "left_on", "version"),
        )
        read_only_fields = fields


class AssessorIn(serializers.Serializer[Any]):
    assessor = serializers.UUIDField(help_text="Employee id of somebody who heads a unit")
    reason = serializers.CharField(max_length=500)
    valid_from = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="By HR alone; one's own correction holds at once"
    )


class AssessorLineIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AssessorNamedOut(serializers.Serializer[Any]):
    employee = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.CharField()


class AssessorAssignmentOut(serializers.ModelSerializer[Any]):
    name = serializers.CharField(source="assessor.full_name")
    by = serializers.CharField(source="by.name", default="")

    class Meta:
        model = AssessorAssignment
        fields = ("assessor", "name", "capacity", "source", "reason", "by", "at", "valid_from", "valid_to")
        read_only_fields = fields


class AssessorOut(serializers.Serializer[Any]):
    """`proposed`: whom the reporting line names today. `above`: who decides on objections."""

    assessor = serializers.UUIDField(allow_null=True)
    proposed = AssessorNamedOut(allow_null=True)
    above = AssessorNamedOut(allow_null=True)
    may_change = serializers.BooleanField()
    history = AssessorAssignmentOut(many=True)


class ParticipantViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Participant]
):
    """Oneself, whom one assesses or assessed, everybody below the units one heads, the scope of one's role."""

    queryset = Participant.objects.none()
    serializer_class = ParticipantOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Participant]:
        rows = visible_participants(self.request.user)
        if self.action != "list":
            return rows
        asked = read(ParticipantQuery(data=self.request.query_params.dict()))
        names = {"year": "cycle__year", "employee": "employee", "assessor": "assessor"}
        return rows.filter(**{names[name]: value for name, value in asked.items()})

    @extend_schema(parameters=[ParticipantQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(methods=["get"], responses=AssessorOut)
    @extend_schema(methods=["post"], request=AssessorIn, responses=AssessorOut)
    @action(detail=True, methods=["get", "post"])
    def assessor(self, request: Request, pk: uuid.UUID) -> Response:
        """Who assesses the person, since when and on whose word; corrected by the person or HR."""
        person = self.get_object()
        if request.method == "POST":
            demand(can_correct_assessor(request.user, person))
            self._change(request.user, person, read(AssessorIn(data=request.data)))
            person = self.get_object()
        return Response(assessor_body(request.user, person))

    def _change(self, user: Any, person: Participant, body: Data) -> None:
        named = get_object_or_404(officials().select_related("user"), pk=body["assessor"])
        change = {"actor": user, "participant": person, "assessor": named, "reason": body["reason"]}
        if not is_own(user, person):
            assessors.set_assessor(**change, valid_from=body["valid_from"])
        elif body["valid_from"] in (None, today()):
            assessors.correct_own_assessor(**change)
        else:
            raise serializers.ValidationError({"valid_from": "one's own correction holds at once"})

    @extend_schema(request=AssessorLineIn, responses=AssessorOut)
    @action(detail=True, methods=["post"], url_path="assessor/line")
    def assessor_line(self, request: Request, pk: uuid.UUID) -> Response:
        """By HR: undo corrections, so that the reporting line names the assessor again."""
        body, person = read(AssessorLineIn(data=request.data)), self.get_object()
        assessors.follow_line(actor=request.user, participant=person, **body)
        return Response(assessor_body(request.user, self.get_object()))


def assessor_body(user: Any, person: Participant) -> Data:
    line = proposed(today(), [person.employee_id]).get(person.employee_id)
    named = Employee.objects.filter(pk=line.assessor_id).first() if line else None
    above = superior_of_assessor(person)
    return {
        "assessor": person.assessor_id and str(person.assessor_id),
        "proposed": _named(named, line.capacity if line else ""),
        "above": _named(above, above.current_position if above else ""),
        "may_change": bool(can_correct_assessor(user, person)),
        "history": AssessorAssignmentOut(person.assignments.select_related("assessor", "by"), many=True).data,
    }


def _named(person: Employee | None, capacity: str) -> Data | None:
    return {"employee": str(person.pk), "name": person.full_name, "capacity": capacity} if person else None
