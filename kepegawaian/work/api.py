"""What waits for the person, and how far background jobs are, through the API."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets

from kepegawaian.lib.api import CursorPagination
from kepegawaian.work import inbox
from kepegawaian.work.models import Job, WorkItem
from kepegawaian.work.permissions import can_see_job


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


class JobSerializer(serializers.ModelSerializer):
    """`result`: what the kind of job says of its end: counts, or the id of a file."""

    class Meta:
        model = Job
        fields = (
            *("id", "kind", "state", "done", "total", "phase", "result", "error"),
            *("created_at", "finished_at"),
        )
        read_only_fields = fields


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """One's own jobs, the newest first; one by its id also for whom its kind names."""

    serializer_class = JobSerializer
    lookup_value_converter = "uuid"
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows = Job.objects.select_related("owner")
        return rows.filter(owner_id=self.request.user.pk) if self.action == "list" else rows

    def get_object(self) -> Job:
        job: Job = super().get_object()
        if not can_see_job(self.request.user, job):
            raise Http404
        return job
