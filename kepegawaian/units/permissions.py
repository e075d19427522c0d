"""Who may read and change the unit tree. The tree itself is no secret inside the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, has_right, scope_paths, within

NOT_MANAGER = Denied(_("Hanya pengelola struktur organisasi yang boleh mengubah unit ini."))


def can_see_tree(user: Any) -> Answer:
    """Everybody with a part in the government: employees and officers, not citizens."""
    if getattr(user, "nip", None) or has_right(user, Right.VIEW_RECORDS) or has_right(user, Right.MANAGE_UNITS):
        return ALLOWED
    return Denied(_("Struktur organisasi hanya untuk pegawai."))


def can_manage(user: Any, unit: Unit | None) -> Answer:
    """MANAGE_UNITS over `unit` and all below it; None stands for the top of the tree."""
    paths = scope_paths(user, Right.MANAGE_UNITS)
    if paths is None or (unit is not None and within(unit.path, paths)):
        return ALLOWED
    return NOT_MANAGER
