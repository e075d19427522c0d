"""Who reads a page, as far as its statements depend on it."""

from typing import Any

from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.prepared import Slots
from kepegawaian.units.models import current_roles


class Reader:
    """Given to `visible_to` in place of the user where a statement is compiled once: who it is fills the slot
    "user", so all who hold the same roles and head the same units share it. One's own page depends on neither."""

    is_authenticated = True

    def __init__(self, user: Any, *, own: bool) -> None:
        self.pk = Slots()("user")
        self.own, self.is_active = own, user.is_active
        self._current_roles = [] if own else [(role, path) for role, path in current_roles(user)]
        self._headed_paths = [] if own else list(headed_paths(user))
        self.key = (own, self.is_active, tuple(self._current_roles), tuple(self._headed_paths))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reader) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)
