"""The lines of a derivation, written directly: a balance has some ten, and eight template nodes for each of them
were a fifth of all those of its page."""

from typing import Protocol

from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kepegawaian.lib.ui.parts import Because, Text


class Sourced(Protocol):
    @property
    def rule(self) -> Text: ...
    @property
    def article(self) -> Text: ...
    @property
    def verified(self) -> bool: ...


_ROW = '<tr><th scope="row">{}{}</th><td class="number">{}</td></tr>'


def because(row: Because, unverified: SafeString) -> SafeString:
    """A row of the table; `unverified` is the mark of an article whose text was not seen."""
    label = format_html('<a href="{}">{}</a>', row.url, row.label) if row.url else row.label
    return format_html(_ROW, label, rule_of(row, unverified), localize(row.amount))


def rule_of(row: Sourced, unverified: SafeString) -> str:
    """The rule with its article, small beside what follows from it."""
    source = [part for part in (row.rule, row.article) if part]
    if source and not row.verified:
        source.append(unverified)
    said = format_html_join(" · ", "{}", ((part,) for part in source))
    return format_html('<span class="rule">{}</span>', said) if source else ""
