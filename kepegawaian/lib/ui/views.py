"""Views that belong to no feature: the look, the theme, the language, a door's pages, errors."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, requires_csrf_token
from django.views.decorators.http import require_GET, require_POST, require_safe

from kepegawaian.lib.ui.assets import asset as built_asset
from kepegawaian.lib.ui.context import THEME_COOKIE, THEMES
from kepegawaian.lib.ui.region import region
from kepegawaian.lib.ui.shell import HOME, Shell

DAY = 24 * 3600
YEAR = 365 * DAY


@login_not_required
@require_GET
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """The stylesheet or the icons. With the version in the address the browser keeps them for a year."""
    built = built_asset(name)
    etag = f'"{built.version}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    body, encoding = built.encoded(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(body, content_type=built.content_type)
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    if encoding:
        response["Content-Encoding"] = encoding
    if request.GET.get("v") == built.version:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of what names none: the admin, JSON, files."""
    response = HttpResponseRedirect(region().logo)
    patch_cache_control(response, public=True, max_age=DAY)
    return response


# The two switches take no CSRF token: a forged one could only change colours or words, and without it
# public pages stay free of cookies.
def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the switch was on; never to another host."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else "/")


@csrf_exempt
@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@csrf_exempt
@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """For this browser, and for a person who signed in also in mails and on every other device."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            get_user_model().objects.filter(pk=request.user.pk).update(language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@login_not_required
@require_GET
def door(request: HttpRequest, code: str) -> HttpResponse:
    """The pages behind one door, for phones, where the bar has room for the doors alone."""
    opened = Shell(request).door(code)
    if opened is None or code == HOME:
        raise Http404
    layout = "layout/app.html" if request.user.is_authenticated else "layout/public.html"
    return render(request, "layout/door.html", {"door": opened, "layout": layout})


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, reason=_user_text(exception))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on its own: no context processors, no database, no session."""
    return HttpResponse(render_to_string("500.html", {"region_name": settings.REGION_NAME}), status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session ended or cookies are off; what was typed is still in the browser (app.js keeps it)."""
    return _error(request, 403, expired=True)


def _user_text(exception: Exception | None) -> str:
    """The sentence of a refusal meant for the user; other exceptions keep theirs to themselves."""
    return str(exception) if exception and hasattr(exception, "problems") else ""


def _error(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)
