"""`{% translate %}` and `{% url %}` as Django's own, for every template without a load, but what cannot change is
kept for the life of the process: the words of a constant, and the address of a page.

A list of 25 rows says "Jabatan" and the way to a person 25 times.
"""

import uuid
from typing import Any

from django.template import Context, Library
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch
from django.utils.translation import get_language

from kepegawaian.lib.ui.addresses import address

register = Library()


class KeptTranslation(TranslateNode):
    """A constant text: its words are looked up once a language."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, None, node.message_context)
        self.name = node.asvar
        self.kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        text = self.kept.get(language)
        if text is None:
            text = self.kept[language] = super().render(context)
        if self.name:
            context[self.name] = text
            return ""
        return text


class KeptURL(URLNode):
    """A constant name with nothing or one UUID behind it: its address is put together once."""

    def render(self, context: Context) -> str:
        args = [arg.resolve(context) for arg in self.args]
        if args and not (len(args) == 1 and type(args[0]) is uuid.UUID):
            return str(super().render(context))
        try:
            url = address(self.view_name.resolve(context), *args)
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = url
            return ""
        return url


@register.tag
def translate(parser: Parser, token: Token) -> TranslateNode:
    node: TranslateNode = do_translate(parser, token)
    expression: Any = node.filter_expression
    constant = getattr(expression.var, "lookups", ()) is None and not expression.filters
    return KeptTranslation(node) if constant and not node.message_context and not node.noop else node


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    node: URLNode = parse_url(parser, token)
    named = not node.view_name.is_var
    return KeptURL(node.view_name, node.args, node.kwargs, node.asvar) if named and not node.kwargs else node
