"""Looking for services and published reports."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.enums import FINAL_STATES, CaseKind, CaseState
from feedback.models import Case, Service
from feedback.services.catalogue import offices, upper_offices
from kepegawaian.lib.ui.forms import PlainSelect
from kepegawaian.units.models import Unit

GROUPS: dict[str, tuple[CaseState, ...]] = {
    "jalan": tuple(state for state in CaseState if state not in (*FINAL_STATES, CaseState.ANSWERED)),
    "dijawab": (CaseState.ANSWERED, CaseState.CLOSED),
    "lain": tuple(state for state in FINAL_STATES if state != CaseState.CLOSED),
}


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Cari layanan, syarat, atau jawaban"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )


class ReportFilter(forms.Form):
    """Every choice is part of the address; an unknown one filters nothing."""

    q = forms.CharField(
        label=_("Cari laporan"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    jenis = forms.ChoiceField(
        label=_("Jenis"),
        required=False,
        choices=[("", _("Semua")), *((kind.value, kind.label) for kind in CaseKind)],
        widget=PlainSelect,
    )
    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua")),
            ("jalan", _("Sedang ditangani")),
            ("dijawab", _("Sudah dijawab")),
            ("lain", _("Ditutup tanpa jawaban")),
        ],
        widget=PlainSelect,
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="pk",
        widget=PlainSelect,
    )
    layanan = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = offices()
        field.choices = [("", _("Semua unit")), *upper_offices(self.data.get("unit", ""))]

    def chip_words(self, name: str, value: str) -> str | None:
        """The name of a service behind its code, of a unit behind its key."""
        if name == "layanan":
            service = Service.objects.filter(code=value).first()
            return service.name if service is not None else None
        unit = self.cleaned_data.get("unit") if name == "unit" and self.is_valid() else None
        return unit.name if unit is not None else None

    @property
    def words(self) -> str:
        """After `is_valid`."""
        return str(self.cleaned_data.get("q", "")).strip()

    def cases(self) -> QuerySet[Case]:
        self.is_valid()
        data = self.cleaned_data
        rows = Case.objects.public_matching(self.words) if self.words else Case.objects.public()
        if data.get("jenis"):
            rows = rows.filter(kind=data["jenis"])
        if data.get("keadaan"):
            rows = rows.filter(state__in=GROUPS[data["keadaan"]])
        if data.get("unit"):
            rows = rows.filter(unit__in=Unit.objects.filter(path__startswith=data["unit"].path).values("pk"))
        if data.get("layanan"):
            rows = rows.filter(service__code=data["layanan"])
        return rows.order_by("-published_at", "-id")
