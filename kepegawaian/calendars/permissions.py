"""Who may change days off, and who the work pattern of a unit."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, covers, has_right, scope_paths

_NOT_YOURS = _("Kalender hanya diubah oleh pengelola kepegawaian.")


def can_manage_holidays(user: Any) -> Answer:
    """Holidays hold for the whole government, so a right in one unit is not enough."""
    return ALLOWED if scope_paths(user, Right.MANAGE_CALENDAR) is None else Denied(_NOT_YOURS)


def can_see_patterns(user: Any) -> Answer:
    managing = has_right(user, Right.MANAGE_CALENDAR) or has_right(user, Right.MANAGE_UNITS)
    return ALLOWED if managing else Denied(_NOT_YOURS)


def can_manage_pattern(user: Any, unit: Unit) -> Answer:
    for right in (Right.MANAGE_CALENDAR, Right.MANAGE_UNITS):
        if covers(user, right, unit.path):
            return ALLOWED
    return Denied(_("Unit ini di luar wewenang Anda."))


def units_of(user: Any) -> Any:
    """The units whose pattern the user may change."""
    by_calendar = Unit.objects.in_scope(user, Right.MANAGE_CALENDAR)
    return by_calendar | Unit.objects.in_scope(user, Right.MANAGE_UNITS)
