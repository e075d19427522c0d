"""Feedback over the API, as anonymous as on the pages.

Giving takes no `Idempotency-Key`: the stored answer would join the giver with a digest of the words.
"""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import Data, own_employee, period_of, read, visible
from evaluations.enums import Value
from evaluations.models import FeedbackInvitation, Participant
from evaluations.selectors.feedback import Shown, feedback_shown, relation_of
from evaluations.selectors.periods import begun, working_periods
from evaluations.services import feedback
from evaluations.views.common import find_own_employee
from kepegawaian.employees.models import Employee
from kepegawaian.work.idempotency import IdempotentMixin


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


# --- Asked of me ----------------------------------------------------------------------------------
class FeedbackInvitationOut(serializers.ModelSerializer[Any]):
    employee_name = serializers.CharField(source="participant.employee.full_name")

    class Meta:
        model = FeedbackInvitation
        fields = ("id", "participant", "employee_name", "period", "relation", "question")
        read_only_fields = fields


class FeedbackInvitationsView(APIView):
    @extend_schema(operation_id="evaluations_feedback_asked", responses=FeedbackInvitationOut(many=True))
    def get(self, request: Request) -> Response:
        """Who waits for words of mine, the oldest period first, at most fifty."""
        waiting = FeedbackInvitation.objects.filter(
            giver=own_employee(request.user),
            given=False,
            declined=False,
            period__feedback_closed_at=None,
            participant__cycle__closed_at=None,
        )
        rows = waiting.select_related("participant__employee").order_by("period__start", "id")[:50]
        return Response(FeedbackInvitationOut(rows, many=True).data)


class FeedbackDeclineView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_feedback_decline", request=None, responses={204: None})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Nobody has to give feedback, and nobody is told who declined."""
        row = get_object_or_404(FeedbackInvitation, pk=pk, giver=own_employee(request.user))
        feedback.decline(actor=request.user, invitation=row)
        return Response(status=204)


# --- To a whole team ------------------------------------------------------------------------------
class FeedbackTeamIn(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    participants = serializers.ListField(child=serializers.UUIDField(), max_length=500)
    text = serializers.CharField(max_length=2000)


class FeedbackTeamOut(serializers.Serializer[Any]):
    given = serializers.IntegerField()


class FeedbackTeamView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_feedback_team", request=FeedbackTeamIn, responses=FeedbackTeamOut)
    def post(self, request: Request) -> Response:
        """The same words of an assessor, by name, to several of the team; readers see that they are alike."""
        body = read(FeedbackTeamIn(data=request.data))
        team = Participant.objects.assessed_by(request.user).taking_part()
        rows = team.filter(pk__in=body["participants"]).select_related("cycle", "employee__user", "assessor__user")
        people = list(rows)
        if not people or len(people) != len(set(body["participants"])):
            raise Http404
        period = period_of(people[0], body["period"])
        given = feedback.give_to_team(actor=request.user, participants=people, period=period, text=body["text"])
        return Response({"given": given})
