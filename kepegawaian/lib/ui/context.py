"""What every template may use: the doors, the region, the theme and the addresses of the look."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kepegawaian.lib.ui.assets import asset_url
from kepegawaian.lib.ui.region import region
from kepegawaian.lib.ui.shell import Shell

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "shell": Shell(request),
        "region": region(),
        "theme": theme(request),
        "look_url": asset_url("look.css"),
        "debug": settings.DEBUG,
    }
