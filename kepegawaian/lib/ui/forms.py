"""How forms are drawn everywhere: `{{ form }}` and `{% field %}` share one template per field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

Text = str | Promise


class Renderer(TemplatesSetting):
    """Set as FORM_RENDERER, so that forms of foreign packages look like ours."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A date typed by picker; also takes "16-03-2026" and "16/03/2026" from browsers without one."""

    widget = DateInput
    input_formats = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


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


def target(field: BoundField) -> str:
    """The id that a link to the field must name, so that its first control takes focus."""
    return field.id_for_label or f"{field.auto_id}_0"
