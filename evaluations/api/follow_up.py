"""Credit points, follow-up records and exports over the API: the same verbs, refusals and numbers as the pages."""

import uuid
from decimal import Decimal
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.enums import CoachingKind, RecommendationKind
from evaluations.exporting import EXPORTS
from evaluations.models import Coaching, CreditEntry, Participant, Recommendation
from evaluations.permissions.follow_up import can_export, can_see_follow_up, can_view_credits
from evaluations.rules.credits import Gap
from evaluations.selectors.credits import CreditStanding, standing_of
from evaluations.selectors.follow_up import recommended, year_result
from evaluations.services import coaching as coachings
from evaluations.services import follow_up
from evaluations.views.common import find_own_employee
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import demand
from kepegawaian.work import sheets
from kepegawaian.work.idempotency import IdempotentMixin

Data = dict[str, Any]
ME = "me"


def read(serializer: serializers.Serializer[Any]) -> Data:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


# --- Credit points --------------------------------------------------------------------------------
class CreditEntryOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = CreditEntry
        fields = (
            "id",
            "kind",
            "jenjang",
            "golongan",
            "evaluation",
            "predikat",
            "start",
            "end",
            "months",
            "percent",
            "coefficient",
            "value",
            "source",
            "reverses",
            "at",
        )
        read_only_fields = fields


class CreditGapOut(serializers.Serializer[Any]):
    target = serializers.CharField()
    needed = serializers.DecimalField(max_digits=10, decimal_places=4)
    missing = serializers.DecimalField(max_digits=10, decimal_places=4)
    met = serializers.BooleanField(help_text="Points alone promote nobody")


class CreditsOut(serializers.Serializer[Any]):
    functional = serializers.BooleanField()
    jenjang = serializers.CharField(help_text="Empty while nobody has said it")
    golongan = serializers.CharField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, help_text="In the present jenjang")
    rank = CreditGapOut(allow_null=True)
    next_jenjang = CreditGapOut(allow_null=True)
    problem = serializers.CharField(help_text="Why there is no gap; empty otherwise")
    entries = CreditEntryOut(many=True)


class CreditsView(APIView):
    @extend_schema(operation_id="evaluations_credits", responses=CreditsOut)
    def get(self, request: Request, employee: str) -> Response:
        """The ledger of a person ("me" for one's own), its sum and how far it is to the next rank and level."""
        return Response(credits_body(standing_of(_employee(request.user, employee))))


def _employee(user: Any, text: str) -> Employee:
    if text == ME:
        found = find_own_employee(user)
    else:
        try:
            found = Employee.objects.filter(pk=uuid.UUID(text)).first()
        except ValueError:
            raise Http404 from None
    if found is None or not can_view_credits(user, found):
        raise Http404
    return found


def credits_body(standing: CreditStanding) -> Data:
    span = standing.span
    return {
        "functional": standing.functional,
        "jenjang": span.jenjang.value if span and span.jenjang else "",
        "golongan": span.golongan if span else "",
        "total": _points(standing.total),
        "rank": _gap(standing.rank),
        "next_jenjang": _gap(standing.jenjang),
        "problem": str(standing.problem),
        "entries": CreditEntryOut(standing.entries, many=True).data,
    }


def _gap(gap: Gap | None) -> Data | None:
    if gap is None:
        return None
    found = {"needed": _points(gap.needed), "missing": _points(gap.missing)}
    return {"target": str(gap.target), **found, "met": gap.met}


def _points(value: Decimal) -> str:
    """As text, so that no reader rounds it."""
    return f"{value:f}"


# --- Follow-up ------------------------------------------------------------------------------------
class SuggestionOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    citation = serializers.CharField()
    verified = serializers.BooleanField()


class CoachingOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Coaching
        fields = ("id", "kind", "coach", "goal", "starts_on", "ends_on", "state", "outcome", "version")
        read_only_fields = fields


class RecommendationOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Recommendation
        fields = ("id", "kind", "text", "state", "answer", "proposed_at", "answered_at")
        read_only_fields = fields


class FollowUpOut(serializers.Serializer[Any]):
    suggestions = SuggestionOut(many=True)
    coaching = CoachingOut(many=True)
    recommendations = RecommendationOut(many=True)


class CoachingIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(CoachingKind.choices)
    coach = serializers.UUIDField(help_text="Employee id")
    goal = serializers.CharField(max_length=2000)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class RecommendationIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(RecommendationKind.choices)
    text = serializers.CharField(max_length=2000)


def followed(user: Any, pk: uuid.UUID) -> Participant:
    rows = Participant.objects.select_related("cycle", "employee__user", "assessor__user")
    found = rows.filter(pk=pk).first()
    if found is None or not can_see_follow_up(user, found):
        raise Http404
    return found


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
            "recommendations": RecommendationOut(person.recommendations.all(), many=True).data,
        }
        return Response(body)


class CoachingView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_coaching_open", request=CoachingIn, responses={201: CoachingOut})
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Plan coaching: the assessor, his superior, or HR."""
        person, body = followed(request.user, participant), read(CoachingIn(data=request.data))
        coach = Employee.objects.select_related("user").filter(pk=body.pop("coach")).first()
        if coach is None:
            raise Http404
        row = coachings.open_coaching(actor=request.user, participant=person, coach=coach, **body)
        return Response(CoachingOut(row).data, status=status.HTTP_201_CREATED)


class RecommendationView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_recommend", request=RecommendationIn, responses={201: RecommendationOut}
    )
    def post(self, request: Request, participant: uuid.UUID) -> Response:
        """Propose training or an award; HR answers."""
        person, body = followed(request.user, participant), read(RecommendationIn(data=request.data))
        row = follow_up.propose(actor=request.user, participant=person, **body)
        return Response(RecommendationOut(row).data, status=status.HTTP_201_CREATED)


# --- Exports --------------------------------------------------------------------------------------
class ExportIn(serializers.Serializer[Any]):
    year = serializers.IntegerField(min_value=2022, max_value=2100)
    kind = serializers.ChoiceField([(one, one) for one in sheets.MIMES], default=sheets.CSV)


class ExportOut(serializers.Serializer[Any]):
    job = serializers.UUIDField(help_text="Its page tells how far it is and leads to the file")


class ExportView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_export", request=ExportIn, responses={202: ExportOut})
    def post(self, request: Request, code: str) -> Response:
        """Results of a year in the shape of SIASN ("skp22", "periodik"), written by a worker; HR only."""
        demand(can_export(request.user))
        export = EXPORTS.get(code)
        if export is None:
            raise Http404
        body = read(ExportIn(data=request.data))
        job = export.later(query=f"tahun={body['year']}", kind=body["kind"], actor=request.user)
        return Response({"job": str(job.pk)}, status=status.HTTP_202_ACCEPTED)
