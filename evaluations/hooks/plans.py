"""What the part "plans" adds to the core."""


def register() -> None:
    """Called once, from the package's `register`."""
