"""People for other systems: who, in which post and unit, as far as the caller may see them; nothing restricted."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from kepegawaian.employees import search
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.lib.api import CursorPagination
from kepegawaian.units.models import Unit


class UnitOfPersonSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class EmployeeSerializer(serializers.ModelSerializer):
    nip = serializers.CharField(source="current_nip", read_only=True)
    golongan = serializers.CharField(source="current_golongan", read_only=True)
    scheme = serializers.CharField(source="current_scheme", read_only=True)
    position = serializers.CharField(source="current_position", read_only=True)
    position_kind = serializers.CharField(source="current_position_kind", read_only=True)
    unit = UnitOfPersonSerializer(source="current_unit", allow_null=True, read_only=True)

    class Meta:
        model = Employee
        fields = (
            "id",
            "nip",
            "name",
            "full_name",
            "status",
            "legal_state",
            "scheme",
            "golongan",
            "position",
            "position_kind",
            "unit",
        )
        read_only_fields = fields


class PeoplePages(CursorPagination):
    ordering: Any = ("name", "id")


PARAMETERS = [
    OpenApiParameter("q", str, description="Part of the name, NIP or position."),
    OpenApiParameter("unit", OpenApiTypes.UUID, description="People of this unit and all below it."),
    OpenApiParameter("status", str, enum=AsnStatus.values),
    OpenApiParameter("all", bool, description="Also people who no longer work here."),
]
ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="An id, or `me` for the caller.")


class PeopleQuery(serializers.Serializer):
    q = serializers.CharField(required=False, allow_blank=True, max_length=100)
    unit = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(AsnStatus.choices, required=False)
    all = serializers.BooleanField(required=False, default=False)


@extend_schema_view(list=extend_schema(parameters=PARAMETERS), retrieve=extend_schema(parameters=[ID]))
class EmployeeViewSet(viewsets.ReadOnlyModelViewSet):
    """People whom the caller may see: himself, those below the units he heads, and the scope of his roles."""

    serializer_class = EmployeeSerializer
    pagination_class = PeoplePages
    queryset = Employee.objects.none()

    def get_queryset(self) -> QuerySet[Employee]:
        people = Employee.objects.visible_to(self.request.user).select_related("current_unit")
        if self.action != "list":
            return people
        query = PeopleQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        if not asked["all"]:
            people = people.active()
        if text := asked.get("q", "").strip():
            people = search.matching(people, text)
        if "unit" in asked:
            people = people.filter(current_path__startswith=_path(asked["unit"]))
        if "status" in asked:
            people = people.filter(status=asked["status"])
        return people.order_by("name", "id")

    def get_object(self) -> Any:
        if self.kwargs["pk"] != "me":
            return super().get_object()
        own = self.get_queryset().filter(user_id=str(self.request.user.pk)).first()
        if own is None:
            raise Http404
        return own


def _path(unit: Any) -> str:
    """The path of the unit; one that nothing begins with when there is no such unit."""
    path = Unit.objects.filter(pk=unit).values_list("path", flat=True).first()
    return path or "-"
