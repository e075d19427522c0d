"""Words for the pages of reports."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.enums import CaseState, Party
from feedback.models import Case, CaseFile, CaseMessage

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=32)
def offered(suggestions: tuple[tuple[str, str], ...]) -> SafeString:
    """The options of a `datalist`: drawn once for what there is to choose from."""
    return format_html_join("", '<option value="{}">{}</option>', suggestions)


@register.filter
def state(case: Case) -> CaseState:
    """For `{% status %}`."""
    return CaseState(case.state)


@register.filter
def said_by(message: CaseMessage, own: bool) -> str:
    """The side of the counter, never a person."""
    if message.party == Party.REPORTER:
        return _("Anda") if own else _("Pelapor")
    if message.party == Party.ADMIN or message.unit is None:
        return _("Admin pengaduan")
    return message.unit.name


@register.filter
def files_of(message: Any) -> list[tuple[int, CaseFile]]:
    """Numbered, from what the page loaded before."""
    return list(enumerate(message.files.all(), start=1))
