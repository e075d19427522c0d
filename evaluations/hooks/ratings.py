"""What the part "ratings" adds to the core."""


def register() -> None:
    """Called once, from the package's `register`."""
