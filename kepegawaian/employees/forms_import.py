"""What the import pages ask for."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees import rules
from kepegawaian.employees.importing.layouts import Layout
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.employees.rules import Level
from kepegawaian.work.verdicts import RowVerdict


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("XLSX atau CSV. Judul kolom dikenali sendiri, urutannya bebas."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    layout = forms.ChoiceField(label=_("Jenis berkas"), required=False)

    def __init__(self, *args: Any, layouts: list[type[Layout]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("", _("Kenali dari judul kolom")), *((kind.name, kind.label) for kind in layouts)]
        self.fields["layout"].choices = found  # type: ignore[attr-defined]


class RowFilter(forms.Form):
    """`?q=&hasil=&tingkat=` over the rows of one import; unknown values count as not chosen."""

    q = forms.CharField(
        label=_("Cari nama atau NIP"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    hasil = forms.ChoiceField(label=_("Hasil"), required=False)
    tingkat = forms.ChoiceField(
        label=_("Catatan"),
        required=False,
        choices=[("", _("Semua")), (Level.ERROR.value, _("Kesalahan")), (Level.WARNING.value, _("Peringatan"))],
    )

    def __init__(self, data: Any, *, batch: ImportBatch) -> None:
        super().__init__(data)
        self.batch = batch
        numbers = batch.counts
        counted = [(key, f"{label} ({numbers.get(key, 0)})") for key, label in RowVerdict.choices]
        self.fields["hasil"].choices = [("", _("Semua")), *counted]  # type: ignore[attr-defined]
        self.is_valid()

    def rows(self) -> "QuerySet[ImportRow]":
        chosen = self.cleaned_data
        rows = self.batch.rows.select_related("employee").defer("cells").order_by("number")
        if chosen.get("hasil"):
            rows = rows.filter(verdict=chosen["hasil"])
        if chosen.get("tingkat"):
            rows = rows.filter(level=chosen["tingkat"])
        if words := chosen.get("q"):
            number = rules.clean_number(words)
            matches = Q(values__name__icontains=words) | Q(employee__name__icontains=words)
            if number.isdigit():
                matches |= Q(values__nip__startswith=number) | Q(employee__current_nip__startswith=number)
            rows = rows.filter(matches)
        return rows


class UnitSearch(forms.Form):
    q = forms.CharField(
        label=_("Cari unit"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
