"""Words for the officers' pages."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from feedback.desk_look import is_late
from feedback.enums import Audience, Party
from feedback.models import Case, CaseMessage
from feedback.rules.personal import preview

register = template.Library()


@register.filter
def late(case: Case) -> bool:
    return is_late(case)


@register.filter
def desk_title(case: Case) -> str:
    """Lists stand open on screens: without personal data, and a secret case shows on its own page alone what it
    says."""
    return _("Laporan rahasia") if case.secret else preview(case.title)


@register.filter
def author_of(message: CaseMessage) -> str:
    if message.author is not None:
        return f"{message.author.name} ({Party(message.party).label})"
    return str(Party(message.party).label)


@register.filter
def read_by(message: CaseMessage) -> str:
    return str(Audience(message.audience).label)


@register.filter
def version_in(case: Case, versions: Any) -> int:
    """The version that was ticked, so that the confirmation does not renew it."""
    return int(versions.get(case.pk, case.version))
