"""What every API route shares: cursor pages, a limit on bodies, and RFC 9457 problem JSON."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied as Forbidden
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotFound,
    ParseError,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.pagination import CursorPagination as _CursorPagination
from rest_framework.parsers import JSONParser as _JSONParser
from rest_framework.response import Response

from kepegawaian.lib.exceptions import ApplicationError

PROBLEM_JSON = "application/problem+json"


class CursorPagination(_CursorPagination):
    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100


class JSONParser(_JSONParser):
    """Django limits forms and what is read as a whole; a JSON body is a stream and needs its own limit."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = parser_context["request"].META.get("CONTENT_LENGTH") if parser_context else None
        if length and str(length).isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)


class RefusalSerializer(serializers.Serializer):
    message = serializers.CharField()
    rule = serializers.CharField()
    article = serializers.CharField()
    verified = serializers.BooleanField(help_text="False while nobody has checked the text of the article")
    field = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """For the schema: an error as RFC 9457 has it. Where a rule of law refused, it names rule and article."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    rule = serializers.CharField(required=False)
    article = serializers.CharField(required=False)
    verified = serializers.BooleanField(required=False)
    refusals = RefusalSerializer(many=True, required=False)
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]  # the member's name in the answer


def problem(title: str, status_code: int, **members: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status_code, **members}
    return Response(body, status=status_code, content_type=PROBLEM_JSON)


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn every expected error into problem JSON; the unexpected stays a 500 of the server."""
    if isinstance(exc, ApplicationError):
        return _refusal(exc)
    if isinstance(exc, RequestDataTooBig):
        return problem(_("Data yang dikirim terlalu besar."), status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    # Its module reads settings that name classes of this one, so it cannot be imported above.
    from rest_framework.views import exception_handler

    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        answer = problem(_("Isian tidak sah"), status.HTTP_400_BAD_REQUEST, errors=response.data)
    else:
        answer = problem(_title(exc, context), response.status_code)
    for header, value in response.headers.items():
        if header.lower() != "content-type":
            answer.headers[header] = value
    return answer


def _title(exc: Exception, context: dict[str, Any]) -> str:
    """In the reader's language where the framework speaks English alone."""
    match exc:
        case MethodNotAllowed():
            return _("Alamat ini tidak melayani %(method)s.") % {"method": context["request"].method}
        case ParseError():
            return _("Isi permintaan ini tidak terbaca.")
        case Throttled():
            return _("Terlalu banyak permintaan. Tunggu sebentar.")
        case APIException():
            return str(exc.detail)
    return str(PermissionDenied.default_detail if isinstance(exc, Forbidden) else NotFound.default_detail)


def _refusal(exc: ApplicationError) -> Response:
    names = ("rule", "article", "verified")
    problems = [
        {"message": str(p.message), "field": p.field} | {name: getattr(p, name) for name in names}
        for p in exc.problems
    ]
    first = problems[0] if problems else {"rule": "", "article": "", "verified": True}
    return problem(str(exc.message), exc.status, **{name: first[name] for name in names}, refusals=problems)
