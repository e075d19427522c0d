"""What feedback adds to the core."""


def register() -> None:
    pass
