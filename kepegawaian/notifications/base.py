"""What a message is: one class each, its words in templates, its recipients and key given by the verb.

    class LeaveSubmitted(Notification):
        kind = "leave.submitted"
        category = "leave"

reads templates/leave/email/submitted_{subject,body,line}.txt. The subject and body are the e-mail's (the body
extends layout/email.txt, which greets and adds the link), the line stands in the inbox. All three see the context
given to `notify`, `recipient` and `url` (absolute), and are worded in the recipient's language.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.template import Context, engines
from django.utils.functional import Promise

from kepegawaian.notifications.models import Preference

Mode = Preference.Mode


@dataclass(frozen=True, slots=True)
class Category:
    """What people choose by: all messages of one feature or purpose. `modes` are the choices they have."""

    code: str
    label: str | Promise
    hint: str | Promise = ""
    default: str = Mode.INSTANT
    modes: tuple[str, ...] = (Mode.INSTANT, Mode.DIGEST, Mode.OFF)


_categories: dict[str, Category] = {}
_classes: dict[str, type["Notification"]] = {}


class Notification:
    """Subclass with `kind` ("leave.submitted") and `category`; never instantiated."""

    kind: ClassVar[str]
    category: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = _classes.get(cls.kind)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise ImproperlyConfigured(f"notification {cls.kind!r} is declared twice")
        if cls.kind.count(".") != 1:
            raise ImproperlyConfigured(f"notification {cls.kind!r}: a kind is '<app>.<event>'")
        _classes[cls.kind] = cls

    @classmethod
    def template(cls, part: str) -> str:
        app, event = cls.kind.split(".")
        return f"{app}/email/{event}_{part}.txt"

    @classmethod
    def render(cls, part: str, context: dict[str, Any]) -> str:
        """`subject` and `line` come as one line, `body` as it is; in the active language, nothing escaped."""
        template = engines["django"].engine.get_template(cls.template(part))  # type: ignore[attr-defined]
        text = template.render(Context(context, autoescape=False)).strip()
        return f"{text}\n" if part == "body" else " ".join(text.split())


def register_category(category: Category) -> None:
    """Called from the `ready()` of the app whose messages they are."""
    _categories[category.code] = category


def categories() -> list[Category]:
    return sorted(_categories.values(), key=lambda category: category.code)


def category_of(kind: str) -> Category:
    code = _classes[kind].category
    try:
        return _categories[code]
    except KeyError:
        raise ImproperlyConfigured(f"notification {kind!r}: category {code!r} is not registered") from None


def classes() -> dict[str, type[Notification]]:
    return dict(_classes)


def find(kind: str) -> type[Notification] | None:
    return _classes.get(kind)
