"""One's own inbox through the API: `GET /api/v1/notices/`, `POST /api/v1/notices/{id}/read/`."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kepegawaian.notifications import services
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message


class NoticeSerializer(serializers.ModelSerializer):
    text = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ("id", "kind", "text", "url", "created_at", "read_at")

    def get_text(self, message: Message) -> str:
        message.recipient = self.context["request"].user  # known already: wording a row costs no statement
        return words(message, "line")


class NoticeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = NoticeSerializer
    queryset = Message.objects.none()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        return services.inbox(self.request.user)

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        message = services.mark_read(user=request.user, message_id=pk)
        if message is None:
            raise Http404
        return Response(self.get_serializer(message).data)
