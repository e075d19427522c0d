"""The lines of a derivation, written directly: a balance has some ten, and eight template nodes for each of them
were a fifth of all those of its page."""

from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kepegawaian.lib.ui.parts import Because

_ROW = '<tr><th scope="row">{}{}</th><td class="number">{}</td></tr>'


def because(row: Because, unverified: SafeString) -> SafeString:
    """A row of the table; `unverified` is the mark of an article whose text was not seen."""
    label = format_html('<a href="{}">{}</a>', row.url, row.label) if row.url else row.label
    return format_html(_ROW, label, _rule(row, unverified), localize(row.amount))


def _rule(row: Because, unverified: SafeString) -> str:
    source = [part for part in (row.rule, row.article) if part]
    if source and not row.verified:
        source.append(unverified)
    said = format_html_join(" · ", "{}", ((part,) for part in source))
    return format_html('<span class="rule">{}</span>', said) if source else ""
