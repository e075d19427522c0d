"""Words for the officers' pages."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from feedback.desk_look import is_late
from feedback.enums import Audience, Party
from feedback.models import Case, CaseMessage

register = template.Library()


@register.filter
def late(case: Case) -> bool:
    return is_late(case)


@register.filter
def desk_title(case: Case) -> str:
    """Lists stand open on screens: a secret case shows what it says on its own page alone."""
    return _("Laporan rahasia") if case.secret else case.title


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
