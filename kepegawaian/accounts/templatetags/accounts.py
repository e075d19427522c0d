"""Words for what stands in the list of sessions."""

import re

from django.template import Library
from django.utils.translation import gettext as _

register = Library()

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")


@register.filter
def device(user_agent: str) -> str:
    """Reads "Chrome, Android"; what programs call themselves is not trusted further than that."""
    known = [name for name in (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)) if name]
    return ", ".join(known) or _("Perangkat tidak dikenal")
