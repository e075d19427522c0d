"""The SKP over the API: the same verbs, refusals and texts as the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.api import plans_bodies as bodies
from evaluations.api.common import Data, PerformanceVersion, read, visible
from evaluations.models import Indicator, Participant, Plan, PlanResult, PlanTemplate
from evaluations.selectors.plans import usable_templates, with_lines
from evaluations.services import plans as verbs
from kepegawaian.work.idempotency import IdempotentMixin

MOST_TEMPLATES = 100


class PlanViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Plan]
):
    """Plans that the caller may see; drafts are their author's alone."""

    queryset = Plan.objects.none()
    serializer_class = bodies.PlanOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Plan]:
        found = Plan.objects.visible_to(self.request.user)
        if self.action != "list":
            return with_lines(found).prefetch_related("steps__actor")
        asked = read(bodies.PlanQuery(data=self.request.query_params.dict()))
        names = {"year": "participant__cycle__year", "state": "state", "participant": "participant"}
        found = found.filter(**{names[name]: value for name, value in asked.items()})
        return found.select_related("participant__cycle", "participant__employee", "posting").order_by("-id")

    @extend_schema(parameters=[bodies.PlanQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=bodies.PlanDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With results, indicators, expectations, appendices and the log."""
        return Response(bodies.PlanDetail(self.get_object()).data)

    @extend_schema(request=bodies.PlanStart, responses={201: bodies.PlanDetail})
    def create(self, request: Request) -> Response:
        """A draft for the post that one holds now, empty or copied."""
        values = read(bodies.PlanStart(data=request.data))
        rows = Participant.objects.visible_to(request.user)
        plan = verbs.start(
            actor=request.user,
            participant=get_object_or_404(rows, pk=values["participant"]),
            source=verbs.Source(verbs.Origin(values["origin"]), values["copied"]),
            approach=values.get("approach", ""),
        )
        return self._answer(plan, status.HTTP_201_CREATED)

    @extend_schema(request=bodies.PlanLineIn, responses={200: bodies.PlanLineOut})
    @action(detail=True, methods=["post"])
    def lines(self, request: Request, pk: uuid.UUID) -> Response:
        """Add a line, or write one that is there."""
        body = bodies.PlanLineIn(data=request.data)
        values, plan, texts = read(body), self.get_object(), body.texts()
        if values["kind"] in ("result", "indicator") and values["id"] is None:
            return self._added(request, plan, values, texts)
        key = (values["kind"], str(values["id"] or values["name"]))
        saved = verbs.save_lines(
            actor=request.user, plan=plan, changes=[verbs.LineChange(key, texts, values["seen"])]
        )
        verbs.refuse_clashes(saved)
        return Response(bodies.PlanLineOut({"id": key[1], "mark": saved.marks[key]}).data)

    def _added(self, request: Request, plan: Plan, values: Data, texts: dict[str, str]) -> Response:
        row: PlanResult | Indicator
        if values["kind"] == "result":
            row = verbs.add_result(actor=request.user, plan=plan, kind=values["block"], values=texts)
        else:
            row = verbs.add_indicator(actor=request.user, plan=plan, result=values["result"], values=texts)
        known = verbs.Lines(plan).values((values["kind"], str(row.pk))) or {}
        return Response(bodies.PlanLineOut({"id": str(row.pk), "mark": verbs.mark(known)}).data)

    @extend_schema(
        request=None,
        responses={204: None},
        parameters=[OpenApiParameter("line", uuid.UUID, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["delete"], url_path="lines/<uuid:line>")
    def remove(self, request: Request, pk: uuid.UUID, line: uuid.UUID) -> Response:
        """Remove a result with its indicators, or an indicator."""
        verbs.remove_line(actor=request.user, plan=self.get_object(), line=line)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=bodies.PlanMoveIn,
        responses=bodies.PlanDetail,
        parameters=[OpenApiParameter("line", uuid.UUID, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["post"], url_path="lines/<uuid:line>/move")
    def move(self, request: Request, pk: uuid.UUID, line: uuid.UUID) -> Response:
        """Change places with the line above or below; the first stays first and the last last."""
        values, plan = read(bodies.PlanMoveIn(data=request.data)), self.get_object()
        verbs.move_line(actor=request.user, plan=plan, line=line, up=values["up"])
        return self._answer(plan)

    @extend_schema(request=bodies.PlanApproachIn, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"])
    def approach(self, request: Request, pk: uuid.UUID) -> Response:
        """Quantitative or qualitative, where the year leaves it open."""
        values = read(bodies.PlanApproachIn(data=request.data))
        return self._answer(verbs.set_approach(actor=request.user, plan=self.get_object(), **values))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Discard a draft that nobody else has seen."""
        verbs.discard(actor=request.user, plan=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=bodies.PlanLinkIn, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: uuid.UUID) -> Response:
        """Say which of the superior's results one serves; an agreed plan allows it, too."""
        values, plan = read(bodies.PlanLinkIn(data=request.data)), self.get_object()
        above = str(values["intervenes"] or "")
        verbs.link_result(actor=request.user, plan=plan, result=values["result"], above=above)
        return self._answer(plan)

    @extend_schema(request=PerformanceVersion, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: uuid.UUID) -> Response:
        """To the assessor."""
        version = read(PerformanceVersion(data=request.data)).get("version")
        return self._answer(verbs.submit(actor=request.user, plan=self.get_object(), version=version))

    @extend_schema(request=PerformanceVersion, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """Back to a draft, as long as the assessor has not acted."""
        version = read(PerformanceVersion(data=request.data)).get("version")
        return self._answer(verbs.withdraw(actor=request.user, plan=self.get_object(), version=version))

    @extend_schema(request=bodies.PlanReturn, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: uuid.UUID) -> Response:
        """By the assessor, with what should change."""
        values = read(bodies.PlanReturn(data=request.data))
        return self._answer(verbs.give_back(actor=request.user, plan=self.get_object(), **values))

    @extend_schema(request=bodies.PlanAgree, responses=bodies.PlanDetail)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: uuid.UUID) -> Response:
        """By the assessor; the plan is locked and counts from now on."""
        values = read(bodies.PlanAgree(data=request.data))
        return self._answer(verbs.agree(actor=request.user, plan=self.get_object(), **values))

    @extend_schema(request=bodies.PlanChange, responses={201: bodies.PlanDetail})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: uuid.UUID) -> Response:
        """A new version with its reason; the agreed one holds until the new one is agreed."""
        values = read(bodies.PlanChange(data=request.data))
        new = verbs.change(actor=request.user, plan=self.get_object(), **values)
        return self._answer(new, status.HTTP_201_CREATED)

    @extend_schema(methods=["get"], responses=bodies.PlanCommentOut(many=True))
    @extend_schema(methods=["post"], request=bodies.PlanCommentIn, responses={201: bodies.PlanCommentOut})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def comments(self, request: Request, pk: uuid.UUID) -> Response:
        """The dialogue of the two about this plan."""
        plan = self.get_object()
        if request.method == "GET":
            rows = plan.comments.select_related("author", "settled_by")
            return Response(bodies.PlanCommentOut(rows, many=True).data)
        values = read(bodies.PlanCommentIn(data=request.data))
        row = verbs.comment(actor=request.user, plan=plan, **values)
        return Response(bodies.PlanCommentOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=None,
        responses=bodies.PlanCommentOut,
        parameters=[OpenApiParameter("comment", uuid.UUID, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["post"], url_path="comments/<uuid:comment>/settle")
    def settle(self, request: Request, pk: uuid.UUID, comment: uuid.UUID) -> Response:
        """The point is done with."""
        rows = self.get_object().comments.select_related(
            "participant__employee", "participant__assessor", "author"
        )
        row = get_object_or_404(rows, pk=comment)
        return Response(bodies.PlanCommentOut(verbs.settle(actor=request.user, comment=row)).data)

    @extend_schema(request=bodies.PlanShareIn, responses={201: bodies.PlanTemplateOut})
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: uuid.UUID) -> Response:
        """Offer the words of an agreed plan to everybody of the same office."""
        values = read(bodies.PlanShareIn(data=request.data))
        row = verbs.share(actor=request.user, plan=self.get_object(), **values)
        return Response(bodies.PlanTemplateOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=bodies.PlanMatrixIn, responses=bodies.PlanMatrixOut)
    @action(detail=False, methods=["post"])
    def matrix(self, request: Request) -> Response:
        """Roles of one's team in one's own indicators: each cell becomes a main result in that person's draft."""
        asked = read(bodies.PlanMatrixIn(data=request.data))["cells"]
        team = Participant.objects.assessed_by(request.user).select_related("cycle", "employee", "assessor")
        people = team.in_bulk([cell["participant"] for cell in asked])
        if any(cell["participant"] not in people for cell in asked):
            raise Http404
        cells = [verbs.Cell(people[cell["participant"]], cell["indicator"], cell["text"]) for cell in asked]
        return Response({"written": verbs.fill_matrix(actor=request.user, cells=cells)})

    def _answer(self, plan: Plan, code: int = status.HTTP_200_OK) -> Response:
        shown = with_lines(Plan.objects.filter(pk=plan.pk)).prefetch_related("steps__actor").get()
        return Response(bodies.PlanDetail(shown).data, status=code)


class PlanTemplatesView(APIView):
    @extend_schema(
        operation_id="evaluations_plan_templates",
        parameters=[bodies.PlanTemplateQuery],
        responses=bodies.PlanTemplateOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """What colleagues of the same office share; `id` is the `copied` of a new plan."""
        asked = read(bodies.PlanTemplateQuery(data=request.query_params.dict()))
        rows = usable_templates(visible(request, asked["participant"]))
        return Response(bodies.PlanTemplateOut(rows[:MOST_TEMPLATES], many=True).data)


class PlanTemplateView(APIView):
    @extend_schema(operation_id="evaluations_plan_unshare", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """No longer offered; drafts that began with it keep their lines."""
        row = get_object_or_404(PlanTemplate, pk=pk, shared_by__user=request.user)
        verbs.unshare(actor=request.user, template=row)
        return Response(status=status.HTTP_204_NO_CONTENT)
