"""What feedback adds to the core; each part of it registers its own."""

from feedback import (
    hooks_cases,
    hooks_catalogue,
    hooks_desk,
    hooks_forums,
    hooks_open311,
    hooks_reports,
    hooks_surveys,
    hooks_whistle,
)


def register() -> None:
    hooks_cases.register()
    hooks_catalogue.register()
    hooks_desk.register()
    hooks_forums.register()
    hooks_open311.register()
    hooks_reports.register()
    hooks_surveys.register()
    hooks_whistle.register()
