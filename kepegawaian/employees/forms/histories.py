"""Rank and position by decree, and their correction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees import rules
from kepegawaian.employees.enums import PositionKind, RankScheme
from kepegawaian.employees.models import PositionHolding, RankHolding
from kepegawaian.employees.services import position_named
from kepegawaian.lib.ui.forms import DateField
from kepegawaian.units.fields import UnitField


class DecreeForm(forms.Form):
    """The decree a row rests on."""

    decree_number = forms.CharField(label=_("Nomor SK"), required=False, max_length=120)
    decree_date = DateField(label=_("Tanggal SK"), required=False)
    signer = forms.CharField(label=_("Penanda tangan"), required=False, max_length=150)


def _golongan_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    groups = ((RankScheme.PNS, rules.PNS_GOLONGAN), (RankScheme.PPPK, rules.PPPK_GOLONGAN))
    return [
        (str(scheme.label), [(f"{scheme.value}:{golongan.code}", str(golongan)) for golongan in all_of_it])
        for scheme, all_of_it in groups
    ]


class RankForm(DecreeForm):
    golongan = forms.ChoiceField(label=_("Pangkat, golongan"), choices=_golongan_choices)
    valid_from = DateField(label=_("TMT"))
    mk_years = forms.IntegerField(label=_("Masa kerja golongan (tahun)"), min_value=0, max_value=50, initial=0)
    mk_months = forms.IntegerField(label=_("Masa kerja golongan (bulan)"), min_value=0, max_value=11, initial=0)
    field_order: Any = ("golongan", "valid_from", "mk_years", "mk_months")

    def verb_arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        scheme, code = data.pop("golongan").split(":")
        return {**data, "scheme": scheme, "golongan": code}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan perbaikan"),
        max_length=200,
        help_text=_("Baris yang lama tetap terlihat bersama alasan ini."),
    )


class WithdrawForm(ReasonForm):
    """Take a row back that should not exist."""


class CorrectRankForm(RankForm, ReasonForm):
    field_order: Any = (*RankForm.field_order, "decree_number", "decree_date", "signer", "reason")

    @staticmethod
    def start(row: RankHolding) -> dict[str, Any]:
        names = ("valid_from", "mk_years", "mk_months", "decree_number", "decree_date", "signer")
        return {**{name: getattr(row, name) for name in names}, "golongan": f"{row.scheme}:{row.order}"}

    def changes(self) -> dict[str, Any]:
        data = self.verb_arguments()
        data.pop("reason")
        known = rules.golongan(data["scheme"], int(data.pop("golongan")))
        assert known is not None  # one of the choices
        return {**data, "golongan": known.name, "order": known.code}


POST_KINDS = [choice for choice in PositionKind.choices if choice[0] != PositionKind.OFFICIAL]


class PositionForm(DecreeForm):
    """A post that is no head's: heads are named on the page of their unit."""

    kind = forms.ChoiceField(label=_("Jenis jabatan"), choices=POST_KINDS)
    name = forms.CharField(label=_("Nama jabatan"), max_length=200)
    unit = UnitField(label=_("Unit kerja"))
    valid_from = DateField(label=_("TMT"))
    field_order: Any = ("kind", "name", "unit", "valid_from")

    def verb_arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        position = position_named(data.pop("name"), data.pop("kind"))
        return {**data, "position": position}


class CorrectPositionForm(PositionForm, ReasonForm):
    """For a head's post the unit and the name are fixed; only dates and the decree can be wrong."""

    valid_to = DateField(label=_("Sampai"), required=False)
    field_order: Any = (*PositionForm.field_order, "valid_to", "decree_number", "decree_date", "signer", "reason")

    def __init__(self, *args: Any, row: PositionHolding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        if row.heads_id is not None:
            for name in ("kind", "name", "unit"):
                del self.fields[name]

    @staticmethod
    def start(row: PositionHolding) -> dict[str, Any]:
        names = ("valid_from", "valid_to", "decree_number", "decree_date", "signer", "unit")
        position = {"name": row.position.name, "kind": row.position.kind}
        return {**{name: getattr(row, name) for name in names}, **position}

    def changes(self) -> dict[str, Any]:
        data = dict(self.cleaned_data) if self.row.heads_id else self.verb_arguments()
        data.pop("reason")
        return data
