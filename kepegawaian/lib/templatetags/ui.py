"""The components, for templates: `{% load ui %}`. Each states its options and refuses any other.

The markup of a component is templates/components/<name>.html; the cheat sheet is docs/components.md.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context, Library, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kepegawaian.lib import dates
from kepegawaian.lib.ui import formatting, forms, messages
from kepegawaian.lib.ui.assets import icons_url
from kepegawaian.lib.ui.derivations import because
from kepegawaian.lib.ui.icons import ICONS
from kepegawaian.lib.ui.months import Months
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.lib.ui.pages import NAME, Page
from kepegawaian.lib.ui.parts import TONES, Bars, Because, Chip, Status, Step, Tab, Text

register = Library()

VARIANTS = ("plain", "primary", "quiet", "danger")
SIZES = ("", "small")
TYPES = ("submit", "button")
ICON_SIZES = ("", "s", "l")
TONE_ICONS = {
    "success": "check-circle",
    "wait": "clock",
    "danger": "exclamation-triangle",
    "info": "information-circle",
    "neutral": "information-circle",
}
_known_icons = frozenset(ICONS)
_PAGE_HEAD = Mould("components/page_head.html")
_MENU = Mould("components/menu.html")
_MESSAGE = Mould("components/message.html")
_NOTHING = Mould("components/nothing.html")
_CARD = Mould("components/card.html")
_FACT = Mould("components/fact.html")
_DIALOG = Mould("components/dialog.html")
_FILTER = Mould("components/filter.html")
_PAGINATION = Mould("components/pagination.html")
_BULK_BAR = Mould("components/bulk_bar.html")
_REASON = Mould("components/reason.html")
_TOOLS = Mould("layout/_header_tools.html")


def _check(component: str, option: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        names = ", ".join(name or '""' for name in allowed)
        raise TemplateSyntaxError(f"{component}: {option} cannot be {value!r}; it is one of {names}")


def _check_icon(component: str, name: str) -> None:
    if name and name not in _known_icons:
        raise TemplateSyntaxError(f"{component}: icon {name!r} is not in kepegawaian/lib/ui/icons.py")


def _attributes(attrs: dict[str, Any]) -> tuple[tuple[str, str | bool], ...]:
    """`hx_post=url` becomes `hx-post`; True stands for a bare attribute, False and None leave it out."""
    given = ((name.replace("_", "-"), value) for name, value in attrs.items() if value not in (False, None, ""))
    return tuple((name, value if value is True else f"{value}") for name, value in given)  # a plain text: escaped


@lru_cache(maxsize=4096)
def _kept(name: str, language: str | None, values: tuple[tuple[str, Any, bool], ...]) -> str:
    return render_to_string(name, {key: value for key, value, _safe in values}).strip()


def _small(name: str, **values: Any) -> SafeString:
    """Small parts stand by the hundred on a page: each look is rendered once a process and language. What is safe
    and what must be escaped are kept apart, though equal as texts."""
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    said = [(key, str(value) if isinstance(value, Promise) else value) for key, value in values.items()]
    looks = tuple((key, value, isinstance(value, SafeString)) for key, value in said)
    return mark_safe(draw(name, get_language(), looks))  # noqa: S308 - rendered by a template, which escapes


def _classes(base: str, *modifiers: str) -> str:
    return " ".join([base, *(f"{base}-{modifier}" for modifier in modifiers if modifier)])


# --- Small parts ----------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: str = "", label: Text = "") -> SafeString:
    _check_icon("icon", name)
    _check("icon", "size", size, ICON_SIZES)
    return _small("components/icon.html", href=f"{icons_url()}#{name}", size=size, label=label)


@register.simple_tag
def button(
    label: Text,
    variant: str = "plain",
    icon: str = "",
    href: str = "",
    type: str = "submit",
    size: str = "",
    **attrs: Any,
) -> SafeString:
    _check("button", "variant", variant, VARIANTS)
    _check("button", "size", size, SIZES)
    _check("button", "type", type, TYPES)
    _check_icon("button", icon)
    return _small(
        "components/button.html",
        label=label,
        classes=_classes("button", variant if variant != "plain" else "", size),
        icon=icon,
        href=href,
        type=type,
        attrs=_attributes(attrs),
    )


@register.simple_tag
def badge(label: Text, tone: str = "neutral", icon: str = "") -> SafeString:
    _check("badge", "tone", tone, TONES)
    _check_icon("badge", icon)
    return _small("components/badge.html", label=label, tone=tone, icon=icon or TONE_ICONS[tone])


@register.simple_tag
def status(member: Status) -> SafeString:
    if isinstance(member, Enum) and not settings.DEBUG:
        return _of_member(type(member), member, get_language())
    return _status(member)


@lru_cache(maxsize=1024)
def _of_member(_kind: type, member: Any, _language: str | None) -> SafeString:
    """Members of two kinds may be equal as texts."""
    return _status(member)


def _status(member: Status) -> SafeString:
    missing = [name for name in ("label", "icon", "tone") if not hasattr(member, name)]
    if missing:
        raise TemplateSyntaxError(f"status: {member!r} has no {' and no '.join(missing)}; give it an enum member")
    return badge(member.label, member.tone, member.icon)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    _check("avatar", "size", size, ("", "l"))
    return _small("components/avatar.html", initials=formatting.initials(str(name)), size=size)


@register.inclusion_tag("components/copy.html")
def copy(text: str, label: Text = "") -> dict[str, Any]:
    return {"text": text, "label": label}


# --- Page head, crumbs, tabs, menu ----------------------------------------------------------------
@register.simple_block_tag
def page_head(content: str, title: Text, text: Text = "") -> SafeString:
    return _PAGE_HEAD.fill({"title": title, "text": text, "actions": content if content.strip() else ""})


@register.simple_tag
def crumb(label: Text, url: str = "") -> SafeString:
    return _small("components/crumb.html", label=label, url=url)


@register.simple_block_tag
def menu(content: str, label: Text, icon: str = "ellipsis-horizontal") -> SafeString:
    _check_icon("menu", icon)
    return _MENU.fill({"label": label, "content": content}, icon=icon)


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Tab], label: Text) -> dict[str, Any]:
    return {"items": items, "label": label}


# --- Boxes ----------------------------------------------------------------------------------------
@register.simple_block_tag
def message(content: str, tone: str = "info", title: Text = "", icon: str = "") -> SafeString:
    _check("message", "tone", tone, TONES)
    _check_icon("message", icon)
    return _MESSAGE.fill({"title": title, "content": content}, tone=tone, icon=icon or TONE_ICONS[tone])


@register.simple_block_tag
def nothing(content: str, title: Text, icon: str = "inbox") -> SafeString:
    _check_icon("nothing", icon)
    return _NOTHING.fill({"title": title, "content": content}, icon=icon)


@register.simple_block_tag
def card(content: str, title: Text = "", href: str = "", level: int = 2) -> SafeString:
    _check("card", "level", str(level), ("2", "3"))
    return _CARD.fill({"title": title, "href": href if title else "", "content": content}, level=level)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    return mark_safe(f'<dl class="facts">{content}</dl>')  # noqa: S308 - content is rendered template text


@register.simple_block_tag
def fact(content: str, label: Text) -> SafeString:
    return _FACT.fill({"label": label, "content": content if content.strip() else ""})


@register.simple_block_tag
def dialog(content: str, id: str, title: Text) -> SafeString:
    return _DIALOG.fill({"id": id, "title": title, "content": content})


# --- Lists ----------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def sort_header(context: Context, key: str, label: Text, numeric: bool = False) -> SafeString:
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if direction == "ascending" else key
    values = {"label": label, "direction": direction, "query": query.urlencode(), "numeric": numeric}
    return _small("components/sort_header.html", **values)


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: BaseForm, search: str = "q") -> dict[str, Any]:
    request: HttpRequest = context["request"]
    return {
        "hidden": form.hidden_fields(),
        "fields": [_filter(bound, search) for bound in form.visible_fields()],
        "kept": [("sort", request.GET["sort"])] if "sort" in request.GET else [],
        "chips": _chips(form, request, search),
        "path": request.path,
    }


def _filter(bound: BoundField, search: str) -> SafeString:
    errors = format_html_join("", '<p class="error">{}</p>', ((error,) for error in bound.errors))
    words = {"id": bound.id_for_label, "label": bound.label, "control": bound.as_widget(), "errors": errors}
    return _FILTER.fill(words, search=bound.name == search)


def _chips(form: BaseForm, request: HttpRequest, search: str) -> list[Chip]:
    """One chip per filter in force: a chosen option by its words, else the typed value."""
    chips = []
    for bound in form:
        chosen = [] if bound.is_hidden else request.GET.getlist(bound.html_name)
        for value in chosen:
            if value == "" or bound.name == search:
                continue
            query = request.GET.copy()
            query.pop("page", None)
            query.setlist(bound.html_name, [other for other in chosen if other != value])
            words = _choice_words(bound, value)
            chips.append(Chip(bound.label or bound.name, words, f"{request.path}?{query.urlencode()}"))
    return chips


def _choice_words(bound: BoundField, value: str) -> str:
    """Only short lists are searched: the words of a row of a large table come from the form's `chip_words`."""
    words = getattr(bound.form, "chip_words", None)
    if words and (said := words(bound.name, value)):
        return str(said)
    choices: Any = getattr(bound.field, "choices", ())
    if isinstance(choices, list | tuple):
        flat: Mapping[str, Any] = {str(key): label for key, label in choices}
        return str(flat.get(value, value))
    return value


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page, name: str = NAME, label: Text = "") -> SafeString:
    """`name`: of what chooses the page in the address, and `label`, where a page has two lists."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    words = {
        "label": str(label),
        "first": formatting.number(page.first) if page.items else "",
        "last": formatting.number(page.last) if page.items else "",
        "count": formatting.number(page.count),
        "before": _page_address(query, name, page.previous_number) if page.has_previous else "",
        "after": _page_address(query, name, page.next_number) if page.has_next else "",
    }
    return _PAGINATION.fill(words, capped=page.capped)


def _page_address(query: QueryDict, name: str, number: int) -> str:
    """What stands behind the question mark."""
    query[name] = str(number)
    return query.urlencode()


@register.simple_block_tag
def bulk_bar(content: str) -> SafeString:
    return _BULK_BAR.fill({"content": content})


# --- Forms ----------------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField, hint: Text = "", label: Text = "") -> SafeString:
    if not isinstance(bound, BoundField):
        raise TemplateSyntaxError(f"field: {bound!r} is not a field of a form")
    return forms.draw(bound, hint=hint, label=label)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*bound_forms: BaseForm) -> dict[str, Any]:
    """Every form's errors once: where a page places the summary itself, `{{ form }}` leaves it out."""
    general: list[str] = []
    linked: list[tuple[str, str, str]] = []
    for form in bound_forms:
        if not form.is_bound or getattr(form, "errors_shown", False):
            continue
        form.errors_shown = True  # type: ignore[attr-defined]
        general += [str(error) for error in form.non_field_errors()]
        for bound in form:
            if bound.is_hidden:
                general += [str(error) for error in bound.errors]
            else:
                linked += [(forms.target(bound), str(bound.label), str(error)) for error in bound.errors]
    return {"general": general, "linked": linked}


