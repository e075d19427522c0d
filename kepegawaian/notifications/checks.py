"""`check --deploy`: every message must have a category and its three texts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist, engines

from kepegawaian.notifications import base

PARTS = ("subject", "body", "line")


@register("notifications", deploy=True)
def check_messages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    known = {category.code for category in base.categories()}
    errors: list[CheckMessage] = []
    for kind, notification in sorted(base.classes().items()):
        if notification.category not in known:
            hint = "Call notifications.base.register_category from the ready() of its app."
            errors.append(Error(f"{kind}: category {notification.category!r} is not registered.", hint=hint))
        errors += [
            Error(f"{kind}: there is no template {name}.")
            for name in map(notification.template, PARTS)
            if not _exists(name)
        ]
    return errors


def _exists(name: str) -> bool:
    try:
        engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        return False
    return True
