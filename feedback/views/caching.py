"""Public pages that browsers and proxies may keep: the same for everybody who has no session."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers


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
