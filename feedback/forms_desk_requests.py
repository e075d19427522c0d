"""What officers type about requests for public information (UU 14/2008), and the draft of every answer, which for
a request carries the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseKind, ObjectionGround, Outcome
from feedback.forms_desk_acts import AREA, SeatForm, SpokenForm, template_field
from feedback.services.cases.filing import LONGEST
from feedback.services.cases.objections import grounds
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea, needed_when_said

OUTCOME_FIELDS = ("outcome", "outcome_ground", "outcome_reason", "outcome_basis")
_OUTCOME_HINTS = {
    Outcome.PARTLY.value: _("Tulis bagian mana yang tidak diberikan dan mengapa."),
    Outcome.REFUSED.value: _("Tulis alasan dan pasal pengecualiannya."),
    Outcome.NOT_HELD.value: _("Tulis siapa yang menguasainya, bila diketahui."),
}


class ConvertForm(SeatForm):
    reason = forms.CharField(
        label=_("Penjelasan bagi pelapor"), max_length=1000, widget=AREA, help_text=_("Terbit bersama laporan.")
    )


class DraftForm(SeatForm):
    template = template_field()
    text = forms.CharField(
        label=_("Jawaban resmi"),
        max_length=LONGEST,
        widget=Textarea({"rows": 9}),
        help_text=_("Dibaca semua orang, kecuali laporan rahasia. Data pribadi disamarkan saat terbit."),
    )
    outcome = forms.ChoiceField(
        label=_("Putusan"),
        choices=Outcome.choices,
        required=False,
        widget=RadioCards(hints=_OUTCOME_HINTS),
        help_text=_("Boleh menyusul dalam konsep; wajib saat diminta diperiksa."),
    )
    outcome_ground = forms.ChoiceField(
        label=_("Dasar penolakan"), required=False, help_text=_("Wajib bila ditolak. Dihitung dalam statistik.")
    )
    outcome_reason = forms.CharField(
        label=_("Alasan putusan"),
        max_length=2000,
        required=False,
        widget=AREA,
        help_text=_("Wajib, kecuali dikabulkan seluruhnya. Terbit bersama jawaban."),
    )
    outcome_basis = forms.CharField(
        label=_("Dasar pengecualian"),
        max_length=200,
        required=False,
        help_text=_("Wajib bila ditolak: UU 14/2008 Pasal 17 dengan hurufnya, sesudah uji konsekuensi."),
    )

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        if seat.case.kind != CaseKind.REQUEST:
            for name in OUTCOME_FIELDS:
                del self.fields[name]
            return
        needed_when_said(*(self.fields[name] for name in OUTCOME_FIELDS))
        found = [(row.code, str(row)) for row in grounds()]
        if found:
            self.fields["outcome_ground"].choices = [("", _("Pilih")), *found]  # type: ignore[attr-defined]
        else:
            del self.fields["outcome_ground"]


class SpokenObjectionForm(SpokenForm):
    """Of a request for information it has a ground of the law (UU 14/2008 Pasal 35)."""

    ground = forms.ChoiceField(label=_("Alasan keberatan"), choices=[("", _("Pilih")), *ObjectionGround.choices])
    field_order = ("ground", "text", "files")

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        if seat.case.kind != CaseKind.REQUEST:
            del self.fields["ground"]


class DisputeForm(SeatForm):
    on = DateField(label=_("Diajukan pada"))
    number = forms.CharField(label=_("Nomor register"), required=False, max_length=100)
