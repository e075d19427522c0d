"""Choosing one person of thousands: type a NIP or a name, take a suggestion. Works without JavaScript too."""

import re
import uuid
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees import rules, search
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.units.fields import SuggestInput

SUGGESTED = 10
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


def label(person: Employee) -> str:
    """Name and number, so that people of one name are told apart: "Budi Santoso (198609262015051001)"."""
    return f"{person.full_name} ({person.current_nip})"


def person_suggestions(people: EmployeeQuerySet, text: str) -> list[str]:
    text = text.strip()
    if not text:
        return []
    found = search.matching(people, text).order_by("name", "id")
    return [label(person) for person in found[:SUGGESTED]]


class PersonField(forms.CharField):
    """Gives an `Employee` in active service. Takes a NIP, a whole name, or what a suggestion writes.

    `people` are those that may be found by name; a complete NIP finds everybody, since who knows it needs no list.
    """

    default_error_messages = {
        "unknown": _("Pegawai ini tidak ditemukan. Ketik NIP atau nama, lalu pilih dari saran."),
        "several": _("Ada beberapa pegawai yang cocok. Pilih salah satu: %(names)s."),
    }

    def __init__(self, *, people: EmployeeQuerySet | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SuggestInput(reverse_lazy("employees:suggest")))
        kwargs.setdefault("help_text", _("Ketik NIP atau nama, lalu pilih dari saran."))
        super().__init__(**kwargs)
        self.people = people if people is not None else Employee.objects.none()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            value = Employee.objects.filter(pk=value).first()
        return label(value) if isinstance(value, Employee) else value

    def clean(self, value: Any) -> Employee | None:
        text = super().clean(value)
        if not text:
            return None
        inside = _IN_BRACKETS.search(text)
        number = rules.clean_number(inside[1] if inside else text)
        by_number = Employee.objects.active().filter(current_nip=number).select_related("user").first()
        if by_number is not None:
            return by_number
        found = list(search.matching(self.people.active(), text).order_by("name", "id")[:SUGGESTED])
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            labels = [label(person) for person in found]
            self.widget.options = labels
            message = self.error_messages["several"]
            raise forms.ValidationError(message, code="several", params={"names": "; ".join(labels)})
        return found[0]
