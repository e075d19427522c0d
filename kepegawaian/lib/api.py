"""What every API route shares: cursor pages and RFC 9457 problem JSON."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.pagination import CursorPagination as _CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from kepegawaian.lib.exceptions import ApplicationError


class CursorPagination(_CursorPagination):
    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100


def _problem(title: str, status_code: int, **members: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status_code, **members}
    return Response(body, status=status_code, content_type="application/problem+json")


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn every expected error into problem JSON; the unexpected stays a 500 of the server."""
    if isinstance(exc, ApplicationError):
        problems = [
            {"message": str(p.message), "rule": p.rule, "article": p.article, "field": p.field}
            for p in exc.problems
        ]
        first = problems[0] if problems else {"rule": "", "article": ""}
        return _problem(
            str(exc.message), exc.status, rule=first["rule"], article=first["article"], refusals=problems
        )
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        problem = _problem("Isian tidak sah", status.HTTP_400_BAD_REQUEST, errors=response.data)
    else:
        detail = exc.detail if isinstance(exc, APIException) else response.data.get("detail", "")
        problem = _problem(str(detail), response.status_code)
    for header, value in response.headers.items():
        if header.lower() != "content-type":
            problem.headers[header] = value
    return problem
