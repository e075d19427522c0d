"""Exports in the shape of SIASN, and numbered documents, over the API: both are made by a worker."""

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import YEARS, PerformanceJob, read, started
from evaluations.exporting import EXPORTS
from evaluations.papers.kinds import PAPERS, Paper
from evaluations.permissions.follow_up import can_export
from evaluations.services import papers
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.exceptions import demand
from kepegawaian.work import sheets
from kepegawaian.work.idempotency import IdempotentMixin


class ExportIn(serializers.Serializer[Any]):
    year = serializers.IntegerField(**YEARS)
    kind = serializers.ChoiceField([(one, one) for one in sheets.MIMES], default=sheets.CSV)


class ExportView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_export", request=ExportIn, responses={202: PerformanceJob})
    def post(self, request: Request, code: str) -> Response:
        """Results of a year in the shape of SIASN ("skp22", "periodik"), written by a worker; HR only."""
        demand(can_export(request.user))
        export = EXPORTS.get(code)
        if export is None:
            raise Http404
        body = read(ExportIn(data=request.data))
        return started(export.later(query=f"tahun={body['year']}", kind=body["kind"], actor=request.user))


# --- Documents ------------------------------------------------------------------------------------
class PaperOut(serializers.ModelSerializer[Any]):
    """`file`: its id; who may see the subject fetches it at /berkas/{id}/."""

    class Meta:
        model = IssuedDocument
        fields = ("id", "number", "file", "issued_at")
        read_only_fields = fields


class PaperView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_paper", responses=PaperOut)
    def get(self, request: Request, code: str, pk: uuid.UUID) -> Response:
        """The numbered document in force; 404 while there is none."""
        kind, subject = self._found(request, code, pk)
        known = papers.issued(kind, subject.pk)
        if known is None:
            raise Http404
        return Response(PaperOut(known).data)

    @extend_schema(operation_id="evaluations_paper_issue", request=None, responses={202: PerformanceJob})
    def post(self, request: Request, code: str, pk: uuid.UUID) -> Response:
        """Have it made, of what is signed."""
        kind, subject = self._found(request, code, pk)
        return started(papers.request(actor=request.user, paper=kind, subject=subject))

    def _found(self, request: Request, code: str, pk: uuid.UUID) -> tuple[Paper, Any]:
        kind = PAPERS.get(code)
        subject = kind.find(request.user, pk) if kind is not None else None
        if kind is None or subject is None:
            raise Http404
        return kind, subject
