"""What waits for the person through the API: `GET /api/v1/work/items/?kind=`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets

from kepegawaian.lib.api import CursorPagination
from kepegawaian.work import inbox
from kepegawaian.work.models import WorkItem


class WorkItemSerializer(serializers.ModelSerializer):
    line = serializers.CharField()

    class Meta:
        model = WorkItem
        fields = ("id", "kind", "subject_type", "subject_id", "title", "line", "url", "opened_at", "due_on")


class ByAge(CursorPagination):
    ordering: Any = ("opened_at", "id")


@extend_schema(parameters=[OpenApiParameter("kind", str)])
class WorkItemViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = WorkItemSerializer
    pagination_class = ByAge
    queryset = WorkItem.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return inbox.waiting(self.request.user, self.request.query_params.get("kind", ""))
