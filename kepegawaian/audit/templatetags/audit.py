"""`{% load audit %}{% history request_object %}`: who did what to a thing, newest first."""

from typing import Any

from django.apps import apps
from django.db import models
from django.template import Context, Library
from django.utils.text import capfirst
from django.utils.translation import gettext

from kepegawaian.audit import permissions
from kepegawaian.audit.models import Event
from kepegawaian.audit.registry import Text, verb_label

register = Library()
SHOWN = 20


@register.inclusion_tag("audit/_history.html", takes_context=True)
def history(context: Context, subject: models.Model) -> dict[str, Any]:
    """The page that shows `subject` has asked whether its reader may; only acts are shown, no payloads."""
    label, key = subject._meta.label_lower, str(subject.pk)
    rows = Event.objects.filter(subject_type=label, subject_id=key).select_related("actor", "on_behalf_of")
    events = list(rows.order_by("-id")[: SHOWN + 1])
    return {
        "events": events[:SHOWN],
        "more": len(events) > SHOWN and bool(permissions.can_read(context["request"].user)),
        "subject": f"{label}:{key}",
        "request": context["request"],
    }


@register.filter
def deed(verb: str) -> Text:
    return verb_label(verb)


@register.filter
def thing(label: str) -> Text:
    """What subjects of this kind are called: "Pegawai" for "employees.employee"."""
    try:
        name = str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label
    return str(capfirst(name))


@register.filter
def in_words(value: Any) -> str:
    """A value of a payload as people write it: truth as yes or no, nothing as empty, lists and groups in a row."""
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value) or gettext("kosong")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(one)}" for name, one in value.items()) or gettext("kosong")
    return gettext("kosong") if value in (None, "") else str(value)
