"""GeoReport v2 over HTTP. Each view gives data; `answering` writes them, and every refusal, as asked for."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from feedback.open311 import asking, discovery, filing, reading
from feedback.open311.errors import Refused, bad, unknown
from feedback.open311.writing import MIME, written
from feedback.views.caching import kept_publicly

READS = ("GET", "HEAD")
STEADY_SECONDS = 300
_UNREADABLE = (MultiPartParserError, SuspiciousOperation, BadRequest)


def answering(root: str, methods: tuple[str, ...] = READS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`root`: what the answer is called in XML.

    Reads may be made from any site, writes may not (CORS). No cookie counts here, so there is nothing that a
    forged form could abuse: a key is the only right.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @login_not_required
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *, form: str, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, _("Cara ini tidak dilayani di sini."))
                answer = _answer(form, root, view(request, **kwargs))
            except _UNREADABLE:
                answer = _refusal(form, bad(_("Kiriman tidak terbaca.")))
            except Refused as refused:
                answer = _refusal(form, refused)
            if request.method in READS:
                answer["Access-Control-Allow-Origin"] = "*"
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                answer["Allow"] = ", ".join(methods)
            return answer

        return wrapper

    return decorate


def _answer(form: str, root: str, data: Any, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(written(form, root, data), status=status, content_type=f"{MIME[form]}; charset=utf-8")


def _refusal(form: str, refused: Refused) -> HttpResponse:
    answer = _answer(form, "errors", refused.rows, refused.status)
    if refused.retry_after:
        answer["Retry-After"] = str(refused.retry_after)
    return answer


@kept_publicly(STEADY_SECONDS)
@answering("discovery")
def discover(request: HttpRequest) -> Any:
    return discovery.described()


@kept_publicly(STEADY_SECONDS)
@answering("services")
def services(request: HttpRequest) -> Any:
    asking.check_jurisdiction(request.GET)
    return reading.services()


@kept_publicly(STEADY_SECONDS)
@answering("service_definition")
def definition(request: HttpRequest, code: str) -> Any:
    asking.check_jurisdiction(request.GET)
    return reading.definition(code)


@never_cache
@sensitive_post_parameters()
@answering("service_requests", (*READS, "POST"))
def requests(request: HttpRequest) -> Any:
    if request.method == "POST":
        return filing.file(request)
    asking.check_jurisdiction(request.GET)
    return reading.requests(asking.read(request.GET))


@never_cache
@answering("service_requests")
def request_by_id(request: HttpRequest, number: str) -> Any:
    asking.check_jurisdiction(request.GET)
    return reading.request(number, extended=asking.wants_extensions(request.GET))


@never_cache
@answering("service_requests")
def token(request: HttpRequest, token: str) -> Any:
    asking.check_jurisdiction(request.GET)
    return reading.token(token)


@answering("errors", (*READS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
def nothing(request: HttpRequest) -> Any:
    """Every other address, in the format its ending names; XML where it names none."""
    raise unknown(_("Alamat ini tidak ada."))
