"""Credit points over the API: the ledger of a person, and what HR enters and takes back."""

import uuid
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api.common import Data, read
from evaluations.enums import Jenjang
from evaluations.models import CreditAppointment, CreditApproval, CreditEntry, Evaluation
from evaluations.permissions.follow_up import can_enter_credits, can_view_credits
from evaluations.rules.credits import Gap
from evaluations.selectors.credits import CreditStanding, approval_of, standing_of
from evaluations.services import credits, credits_approval
from evaluations.views.common import find_own_employee
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.work.idempotency import IdempotentMixin

ME = "me"
POINTS: Data = {"max_digits": 10, "decimal_places": 4, "min_value": Decimal(0)}


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


class CreditApprovalOut(serializers.ModelSerializer[Any]):
    approver: Any = serializers.StringRelatedField(help_text="Who establishes the sum", allow_null=True)

    class Meta:
        model = CreditApproval
        fields = ("id", "state", "asked_at", "approver", "capacity", "entry", "decided_at", "reason")
        read_only_fields = fields


class CreditsOut(serializers.Serializer[Any]):
    functional = serializers.BooleanField()
    jenjang = serializers.CharField(help_text="Empty while nobody has said it")
    golongan = serializers.CharField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, help_text="In the present jenjang")
    rank = CreditGapOut(allow_null=True)
    next_jenjang = CreditGapOut(allow_null=True)
    problem = serializers.CharField(help_text="Why there is no gap; empty otherwise")
    entries = CreditEntryOut(many=True)
    approval = CreditApprovalOut(allow_null=True, help_text="Of this sum; null while nobody has asked for it")


class CreditsView(APIView):
    @extend_schema(operation_id="evaluations_credits", responses=CreditsOut)
    def get(self, request: Request, employee: str) -> Response:
        """The ledger of a person ("me" for one's own), its sum and how far it is to the next rank and level."""
        person = _employee(request.user, employee)
        approval = approval_of(person)
        shown = CreditApprovalOut(approval).data if approval else None
        return Response({**credits_body(standing_of(person)), "approval": shown})


def _employee(user: Any, text: str) -> Employee:
    key = as_uuid(text)
    named = Employee.objects.filter(pk=key).first() if key else None
    found = find_own_employee(user) if text == ME else named
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


# --- Establishing the sum -------------------------------------------------------------------------
class CreditApproveIn(serializers.Serializer[Any]):
    seen = serializers.UUIDField(help_text="The last of the entries that you read")


class CreditGiveBackIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class CreditAskView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_credits_ask", request=None, responses={201: CreditApprovalOut})
    def post(self, request: Request, employee: str) -> Response:
        """Let the assessor establish the sum that *akumulasi* and PAK print."""
        row = credits_approval.ask(actor=request.user, employee=_employee(request.user, employee))
        return Response(CreditApprovalOut(row).data, status=status.HTTP_201_CREATED)


class CreditApproveView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_approve", request=CreditApproveIn, responses=CreditApprovalOut
    )
    def post(self, request: Request, employee: str) -> Response:
        """By the assessor; both documents are made then."""
        person, body = _employee(request.user, employee), read(CreditApproveIn(data=request.data))
        row = credits_approval.approve(actor=request.user, employee=person, **body)
        return Response(CreditApprovalOut(row).data)


class CreditGiveBackView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_give_back", request=CreditGiveBackIn, responses=CreditApprovalOut
    )
    def post(self, request: Request, employee: str) -> Response:
        """By the assessor, with the reason; HR corrects and asks again."""
        person, body = _employee(request.user, employee), read(CreditGiveBackIn(data=request.data))
        row = credits_approval.give_back(actor=request.user, employee=person, **body)
        return Response(CreditApprovalOut(row).data)


# --- What HR enters -------------------------------------------------------------------------------
class CreditConvertIn(serializers.Serializer[Any]):
    """`first`: the month from which; empty for the beginning of the evaluation's period."""

    evaluation = serializers.UUIDField()
    first = serializers.DateField(required=False, allow_null=True, default=None)


