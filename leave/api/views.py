"""The leave API: the same verbs, refusals and numbers as the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused, demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.work.idempotency import IdempotentMixin
from leave import permissions, selectors, services
from leave.api import serializers as bodies
from leave.models import LeaveRequest, Movement
from leave.services import Preview
from leave.views.common import find_own

ME = "me"


def read(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def own_employee(user: Any) -> Employee:
    employee = find_own(user)
    if employee is None:
        raise PermissionRefused(permissions.NO_RECORD)
    return employee


def asked_employee(user: Any, text: str) -> Employee:
    """`employee=` of a query: an id whose balance the caller may see, or "me". Others are not found."""
    if text == ME:
        return own_employee(user)
    key = as_uuid(text)
    employee = Employee.objects.select_related("current_unit").filter(pk=key).first() if key else None
    if employee is None or not permissions.can_view_balance(user, employee):
        raise Http404
    return employee


class BalanceView(APIView):
    @extend_schema(parameters=[bodies.BalanceQuery], responses=bodies.BalanceOut)
    def get(self, request: Request) -> Response:
        """The balance of a year as it stands on a date, with every movement behind it."""
        asked = read(bodies.BalanceQuery(data=request.query_params.dict()))
        employee = asked_employee(request.user, asked.get("employee", ME))
        balance = selectors.balance_of(employee, year=asked.get("year"), on=asked.get("on"))
        return Response(balance.body())


class PreviewView(APIView):
    @extend_schema(request=bodies.PreviewBody, responses=bodies.PreviewOut)
    def post(self, request: Request) -> Response:
        """What would happen if this were filed now. Refusals are part of the answer; nothing is written."""
        body = bodies.PreviewBody(data=request.data)
        known = read(body).get("request")
        employee = own_employee(request.user)
        filed = LeaveRequest.objects.filter(pk=known, employee=employee).first() if known else None
        found = services.preview(request.user, employee, body.as_data(), request=filed)
        return Response(preview_body(found))


def preview_body(found: Preview) -> dict[str, Any]:
    language = get_language() or "id"
    return {
        "charged_days": found.charged_days,
        "days": [
            {"date": day.date, "charged": day.charged, "reason": "" if day.charged else day.name(language)}
            for day in found.days
        ],
        "balance_before": found.balance_before,
        "balance_after": found.balance_after,
        "refusals": [
            {
                "rule": str(one.rule),
                "article": one.article,
                "verified": one.verified,
                "message": one.message,
            }
            for one in found.refusals
        ],
        "deciders": [
            {
                "step": one.step.value,
                "name": one.holder.employee.full_name if one.holder else "",
                "title": one.holder.title if one.holder else "",
                "missing": str(one.missing),
            }
            for one in found.deciders
        ],
    }


class RequestViewSet(
    IdempotentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[LeaveRequest],
):
    """Requests that the caller may see: own ones, those with a step of his, and the scope of his roles."""

    queryset = LeaveRequest.objects.none()
    serializer_class = bodies.RequestOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[LeaveRequest]:
        found = LeaveRequest.objects.visible_to(self.request.user).select_related("employee")
        if self.action != "list":
            return found
        asked = read(bodies.RequestQuery(data=self.request.query_params.dict()))
        if employee := asked.get("employee"):
            found = found.filter(employee=asked_employee(self.request.user, employee))
        if state := asked.get("state"):
            found = found.filter(state=state)
        return found

    def paginate_queryset(self, queryset: Any) -> Any:
        return selectors.hang_open_steps(super().paginate_queryset(queryset) or [])

    @extend_schema(parameters=[bodies.RequestQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=bodies.RequestBody, responses={201: bodies.RequestOut})
    def create(self, request: Request) -> Response:
        """A draft of one's own; nobody sees it until it is submitted."""
        body = bodies.RequestBody(data=request.data)
        read(body)
        employee = own_employee(request.user)
        draft = services.save_draft(actor=request.user, employee=employee, data=body.as_data())
        return self._answer(draft, status.HTTP_201_CREATED)

    @extend_schema(request=bodies.EditBody(partial=True), responses=bodies.RequestOut)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change a draft, or what was submitted and nobody has touched; its days are counted again."""
        filed = self.get_object()
        demand(permissions.can_edit(request.user, filed))
        body = bodies.EditBody(data=request.data, partial=True)
        version = read(body).get("version")
        data = body.as_data(services.RequestData.of(filed))
        return self._answer(services.edit(actor=request.user, request=filed, data=data, version=version))

    @extend_schema(request=bodies.VersionBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: uuid.UUID) -> Response:
        """File a draft: its days are reserved and it waits for the superior."""
        version = read(bodies.VersionBody(data=request.data)).get("version")
        return self._answer(services.submit(actor=request.user, request=self.get_object(), version=version))

    @extend_schema(request=bodies.WithdrawBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """Take a request back before its first day."""
        reason = read(bodies.WithdrawBody(data=request.data))["reason"]
        return self._answer(services.withdraw(actor=request.user, request=self.get_object(), reason=reason))

    @extend_schema(request=bodies.VerdictBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def opinion(self, request: Request, pk: uuid.UUID) -> Response:
        """Box VII by the direct superior: advice that always passes on."""
        return self._verdict(request, services.give_opinion)

    @extend_schema(request=bodies.VerdictBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: uuid.UUID) -> Response:
        """Box VIII by the deciding officer; both boxes where superior and decider are one person."""
        return self._verdict(request, services.decide)

    @extend_schema(request=bodies.AnswerBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, pk: uuid.UUID) -> Response:
        """The applicant's answer to offered dates."""
        accept = read(bodies.AnswerBody(data=request.data))["accept"]
        return self._answer(services.respond(actor=request.user, request=self.get_object(), accept=accept))

    @extend_schema(request=bodies.RecallBody, responses=bodies.RequestOut)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: uuid.UUID) -> Response:
        """End a running leave early, by the deciding officer: what is left of it goes back to the balance."""
        values = read(bodies.RecallBody(data=request.data))
        return self._answer(services.recall(actor=request.user, request=self.get_object(), **values))

    def _verdict(self, request: Request, verb: Any) -> Response:
        body = bodies.VerdictBody(data=request.data)
        version = read(body).get("version")
        filed = self.get_object()
        return self._answer(verb(actor=request.user, request=filed, verdict=body.verdict(), version=version))

    def _answer(self, filed: LeaveRequest, code: int = status.HTTP_200_OK) -> Response:
        return Response(bodies.RequestOut(filed).data, status=code)


@extend_schema(parameters=[bodies.LedgerQuery])
class LedgerViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Movement]):
    """Every movement of annual leave that the caller may see, the newest first."""

    queryset = Movement.objects.none()
    serializer_class = bodies.LedgerRow

    def get_queryset(self) -> QuerySet[Movement]:
        asked = read(bodies.LedgerQuery(data=self.request.query_params.dict()))
        employee = asked_employee(self.request.user, asked.get("employee", ME))
        found = Movement.objects.filter(bucket__account__employee=employee)
        if year := asked.get("year"):
            found = found.filter(bucket__year=year)
        return found.select_related("bucket__account__employee")
