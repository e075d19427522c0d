"""Small numbers in published tables: fewer than five protected cases would point at people (reference 1.7)."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
SMALLEST = 5


def suppressed(
    cells: Mapping[Key, int], smallest: int = SMALLEST, *, with_total: bool = True
) -> dict[Key, int | None]:
    """None for each number from 1 to `smallest` - 1. When a total stands beside them, a single gap could be
    computed, so the next smallest number goes with it; nothing is nobody and stays 0."""
    hidden = {key for key, number in cells.items() if 0 < number < smallest}
    if with_total and len(hidden) == 1:
        rest = [(number, str(key), key) for key, number in cells.items() if number and key not in hidden]
        hidden |= {min(rest, key=lambda item: item[:2])[2]} if rest else set()
    return {key: None if key in hidden else number for key, number in cells.items()}


def suppressed_total(cells: Mapping[Key, int], smallest: int = SMALLEST) -> int | None:
    """The sum of a row; None where it is itself too small."""
    total = sum(cells.values())
    return None if 0 < total < smallest else total