class CreditIntegrasiIn(serializers.Serializer[Any]):
    """One of the two amounts: the conventional total, or the value that a decree names."""

    on = serializers.DateField()
    conventional = serializers.DecimalField(**POINTS, required=False, allow_null=True, default=None)
    value = serializers.DecimalField(**POINTS, required=False, allow_null=True, default=None)
    source: Any = serializers.CharField(max_length=200, help_text="The decree")


class CreditEducationIn(serializers.Serializer[Any]):
    on = serializers.DateField()
    source: Any = serializers.CharField(max_length=200, help_text="Diploma and decree")


class CreditJenjangIn(serializers.Serializer[Any]):
    jenjang = serializers.ChoiceField(Jenjang.choices)
    since = serializers.DateField()
    source: Any = serializers.CharField(max_length=200, help_text="The decree of appointment")


class CreditReverseIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class CreditAppointmentOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = CreditAppointment
        fields = ("id", "jenjang", "since", "source")
        read_only_fields = fields


def _enterable(request: Request, text: str) -> Employee:
    person = _employee(request.user, text)
    demand(can_enter_credits(request.user, person))
    return person


class CreditConvertView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_convert",
        request=CreditConvertIn,
        responses={201: CreditEntryOut(many=True)},
    )
    def post(self, request: Request, employee: str) -> Response:
        """A part of the year by a periodic evaluation, or a year again after a correction."""
        person, body = _enterable(request, employee), read(CreditConvertIn(data=request.data))
        rows = Evaluation.objects.filter(participant__employee=person)
        evaluation = get_object_or_404(rows, pk=body["evaluation"])
        made = credits.convert(actor=request.user, evaluation=evaluation, first=body["first"])
        return Response(CreditEntryOut(made, many=True).data, status=status.HTTP_201_CREATED)


class CreditIntegrasiView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_integrasi", request=CreditIntegrasiIn, responses={201: CreditEntryOut}
    )
    def post(self, request: Request, employee: str) -> Response:
        """What an old total brings in: less the base value of the *jenjang*, or as a decree says."""
        person, body = _enterable(request, employee), read(CreditIntegrasiIn(data=request.data))
        row = credits.enter_integrasi(actor=request.user, employee=person, **body)
        return Response(CreditEntryOut(row).data, status=status.HTTP_201_CREATED)


class CreditEducationView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_education", request=CreditEducationIn, responses={201: CreditEntryOut}
    )
    def post(self, request: Request, employee: str) -> Response:
        """For a new and higher degree; the amount is the rule's."""
        person, body = _enterable(request, employee), read(CreditEducationIn(data=request.data))
        row = credits.grant_education(actor=request.user, employee=person, **body)
        return Response(CreditEntryOut(row).data, status=status.HTTP_201_CREATED)


class CreditJenjangView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_jenjang", request=CreditJenjangIn, responses={201: CreditAppointmentOut}
    )
    def post(self, request: Request, employee: str) -> Response:
        """Say the *jenjang* that the name of the post does not; years that waited for it are converted."""
        person, body = _enterable(request, employee), read(CreditJenjangIn(data=request.data))
        row = credits.set_jenjang(actor=request.user, employee=person, **body)
        return Response(CreditAppointmentOut(row).data, status=status.HTTP_201_CREATED)


class CreditReverseView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="evaluations_credits_reverse", request=CreditReverseIn, responses={201: CreditEntryOut}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take an entry back by one of the opposite sign; both stay, and its papers are revoked."""
        entry = get_object_or_404(CreditEntry.objects.visible_to(request.user).select_related("employee"), pk=pk)
        demand(can_enter_credits(request.user, entry.employee))
        body = read(CreditReverseIn(data=request.data))
        row = credits.reverse(actor=request.user, entry=entry, **body)
        return Response(CreditEntryOut(row).data, status=status.HTTP_201_CREATED)
