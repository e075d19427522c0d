"""What the part "execution" adds to the core."""


def register() -> None:
    """Called once, from the package's `register`."""
