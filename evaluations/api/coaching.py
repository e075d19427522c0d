"""Coaching with its sessions and forms, and the six months to improve, over the API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import Data, PerformanceVersion, followed, read
from evaluations.enums import CoachingKind, CoachingState
from evaluations.models import Coaching, CoachingReview, CoachingSession, CompetencyCheck, ImprovementChain
from evaluations.permissions.common import can_manage
from evaluations.permissions.follow_up import can_follow_up, can_read_review
from evaluations.rules.coaching import STATEMENTS
from evaluations.selectors.follow_up import year_result
from evaluations.services import coaching as verbs
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import demand
from kepegawaian.work.idempotency import IdempotentMixin


# --- What comes in --------------------------------------------------------------------------------
class CoachingIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(CoachingKind.choices)
    coach = serializers.UUIDField(help_text="Employee id")
    goal = serializers.CharField(max_length=2000)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CoachingQuery(serializers.Serializer[Any]):
    participant = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(CoachingState.choices, required=False)


class CoachingSessionIn(serializers.Serializer[Any]):
    held_on = serializers.DateField()
    notes = serializers.CharField(max_length=4000)
    agreed = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CompetencyIn(serializers.Serializer[Any]):
    competency = serializers.CharField(max_length=150)
    score = serializers.IntegerField(min_value=1, max_value=5)
    reason = serializers.CharField(max_length=1000)


class CoachingCloseIn(PerformanceVersion):
    outcome = serializers.CharField(max_length=2000)
    dropped = serializers.BooleanField(default=False)


class CoachingReviewIn(serializers.Serializer[Any]):
    """Form B.1.8: every statement answered."""

    answers = serializers.DictField(child=serializers.BooleanField(), help_text=", ".join(STATEMENTS))
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ChainStartIn(serializers.Serializer[Any]):
    starts_on = serializers.DateField(required=False, allow_null=True, default=None)


class ChainFindingIn(serializers.Serializer[Any]):
    recovered = serializers.BooleanField(help_text="The work has improved, and it ends here; else a test follows")
    finding = serializers.CharField(max_length=2000)


class ChainTestIn(serializers.Serializer[Any]):
    test_on = serializers.DateField()
    test_result = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ChainDecisionIn(serializers.Serializer[Any]):
    decision = serializers.CharField(max_length=2000)
    decree_number = serializers.CharField(max_length=120)


# --- What goes out --------------------------------------------------------------------------------
class CoachingOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Coaching
        fields = (
            *("id", "participant", "kind", "coach", "goal", "starts_on", "ends_on", "state", "outcome"),
            *("closed_at", "version"),
        )
        read_only_fields = fields


class CoachingSessionOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = CoachingSession
        fields = ("id", "held_on", "notes", "agreed", "at")
        read_only_fields = fields


class CompetencyOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = CompetencyCheck
        fields = ("id", "competency", "score", "reason", "at")
        read_only_fields = fields


class CoachingReviewOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = CoachingReview
        fields = ("answers", "note", "at")
        read_only_fields = fields


class CoachingDetail(CoachingOut):
    """`review`: form B.1.8, for who wrote it, the assessor's superior and HR; null for everybody else."""

    sessions = CoachingSessionOut(many=True, read_only=True)
    checks = CompetencyOut(many=True, read_only=True)
    review = serializers.SerializerMethodField()

    class Meta:
        model = Coaching
        fields = (*CoachingOut.Meta.fields, "sessions", "checks", "review")
        read_only_fields = fields

    @extend_schema_field(CoachingReviewOut(allow_null=True))
    def get_review(self, row: Coaching) -> Data | None:
        reads = hasattr(row, "review") and can_read_review(self.context["user"], row)
        return dict(CoachingReviewOut(row.review).data) if reads else None


class ChainOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = ImprovementChain
        fields = (
            *("id", "participant", "evaluation", "starts_on", "ends_on", "state", "finding", "test_on"),
            *("test_result", "decision", "decree_number", "closed_at", "version"),
        )
        read_only_fields = fields


# --- Coaching -------------------------------------------------------------------------------------
class CoachingOpenView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_coaching_open", request=CoachingIn, responses={201: CoachingOut})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Plan coaching: the assessor, his superior, or HR."""
        person = followed(request.user, participant)
        demand(can_follow_up(request.user, person))
        body = read(CoachingIn(data=request.data))
        people = Employee.objects.visible_to(request.user).select_related("user")
        coach = get_object_or_404(people, pk=body.pop("coach"))
        row = verbs.open_coaching(
            actor=request.user, participant=person, coach=coach, evaluation=year_result(person), **body
        )
        return Response(CoachingOut(row).data, status=status.HTTP_201_CREATED)


class CoachingViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Coaching]
):
    """Coaching as the person, the coach, the line of superiors and HR see it; no other role does."""

    queryset = Coaching.objects.none()
    serializer_class = CoachingOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Coaching]:
        rows = Coaching.objects.visible_to(self.request.user)
        if self.action == "list":
            return rows.filter(**read(CoachingQuery(data=self.request.query_params.dict())))
        related = ("participant__cycle", "participant__employee__user", "participant__assessor__user")
        return rows.select_related(*related, "coach__user", "review")

    @extend_schema(parameters=[CoachingQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=CoachingDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With sessions and competencies, and with form B.1.8 for whom it is."""
        return self._answer(self.get_object())

    @extend_schema(request=CoachingSessionIn, responses={201: CoachingSessionOut})
    @action(detail=True, methods=["post"])
    def sessions(self, request: Request, pk: uuid.UUID) -> Response:
        """What was said on a day, and what was agreed; never rewritten."""
        row, body = self.get_object(), read(CoachingSessionIn(data=request.data))
        made = verbs.add_session(actor=request.user, coaching=row, **body)
        return Response(CoachingSessionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CompetencyIn, responses={201: CompetencyOut})
    @action(detail=True, methods=["post"])
    def competencies(self, request: Request, pk: uuid.UUID) -> Response:
        """A line of form B.1.9."""
        row, body = self.get_object(), read(CompetencyIn(data=request.data))
        made = verbs.check_competency(actor=request.user, coaching=row, **body)
        return Response(CompetencyOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CoachingCloseIn, responses=CoachingDetail)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: uuid.UUID) -> Response:
        """With its outcome; the person is then asked for form B.1.8."""
        row, body = self.get_object(), read(CoachingCloseIn(data=request.data))
        verbs.close_coaching(actor=request.user, coaching=row, **body)
        return self._answer(self.get_object())

    @extend_schema(request=CoachingReviewIn, responses={201: CoachingReviewOut})
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: uuid.UUID) -> Response:
        """Form B.1.8 by who was coached, once."""
        row, body = self.get_object(), read(CoachingReviewIn(data=request.data))
        made = verbs.write_review(actor=request.user, coaching=row, **body)
        return Response(CoachingReviewOut(made).data, status=status.HTTP_201_CREATED)

    def _answer(self, row: Coaching) -> Response:
        return Response(CoachingDetail(row, context={"user": self.request.user}).data)


# --- Six months to improve ------------------------------------------------------------------------
class ChainOpenView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_chain_open", request=ChainStartIn, responses={201: ChainOut})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """The six months of a PNS whose year was *Kurang* or *Sangat Kurang*; HR only."""
        person = followed(request.user, participant)
        demand(can_manage(request.user, person))
        result = year_result(person)
        if result is None:
            raise Http404
        body = read(ChainStartIn(data=request.data))
        row = verbs.open_chain(actor=request.user, evaluation=result, **body)
        return Response(ChainOut(row).data, status=status.HTTP_201_CREATED)


class ChainViewSet(IdempotentMixin, viewsets.GenericViewSet[ImprovementChain]):
    """The six months of a person one may follow up; HR takes it from step to step."""

    queryset = ImprovementChain.objects.none()
    serializer_class = ChainOut
    lookup_value_converter = "uuid"

    def get_object(self) -> ImprovementChain:
        row = get_object_or_404(ImprovementChain, pk=self.kwargs["pk"])
        row.participant = followed(self.request.user, row.participant_id)
        return row

    @extend_schema(responses=ChainOut)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(ChainOut(self.get_object()).data)

    @extend_schema(request=ChainFindingIn, responses=ChainOut)
    @action(detail=True, methods=["post"])
    def finding(self, request: Request, pk: uuid.UUID) -> Response:
        """What came out after the six months."""
        row, body = self.get_object(), read(ChainFindingIn(data=request.data))
        return Response(ChainOut(verbs.record_finding(actor=request.user, chain=row, **body)).data)

    @extend_schema(request=ChainTestIn, responses=ChainOut)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: uuid.UUID) -> Response:
        """When the competency test is, and later its result."""
        row, body = self.get_object(), read(ChainTestIn(data=request.data))
        return Response(ChainOut(verbs.record_test(actor=request.user, chain=row, **body)).data)

    @extend_schema(request=ChainDecisionIn, responses=ChainOut)
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, pk: uuid.UUID) -> Response:
        """What the authority decided, by its decree; the portal decides nothing."""
        row, body = self.get_object(), read(ChainDecisionIn(data=request.data))
        return Response(ChainOut(verbs.record_decision(actor=request.user, chain=row, **body)).data)
