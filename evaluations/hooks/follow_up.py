"""What the part "follow_up" adds to the core."""


def register() -> None:
    """Called once, from the package's `register`."""
