"""Naming who heads a unit, and handing authority on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import HoldingKind
from kepegawaian.employees.fields import PersonField
from kepegawaian.employees.forms.histories import DecreeForm
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField, RadioCards

HINTS: dict[str, Any] = {
    HoldingKind.DEFINITIVE: _("Menjadi kepala unit; jabatan definitif sebelumnya berakhir."),
    HoldingKind.PLT: _("Jabatan kosong; tetap memegang jabatannya sendiri."),
    HoldingKind.PLH: _("Pejabatnya sedang berhalangan; untuk masa tertentu."),
}


class HeadForm(DecreeForm):
    kind = forms.ChoiceField(
        label=_("Sebagai"), choices=HoldingKind.choices, widget=RadioCards(hints=HINTS), initial=HoldingKind.PLT
    )
    employee = PersonField(label=_("Pegawai"))
    valid_from = DateField(label=_("Mulai"))
    valid_to = DateField(label=_("Sampai"), required=False, help_text=_("Wajib untuk Plh."))
    field_order = ("kind", "employee", "valid_from", "valid_to")

    def __init__(self, *args: Any, people: EmployeeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].people = people  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == HoldingKind.PLH and not data.get("valid_to"):
            self.add_error("valid_to", _("Isi sampai kapan: Plh. hanya untuk masa tertentu."))
        return data


class DelegationForm(forms.Form):
    delegate = PersonField(label=_("Dilimpahkan kepada"))
    valid_from = DateField(label=_("Mulai"))
    valid_to = DateField(label=_("Sampai"))
    decree_number = forms.CharField(label=_("Nomor surat perintah"), max_length=120)
    decree_date = DateField(label=_("Tanggal surat perintah"), required=False)

    def __init__(self, *args: Any, people: EmployeeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"].people = people  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today
