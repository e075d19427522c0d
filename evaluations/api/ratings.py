"""Progress, feedback, evaluations and objections over the API: verbs, refusals and anonymity of the pages.

Giving feedback takes no `Idempotency-Key`: the stored answer would join the giver with a digest of the words.
"""

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

from evaluations.enums import EvaluationState, Predikat, Rating, Value
from evaluations.models import Evaluation, Evidence, FeedbackInvitation, Objection, Participant, Period, Progress
from evaluations.permissions.ratings import can_view_objection
from evaluations.selectors.feedback import Shown, feedback_shown, relation_of
from evaluations.selectors.periods import begun, working_periods
from evaluations.services import execution, feedback, objections, ratings
from evaluations.services.objections import Ruling
from evaluations.services.ratings import Assessment, Remark
from evaluations.views.common import find_own_employee, visible_participants
from kepegawaian.employees.models import Employee
from kepegawaian.work.idempotency import IdempotentMixin

Data = dict[str, Any]
TEXT: Data = {"max_length": 2000, "allow_blank": True, "default": ""}


def read(serializer: serializers.Serializer[Any]) -> Data:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def visible(request: Request, pk: uuid.UUID) -> Participant:
    found: Participant = get_object_or_404(visible_participants(request.user), pk=pk)
    return found


def period_of(participant: Participant, pk: uuid.UUID) -> Period:
    rows = Period.objects.select_related("cycle").filter(cycle=participant.cycle_id)
    found: Period = get_object_or_404(rows, pk=pk)
    return found


# --- Progress -------------------------------------------------------------------------------------
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


# --- Feedback -------------------------------------------------------------------------------------
class FeedbackEntryIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)
    value = serializers.ChoiceField(Value.choices, required=False, allow_blank=True, default="")
    result = serializers.UUIDField(required=False, allow_null=True, default=None)


class FeedbackIn(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    entries = FeedbackEntryIn(many=True, max_length=60)  # type: ignore[call-arg]


class FeedbackAskIn(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    givers = serializers.ListField(child=serializers.UUIDField(), max_length=60, help_text="Employee ids")
    question = serializers.CharField(max_length=500, allow_blank=True, default="")


class FeedbackSaidOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    about = serializers.CharField(help_text="A value or a result; empty for the whole")
    giver = serializers.CharField(help_text="Empty where it is anonymous")


class FeedbackBatchOut(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    relation = serializers.CharField(allow_null=True, help_text="null: several small groups together")
    givers = serializers.IntegerField(help_text="0 for feedback by name")
    said = FeedbackSaidOut(many=True)


class FeedbackOut(serializers.Serializer[Any]):
    named = FeedbackBatchOut(many=True)
    anonymous = FeedbackBatchOut(many=True, help_text="Closed periods and groups of the threshold only, shuffled")


class FeedbackGivenOut(serializers.Serializer[Any]):
    relation = serializers.CharField()


def shown_body(shown: Shown) -> Data:
    def batches(rows: Any) -> list[Data]:
        return [
            {
                "period": str(batch.period.pk),
                "relation": batch.relation.value if batch.relation else None,
                "givers": batch.givers,
                "said": [
                    {"text": said.text, "about": str(said.about), "giver": said.giver} for said in batch.said
                ],
            }
            for batch in rows
        ]

    return {"named": batches(shown.named), "anonymous": batches(shown.anonymous)}


class FeedbackView(APIView):
    @extend_schema(operation_id="evaluations_feedback_read", responses=FeedbackOut)
    def get(self, request: Request, participant: uuid.UUID) -> Response:
        """What may be shown about a person one may see."""
        person = visible(request, participant)
        return Response(shown_body(feedback_shown(person, begun(working_periods(person.cycle)))))

    @extend_schema(operation_id="evaluations_feedback_give", request=FeedbackIn, responses=FeedbackGivenOut)
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Words about somebody; the relation that they count for. Anonymous ones cannot be taken back."""
        rows = Participant.objects.select_related("cycle", "employee__user", "assessor__user")
        person = get_object_or_404(rows, pk=participant)
        giver = find_own_employee(request.user)
        asked = FeedbackInvitation.objects.filter(participant=person, giver=giver)
        if giver is None or (relation_of(giver, person) is None and not asked.exists()):
            raise Http404
        body = read(FeedbackIn(data=request.data))
        relation = feedback.give(
            actor=request.user,
            participant=person,
            period=period_of(person, body["period"]),
            entries=[
                feedback.Entry(one["text"], one["value"], str(one["result"] or "")) for one in body["entries"]
            ],
        )
        return Response({"relation": relation.value})


class FeedbackAskView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_feedback_ask", request=FeedbackAskIn, responses={204: None})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Ask people for feedback about oneself or about somebody one assesses."""
        person, body = visible(request, participant), read(FeedbackAskIn(data=request.data))
        givers = list(Employee.objects.active().filter(pk__in=body["givers"]).select_related("user"))
        feedback.ask(
            actor=request.user,
            participant=person,
            period=period_of(person, body["period"]),
            givers=givers,
            question=body["question"],
        )
        return Response(status=204)


# --- Evaluations ----------------------------------------------------------------------------------
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


class SignIn(serializers.Serializer[Any]):
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class ObjectionIn(serializers.Serializer[Any]):
    reasons = serializers.CharField(max_length=4000)


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
    class Meta:
        model = Objection
        fields = (
            "id",
            "evaluation",
            "state",
            "reasons",
            "decider",
            "filed_at",
            "last_day",
            "due_on",
            "employee_heard",
            "assessor_heard",
            "decision_reason",
            "decided_at",
            "version",
        )
        read_only_fields = fields


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

    @extend_schema(request=SignIn, responses=EvaluationOut)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: uuid.UUID) -> Response:
        body = read(SignIn(data=request.data))
        row = ratings.sign(actor=request.user, evaluation=self.get_object(), version=body.get("version"))
        return Response(EvaluationOut(row).data)

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
        return Response(ObjectionOut(row).data)

    @extend_schema(responses=ObjectionOut)
    @action(detail=True, methods=["get"])
    def objection(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(ObjectionOut(_objection(request, pk)).data)

    @extend_schema(request=None, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/withdraw")
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        row = objections.withdraw_objection(actor=request.user, objection=_objection(request, pk))
        return Response(ObjectionOut(row).data)

    @extend_schema(request=HearIn, responses=ObjectionOut)
    @action(detail=True, methods=["post"], url_path="objection/hear")
    def hear(self, request: Request, pk: uuid.UUID) -> Response:
        body = read(HearIn(data=request.data))
        row = objections.hear(actor=request.user, objection=_objection(request, pk), **body)
        return Response(ObjectionOut(row).data)

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
