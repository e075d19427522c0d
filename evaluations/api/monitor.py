"""Progress of a year over the API: numbers by unit, the people behind them, and what HR does to a whole list."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations import monitoring
from evaluations.api.common import YEARS, Data, PerformanceJob, read, started
from evaluations.enums import EvaluationState, PlanState, Predikat
from evaluations.forms.cycles import officials
from evaluations.models import Deadline, Participant
from evaluations.permissions.cycles import can_manage_some, can_oversee, oversees_unit
from evaluations.selectors import monitor, participants
from evaluations.views.common import shown_cycles
from kepegawaian.lib.exceptions import demand
from kepegawaian.units import tree
from kepegawaian.units.models import Unit
from kepegawaian.work import sheets
from kepegawaian.work.idempotency import IdempotentMixin

ACCEPTED = {202: PerformanceJob}
NUMBERS = (
    *("people", "without_assessor", "without_plan", "drafting", "submitted", "agreed", "assessed", "final"),
    *("late", "heard"),
)
WHAT = (*participants.WHAT, *participants.OUTSIDE, participants.LATE)
"""Blockages among them: `without_assessor`, `without_plan`, `late`."""


# --- What comes in --------------------------------------------------------------------------------
class MonitorQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(**YEARS)
    period = serializers.UUIDField(required=False, help_text="Else the one that ended last")
    unit = serializers.UUIDField(required=False, help_text="It and all below it")


class MonitorPeopleQuery(MonitorQuery):
    """A list of people: who of one's scope, and how far."""

    what = serializers.ChoiceField([(one, one) for one in WHAT], required=False, allow_blank=True, default="")
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="", help_text="Name, NIP")


class MonitorRemindIn(MonitorPeopleQuery):
    deadline = serializers.UUIDField(help_text="Of the year's calendar")


class MonitorAssignIn(MonitorPeopleQuery):
    assessor = serializers.UUIDField(help_text="Employee id of somebody who heads a unit")
    reason = serializers.CharField(max_length=500)
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)


class MonitorExportIn(MonitorPeopleQuery):
    kind = serializers.ChoiceField([(one, one) for one in sheets.MIMES], default=sheets.CSV)


# --- What goes out --------------------------------------------------------------------------------
class MonitorTallyOut(serializers.Serializer[Any]):
    """People by how far they are; `heard`: with feedback in the period."""

    people = serializers.IntegerField()
    without_assessor = serializers.IntegerField()
    without_plan = serializers.IntegerField()
    drafting = serializers.IntegerField()
    submitted = serializers.IntegerField()
    agreed = serializers.IntegerField()
    assessed = serializers.IntegerField()
    final = serializers.IntegerField()
    late = serializers.IntegerField()
    heard = serializers.IntegerField()
    predikat = serializers.DictField(child=serializers.IntegerField(), help_text="Of signed evaluations")


class MonitorUnitOut(MonitorTallyOut):
    unit = serializers.UUIDField()
    name = serializers.CharField()
    itself = serializers.BooleanField(help_text="The people of the unit itself, without those below it")


class MonitorOut(serializers.Serializer[Any]):
    period = serializers.UUIDField()
    total = MonitorTallyOut()
    units = MonitorUnitOut(many=True)


class MonitorPersonOut(serializers.ModelSerializer[Any]):
    """`predikat` once it is signed."""

    employee_name = serializers.CharField(source="employee.full_name")
    assessor_name = serializers.CharField(source="assessor.full_name", default="")
    plan_state = serializers.ChoiceField(PlanState.choices, source="plan.state", default=None, allow_null=True)
    evaluation_state = serializers.ChoiceField(EvaluationState.choices, source="rated_state", allow_null=True)
    predikat = serializers.SerializerMethodField()

    class Meta:
        model = Participant
        fields = (
            *("id", "employee", "employee_name", "position", "unit", "assessor", "assessor_name"),
            *("plan_state", "evaluation_state", "predikat", "excused_reason", "left_on"),
        )
        read_only_fields = fields

    def get_predikat(self, row: Any) -> str:
        return str(Predikat(row.rated_predikat)) if row.rated_state == EvaluationState.FINAL else ""


