"""Who reads a page, as far as its statements depend on it."""

from typing import Any

from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.prepared import Eyes, Slots
from kepegawaian.units.models import current_roles


class Anybody:
    """In place of the user where a statement is compiled once: who it is fills the slot "user"."""

    def __init__(self) -> None:
        self.pk = Slots()("user")


class Reader(Anybody, Eyes):
    """The same for `visible_to`: all who hold the same roles and head the same units share the statement. One's
    own page depends on neither."""

    is_authenticated = True

    def __init__(self, user: Any, *, own: bool) -> None:
        super().__init__()
        self.own, self.is_active = own, user.is_active
        self._current_roles = [] if own else [(role, path) for role, path in current_roles(user)]
        self._headed_paths = [] if own else list(headed_paths(user))
        self.key = (own, self.is_active, tuple(self._current_roles), tuple(self._headed_paths))