# --- Explaining and waiting -----------------------------------------------------------------------
def unverified() -> SafeString:
    """The mark of an article whose text was not seen."""
    return _small("components/unverified.html")


@register.simple_tag
def reason(
    value: Any, rows: Sequence[Because], label: Text = "", unit: Text = "", total: Any = None, open: bool = False
) -> SafeString:
    mark = unverified()
    lines = format_html_join("", "{}", ((because(row, mark),) for row in rows))
    words = {"value": value, "lines": lines, "label": label, "unit": unit}
    return _REASON.fill({**words, "total": value if total is None else total}, open=open)


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Sequence[Step]) -> dict[str, Any]:
    for step in steps:
        _check("timeline", "state", step.state, Step.STATES)
        _check("timeline", "tone", step.tone, TONES)
        _check_icon("timeline", step.icon)
    return {"steps": steps}


@register.inclusion_tag("components/months.html")
def month_calendar(drawn: Months) -> dict[str, Any]:
    return {"months": drawn.months, "kinds": drawn.kinds}


@register.inclusion_tag("components/bars.html")
def bar_chart(chart: Bars) -> dict[str, Any]:
    for bar in chart.bars:
        _check("bar_chart", "tone", bar.tone, ("", *TONES))
    return {"chart": chart}


@register.inclusion_tag("components/progress.html")
def progress(value: int, max: int, label: Text, url: str = "", done: bool = False) -> dict[str, Any]:
    return {"value": value, "max": max, "label": label, "url": url, "done": done}


