"""Choosing one unit of thousands: type some words, take a suggestion. Works without JavaScript too."""

import uuid
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.ui.forms import written_input
from kepegawaian.units import tree
from kepegawaian.units.models import Unit


class SuggestInput(forms.TextInput):
    """A text box whose suggestions come from `url` while typing; `options` are those known already."""

    def __init__(self, url: str | Promise, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.url = url
        self.options: list[str] = []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        suggestions = f"{widget['attrs'].get('id', name)}-list"
        widget["attrs"] |= {
            "list": suggestions,
            "hx-get": str(self.url),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{suggestions}",
            "hx-sync": "this:replace",
        }
        options = format_html_join("", '<option value="{}"></option>', ((option,) for option in self.options))
        return format_html('{}<datalist id="{}">{}</datalist>', written_input(widget), suggestions, options)


class UnitField(forms.CharField):
    """Gives a `Unit`. Takes its code, its name, or name and parent as the suggestions write them."""

    default_error_messages = {
        "unknown": _("Unit ini tidak ditemukan."),
        "several": _("Ada beberapa unit dengan nama itu. Pilih salah satu: %(names)s."),
        "closed": _("Unit ini sudah ditutup."),
    }

    def __init__(self, *, closed: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SuggestInput(reverse_lazy("units:suggest")))
        kwargs.setdefault("help_text", _("Ketik sebagian nama unit, lalu pilih dari saran."))
        super().__init__(**kwargs)
        self.closed = closed

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            value = Unit.objects.filter(pk=value).first()
        return tree.labelled([value])[0][1] if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = tree.find(text)
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            labels = [label for _unit, label in tree.labelled(found)]
            self.widget.options = labels
            message = self.error_messages["several"]
            raise forms.ValidationError(message, code="several", params={"names": "; ".join(labels)})
        if found[0].closed_on and not self.closed:
            raise forms.ValidationError(self.error_messages["closed"], code="closed")
        return found[0]
