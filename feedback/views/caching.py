"""Public pages that browsers and proxies may keep, and the portal too: the same for all who have no session."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.context import theme

HERE_SECONDS = 300


def kept_here(request: HttpRequest, key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it was made for the last visitor without a session. `key` names it with whatever it changes with
    (a version, a time), so that what was taken back is never shown again; it may be old by `HERE_SECONDS` in what
    no verb changes, such as the days until a deadline."""
    if request.user.is_authenticated or settings.SESSION_COOKIE_NAME in request.COOKIES or request.GET:
        return make()
    name = f"feedback.page:{key}:{today()}:{get_language()}:{theme(request)}"
    content = cache.get(name)
    if content is not None:
        return HttpResponse(content)
    response = make()
    if response.status_code == 200 and "CSRF_COOKIE" not in request.META:  # a token is one person's
        cache.set(name, response.content, HERE_SECONDS)
    return response


def kept_publicly(seconds: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Language and theme are cookies, so the answer varies by them; whoever signed in gets a page of his own."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                if settings.SESSION_COOKIE_NAME in request.COOKIES:
                    patch_cache_control(response, private=True, no_cache=True)
                else:
                    patch_cache_control(response, public=True, max_age=seconds)
                patch_vary_headers(response, ("Cookie",))
            return response

        return wrapper

    return decorate
