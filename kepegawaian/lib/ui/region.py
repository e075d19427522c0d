"""The government whose portal this is: name, logo and colour from the settings."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    short_name: str
    logo: str
    colour: str


def region() -> Region:
    """REGION_LOGO is a path under static/ or an address of our own host; empty gives the neutral emblem."""
    logo = settings.REGION_LOGO or "img/logo.svg"
    return Region(
        name=settings.REGION_NAME,
        short_name=settings.REGION_SHORT_NAME,
        logo=logo if logo.startswith("/") else static(logo),
        colour=checked_colour(settings.REGION_COLOUR),
    )


def checked_colour(value: str) -> str:
    """Six hexadecimal digits, or empty for the portal's own blue-green."""
    if value and not _HEX.fullmatch(value):
        raise ImproperlyConfigured(f"REGION_COLOUR must look like #0b5b67, not {value!r}.")
    return value
