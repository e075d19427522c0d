"""What `accounts` asks of higher apps: which roles a person holds today, and what every page needs of a person."""

from collections.abc import Callable, Collection
from typing import Any

RolesOf = Callable[[Any], Collection[str]]
BroughtAlong = Callable[[Any], Any]
_sources: list[RolesOf] = []
_brought: dict[str, BroughtAlong] = {}


def bring_along(attribute: str, expression: BroughtAlong) -> None:
    """`expression(on)`, `on` standing for today, is a subquery of `OuterRef("pk")`: the statement that loads the
    person of a request answers it, and its value is kept on the user object as `attribute`. User objects that come
    from elsewhere lack it; then ask anew."""
    _brought[attribute] = expression


def brought_along(on: Any) -> dict[str, Any]:
    return {attribute: expression(on) for attribute, expression in _brought.items()}


def register_roles(source: RolesOf) -> None:
    """`source(user)` gives the roles held today, wherever; called from the `ready()` of the app that knows."""
    if source not in _sources:
        _sources.append(source)


def roles_of(user: Any) -> frozenset[str]:
    """All roles a person holds today; none for people who may not sign in."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    return frozenset(role for source in _sources for role in source(user))
