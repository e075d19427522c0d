"""A person's own facts, the number, the end of service."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import ACTIVE_STATES, LegalState
from kepegawaian.employees.models import Employee
from kepegawaian.employees.services import EDITABLE, RESTRICTED
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField, Textarea
from kepegawaian.units.fields import UnitField

CLEAR = "-"
LEAVING = (LegalState.ENDED, LegalState.RETIRED)
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Nama"), ("name", "title_front", "title_back")),
    (_("Kepegawaian"), ("status", "legal_state", "tmt_cpns", "sk_cpns", "sk_cpns_date")),
    (
        _("Pengangkatan dan perjanjian kerja"),
        ("tmt_pns", "sk_pns", "sk_pns_date", "contract_start", "contract_end"),
    ),
    (_("Data diri"), ("birth_place", "birth_date", "sex", "religion", "marital_status")),
    (_("Pendidikan"), ("education_level", "education", "education_year", "school")),
    (_("Kontak dan data pribadi"), ("email_gov", "email", *RESTRICTED)),
)


def _field(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Dates as the portal's picker takes them; everything else as Django has it."""
    if isinstance(field, models.DateField):
        return field.formfield(form_class=DateField, **kwargs)
    return field.formfield(**kwargs)


class FactsForm(forms.ModelForm):
    """All facts in groups. It only gives shape: the verb compares, checks and writes."""

    class Meta:
        model = Employee
        fields = EDITABLE
        formfield_callback = _field
        widgets = {"address": Textarea(attrs={"rows": 2})}

    groups = GROUPS

    def _post_clean(self) -> None:
        """Filling the instance here would hide from the verb what has changed."""

    def grouped(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        for title, names in self.groups:
            yield title, [self[name] for name in names if name in self.fields]


class EditForm(FactsForm):
    """Restricted values are not shown here either: empty keeps them, a dash empties them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RESTRICTED:
            self.initial[name] = ""
            if getattr(self.instance, name):
                self.fields[name].help_text = _(
                    "Tersimpan dan disembunyikan. Isi hanya bila berubah; tanda - mengosongkan."
                )
        if self.instance.legal_state not in LEAVING:
            choices = [choice for choice in LegalState.choices if choice[0] not in LEAVING]
            self.fields["legal_state"].choices = choices  # type: ignore[attr-defined]
            self.fields["legal_state"].help_text = _("Pensiun dan berhenti dicatat lewat “Catat berhenti”.")

    def changes(self) -> dict[str, Any]:
        """What the verb is asked to change."""
        data = dict(self.cleaned_data)
        for name in RESTRICTED:
            typed = data.pop(name).strip()
            if typed:
                data[name] = "" if typed == CLEAR else typed
        return data


class CreateForm(FactsForm):
    nip = forms.CharField(
        label=_("NIP atau NI PPPK"), max_length=40, help_text=_("18 angka; spasi dan titik boleh ikut.")
    )
    unit = UnitField(
        label=_("Unit kerja"),
        required=False,
        help_text=_("Menentukan siapa yang boleh memasukkan. Jabatan dicatat pada langkah berikutnya."),
    )
    groups = ((_("Nomor dan unit"), ("nip", "unit")), *GROUPS)

    class Meta(FactsForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_state"].initial = LegalState.ACTIVE
        self.fields["birth_date"].required = self.fields["education_year"].required = False
        self.fields["birth_date"].help_text = _("Kosong: diambil dari NIP.")

    def facts(self) -> dict[str, Any]:
        """Arguments of `create_employee`; what was left empty is left to it."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class NumberForm(forms.Form):
    nip = forms.CharField(label=_("NIP atau NI PPPK yang baru"), max_length=40)
    on = DateField(label=_("Berlaku mulai"), help_text=_("Nomor lama berakhir sehari sebelumnya."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class EndServiceForm(forms.Form):
    on = DateField(label=_("Hari terakhir bekerja"))
    legal_state = forms.ChoiceField(
        label=_("Kedudukan hukum sesudahnya"),
        choices=[choice for choice in LegalState.choices if choice[0] not in ACTIVE_STATES],
        initial=LegalState.RETIRED,
    )
    decree_number = forms.CharField(label=_("Nomor SK"), required=False, max_length=120)
