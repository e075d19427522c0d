"""Days off through the API: `GET /api/v1/calendar/holidays/?year=2026`."""

import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets

from kepegawaian.calendars.models import Holiday
from kepegawaian.lib.api import CursorPagination


class HolidaySerializer(serializers.ModelSerializer):
    class Meta:
        model = Holiday
        fields = ("id", "date", "kind", "name_id", "name_en", "confirmed", "source")


class YearSerializer(serializers.Serializer):
    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)


class ByDate(CursorPagination):
    ordering: Any = ("date", "id")


@extend_schema(parameters=[OpenApiParameter("year", int)])
class HolidayViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = HolidaySerializer
    pagination_class = ByDate
    queryset = Holiday.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        asked = YearSerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found = Holiday.objects.in_force()
        if year := asked.validated_data.get("year"):
            found = found.filter(date__range=(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        return found
