"""The answer of every permission: allowed, or denied with a reason that a user may read."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    reason: str | Promise

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Denied
ALLOWED = Allowed()
