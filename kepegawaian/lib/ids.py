"""Identifiers: opaque to users, ordered by time so that indexes stay compact and pages can follow them."""

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    return _uuid7()


def as_uuid(text: object) -> uuid.UUID | None:
    """The key that somebody sent; None for anything else."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
