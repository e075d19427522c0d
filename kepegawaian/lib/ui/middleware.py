"""The language of a request, public pages that cost no session, forms that were sent after it had ended, and the
addresses that only forms are sent to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


class LanguageMiddleware:
    """Stands in LocaleMiddleware's place: Indonesian unless somebody chose otherwise.

    The browser's own language is no wish; phones sold in Indonesia often speak English by factory setting.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = frozenset(dict(settings.LANGUAGES))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if "public" not in response.get("Cache-Control", ""):
            patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Looks at the view before it looks at the person, so that public views and assets load no session."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Back to the page of the form where one was sent without a session: its address may take no GET."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        back = _own_path(request, request.headers.get("Referer", "")) or "/"
        return redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


def _own_path(request: HttpRequest, address: str) -> str:
    """The path of a page of this portal; "" for anything else."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, ""))


class SentMiddleware:
    """Takes the cookie away with which a script announced a form that it keeps in the tab: the form has arrived.

    A refusal (4xx), a failure and the way to the sign-in leave the cookie, and with it what was typed.
    """

    COOKIE = "sent"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.ways_in = tuple(resolve_url(name) for name in (settings.LOGIN_URL, "account_reauthenticate"))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self.COOKIE in request.COOKIES and request.method == "POST" and self._arrived(response):
            response.delete_cookie(self.COOKIE)
        return response

    def _arrived(self, response: HttpResponse) -> bool:
        return response.status_code < 400 and not response.get("Location", "").startswith(self.ways_in)


class FormAddressMiddleware:
    """A page of ours where the address that a form was sent to is opened by itself: typed, or loaded again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not opened or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
