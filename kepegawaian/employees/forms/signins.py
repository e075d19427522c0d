"""What HR asks the list of accounts, and why an account is closed or opened again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees import search, signins
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.lib.ui.forms import Textarea


class AccountFilter(forms.Form):
    """`?q=&keadaan=`; an unknown state counts as not chosen."""

    q = forms.CharField(
        label=_("Cari nama, NIP, atau jabatan"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    keadaan = forms.ChoiceField(
        label=_("Keadaan akun"), required=False, choices=[("", _("Semua")), *signins.State.choices]
    )

    def found(self, user: Any) -> EmployeeQuerySet:
        self.is_valid()
        people = signins.people(user).filter(signins.condition(self.cleaned_data.get("keadaan", "")))
        if words := self.cleaned_data.get("q", "").strip():
            people = search.matching(people, words)
        return people.select_related("user", "current_unit").order_by("name", "id")


class NoReasonForm(forms.Form):
    """Nothing is asked but the click."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=Textarea({"rows": 2}),
        help_text=_("Dicatat di jejak perubahan bersama nama Anda."),
    )
