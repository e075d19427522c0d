"""What the addresses of the SKP take and give."""

from typing import Any

from rest_framework import serializers

from evaluations.api.common import YEARS, Data, PerformanceVersion
from evaluations.enums import Appendix, Approach, Aspect, PlanState, ResultKind, Value
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    Indicator,
    Plan,
    PlanComment,
    PlanResult,
    PlanStep,
    PlanTemplate,
)
from evaluations.services import plans as verbs


class PlanQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(required=False, **YEARS)
    state = serializers.ChoiceField(PlanState.choices, required=False)
    participant = serializers.UUIDField(required=False)


class PlanStart(serializers.Serializer[Any]):
    """`origin`: what the lines are copied from; `copied` is the id of that plan or of the shared example."""

    participant = serializers.UUIDField()
    origin = serializers.ChoiceField([one.value for one in verbs.Origin], default=verbs.Origin.EMPTY.value)
    copied = serializers.UUIDField(required=False, allow_null=True, default=None)
    approach = serializers.ChoiceField(Approach.choices, required=False)


class PlanReturn(PerformanceVersion):
    note = serializers.CharField(max_length=1000)


class PlanAgree(PerformanceVersion):
    expectations = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        help_text="Special expectations of the leader: one text for each of the seven values",
    )

    def validate_expectations(self, texts: dict[str, str]) -> dict[str, str]:
        if unknown := set(texts) - set(Value.values):
            raise serializers.ValidationError(f"unknown values: {', '.join(sorted(unknown))}")
        return texts


class PlanChange(PerformanceVersion):
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


class PlanMoveIn(serializers.Serializer[Any]):
    up = serializers.BooleanField()


class PlanApproachIn(serializers.Serializer[Any]):
    approach = serializers.ChoiceField(Approach.choices)


class PlanShareIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=150)


class PlanCellIn(serializers.Serializer[Any]):
    participant = serializers.UUIDField()
    indicator = serializers.UUIDField(help_text="Of one of the assessor's own main results")
    text = serializers.CharField(max_length=1000)


class PlanMatrixIn(serializers.Serializer[Any]):
    cells = PlanCellIn(many=True, min_length=1, max_length=500)  # type: ignore[call-arg]


class PlanTemplateQuery(serializers.Serializer[Any]):
    participant = serializers.UUIDField(help_text="Whose draft shall begin with one")


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
            *("id", "origin", "kind", "number", "text", "intervenes", "serves", "intervened_text"),
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


class PlanMatrixOut(serializers.Serializer[Any]):
    written = serializers.IntegerField()


class PlanTemplateOut(serializers.ModelSerializer[Any]):
    shared_by_name = serializers.CharField(source="shared_by.full_name")

    class Meta:
        model = PlanTemplate
        fields = ("id", "title", "position", "approach", "shared_by_name", "shared_at")
        read_only_fields = fields
