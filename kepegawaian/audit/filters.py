"""The filter of the audit page."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.models import Event
from kepegawaian.audit.registry import verbs
from kepegawaian.lib.ui.forms import DateField

PEOPLE_AT_MOST = 200


class EventFilter(forms.Form):
    q = forms.CharField(label=_("Nama atau NIP pelaku"), required=False, max_length=100)
    verb = forms.ChoiceField(label=_("Tindakan"), required=False)
    since = DateField(label=_("Dari tanggal"), required=False)
    until = DateField(label=_("Sampai tanggal"), required=False)
    subject = forms.CharField(label=_("Nomor objek"), required=False, max_length=121, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Semua")), *verbs()]  # type: ignore[attr-defined]

    def events(self) -> QuerySet[Event]:
        """What fits, newest first; nothing when the filter itself is wrong."""
        found = Event.objects.select_related("actor", "on_behalf_of").order_by("-id")
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if asked["q"]:
            found = found.filter(actor__in=_people(asked["q"].strip()))
        if asked["verb"]:
            found = found.filter(verb=asked["verb"])
        if asked["since"]:
            found = found.filter(at__gte=_midnight(asked["since"])).order_by("-at", "-id")
        if asked["until"]:
            after = _midnight(asked["until"] + datetime.timedelta(days=1))
            found = found.filter(at__lt=after).order_by("-at", "-id")
        label, _colon, key = asked["subject"].partition(":")
        if key:
            found = found.filter(subject_type=label, subject_id=key)
        return found


def _people(text: str) -> list[Any]:
    by_number = Q(nip=text.replace(" ", ""))
    users = get_user_model().objects.filter(by_number | Q(name__icontains=text))
    return list(users.values_list("pk", flat=True)[:PEOPLE_AT_MOST])


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
