"""What officers type about moderation: objections, messages shown again, photos, accusations withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms_desk_acts import ReasonForm, SeatForm
from feedback.models import CaseParty
from kepegawaian.documents.files import PICTURES, accept_attribute
from kepegawaian.lib.ui.forms import RadioCards, Textarea

_AREA = Textarea({"rows": 4})


class RestoreForm(SeatForm):
    explanation = forms.CharField(label=_("Alasan"), max_length=500, widget=_AREA)


class DecideAppealForm(SeatForm):
    granted = forms.TypedChoiceField(
        label=_("Keputusan"),
        choices=[("1", _("Kabulkan")), ("0", _("Tolak"))],
        coerce=lambda value: value == "1",
        widget=RadioCards(
            hints={
                "1": _("Yang disembunyikan atau ditolak kembali seperti semula."),
                "0": _("Tetap seperti sekarang."),
            }
        ),
    )
    decision = forms.CharField(
        label=_("Pertimbangan"), max_length=500, widget=_AREA, help_text=_("Pelapor membacanya.")
    )


class OfferPhotoForm(SeatForm):
    redacted = forms.FileField(
        label=_("Salinan yang sudah disamarkan"),
        required=False,
        widget=forms.FileInput({"accept": accept_attribute(PICTURES)}),
        help_text=_("Wajah orang, pelat nomor, dan surat pribadi dibuat tidak terbaca. Kosongkan bila tidak ada."),
    )


class CheckPhotoForm(SeatForm):
    ok = forms.TypedChoiceField(
        label=_("Setelah dilihat"),
        choices=[("1", _("Terbitkan")), ("0", _("Jangan terbitkan"))],
        coerce=lambda value: value == "1",
        widget=RadioCards(
            hints={
                "1": _("Tidak ada wajah, pelat, atau data pribadi yang terbaca."),
                "0": _("Tulis apa yang belum boleh terlihat."),
            }
        ),
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=1000, widget=_AREA)


class WithdrawPartyForm(ReasonForm):
    party = forms.ChoiceField(label=_("Catatan yang ditarik"), widget=forms.RadioSelect)
    field_order = ("party", "reason")

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        self.fields["party"].choices = [(str(row.pk), _called(row)) for row in seat.case.accused]  # type: ignore[attr-defined]

    def clean_party(self) -> CaseParty:
        return next(row for row in self.seat.case.accused if str(row.pk) == self.cleaned_data["party"])


def _called(row: CaseParty) -> str:
    names = (row.name, row.user.name if row.user else "", row.unit.name if row.unit else "")
    return ", ".join(dict.fromkeys(name for name in names if name))