@register.inclusion_tag("components/no_js_refresh.html")
def no_js_refresh(seconds: int) -> dict[str, Any]:
    return {"seconds": seconds}


# --- The frame ------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def header_tools(context: Context) -> SafeString:
    """Search, notices, language and theme, me."""
    request, shell = context["request"], context["shell"]
    frame = shell.frame
    words = {
        "search": mark_safe(frame.search_field),  # noqa: S308 - rendered by templates, as the next two
        "tools": mark_safe(frame.tools),  # noqa: S308
        "links": mark_safe(frame.my_links),  # noqa: S308
        "avatar": avatar(shell.name),
        "name": shell.name,
        "path": request.get_full_path(),
        "token": context["csrf_token"],
    }
    return _TOOLS.fill(words, theme=context["theme"])


@register.simple_tag
def language_choice() -> SafeString:
    return _small("layout/_languages.html", language=get_language())


@register.simple_tag
def theme_choice(theme: str) -> SafeString:
    return _small("layout/_themes.html", theme=theme)


@register.filter
def undo_url(extra_tags: str | None) -> str:
    return messages.undo_url(extra_tags)


@register.filter
def message_tone(level_tag: str) -> str:
    return {"success": "success", "warning": "wait", "error": "danger"}.get(level_tag, "info")


@register.simple_tag
def today() -> datetime.date:
    return dates.today()


@register.simple_tag
def region_name() -> str:
    return str(settings.REGION_NAME)  # not region(): a worker that writes mails has no static files


# --- Filters --------------------------------------------------------------------------------------
@register.filter
def or_dash(value: Any, meaning: Text) -> Any:
    """An empty cell as a dash, which a screen reader reads as `meaning`."""
    return value or format_html('<span aria-hidden="true">–</span><span class="hidden-text">{}</span>', meaning)


register.filter("nip", formatting.nip)
register.filter("tanggal", formatting.day)
register.filter("tanggal_panjang", formatting.long_day)
register.filter("waktu", formatting.moment)
register.filter("rentang", formatting.span)
register.filter("hari", formatting.days)
register.filter("sejak", formatting.since)
register.filter("angka", formatting.number)
register.filter("typed", formatting.typed)
register.filter("paragraphs", formatting.paragraphs)


@register.filter
def tanggal_pendek(value: Any) -> str:
    """Reads "16 Mar 2026", where the weekday says nothing."""
    return formatting.day(value, weekday=False)
