"""Evaluations and objections over the API: the verbs, refusals and texts of the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import TEXT, Data, PerformanceVersion, period_of, read, visible
from evaluations.enums import EvaluationState, Predikat, Rating
from evaluations.models import Evaluation, Objection
from evaluations.permissions.ratings import can_read_statements, can_view_objection
from evaluations.selectors.ratings import statements_of
from evaluations.services import objections, ratings
from evaluations.services.objections import Ruling
from evaluations.services.ratings import Assessment, Remark
from kepegawaian.employees.models import Employee
from kepegawaian.work.idempotency import IdempotentMixin


class RemarkIn(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=40, help_text="`origin` of a result, or a value")
    mark = serializers.ChoiceField(Rating.choices, required=False, allow_blank=True, default="")
    text = serializers.CharField(**TEXT)


class AssessIn(serializers.Serializer[Any]):
    """`draft`: keep what is there without rating. Otherwise both ratings and both reasons are needed."""

    results_rating = serializers.ChoiceField(Rating.choices, required=False, allow_blank=True, default="")
    results_reason = serializers.CharField(**TEXT)
    behaviour_rating = serializers.ChoiceField(Rating.choices, required=False, allow_blank=True, default="")
    behaviour_reason = serializers.CharField(**TEXT)
    recommendation = serializers.CharField(**TEXT)
    results = RemarkIn(many=True, required=False, default=list)
    values = RemarkIn(many=True, required=False, default=list)
    draft = serializers.BooleanField(default=False)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)

    def validate_results(self, rows: list[Data]) -> list[Data]:
        for row in rows:
            try:
                row["key"] = uuid.UUID(row["key"])
            except ValueError:
                raise serializers.ValidationError("`key` is not an id") from None
        return rows

    def given(self) -> Assessment:
        said: Data = self.validated_data
        names = ("results_rating", "results_reason", "behaviour_rating", "behaviour_reason", "recommendation")
        return Assessment(
            **{name: said[name] for name in names},
            results={row["key"]: Remark(row["mark"], row["text"]) for row in said["results"]},
            values={row["key"]: Remark(row["mark"], row["text"]) for row in said["values"]},
        )


class SignManyIn(serializers.Serializer[Any]):
    evaluations = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=200)


class SignedOut(serializers.Serializer[Any]):
    evaluation = serializers.UUIDField(source="subject_id")
    signed = serializers.BooleanField(source="ok")
    reason = serializers.CharField(source="message", help_text="Why it was not signed; empty otherwise")


class ObjectionIn(serializers.Serializer[Any]):
    reasons = serializers.CharField(max_length=4000)


class DeciderIn(serializers.Serializer[Any]):
    decider = serializers.UUIDField(help_text="Employee id of who decides instead of a superior")
    reason = serializers.CharField(max_length=2000)


class StatementIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)


class StatementOut(serializers.Serializer[Any]):
    """In the words of a party; never changed."""

    by = serializers.CharField(source="actor.name")
    at = serializers.DateTimeField()
    text = serializers.CharField(source="note")


class HearIn(serializers.Serializer[Any]):
    employee = serializers.CharField(max_length=4000)
    assessor = serializers.CharField(max_length=4000)


class RulingIn(serializers.Serializer[Any]):
    """The ratings as they shall be; the same ones keep the result."""

    results_rating = serializers.ChoiceField(Rating.choices)
    behaviour_rating = serializers.ChoiceField(Rating.choices)
    reason = serializers.CharField(max_length=4000)


class EvaluationQuery(serializers.Serializer[Any]):
    participant = serializers.UUIDField(required=False)
    period = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(EvaluationState.choices, required=False)
    predikat = serializers.ChoiceField(Predikat.choices, required=False)


class EvaluationOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Evaluation
        fields = (
            "id",
            "participant",
            "period",
            "plan",
            "assessor",
            "state",
            "results_rating",
            "results_reason",
            "behaviour_rating",
            "behaviour_reason",
            "predikat",
            "recommendation",
            "replaces",
            "assessed_at",
            "signed_at",
            "received_at",
            "late",
            "version",
        )
        read_only_fields = fields


class ObjectionOut(serializers.ModelSerializer[Any]):
    """`statements`: what the person and the assessor wrote themselves."""

    statements = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = (
            "id",
            "evaluation",
            "state",
            "reasons",
            "decider",
            "naming_reason",
            "filed_at",
            "last_day",
            "due_on",
            "statements",
            "employee_heard",
            "assessor_heard",
            "heard_at",
            "decision_reason",
            "decided_at",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(StatementOut(many=True))
    def get_statements(self, row: Objection) -> Any:
        """To the parties and who decides; others get none."""
        reads = can_read_statements(self.context["request"].user, row)
        return StatementOut(statements_of(row.evaluation) if reads else [], many=True).data


class AssessView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_assess", request=AssessIn, responses=EvaluationOut)
    def post(self, request: Request, participant: uuid.UUID, period: uuid.UUID) -> Response:
        """Rate a person one assesses, or keep a draft; the *predikat* follows from the matrix."""
        person = visible(request, participant)
        body = AssessIn(data=request.data)
        values = read(body)
        verb = ratings.save_draft if values["draft"] else ratings.assess
        row = verb(
            actor=request.user,
            participant=person,
            period=period_of(person, period),
            given=body.given(),
            version=values.get("version"),
        )
        return Response(EvaluationOut(row).data)


class EvaluationViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Evaluation]
):
    """Evaluations of people one may see; one's own from the signature on."""

    queryset = Evaluation.objects.none()
    serializer_class = EvaluationOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Evaluation]:
        rows = Evaluation.objects.visible_to(self.request.user)
        if self.action != "list":
            return rows
        asked = read(EvaluationQuery(data=self.request.query_params.dict()))
        return rows.filter(**asked)

    @extend_schema(parameters=[EvaluationQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=PerformanceVersion, responses=EvaluationOut)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: uuid.UUID) -> Response:
        body = read(PerformanceVersion(data=request.data))
        row = ratings.sign(actor=request.user, evaluation=self.get_object(), version=body.get("version"))
        return Response(EvaluationOut(row).data)

    @extend_schema(
        operation_id="evaluations_evaluations_sign_many", request=SignManyIn, responses=SignedOut(many=True)
    )
    @action(detail=False, methods=["post"], url_path="sign", pagination_class=None)
    def sign_many(self, request: Request) -> Response:
        """Sign what was assessed, each by itself; what could not be signed says why."""
        keys = read(SignManyIn(data=request.data))["evaluations"]
        results = ratings.bulk_sign(request.user, keys, {})
        return Response(SignedOut(results, many=True).data)

    @extend_schema(request=None, responses=EvaluationOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: uuid.UUID) -> Response:
        row = ratings.reopen(actor=request.user, evaluation=self.get_object())
        return Response(EvaluationOut(row).data)

    @extend_schema(request=None, responses=EvaluationOut)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, pk: uuid.UUID) -> Response:
        """To say that one has read it; the days for an objection run from here."""
        row = ratings.receive(actor=request.user, evaluation=self.get_object())
        return Response(EvaluationOut(row).data)

    @extend_schema(request=ObjectionIn, responses=ObjectionOut)
    @action(detail=True, methods=["post"])
    def object(self, request: Request, pk: uuid.UUID) -> Response:
        body = read(ObjectionIn(data=request.data))
        row = objections.file_objection(actor=request.user, evaluation=self.get_object(), reasons=body["reasons"])
        return Response(ObjectionOut(row, context={"request": request}).data)

    @extend_schema(responses=ObjectionOut)
    @action(detail=True, methods=["get"])
    def objection(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(ObjectionOut(_objection(request, pk), context={"request": request}).data)

    @extend_schema(request=None, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/withdraw")
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        row = objections.withdraw_objection(actor=request.user, objection=_objection(request, pk))
        return Response(ObjectionOut(row, context={"request": request}).data)

    @extend_schema(request=DeciderIn, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/decider")
    def name_decider(self, request: Request, pk: uuid.UUID) -> Response:
        """HR of the whole government, where nobody above the assessor can decide."""
        objection, asked = _objection(request, pk), read(DeciderIn(data=request.data))
        decider = get_object_or_404(Employee.objects.active().select_related("user"), pk=asked["decider"])
        row = objections.name_decider(
            actor=request.user, objection=objection, decider=decider, reason=asked["reason"]
        )
        return Response(ObjectionOut(row, context={"request": request}).data)

    @extend_schema(request=StatementIn, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/statement")
    def state(self, request: Request, pk: uuid.UUID) -> Response:
        """One's own side, by the assessed person or who signed, until the decision."""
        objection, body = _objection(request, pk), read(StatementIn(data=request.data))
        objections.state_side(actor=request.user, objection=objection, text=body["text"])
        return Response(ObjectionOut(objection, context={"request": request}).data)

    @extend_schema(request=HearIn, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/hear")
    def hear(self, request: Request, pk: uuid.UUID) -> Response:
        body = read(HearIn(data=request.data))
        row = objections.hear(actor=request.user, objection=_objection(request, pk), **body)
        return Response(ObjectionOut(row, context={"request": request}).data)

    @extend_schema(request=RulingIn, responses=EvaluationOut)
    @action(detail=True, methods=["post"], url_path="objection/decide")
    def decide(self, request: Request, pk: uuid.UUID) -> Response:
        """The evaluation that counts from now on."""
        ruling = Ruling(**read(RulingIn(data=request.data)))
        row = objections.decide_objection(actor=request.user, objection=_objection(request, pk), ruling=ruling)
        return Response(EvaluationOut(row).data)


def _objection(request: Request, pk: uuid.UUID) -> Objection:
    if not can_view_objection(request.user, pk):
        raise Http404
    rows = Objection.objects.select_related("evaluation", "decider__user")
    found: Objection = get_object_or_404(rows, evaluation_id=pk)
    return found
