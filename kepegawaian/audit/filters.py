"""The filter of the audit page."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.models import Event
from kepegawaian.audit.registry import part_of, parts, verbs
from kepegawaian.lib.ui.forms import DateField

PEOPLE_AT_MOST = 200


class EventFilter(forms.Form):
    q = forms.CharField(label=_("Nama atau NIP pelaku"), required=False, max_length=100)
    part = forms.ChoiceField(label=_("Bagian"), required=False)
    verb = forms.ChoiceField(label=_("Tindakan"), required=False)
    since = DateField(label=_("Dari tanggal"), required=False)
    until = DateField(label=_("Sampai tanggal"), required=False)
    subject = forms.CharField(label=_("Nomor objek"), required=False, max_length=121, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("Semua")), *parts()]  # type: ignore[attr-defined]
        asked = self.data.get("verb", "")
        part = self.data.get("part") or part_of(asked)
        self.offered = {verb: label for verb, label in verbs() if part_of(verb) == part}
        if not self.offered:  # hundreds of verbs: a part is chosen first
            del self.fields["verb"]
            return
        self.fields["verb"].choices = [("", _("Semua")), *self.offered.items()]  # type: ignore[attr-defined]
        if asked not in self.offered:  # of the part that was chosen before
            self.data = {name: self.data[name] for name in self.data if name != "verb"}

    def events(self) -> QuerySet[Event]:
        """What fits, newest first; nothing when the filter itself is wrong."""
        found = Event.objects.select_related("actor", "on_behalf_of").order_by("-id")
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if asked["q"]:
            found = found.filter(actor__in=_people(asked["q"].strip()))
        if asked.get("verb"):
            found = found.filter(verb=asked["verb"])
        elif asked["part"]:
            found = found.filter(verb__in=list(self.offered))
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
