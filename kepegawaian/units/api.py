"""Units for other systems: what the tree says today, open ones unless asked otherwise."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from kepegawaian.lib.api import CursorPagination
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.units import permissions
from kepegawaian.units.models import Unit


class UnitSerializer(serializers.ModelSerializer):
    parent: Any = serializers.UUIDField(source="parent_id", allow_null=True, read_only=True)
    timezone: Any = serializers.CharField(read_only=True, help_text="An IANA name; empty: as the unit above.")

    class Meta:
        model = Unit
        fields = (
            "id",
            "code",
            "name",
            "short_name",
            "kind",
            "function",
            "timezone",
            "parent",
            "opened_on",
            "closed_on",
        )
        read_only_fields = fields


class UnitPages(CursorPagination):
    ordering = "path"


PARAMETERS = [
    OpenApiParameter("q", str, description="Part of the name."),
    OpenApiParameter("code", str, description="The code of the unit, exactly."),
    OpenApiParameter("closed", bool, description="With units that are closed."),
]


@extend_schema_view(list=extend_schema(parameters=PARAMETERS))
class UnitViewSet(viewsets.ReadOnlyModelViewSet):
    """The unit tree, in its order."""

    serializer_class = UnitSerializer
    pagination_class = UnitPages
    lookup_value_converter = "uuid"
    queryset = Unit.objects.all()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        answer = permissions.can_see_tree(request.user)
        if not answer:
            raise PermissionRefused(answer)  # type: ignore[arg-type]

    def get_queryset(self) -> QuerySet[Unit]:
        above = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Unit.steplen)
        units = Unit.objects.annotate(parent_id=Subquery(Unit.objects.filter(path=above).values("id")[:1]))
        asked = self.request.query_params
        if self.action == "list" and asked.get("closed", "").lower() not in ("1", "true"):
            units = units.open()
        if text := asked.get("q", "").replace("\x00", "").strip():
            units = units.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
        if code := asked.get("code", "").replace("\x00", ""):
            units = units.filter(code=code)
        return units.order_by("path")
