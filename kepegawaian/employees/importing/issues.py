"""What is wrong with a cell or a row, kept as a text to translate, so that everybody reads it in his language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from kepegawaian.employees.rules import Level


@dataclass(frozen=True, slots=True)
class Issue:
    """`column` as the sheet heads it; `value` as the cell shows it. An error refuses the row."""

    column: str
    level: Level
    message: str
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return render(self.message, self.params)

    def as_json(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "level": str(self.level),
            "message": self.message,
            "value": self.value[:200],
            "params": dict(self.params),
        }


def render(message: str, params: Mapping[str, Any] | None) -> str:
    """The sentence in the active language."""
    text = translation.gettext(message) if message else ""
    return text % params if params else text


def msgid(text: str | Promise) -> str:
    """The Indonesian text behind a lazy one: what the catalogue is keyed by."""
    with translation.override("id"):
        return str(text)


def worst(issues: list[dict[str, Any]]) -> str:
    """The level of a row: "error", "warning" or "" for a clean one."""
    levels = {issue["level"] for issue in issues}
    return next((str(level) for level in (Level.ERROR, Level.WARNING) if level in levels), "")
