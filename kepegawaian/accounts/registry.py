"""What `accounts` asks of higher apps: which roles a person holds today. `units`, which keeps them, answers."""

from collections.abc import Callable, Collection
from typing import Any

RolesOf = Callable[[Any], Collection[str]]
_sources: list[RolesOf] = []


def register_roles(source: RolesOf) -> None:
    """`source(user)` gives the roles held today, wherever; called from the `ready()` of the app that knows."""
    if source not in _sources:
        _sources.append(source)


def roles_of(user: Any) -> frozenset[str]:
    """All roles a person holds today; none for people who may not sign in."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    return frozenset(role for source in _sources for role in source(user))
