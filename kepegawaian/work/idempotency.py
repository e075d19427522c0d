"""For API views: a POST repeated with the same `Idempotency-Key` is done once and answered the same way."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from kepegawaian.work import answers
from kepegawaian.work.models import IdempotencyRecord

HEADER = "Idempotency-Key"
PARAMETER = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Repeating the POST with the same key does nothing new and gives the same answer, for two days.",
)


class _AnsweredBefore(Exception):
    def __init__(self, record: IdempotencyRecord) -> None:
        self.record = record


class IdempotentMixin:
    """Put it before the viewset class. The verb and the record of its answer are one transaction."""

    idempotent_parameters = (PARAMETER,)
    _record: IdempotencyRecord | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or HEADER not in request.headers:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            response.render()
            if self._record is not None and response.status_code < 500:
                answers.keep(
                    self._record,
                    status=response.status_code,
                    content_type=response.headers.get("Content-Type", ""),
                    body=response.content.decode(),
                )
            elif self._record is not None:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """After sign-in, permissions and throttling: whoever may not POST claims no key."""
        body = request._request.body if HEADER in request.headers else b""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method != "POST" or HEADER not in request.headers:
            return
        key = answers.checked_key(request.headers[HEADER])
        record = answers.claim(user=request.user, key=key, route=request.path, body=body)
        if record.status is not None:
            raise _AnsweredBefore(record)
        self._record = record

    def handle_exception(self, exc: Exception) -> Response:
        if not isinstance(exc, _AnsweredBefore):
            return super().handle_exception(exc)  # type: ignore[misc,no-any-return]
        return _Again(exc.record)


class _Again(Response):
    """The answer as it was given the first time, byte for byte."""

    def __init__(self, record: IdempotencyRecord) -> None:
        super().__init__(status=record.status, headers={"Idempotent-Replayed": "true"})
        self._record = record

    @property
    def rendered_content(self) -> Any:
        self["Content-Type"] = self._record.content_type
        if not self._record.content_type:
            del self["Content-Type"]
        return self._record.body.encode()
