"""Markup of one shape that differs in its words: its template is rendered once a process and language, with marks
where the words stand, and each use puts its own words there.

    _ROW = Mould("employees/_person_row.html")
    _ROW.fill({"url": url, "name": person.name, "nip": ""})

What is empty the template is told as it is, so `{% if text %}` works; of the rest it sees the mark, so words come
formatted and no condition asks more of them. Words are escaped unless they are safe. `fixed` chooses the shape.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_BEGIN, _END = "\ue000", "\ue001"  # of the private use area: no word of a template
_BLANK_LINES = re.compile(r"\n\s*\n")  # left by tags that stand alone on a line, and sent once a row
Words = Mapping[str, Any]
Shape = tuple[str, tuple[tuple[str, str], ...]]
"""What stands before the first word, then each word's name with what follows it."""


@lru_cache(maxsize=1024)
def _poured(
    template: str, language: str | None, names: tuple[str, ...], empty: tuple[Any, ...], fixed: tuple[Any, ...]
) -> Shape:
    marks = {name: f"{_BEGIN}{name}{_END}" for name in names}
    text = _BLANK_LINES.sub("\n", render_to_string(template, {**dict(empty), **dict(fixed), **marks}).strip())
    first, *rest = re.split(f"{_BEGIN}({'|'.join(names)}){_END}", text) if names else [text]
    if unused := set(names) - set(rest[::2]):
        raise TemplateSyntaxError(f"{template} has no place for {', '.join(sorted(unused))}")
    return first, tuple(zip(rest[::2], rest[1::2], strict=True))


def _written(value: Any) -> str:
    """As a template writes a variable. Most are plain texts, for which Django's way takes four calls more."""
    if type(value) is str:
        return escape(value)
    return str(conditional_escape(value if isinstance(value, str) else localize(value)))


class Mould:
    def __init__(self, template: str) -> None:
        self.template = template

    def fill(self, words: Words, **fixed: Any) -> SafeString:
        """One piece of markup. `fixed` are few and hashable."""
        return self._filled(words, get_language(), tuple(fixed.items()))

    def each(self, rows: Iterable[Words], **fixed: Any) -> SafeString:
        """The same for every row, one after another."""
        language, kind = get_language(), tuple(fixed.items())
        return mark_safe("\n".join(self._filled(row, language, kind) for row in rows))  # noqa: S308 - as below

    def _filled(self, words: Words, language: str | None, fixed: tuple[tuple[str, Any], ...]) -> SafeString:
        said = {name: value for name, value in words.items() if value is not None and value != ""}
        empty = tuple((name, value) for name, value in words.items() if name not in said)
        pour = _poured.__wrapped__ if settings.DEBUG else _poured
        first, rest = pour(self.template, language, tuple(said), empty, fixed)
        parts = [first]
        for name, after in rest:
            parts.append(_written(said[name]))
            parts.append(after)
        return mark_safe("".join(parts))  # noqa: S308 - drawn by a template, and every word escaped
