"""How forms are drawn everywhere: `{{ form }}` and `{% field %}` share one template per field."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kepegawaian.lib.ui.moulds import Mould

Text = str | Promise
_FIELD = Mould("components/field.html")


class Renderer(TemplatesSetting):
    """Set as FORM_RENDERER, so that forms of foreign packages look like ours.

    The plain widgets are written here: Django's own templates nest three includes for each option of a list.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if write := _WRITTEN.get(template_name):
            return write(context["widget"])
        if template_name == self.field_template_name:
            return draw(context["field"])
        return str(super().render(template_name, context, request))


def _attributes(attrs: Mapping[str, Any]) -> str:
    if not attrs:
        return ""
    given = ((conditional_escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {n}" if value is True else f' {n}="{conditional_escape(value)}"' for n, value in given)


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def written_input(widget: Mapping[str, Any]) -> SafeString:
    """A plain input from the `widget` of a context."""
    return mark_safe(_input(widget))  # noqa: S308 - every part is escaped above


def _textarea(widget: Mapping[str, Any]) -> str:
    name, text = conditional_escape(widget["name"]), conditional_escape(widget["value"] or "")
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>'


def _group(name: Any, options: Iterable[Mapping[str, Any]]) -> str:
    lines = "\n".join(
        f'<option value="{conditional_escape(option["value"])}"{_attributes(option["attrs"])}>'
        f"{conditional_escape(_word(option['label']))}</option>"
        for option in options
    )
    return f'<optgroup label="{conditional_escape(name)}">{lines}</optgroup>' if name else f"{lines}\n"


def _ticks(widget: Mapping[str, Any]) -> str:
    """Boxes to tick, in groups where the field names some."""
    groups = "\n".join(_ticked(name, options) for name, options, _index in widget["optgroups"])
    given = {name: value for name, value in widget["attrs"].items() if name in ("id", "class")}
    return f"<div{_attributes(given)}>{groups}</div>"


def _ticked(name: Any, options: Iterable[Mapping[str, Any]]) -> str:
    lines = "\n".join(
        f"<label>{_input(option)} {conditional_escape(option['label'])}</label>" for option in options
    )
    return f'<div><p class="label">{conditional_escape(name)}</p>{lines}</div>' if name else lines


def _word(label: Any) -> Any:
    """Django's dashes for "nothing chosen yet" say nothing to anybody."""
    return gettext("Pilih…") if label == "---------" else label


_WRITTEN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in ("input", "text", "number", "email", "url", "password", "hidden", "date", "checkbox", "file")
    },
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/checkbox_select.html": _ticks,
}


@lru_cache(maxsize=512)
def _plain_options(offered: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> str:
    """Labels are escaped even where they are marked as safe."""
    return "\n".join(
        f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
        for key, label in offered
    )


class PlainSelect(forms.Select):
    """A list without groups, written in one go: the filters of a list offer a hundred options on every page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices: Any = self.choices
        offered = tuple((str(key), str(label)) for key, label in choices)
        options = _plain_options(offered, frozenset(self.format_value(value)))
        given = _attributes(self.build_attrs(self.attrs, attrs))
        text = f'<select name="{conditional_escape(name)}"{given}>{options}</select>'
        return mark_safe(text)  # noqa: S308 - every part is escaped above


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A date typed by picker; also takes "16-03-2026" and "16/03/2026" from browsers without one."""

    widget = DateInput
    input_formats = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


class Textarea(forms.Textarea):
    """A line end is one letter, as browsers count it for `maxlength`; they send two."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class RadioCards(forms.RadioSelect):
    """Outcomes as cards. `hints` maps a value to its consequence, said under the choice."""

    template_name = "components/widgets/radio_cards.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), *, hints: Mapping[str, Text] | None = None
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class TypeAhead(forms.TextInput):
    """A text box with a list of suggestions under it; the list comes from the page as a `datalist`."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, suggestions: str) -> None:
        super().__init__({"list": suggestions, "autocomplete": "off", **(attrs or {})})


def kind(field: BoundField) -> str:
    """How a field is laid out: group (fieldset), check (label beside) or plain (label above)."""
    if field.use_fieldset:
        return "group"
    return "check" if isinstance(field.field.widget, forms.CheckboxInput) else "plain"


def needed_when_said(*fields: forms.Field) -> None:
    """Fields that need not always be filled, and whose hint says when: drawn without "(boleh kosong)"."""
    for field in fields:
        field.needed_when_said = True  # type: ignore[attr-defined]


def draw(field: BoundField, *, hint: Text = "", label: Text = "") -> SafeString:
    """A field with its label, hint and errors; `hint` and `label` instead of the form's own."""
    layout, hint = kind(field), hint or field.help_text
    errors = format_html_join("", "<p>{}</p>", ((error,) for error in field.errors))
    words = {"label": label or field.label, "hint": hint, "errors": errors, "control": field.as_widget()}
    if hint or errors:
        words["auto_id"] = field.auto_id
    words |= {"described": field.aria_describedby or ""} if layout == "group" else {"id": field.id_for_label}
    required = field.field.required or getattr(field.field, "needed_when_said", False)
    return _FIELD.fill(words, layout=layout, required=required)


def target(field: BoundField) -> str:
    """The id that a link to the field must name, so that its first control takes focus."""
    return field.id_for_label or f"{field.auto_id}_0"
