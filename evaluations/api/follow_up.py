"""What follows a result, over the API: suggestions, proposals and their answers, the nine-box."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.coaching import ChainOut, CoachingOut
from evaluations.api.common import YEARS, Data, followed, read
from evaluations.enums import Potential, RecommendationKind
from evaluations.models import Coaching, Cycle, ImprovementChain, Recommendation, TalentPlacement
from evaluations.permissions.follow_up import can_place_talent, can_see_talent
from evaluations.selectors.follow_up import grid, placements, recommended, year_result
from evaluations.services import follow_up
from evaluations.views.common import shown_cycles
from kepegawaian.lib.exceptions import demand
from kepegawaian.units.models import Unit
from kepegawaian.work.idempotency import IdempotentMixin


class SuggestionOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    citation = serializers.CharField()
    verified = serializers.BooleanField()


class RecommendationOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Recommendation
        fields = ("id", "kind", "text", "state", "answer", "proposed_at", "answered_at")
        read_only_fields = fields


class FollowUpOut(serializers.Serializer[Any]):
    suggestions = SuggestionOut(many=True)
    coaching = CoachingOut(many=True)
    chains = ChainOut(many=True)
    recommendations = RecommendationOut(many=True)


class FollowUpView(APIView):
    @extend_schema(operation_id="evaluations_follow_up", responses=FollowUpOut)
    def get(self, request: Request, participant: uuid.UUID) -> Response:
        """What the rules suggest, and what people have made of it."""
        person = followed(request.user, participant)
        suggested = recommended(year_result(person), person.employee)
        coached = Coaching.objects.visible_to(request.user).filter(participant=person)
        body = {
            "suggestions": [
                {"kind": one.kind.value, "citation": str(one.citation), "verified": one.citation.verified}
                for one in suggested
            ],
            "coaching": CoachingOut(coached, many=True).data,
            "chains": ChainOut(ImprovementChain.objects.filter(participant=person), many=True).data,
            "recommendations": RecommendationOut(person.recommendations.all(), many=True).data,
        }
        return Response(body)


# --- Proposals ------------------------------------------------------------------------------------
class RecommendationIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(RecommendationKind.choices)
    text = serializers.CharField(max_length=2000)


class RecommendationAnswerIn(serializers.Serializer[Any]):
    accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)


class RecommendationView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_recommend", request=RecommendationIn, responses={201: RecommendationOut}
    )
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Propose training or an award; HR answers."""
        person, body = followed(request.user, participant), read(RecommendationIn(data=request.data))
        row = follow_up.propose(actor=request.user, participant=person, **body)
        return Response(RecommendationOut(row).data, status=status.HTTP_201_CREATED)


class RecommendationAnswerView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_recommendation_answer",
        request=RecommendationAnswerIn,
        responses=RecommendationOut,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """By HR, with the reason; nobody answers what he proposed."""
        row = get_object_or_404(Recommendation, pk=pk)
        row.participant = followed(request.user, row.participant_id)
        body = read(RecommendationAnswerIn(data=request.data))
        return Response(RecommendationOut(follow_up.answer(actor=request.user, recommendation=row, **body)).data)


# --- Talent ---------------------------------------------------------------------------------------
class TalentIn(serializers.Serializer[Any]):
    potential = serializers.ChoiceField(Potential.choices)
    reason = serializers.CharField(max_length=2000)


class TalentQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(**YEARS)
    unit = serializers.UUIDField(required=False, help_text="It and all below it")
    box = serializers.IntegerField(required=False, min_value=1, max_value=9, help_text="Of the list alone")


class TalentCellOut(serializers.Serializer[Any]):
    box = serializers.IntegerField(source="box.number")
    performance = serializers.CharField(source="box.performance.value")
    potential = serializers.CharField(source="box.potential.value")
    succession = serializers.BooleanField(source="box.succession")
    people = serializers.IntegerField(source="count")


class TalentOut(serializers.ModelSerializer[Any]):
    employee_name = serializers.CharField(source="employee.full_name")

    class Meta:
        model = TalentPlacement
        fields = ("id", "employee", "employee_name", "evaluation", "potential", "box", "reason", "placed_at")
        read_only_fields = fields


def _asked(request: Request) -> tuple[Cycle, str, Data]:
    """The year, and the path of the unit, of the query; only for whom the grid is."""
    demand(can_see_talent(request.user))
    asked = read(TalentQuery(data=request.query_params.dict()))
    cycle = get_object_or_404(shown_cycles(), year=asked["year"])
    return cycle, get_object_or_404(Unit, pk=asked["unit"]).path if "unit" in asked else "", asked


class TalentGridView(APIView):
    @extend_schema(
        operation_id="evaluations_talent_grid",
        parameters=[TalentQuery],
        responses=TalentCellOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """How many of one's scope stand in each of the nine boxes."""
        cycle, path, _said = _asked(request)
        cells = [cell for row in grid(request.user, cycle, path=path) for cell in row]
        return Response(TalentCellOut(cells, many=True).data)


@extend_schema(parameters=[TalentQuery])
class TalentListView(generics.ListAPIView[TalentPlacement]):
    """Who stands where: HR, and leaders of the people below them."""

    queryset = TalentPlacement.objects.none()
    serializer_class = TalentOut

    def get_queryset(self) -> QuerySet[TalentPlacement]:
        cycle, path, asked = _asked(self.request)
        rows = placements(self.request.user, cycle, path=path).select_related("employee")
        return rows.filter(box=asked["box"]) if "box" in asked else rows


class TalentPlaceView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_talent_place", request=TalentIn, responses={201: TalentOut})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Record the potential with its reason; the box follows from the year's *predikat*."""
        person = followed(request.user, participant)
        demand(can_place_talent(request.user, person))
        body = read(TalentIn(data=request.data))
        row = follow_up.place_talent(actor=request.user, participant=person, **body)
        return Response(TalentOut(row).data, status=status.HTTP_201_CREATED)
