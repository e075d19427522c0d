"""The years over the API: prepared, looked at before anybody takes part, opened by a worker, closed."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.api.common import YEARS, Data, PerformanceJob, read, started
from evaluations.enums import Approach, PeriodKind
from evaluations.models import Cycle, Deadline, Period
from evaluations.permissions.common import can_manage_everywhere
from evaluations.services import cycles
from evaluations.services.cycles_population import NOT_SUBJECT, STATES, STATUSES, Population, Preview, preview
from evaluations.views.common import shown_cycles
from kepegawaian.lib.exceptions import demand
from kepegawaian.units.models import Unit
from kepegawaian.work.idempotency import IdempotentMixin

UNITS: Data = {"many": True, "required": False, "queryset": Unit.objects.all()}
KINDS = [(kind.value, kind.label) for kind in (PeriodKind.QUARTER, PeriodKind.MONTH)]


# --- What comes in --------------------------------------------------------------------------------
class PopulationIn(serializers.Serializer[Any]):
    """Who takes part. What is left out is as it was, or as it begins: every status, active and on study leave."""

    statuses = serializers.MultipleChoiceField(
        choices=[(one.value, one.label) for one in STATUSES], required=False, allow_empty=False
    )
    states = serializers.MultipleChoiceField(
        choices=[(one.value, one.label) for one in (*STATES, *NOT_SUBJECT)], required=False, allow_empty=False
    )
    units = serializers.PrimaryKeyRelatedField(**UNITS, help_text="Only these and below; none: everybody")
    without = serializers.PrimaryKeyRelatedField(**UNITS, help_text="Except these and below")

    def over(self, known: Population) -> Population:
        """`known` with what this body says instead."""
        said = self.validated_data
        kept = {name: sorted(said[name]) for name in ("statuses", "states") if name in said}
        named = {name: [str(unit.pk) for unit in said[name]] for name in ("units", "without") if name in said}
        return Population(**{name: getattr(known, name) for name in Population.__slots__} | kept | named)


class CyclePrepareIn(PopulationIn):
    year = serializers.IntegerField(**YEARS)
    period_kind = serializers.ChoiceField(KINDS)
    approach = serializers.ChoiceField(Approach.choices, required=False, allow_blank=True, default="")


class CycleChangeIn(PopulationIn):
    period_kind = serializers.ChoiceField(KINDS, required=False, help_text="Before the opening; a new calendar")
    approach = serializers.ChoiceField(Approach.choices, required=False, allow_blank=True)


class CycleDateIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    due_on = serializers.DateField()


class CycleCalendarIn(serializers.Serializer[Any]):
    deadlines = CycleDateIn(many=True, max_length=200)  # type: ignore[call-arg]


# --- What goes out --------------------------------------------------------------------------------
class CyclePeriodOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Period
        fields = ("id", "kind", "number", "start", "end", "opened_at", "feedback_closed_at")
        read_only_fields = fields


class CycleDeadlineOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Deadline
        fields = ("id", "kind", "period", "due_on")
        read_only_fields = fields


class CycleOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Cycle
        fields = ("id", "year", "period_kind", "approach", "state", "opened_at", "closed_at")
        read_only_fields = fields


class CycleDetail(CycleOut):
    periods = CyclePeriodOut(many=True, read_only=True)
    deadlines = CycleDeadlineOut(many=True, read_only=True)

    class Meta:
        model = Cycle
        fields = (*CycleOut.Meta.fields, "population", "periods", "deadlines")
        read_only_fields = fields


class CyclePreviewOut(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    taking_part = serializers.DictField(child=serializers.IntegerField(), help_text="Of each status")
    excused = serializers.DictField(child=serializers.IntegerField(), help_text="For each reason")
    without_assessor = serializers.IntegerField()
    without_post = serializers.IntegerField(help_text="In service without a definitive post: they join later")


def preview_body(seen: Preview) -> Data:
    names = ("total", "taking_part", "excused", "without_assessor", "without_post")
    return {name: getattr(seen, name) for name in names}


# --- The addresses --------------------------------------------------------------------------------
class CycleViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cycle]
):
    """Opened years for everybody; those in preparation for HR of the whole government, who alone changes any."""

    queryset = Cycle.objects.none()
    serializer_class = CycleOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Cycle]:
        rows = Cycle.objects.all() if can_manage_everywhere(self.request.user) else shown_cycles()
        return rows if self.action == "list" else rows.prefetch_related("periods", "deadlines")

    @extend_schema(responses=CycleDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With its periods and the calendar."""
        return Response(CycleDetail(self.get_object()).data)

    @extend_schema(request=CyclePrepareIn, responses={201: CycleDetail})
    def create(self, request: Request) -> Response:
        """Prepare a year: its periods and the calendar that the settings propose. Nobody takes part yet."""
        demand(can_manage_everywhere(request.user))
        body = CyclePrepareIn(data=request.data)
        values = {name: read(body)[name] for name in ("year", "period_kind", "approach")}
        row = cycles.prepare_cycle(actor=request.user, population=body.over(Population()), **values)
        return Response(CycleDetail(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CycleChangeIn, responses=CycleDetail)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Who takes part, and the form of plans; after the opening only who joins later follows it."""
        cycle = self._managed(request)
        body = CycleChangeIn(data=request.data)
        said = {"approach": cycle.approach, **read(body)}
        values = {name: said[name] for name in ("approach", "period_kind") if name in said}
        cycles.change_cycle(actor=request.user, cycle=cycle, population=body.over(Population.of(cycle)), **values)
        return self.retrieve(request)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Discard a year that was prepared but not opened; it may be prepared anew."""
        cycles.discard_cycle(actor=request.user, cycle=self._managed(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=CycleCalendarIn, responses=CycleDetail)
    @action(detail=True, methods=["patch"])
    def calendar(self, request: Request, pk: uuid.UUID) -> Response:
        """Close or extend deadlines. What was marked late by the old date stays so; nobody is ever locked out."""
        cycle = self._managed(request)
        body = read(CycleCalendarIn(data=request.data))
        dates = {row["id"]: row["due_on"] for row in body["deadlines"]}
        if dates.keys() - set(cycle.deadlines.values_list("pk", flat=True)):
            raise serializers.ValidationError({"deadlines": "not of this year"})
        cycles.change_calendar(actor=request.user, cycle=cycle, dates=dates)
        return self.retrieve(request)

    @extend_schema(request=PopulationIn, responses=CyclePreviewOut)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: uuid.UUID) -> Response:
        """What opening would make, by the filter that is kept or the one of this body. Nothing is written."""
        cycle = self._managed(request)
        body = PopulationIn(data=request.data)
        read(body)
        cycle.population = body.over(Population.of(cycle)).stored()
        return Response(preview_body(preview(cycle)))

    @extend_schema(request=None, responses={202: PerformanceJob})
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: uuid.UUID) -> Response:
        """Take everybody in, by a worker; asked again, an opening that was interrupted goes on."""
        return started(cycles.open_cycle(actor=request.user, cycle=self._managed(request)))

    @extend_schema(request=None, responses=CycleDetail)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: uuid.UUID) -> Response:
        """After the year: only objections change a result from then on."""
        cycles.close_cycle(actor=request.user, cycle=self._managed(request))
        return self.retrieve(request)

    def _managed(self, request: Request) -> Cycle:
        cycle = self.get_object()
        demand(can_manage_everywhere(request.user))
        return cycle
