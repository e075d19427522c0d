"""Who looks at the progress of others, who manages it, and who corrects whose assessor."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import CycleState
from evaluations.models import Participant
from evaluations.permissions.common import CLOSED_CYCLE, NOT_MANAGER, can_manage, is_own
from evaluations.selectors.monitor import paths_overseen
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, has_right, scope_paths, within

NOT_OVERSEER = Denied(_("Halaman ini untuk pimpinan unit dan pengelola kinerja."))


def can_oversee(user: Any) -> Answer:
    """Heads of units, leaders and HR, each in their own part of the tree."""
    return ALLOWED if paths_overseen(user) != [] else NOT_OVERSEER


def oversees_unit(user: Any, unit: Unit) -> bool:
    return within(unit.path, paths_overseen(user))


def can_manage_some(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.MANAGE_PERFORMANCE) else NOT_MANAGER


def paths_managed(user: Any) -> list[str] | None:
    return scope_paths(user, Right.MANAGE_PERFORMANCE)


def can_correct_assessor(user: Any, participant: Participant) -> Answer:
    """The person, or HR of the person's unit, while the year is open."""
    if participant.cycle.state == CycleState.CLOSED:
        return CLOSED_CYCLE
    return ALLOWED if is_own(user, participant) or can_manage(user, participant) else can_manage(user, participant)
