"""Addresses of pages by the name of their route, put together once a process instead of at every mention."""

import uuid
from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_STAND_IN = uuid.UUID("00000000-0000-0000-0000-00000000000f")


def address(name: str, *args: uuid.UUID, of: str = "") -> str:
    """What `reverse` gives for a page without arguments, or with one UUID. `of`: a word before it, out of a few.
    Raises NoReverseMatch."""
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    before, after = _around(name, (of,) if of else (), len(args), urlconf, get_script_prefix())
    return f"{before}{args[0]}{after}" if args else before


@cache
def _around(name: str, words: tuple[str, ...], arguments: int, urlconf: str, prefix: str) -> tuple[str, str]:
    found = reverse(name, urlconf, args=[*words, *[_STAND_IN] * arguments])
    before, _, after = found.partition(str(_STAND_IN)) if arguments else (found, "", "")
    return before, after
