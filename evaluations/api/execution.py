"""Progress and evidence over the API: the verbs, refusals and texts of the pages."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import TEXT, Data, period_of, read, visible
from evaluations.models import Evidence, Participant, Progress
from evaluations.services import execution
from kepegawaian.lib.api import JSONParser
from kepegawaian.work.idempotency import IdempotentMixin


class ProgressEntryIn(serializers.Serializer[Any]):
    indicator = serializers.UUIDField(help_text="`origin` of an indicator of the agreed plan")
    text = serializers.CharField(**TEXT)
    percent = serializers.IntegerField(min_value=0, max_value=999, allow_null=True, default=None)


class ProgressIn(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    entries = ProgressEntryIn(many=True, max_length=200)  # type: ignore[call-arg]


class ProgressCopyIn(serializers.Serializer[Any]):
    period = serializers.UUIDField()


class EvidenceOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Evidence
        fields = ("id", "label", "url", "file", "added_at")
        read_only_fields = fields


class ProgressOut(serializers.ModelSerializer[Any]):
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = Progress
        fields = ("id", "period", "indicator", "text", "percent", "written_at", "version", "evidence")
        read_only_fields = fields

    @extend_schema_field(EvidenceOut(many=True))
    def get_evidence(self, row: Progress) -> list[Data]:
        return [dict(EvidenceOut(one).data) for one in row.evidence.all() if one.removed_at is None]


class ProgressView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_progress_list", responses=ProgressOut(many=True))
    def get(self, request: Request, participant: uuid.UUID) -> Response:
        """What was reported on each indicator, period by period."""
        person = visible(request, participant)
        rows = Progress.objects.filter(participant=person).prefetch_related("evidence").order_by("id")
        return Response(ProgressOut(rows, many=True).data)

    @extend_schema(operation_id="evaluations_progress_save", request=ProgressIn, responses=ProgressOut(many=True))
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """One's own, for one indicator or all of them; the rows that changed."""
        person, body = visible(request, participant), read(ProgressIn(data=request.data))
        rows = execution.save_progress(
            actor=request.user,
            participant=person,
            period=period_of(person, body["period"]),
            entries=[execution.Entry(**entry) for entry in body["entries"]],
        )
        return Response(ProgressOut(rows, many=True).data)


class ProgressCopyView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_progress_copy", request=ProgressCopyIn, responses=ProgressOut(many=True)
    )
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Texts of the period before into indicators that have none yet; all rows of the period."""
        person, body = visible(request, participant), read(ProgressCopyIn(data=request.data))
        period = period_of(person, body["period"])
        execution.copy_progress(actor=request.user, participant=person, period=period)
        rows = Progress.objects.filter(participant=person, period=period).order_by("id")
        return Response(ProgressOut(rows, many=True).data)


# --- Evidence -------------------------------------------------------------------------------------
class EvidenceIn(serializers.Serializer[Any]):
    """A link, or as `multipart/form-data` a file."""

    period = serializers.UUIDField()
    indicator = serializers.UUIDField(help_text="`origin` of an indicator of the agreed plan")
    url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_null=True, default=None)
    label: Any = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")


class EvidenceAddView(IdempotentMixin, APIView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="evaluations_evidence_add", request=EvidenceIn, responses={201: EvidenceOut})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Behind one's own progress: a file, told by its content, or a link."""
        person, body = visible(request, participant), read(EvidenceIn(data=request.data))
        row = execution.add_evidence(
            actor=request.user,
            participant=person,
            period=period_of(person, body["period"]),
            indicator=body["indicator"],
            upload=body["file"],
            url=body["url"],
            label=body["label"],
        )
        return Response(EvidenceOut(row).data, status=status.HTTP_201_CREATED)


class EvidenceView(APIView):
    @extend_schema(operation_id="evaluations_evidence_remove", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """No longer shown; the file stays, as what was signed may have rested on it."""
        rows = Evidence.objects.filter(
            progress__participant__in=Participant.objects.visible_to(request.user), removed_at=None
        )
        related = ("progress__participant__employee", "progress__period")
        row = get_object_or_404(rows.select_related(*related), pk=pk)
        execution.remove_evidence(actor=request.user, evidence=row)
        return Response(status=status.HTTP_204_NO_CONTENT)
