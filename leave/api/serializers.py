"""Bodies of the leave API, as the design fixes them. They see that a body can be read; the verbs say the rest."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kepegawaian.employees.models import Employee
from leave.enums import FirstYearGround, LeaveType, MovementKind, Outcome, RequestState, StepKind
from leave.forms import PHONE, plausible
from leave.models import LeaveRequest, Movement
from leave.models.ledger import BucketKind
from leave.rules import Citation, Rule, effect
from leave.services import RequestData, Verdict
from leave.standing import law_for

REQUEST_FIELDS = ("type", "start", "end", "reason", "address", "phone", "stand_in", "abroad", "country", "ground")

VERIFIED = "False while nobody has checked the text of the article"


# --- What comes in --------------------------------------------------------------------------------
class RequestBody(serializers.Serializer[Any]):
    """A request as it is written; a draft needs its dates alone."""

    type = serializers.ChoiceField(LeaveType.choices, default=LeaveType.CT)
    start = serializers.DateField(validators=[plausible])
    end = serializers.DateField(validators=[plausible])
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")
    address = serializers.CharField(max_length=300, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, allow_blank=True, default="", validators=[PHONE])
    stand_in = serializers.PrimaryKeyRelatedField(
        queryset=Employee.objects.active(), allow_null=True, default=None, help_text="Employee id"
    )
    abroad = serializers.BooleanField(default=False)
    country = serializers.CharField(max_length=80, allow_blank=True, default="")
    ground = serializers.ChoiceField(
        FirstYearGround.choices,
        allow_blank=True,
        default="",
        help_text="Why a PPPK asks for leave before a year's service",
    )

    def as_data(self, known: RequestData | None = None) -> RequestData:
        """With `known`, what the body leaves out stays as it is."""
        values = {name: self.validated_data[name] for name in REQUEST_FIELDS if name in self.validated_data}
        if known is not None:
            values = {name: getattr(known, name) for name in REQUEST_FIELDS} | values
        return RequestData(**values)


class PreviewBody(RequestBody):
    """`request`: the id of the one being edited, whose own days count as free."""

    request = serializers.UUIDField(required=False, allow_null=True)


class VersionBody(serializers.Serializer[Any]):
    """`version`: the one that was read; when the request has changed since, the answer is 409."""

    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class EditBody(RequestBody, VersionBody):
    pass


class WithdrawBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class RecallBody(VersionBody):
    back_on = serializers.DateField(help_text="First day at work again; it and all later days are given back")
    reason = serializers.CharField(max_length=1000)
    own_wish = serializers.BooleanField(default=False, help_text="At the employee's wish, not for the service")


class VerdictBody(VersionBody):
    """Box VII or VIII. A change needs `start` and `end`; all but an approval need a reason."""

    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")
    start = serializers.DateField(allow_null=True, default=None, validators=[plausible])
    end = serializers.DateField(allow_null=True, default=None, validators=[plausible])
    not_before = serializers.DateField(allow_null=True, default=None, validators=[plausible])

    def verdict(self) -> Verdict:
        values = {name: self.validated_data[name] for name in ("outcome", "reason", "start", "end", "not_before")}
        changed, postponed = (values["outcome"] == one for one in (Outcome.CHANGED, Outcome.POSTPONED))
        return Verdict(
            outcome=values["outcome"],
            reason=values["reason"],
            start=values["start"] if changed else None,
            end=values["end"] if changed else None,
            not_before=values["not_before"] if postponed else None,
        )


class AnswerBody(serializers.Serializer[Any]):
    accept = serializers.BooleanField()


# --- What is asked for ----------------------------------------------------------------------------
class BalanceQuery(serializers.Serializer[Any]):
    employee = serializers.CharField(required=False, max_length=36, help_text='An employee id, or "me"')
    on = serializers.DateField(required=False, validators=[plausible])
    year = serializers.IntegerField(required=False, min_value=2000, max_value=2100)


class RequestQuery(serializers.Serializer[Any]):
    employee = serializers.CharField(required=False, max_length=36, help_text='An employee id, or "me"')
    state = serializers.ChoiceField(RequestState.choices, required=False)


class LedgerQuery(serializers.Serializer[Any]):
    employee = serializers.CharField(required=False, max_length=36, help_text='An employee id, or "me"')
    year = serializers.IntegerField(required=False, min_value=2000, max_value=2100)


# --- What goes out --------------------------------------------------------------------------------
class BucketOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(BucketKind.choices)
    origin = serializers.IntegerField()
    granted = serializers.IntegerField()
    taken = serializers.IntegerField()
    reserved = serializers.IntegerField()
    left = serializers.IntegerField()
    lapses_on = serializers.DateField()


class MovementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(allow_null=True, help_text="Null while it is planned and not written yet")
    on = serializers.DateField()
    kind = serializers.ChoiceField(MovementKind.choices)
    bucket = serializers.ChoiceField(BucketKind.choices)
    origin = serializers.IntegerField()
    days = serializers.IntegerField()
    effect = serializers.IntegerField()
    balance = serializers.IntegerField()
    rule = serializers.CharField()
    article = serializers.CharField()
    verified = serializers.BooleanField(help_text=VERIFIED)
    text = serializers.CharField()
    request = serializers.UUIDField(allow_null=True)


class BalanceOut(serializers.Serializer[Any]):
    """For the schema; the numbers are those of the balance page (`selectors.Balance.body`)."""

    year = serializers.IntegerField()
    on = serializers.DateField()
    confirmed = serializers.BooleanField()
    buckets = BucketOut(many=True)
    left = serializers.IntegerField()
    movements = MovementOut(many=True)


class DayOut(serializers.Serializer[Any]):
    date = serializers.DateField()
    charged = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why the day is not charged; empty for a charged one")


class RefusalOut(serializers.Serializer[Any]):
    rule = serializers.CharField()
    article = serializers.CharField()
    verified = serializers.BooleanField(help_text=VERIFIED)
    message = serializers.CharField()


class DeciderOut(serializers.Serializer[Any]):
    step = serializers.ChoiceField([StepKind.OPINION.value, StepKind.DECISION.value])
    name = serializers.CharField(help_text="Empty while the post has no holder")
    title = serializers.CharField()
    missing = serializers.CharField(help_text="Why there is no holder")


class PreviewOut(serializers.Serializer[Any]):
    charged_days = serializers.IntegerField()
    days = DayOut(many=True)
    balance_before = serializers.IntegerField()
    balance_after = serializers.IntegerField()
    refusals = RefusalOut(many=True)
    deciders = DeciderOut(many=True)


class HolderOut(serializers.Serializer[Any]):
    step = serializers.ChoiceField(StepKind.choices)
    name = serializers.CharField()
    since = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)


class RequestOut(serializers.ModelSerializer[Any]):
    """A request with who holds it now; `holder` is null when it waits for nobody."""

    employee_name = serializers.CharField(source="employee.full_name")
    ground = serializers.ChoiceField(FirstYearGround.choices, allow_blank=True, read_only=True)
    holder = serializers.SerializerMethodField()

    class Meta:
        model = LeaveRequest
        fields = (
            "id",
            "employee",
            "employee_name",
            "state",
            *REQUEST_FIELDS,
            "charged_days",
            "offered_start",
            "offered_end",
            "not_before",
            "created_at",
            "submitted_at",
            "decided_at",
            "version",
            "holder",
        )
        read_only_fields = fields

    @extend_schema_field(HolderOut(allow_null=True))
    def get_holder(self, filed: LeaveRequest) -> dict[str, Any] | None:
        steps = getattr(filed, "open_steps", None)
        if steps is None:
            steps = list(filed.steps.filter(closed_at=None).select_related("holder"))
        if not steps:
            return None
        name = steps[0].holder.name if steps[0].holder else ""
        values = {"step": steps[0].kind, "name": name, "since": steps[0].opened_at, "due_on": steps[0].due_on}
        return dict(HolderOut(values).data)


class LedgerRow(serializers.ModelSerializer[Any]):
    """A movement with what it adds to the balance. The bucket is named by its kind, year of use and origin."""

    employee = serializers.UUIDField(source="bucket.account.employee_id")
    bucket = serializers.CharField(source="bucket.kind")
    year = serializers.IntegerField(source="bucket.year")
    origin = serializers.IntegerField(source="bucket.origin")
    effect = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()
    verified = serializers.SerializerMethodField()

    class Meta:
        model = Movement
        fields = (
            *("id", "employee", "on", "kind", "bucket", "year", "origin", "days", "effect"),
            *("rule", "article", "verified", "request", "note", "created_at"),
        )
        read_only_fields = fields

    def get_effect(self, movement: Movement) -> int:
        return effect(movement.kind, movement.days)

    def get_article(self, movement: Movement) -> str:
        return str(self._cited(movement) or "")

    def get_verified(self, movement: Movement) -> bool:
        cited = self._cited(movement)
        return cited is None or cited.verified

    def _cited(self, movement: Movement) -> Citation | None:
        if not movement.rule:
            return None
        return law_for(movement.bucket.account.employee, movement.on).cite(Rule(movement.rule))
