"""The result of a unit and its pattern of ratings over the API: set, explained, read."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import Data, PerformanceVersion, read
from evaluations.enums import OrgResult
from evaluations.models import OrganisationResult, Period, current_setting
from evaluations.permissions.ratings import can_set_organisation, can_view_unit
from evaluations.rules import distribution as pattern
from evaluations.selectors.calibration import pattern_of
from evaluations.services import organisation
from kepegawaian.lib.exceptions import demand
from kepegawaian.units.models import Unit
from kepegawaian.work.idempotency import IdempotentMixin


class OrganisationIn(PerformanceVersion):
    result = serializers.ChoiceField(OrgResult.choices)
    reason = serializers.CharField(max_length=2000)


class OrganisationOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = OrganisationResult
        fields = ("id", "unit", "period", "result", "reason", "distribution_reason", "set_at", "version")
        read_only_fields = fields


class DistributionIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class DistributionBarOut(serializers.Serializer[Any]):
    predikat = serializers.CharField()
    people = serializers.IntegerField()
    percent = serializers.DecimalField(max_digits=5, decimal_places=1)


class DistributionWarningOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    citation = serializers.CharField()
    needs_reason = serializers.BooleanField()


class DistributionOut(serializers.Serializer[Any]):
    """`warnings` block nothing; where one needs a reason, the leader is asked for it. `counted_at` is there where
    the numbers are not of this moment."""

    result = OrganisationOut(allow_null=True)
    people = serializers.IntegerField()
    counted_at = serializers.DateTimeField(allow_null=True)
    rated = serializers.IntegerField()
    bars = DistributionBarOut(many=True)
    warnings = DistributionWarningOut(many=True)


def _where(request: Request, unit: uuid.UUID, period: uuid.UUID) -> tuple[Unit, Period]:
    """For who may see the pattern of the unit, or sets its result; nobody else learns that it exists."""
    place = get_object_or_404(Unit, pk=unit)
    when = get_object_or_404(Period.objects.select_related("cycle"), pk=period)
    if not can_view_unit(request.user, place) and not can_set_organisation(request.user, place, when):
        raise Http404
    return place, when


class OrganisationView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_organisation_set", request=OrganisationIn, responses=OrganisationOut)
    def post(self, request: Request, unit: uuid.UUID, period: uuid.UUID) -> Response:
        """By the leader one level up, with what it rests on; may be corrected."""
        place, when = _where(request, unit, period)
        demand(can_set_organisation(request.user, place, when))
        body = read(OrganisationIn(data=request.data))
        row = organisation.set_organisation(actor=request.user, unit=place, period=when, **body)
        return Response(OrganisationOut(row).data)


class DistributionView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_distribution", responses=DistributionOut)
    def get(self, request: Request, unit: uuid.UUID, period: uuid.UUID) -> Response:
        """How the people of a unit and below it are rated, beside the guide of SE MenPANRB 3/2023."""
        place, when = _where(request, unit, period)
        row = OrganisationResult.objects.filter(unit=place, period=when).first()
        return Response(_pattern(place, when, row))

    @extend_schema(
        operation_id="evaluations_distribution_explain", request=DistributionIn, responses=OrganisationOut
    )
    def post(self, request: Request, unit: uuid.UUID, period: uuid.UUID) -> Response:
        """Why the pattern differs; asked for where it does, and nothing waits for it."""
        place, when = _where(request, unit, period)
        body = read(DistributionIn(data=request.data))
        row = organisation.explain_distribution(actor=request.user, unit=place, period=when, **body)
        return Response(OrganisationOut(row).data)


def _pattern(unit: Unit, period: Period, row: OrganisationResult | None) -> Data:
    known, tiny = pattern_of(unit, period), current_setting().tiny_unit
    result, people = OrgResult(row.result) if row else None, known.people
    warnings = pattern.check(result, known.counts, people=people, tiny_unit=tiny, on=period.end) if result else []
    return {
        "result": OrganisationOut(row).data if row else None,
        "people": known.people,
        "counted_at": known.at,
        "rated": sum(known.counts.values()),
        "bars": [
            {"predikat": bar.predikat.value, "people": bar.count, "percent": str(bar.share)}
            for bar in pattern.bars(known.counts)
        ],
        "warnings": [
            {
                "code": one.code.value,
                "message": str(one.message),
                "citation": str(one.source),
                "needs_reason": one.needs_reason,
            }
            for one in warnings
        ],
    }