# --- The numbers ----------------------------------------------------------------------------------
def _look(asked: Data) -> monitor.Look:
    cycle = get_object_or_404(shown_cycles(), year=asked["year"])
    look = monitor.look_at(cycle, str(asked.get("period", "")))
    if "period" in asked and look.period.pk != asked["period"]:
        raise Http404
    return look


def _unit(user: Any, asked: Data) -> Unit | None:
    if "unit" not in asked:
        return None
    found = get_object_or_404(Unit, pk=asked["unit"])
    if not oversees_unit(user, found):
        raise Http404
    return found


class MonitorView(APIView):
    @extend_schema(operation_id="evaluations_monitor", parameters=[MonitorQuery], responses=MonitorOut)
    def get(self, request: Request) -> Response:
        """The units of one's scope, or those of one unit, with the numbers of each."""
        demand(can_oversee(request.user))
        asked = read(MonitorQuery(data=request.query_params.dict()))
        look, unit = _look(asked), _unit(request.user, asked)
        paths = [unit.path] if unit else monitor.paths_overseen(request.user)
        length = min((len(path) for path in paths or ()), default=0) + Unit.steplen
        if paths is None:
            length += Unit.steplen
        tallies = monitor.tallies(look, paths, length)
        units = Unit.objects.filter(path__in=tallies).order_by("path")
        body = {
            "period": look.period.pk,
            "total": tally_body(monitor.in_all(tallies)),
            "units": [
                {"unit": one.pk, "name": one.name, "itself": len(one.path) < length}
                | tally_body(tallies[one.path])
                for one in units
            ],
        }
        return Response(MonitorOut(body).data)


def tally_body(tally: monitor.Tally) -> Data:
    predikat = {str(one): number for one, number in tally.predikat.items()}
    return {name: getattr(tally, name) for name in NUMBERS} | {"predikat": predikat}


# --- The people behind them -----------------------------------------------------------------------
def asked_query(user: Any, asked: Data) -> str:
    """The list of the page that this body means: its scope, filter and background work are the page's."""
    look, unit = _look(asked), _unit(user, asked)
    query = {"tahun": look.cycle.year, "periode": look.period.pk, "what": asked["what"], "q": asked["q"]}
    if unit is not None:
        query["unit"] = tree.labelled([unit])[0][1]
    return urlencode(query)


@extend_schema(parameters=[MonitorPeopleQuery])
class MonitorPeopleView(generics.ListAPIView[Participant]):
    """The people behind a number, by name and blockage."""

    queryset = Participant.objects.none()
    serializer_class = MonitorPersonOut

    def get_queryset(self) -> QuerySet[Participant]:
        demand(can_oversee(self.request.user))
        asked = read(MonitorPeopleQuery(data=self.request.query_params.dict()))
        return monitoring.selection(asked_query(self.request.user, asked), self.request.user)


class MonitorRemindView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_remind", request=MonitorRemindIn, responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """Remind those of the list whose turn it is, by a worker; at most once a day for each deadline."""
        demand(can_manage_some(request.user))
        body = read(MonitorRemindIn(data=request.data))
        query = asked_query(request.user, body)
        deadline = get_object_or_404(Deadline, pk=body["deadline"], cycle__year=body["year"])
        return started(monitoring.start_reminding(actor=request.user, query=query, deadline=deadline))


class MonitorAssignView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_assign", request=MonitorAssignIn, responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """One assessor for all people of the list, by a worker; its result counts who was refused, and why."""
        demand(can_manage_some(request.user))
        body = read(MonitorAssignIn(data=request.data))
        query = asked_query(request.user, body)
        assessor = get_object_or_404(officials().select_related("user"), pk=body["assessor"])
        job = monitoring.start_assigning(
            actor=request.user,
            query=query,
            assessor=assessor,
            reason=body["reason"],
            valid_from=body["valid_from"],
        )
        return started(job)


class MonitorExportView(IdempotentMixin, APIView):
    @extend_schema(operation_id="evaluations_people_export", request=MonitorExportIn, responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """The list as a sheet, written by a worker; who took it is in the trail."""
        demand(can_oversee(request.user))
        body = read(MonitorExportIn(data=request.data))
        query = asked_query(request.user, body)
        return started(monitoring.PEOPLE.later(query=query, kind=body["kind"], actor=request.user))
