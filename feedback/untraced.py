"""Nothing downstream may know who is at the door of the protected channel (reference 1.9).

`UntracedMiddleware` stands before everything else. It replaces the address by a key that is another one every day,
and takes away whatever else a request tells of its sender: the session, the browser, the page before. What is gone
cannot be logged, counted or stored by anything that comes after, now or later.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django_prometheus.middleware import PrometheusAfterMiddleware

from feedback.services.cases.access import daily_key
from feedback.views.reports.common import network
from kepegawaian.lib.ui.context import THEME_COOKIE

PATH = "/wbs/"
_KEPT_HEADERS = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"})
"""The address that was asked for, and whether it came encrypted."""
_SENDER = ("REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "REMOTE_IDENT")


class UntracedMiddleware:
    """`request.untraced` tells the log line to stay away; `request.origin_key` serves limits that expire."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if f"{request.path_info}/".startswith(PATH):  # also without the slash, before it is sent on
            request.origin_key = daily_key("untraced", network(request))  # type: ignore[attr-defined]
            request.untraced = True  # type: ignore[attr-defined]
            _forget_sender(request)
        return self.get_response(request)


def _forget_sender(request: HttpRequest) -> None:
    """`META` is the server's own dictionary, so a line that the server writes afterwards finds nothing either."""
    cookies = parse_cookie(request.META.get("HTTP_COOKIE", ""))
    kept = {name: cookies[name] for name in (settings.LANGUAGE_COOKIE_NAME, THEME_COOKIE) if name in cookies}
    for name in [name for name in request.META if name.startswith("HTTP_") and name not in _KEPT_HEADERS]:
        del request.META[name]
    for name in _SENDER:
        request.META.pop(name, None)
    request.META["REMOTE_ADDR"] = ""
    request.META["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in kept.items())
    request.__dict__.pop("headers", None)  # both were read for the address
    request.__dict__.pop("COOKIES", None)


class Metrics(PrometheusAfterMiddleware):
    """Counts per page would say how many reports came, and when."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if _untraced(request) else super().__call__(request)

    def process_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return None if _untraced(request) else super().process_view(request, *args, **kwargs)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        return response if _untraced(request) else super().process_template_response(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        return None if _untraced(request) else super().process_exception(request, exception)


def _untraced(request: HttpRequest) -> bool:
    return getattr(request, "untraced", False)
