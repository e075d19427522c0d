"""The stylesheet and the icons: each one file to the browser, compressed once, named by its content.

The sources stay small files in static/css; joining them here saves round trips on slow links, and the
region's colour goes in without an inline style.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import brotli
from django.conf import settings
from django.urls import reverse

from kepegawaian.lib.ui.icons import sprite
from kepegawaian.lib.ui.region import checked_colour

FIRST = ("variables", "base", "components")


@dataclass(frozen=True, slots=True)
class Asset:
    content_type: str
    body: bytes
    gzipped: bytes
    brotlied: bytes
    version: str

    def encoded(self, accept: str) -> tuple[bytes, str]:
        """The smallest body that the browser takes, and its Content-Encoding."""
        if "br" in accept:
            return self.brotlied, "br"
        if "gzip" in accept:
            return self.gzipped, "gzip"
        return self.body, ""


def _asset(content_type: str, text: str) -> Asset:
    body = text.encode()
    return Asset(
        content_type=content_type,
        body=body,
        gzipped=gzip.compress(body, mtime=0),
        brotlied=brotli.compress(body),
        version=hashlib.sha256(body).hexdigest()[:8],
    )


def _stylesheet() -> Asset:
    """Tokens first, then the parts, then the frame and what each feature adds in a file of its own."""
    folder = settings.BASE_DIR / "static" / "css"
    others = sorted(path.stem for path in folder.glob("*.css") if path.stem not in FIRST)
    parts = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in (*FIRST, *others)]
    if colour := checked_colour(settings.REGION_COLOUR):
        parts.append(f":root {{ --brand: {colour}; }}\n")
    return _asset("text/css; charset=utf-8", "\n".join(parts))


def _icons() -> Asset:
    return _asset("image/svg+xml", sprite())


_BUILDERS: dict[str, Callable[[], Asset]] = {"look.css": _stylesheet, "icons.svg": _icons}


@cache
def _kept(name: str) -> Asset:
    return _BUILDERS[name]()


def asset(name: str) -> Asset:
    """Either "look.css" or "icons.svg", built once a process; the stylesheet anew while developing."""
    if settings.DEBUG and name == "look.css":
        return _stylesheet()
    return _kept(name)


@cache
def icons_url() -> str:
    return asset_url("icons.svg")


def asset_url(name: str) -> str:
    return f"{reverse('ui:asset', args=[name])}?v={asset(name).version}"
