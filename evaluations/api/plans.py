"""The SKP over the API: the same verbs, refusals and texts as the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.enums import Appendix, Approach, Aspect, PlanState, ResultKind, Value
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    Indicator,
    Participant,
    Plan,
    PlanComment,
    PlanResult,
    PlanStep,
)
from evaluations.selectors.plans import with_lines
from evaluations.services import plans as verbs
from kepegawaian.work.idempotency import IdempotentMixin

Data = dict[str, Any]


def read(serializer: serializers.Serializer[Any]) -> Data:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


# --- What comes in --------------------------------------------------------------------------------
class PlanQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(required=False, min_value=2022, max_value=2100)
    state = serializers.ChoiceField(PlanState.choices, required=False)
    participant = serializers.UUIDField(required=False)


class PlanStart(serializers.Serializer[Any]):
    """`origin`: what the lines are copied from; `copied` is the id of that plan or of the shared example."""

    participant = serializers.UUIDField()
    origin = serializers.ChoiceField([one.value for one in verbs.Origin], default=verbs.Origin.EMPTY.value)
    copied = serializers.UUIDField(required=False, allow_null=True, default=None)
    approach = serializers.ChoiceField(Approach.choices, required=False)


class PlanVersion(serializers.Serializer[Any]):
    """`version`: the one that was read; when the plan has changed since, the answer is 409."""

    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class PlanReturn(PlanVersion):
    note = serializers.CharField(max_length=1000)


class PlanAgree(PlanVersion):
    expectations = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        help_text="Special expectations of the leader: one text for each of the seven values",
    )

    def validate_expectations(self, texts: dict[str, str]) -> dict[str, str]:
        if unknown := set(texts) - set(Value.values):
            raise serializers.ValidationError(f"unknown values: {', '.join(sorted(unknown))}")
        return texts


class PlanChange(PlanVersion):
    reason = serializers.CharField(max_length=1000)


class PlanLineIn(serializers.Serializer[Any]):
    """One line. Without `id` a result or an indicator is added; expectations and appendices go by their `name`.

    `seen` is the mark of the content that was read; when somebody changed the line since, the answer is 409.
    """

    kind = serializers.ChoiceField(["result", "indicator", "expectation", "appendix"])
    id = serializers.UUIDField(required=False, allow_null=True, default=None)
    name = serializers.ChoiceField([*Value.values, *Appendix.values], required=False)
    result = serializers.UUIDField(required=False, help_text="Of a new indicator: the result that it belongs to")
    block = serializers.ChoiceField(ResultKind.choices, default=ResultKind.MAIN, help_text="Of a new result")
    seen = serializers.CharField(required=False, allow_null=True, default=None, max_length=16)
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    intervenes = serializers.UUIDField(required=False, allow_null=True, help_text="One of the superior's results")
    intervened_text = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    assigned_by = serializers.CharField(required=False, allow_blank=True, max_length=200)
    perspective = serializers.CharField(required=False, allow_blank=True, max_length=80)
    aspect = serializers.ChoiceField(Aspect.choices, required=False, allow_blank=True)
    target = serializers.CharField(required=False, allow_blank=True, max_length=300)

    TEXTS = ("text", "intervenes", "intervened_text", "assigned_by", "perspective", "aspect", "target")

    def validate(self, values: Data) -> Data:
        kind, text = values["kind"], values.get("text", "")
        if kind in ("result", "indicator") and len(text) > 1000:
            raise serializers.ValidationError({"text": "at most 1000 characters"})
        if kind in ("expectation", "appendix") and not values.get("name"):
            raise serializers.ValidationError({"name": "required"})
        if kind == "indicator" and not (values["id"] or values.get("result")):
            raise serializers.ValidationError({"result": "required"})
        return values

    def texts(self) -> dict[str, str]:
        given = self.validated_data
        return {name: str(given[name] or "") for name in self.TEXTS if name in given}


class PlanLineOut(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Of the line, or its name")
    mark = serializers.CharField(help_text="To be sent back as `seen`")


class PlanCommentIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)
    line = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="`origin` of a line")
    asks_change = serializers.BooleanField(default=False)


class PlanLinkIn(serializers.Serializer[Any]):
    result = serializers.UUIDField()
    intervenes = serializers.UUIDField(allow_null=True)


# --- What goes out --------------------------------------------------------------------------------
class PlanIndicatorOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = Indicator
        fields = ("id", "origin", "number", "aspect", "text", "target")
        read_only_fields = fields


class PlanResultOut(serializers.ModelSerializer[Any]):
    indicators = PlanIndicatorOut(many=True, read_only=True)

    class Meta:
        model = PlanResult
        fields = (
            *("id", "origin", "kind", "number", "text", "intervenes", "intervened_text"),
            *("assigned_by", "perspective", "indicators"),
        )
        read_only_fields = fields


class PlanExpectationOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = BehaviourExpectation
        fields = ("value", "text")
        read_only_fields = fields


class PlanAppendixOut(serializers.ModelSerializer[Any]):
    class Meta:
        model = AppendixLine
        fields = ("kind", "number", "text")
        read_only_fields = fields


class PlanStepOut(serializers.ModelSerializer[Any]):
    actor = serializers.CharField(source="actor.name", default="")

    class Meta:
        model = PlanStep
        fields = ("action", "from_state", "to_state", "actor", "capacity", "note", "at")
        read_only_fields = fields


class PlanCommentOut(serializers.ModelSerializer[Any]):
    author = serializers.CharField(source="author.name")
    settled_by = serializers.CharField(source="settled_by.name", default="")

    class Meta:
        model = PlanComment
        fields = ("id", "line", "text", "asks_change", "author", "at", "settled_at", "settled_by")
        read_only_fields = fields


class PlanOut(serializers.ModelSerializer[Any]):
    """A plan as a row of a list."""

    year = serializers.IntegerField(source="participant.cycle.year")
    employee = serializers.UUIDField(source="participant.employee_id")
    employee_name = serializers.CharField(source="participant.employee.full_name")
    position = serializers.CharField(source="posting.position")

    class Meta:
        model = Plan
        fields = (
            *("id", "participant", "year", "employee", "employee_name", "position", "number", "state"),
            *("approach", "leader_form", "change_reason", "created_at", "saved_at", "submitted_at", "agreed_at"),
            *("late", "version"),
        )
        read_only_fields = fields


class PlanDetail(PlanOut):
    """With every line, and the log."""

    results = PlanResultOut(many=True, read_only=True)
    expectations = PlanExpectationOut(many=True, read_only=True)
    appendix = PlanAppendixOut(many=True, read_only=True)
    steps = PlanStepOut(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = (*PlanOut.Meta.fields, "identity", "results", "expectations", "appendix", "steps")
        read_only_fields = fields


# --- The addresses --------------------------------------------------------------------------------
class PlanViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Plan]
):
    """Plans that the caller may see; drafts are their author's alone."""

    queryset = Plan.objects.none()
    serializer_class = PlanOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Plan]:
        found = Plan.objects.visible_to(self.request.user)
        if self.action != "list":
            return with_lines(found).prefetch_related("steps__actor")
        asked = read(PlanQuery(data=self.request.query_params.dict()))
        names = {"year": "participant__cycle__year", "state": "state", "participant": "participant"}
        found = found.filter(**{names[name]: value for name, value in asked.items()})
        return found.select_related("participant__cycle", "participant__employee", "posting").order_by("-id")

    @extend_schema(parameters=[PlanQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=PlanDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With results, indicators, expectations, appendices and the log."""
        return Response(PlanDetail(self.get_object()).data)

    @extend_schema(request=PlanStart, responses={201: PlanDetail})
    def create(self, request: Request) -> Response:
        """A draft for the post that one holds now, empty or copied."""
        values = read(PlanStart(data=request.data))
        rows = Participant.objects.visible_to(request.user)
        plan = verbs.start(
            actor=request.user,
            participant=get_object_or_404(rows, pk=values["participant"]),
            source=verbs.Source(verbs.Origin(values["origin"]), values["copied"]),
            approach=values.get("approach", ""),
        )
        return self._answer(plan, status.HTTP_201_CREATED)

    @extend_schema(request=PlanLineIn, responses={200: PlanLineOut})
    @action(detail=True, methods=["post"])
    def lines(self, request: Request, pk: uuid.UUID) -> Response:
        """Add a line, or write one that is there."""
        body = PlanLineIn(data=request.data)
        values, plan, texts = read(body), self.get_object(), body.texts()
        if values["kind"] in ("result", "indicator") and values["id"] is None:
            return self._added(request, plan, values, texts)
        key = (values["kind"], str(values["id"] or values["name"]))
        saved = verbs.save_lines(
            actor=request.user, plan=plan, changes=[verbs.LineChange(key, texts, values["seen"])]
        )
        verbs.refuse_clashes(saved)
        return Response(PlanLineOut({"id": key[1], "mark": saved.marks[key]}).data)

    def _added(self, request: Request, plan: Plan, values: Data, texts: dict[str, str]) -> Response:
        row: PlanResult | Indicator
        if values["kind"] == "result":
            row = verbs.add_result(actor=request.user, plan=plan, kind=values["block"], values=texts)
        else:
            row = verbs.add_indicator(actor=request.user, plan=plan, result=values["result"], values=texts)
        known = verbs.Lines(plan).values((values["kind"], str(row.pk))) or {}
        return Response(PlanLineOut({"id": str(row.pk), "mark": verbs.mark(known)}).data)

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

    @extend_schema(request=PlanLinkIn, responses=PlanDetail)
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: uuid.UUID) -> Response:
        """Say which of the superior's results one serves; an agreed plan allows it, too."""
        values, plan = read(PlanLinkIn(data=request.data)), self.get_object()
        above = str(values["intervenes"] or "")
        verbs.link_result(actor=request.user, plan=plan, result=values["result"], above=above)
        return self._answer(plan)

    @extend_schema(request=PlanVersion, responses=PlanDetail)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: uuid.UUID) -> Response:
        """To the assessor."""
        version = read(PlanVersion(data=request.data)).get("version")
        return self._answer(verbs.submit(actor=request.user, plan=self.get_object(), version=version))

    @extend_schema(request=PlanVersion, responses=PlanDetail)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """Back to a draft, as long as the assessor has not acted."""
        version = read(PlanVersion(data=request.data)).get("version")
        return self._answer(verbs.withdraw(actor=request.user, plan=self.get_object(), version=version))

    @extend_schema(request=PlanReturn, responses=PlanDetail)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: uuid.UUID) -> Response:
        """By the assessor, with what should change."""
        values = read(PlanReturn(data=request.data))
        return self._answer(verbs.give_back(actor=request.user, plan=self.get_object(), **values))

    @extend_schema(request=PlanAgree, responses=PlanDetail)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: uuid.UUID) -> Response:
        """By the assessor; the plan is locked and counts from now on."""
        values = read(PlanAgree(data=request.data))
        return self._answer(verbs.agree(actor=request.user, plan=self.get_object(), **values))

    @extend_schema(request=PlanChange, responses={201: PlanDetail})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: uuid.UUID) -> Response:
        """A new version with its reason; the agreed one holds until the new one is agreed."""
        values = read(PlanChange(data=request.data))
        new = verbs.change(actor=request.user, plan=self.get_object(), **values)
        return self._answer(new, status.HTTP_201_CREATED)

    @extend_schema(methods=["get"], responses=PlanCommentOut(many=True))
    @extend_schema(methods=["post"], request=PlanCommentIn, responses={201: PlanCommentOut})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def comments(self, request: Request, pk: uuid.UUID) -> Response:
        """The dialogue of the two about this plan."""
        plan = self.get_object()
        if request.method == "GET":
            rows = plan.comments.select_related("author", "settled_by")
            return Response(PlanCommentOut(rows, many=True).data)
        values = read(PlanCommentIn(data=request.data))
        row = verbs.comment(actor=request.user, plan=plan, **values)
        return Response(PlanCommentOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=None,
        responses=PlanCommentOut,
        parameters=[OpenApiParameter("comment", uuid.UUID, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["post"], url_path="comments/<uuid:comment>/settle")
    def settle(self, request: Request, pk: uuid.UUID, comment: uuid.UUID) -> Response:
        """The point is done with."""
        rows = self.get_object().comments.select_related(
            "participant__employee", "participant__assessor", "author"
        )
        row = get_object_or_404(rows, pk=comment)
        return Response(PlanCommentOut(verbs.settle(actor=request.user, comment=row)).data)

    def _answer(self, plan: Plan, code: int = status.HTTP_200_OK) -> Response:
        shown = with_lines(Plan.objects.filter(pk=plan.pk)).prefetch_related("steps__actor").get()
        return Response(PlanDetail(shown).data, status=code)
