"""What people type about credit points and follow-up. Whether it may be done is the verbs' to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.enums import CoachingKind, Jenjang, Potential, RecommendationKind
from evaluations.models import Evaluation
from evaluations.rules.coaching import STATEMENTS
from kepegawaian.employees.fields import PersonField
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea, needed_when_said
from kepegawaian.units.fields import UnitField

ROWS = {"rows": 3}
YES, NO = "ya", "tidak"


def _text(label: Any, *, most: int = 2000, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=Textarea({**ROWS, "maxlength": most})
    )


def _points(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=4, help_text=help_text
    )


SOURCE = _("Nomor dan tanggal keputusan atau dokumen yang menjadi dasarnya.")


# --- Credit points --------------------------------------------------------------------------------
class IntegrasiForm(forms.Form):
    on = DateField(label=_("Per tanggal"))
    conventional = _points(_("Angka kredit konvensional"), _("Nilai dasar jenjang dikurangkan otomatis."))
    value = _points(_("Atau AK integrasi yang sudah ditetapkan"), _("Isi salah satu dari keduanya."))
    source = forms.CharField(label=_("Dasar"), max_length=200, help_text=SOURCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed_when_said(self.fields["conventional"], self.fields["value"])


class EducationForm(forms.Form):
    on = DateField(label=_("Per tanggal"))
    source = forms.CharField(label=_("Dasar"), max_length=200, help_text=SOURCE)


class JenjangForm(forms.Form):
    jenjang = forms.ChoiceField(label=_("Jenjang"), choices=[("", _("Pilih")), *Jenjang.choices])
    since = DateField(label=_("Berlaku sejak (TMT)"))
    source = forms.CharField(label=_("Dasar"), max_length=200, help_text=SOURCE)


class ConvertForm(forms.Form):
    """`evaluations`: final ones of the person."""

    evaluation = forms.ChoiceField(label=_("Evaluasi"))
    first = DateField(
        label=_("Mulai bulan"),
        required=False,
        help_text=_("Kosong: sejak awal periode evaluasi itu. Bulan yang sudah dikonversi tidak dihitung lagi."),
    )

    def __init__(self, *args: Any, evaluations: list[Evaluation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.pk): row for row in evaluations}
        choices = [(key, f"{row.period}: {row.get_predikat_display()}") for key, row in self.by_key.items()]
        self.fields["evaluation"].choices = choices  # type: ignore[attr-defined]

    def clean_evaluation(self) -> Evaluation:
        return self.by_key[self.cleaned_data["evaluation"]]


class GiveBackForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pengembalian"), max_length=200)


class ReverseForm(forms.Form):
    reason = forms.CharField(label=_("Alasan koreksi"), max_length=200)


# --- Follow-up ------------------------------------------------------------------------------------
COACHING_HINTS: dict[str, Text] = {
    CoachingKind.BIMBINGAN: _("Membantu mencapai target: cara bekerja, keterampilan, pembagian waktu."),
    CoachingKind.KONSELING: _("Mencari penyebab dan jalan keluar masalah perilaku atau pribadi dalam bekerja."),
}


class CoachingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=CoachingKind, widget=RadioCards(hints=COACHING_HINTS))
    coach = PersonField(label=_("Pembina"), max_length=200)
    goal = _text(_("Yang hendak dicapai"))
    starts_on = DateField(label=_("Tanggal mulai"))
    ends_on = DateField(label=_("Tanggal selesai"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Employee.objects.visible_to(user)
        self.fields["coach"].people = people  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    held_on = DateField(label=_("Tanggal pertemuan"), initial=today)
    notes = _text(_("Pokok pembicaraan"), most=4000)
    agreed = _text(_("Yang disepakati"), required=False)


class CompetencyForm(forms.Form):
    competency = forms.CharField(label=_("Kompetensi"), max_length=150)
    score = forms.TypedChoiceField(
        label=_("Nilai (1 sampai 5)"), choices=[("", _("Pilih")), *((n, str(n)) for n in range(1, 6))], coerce=int
    )
    reason = _text(_("Alasan"), most=1000)


class CloseForm(forms.Form):
    outcome = _text(_("Hasil pembinaan"))
    dropped = forms.BooleanField(label=_("Tidak dilanjutkan"), required=False)


class ReviewForm(forms.Form):
    """Form B.1.8: a field for each statement."""

    note = _text(_("Catatan"), required=False)
    field_order = [*STATEMENTS, "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statement: Any
        for code, statement in STATEMENTS.items():
            self.fields[code] = forms.ChoiceField(
                label=statement, choices=[(YES, _("Ya")), (NO, _("Tidak"))], widget=forms.RadioSelect
            )
        self.order_fields(self.field_order)

    @property
    def answers(self) -> dict[str, bool]:
        return {code: self.cleaned_data[code] == YES for code in STATEMENTS}


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis usul"), choices=RecommendationKind, widget=RadioCards)
    text = _text(_("Usul dan alasannya"))


class AnswerForm(forms.Form):
    accepted = forms.ChoiceField(
        label=_("Jawaban Anda"),
        choices=[(YES, pgettext_lazy("outcome", "Diterima")), (NO, _("Tidak diterima"))],
        widget=RadioCards,
    )
    reason = _text(_("Alasan"))


class TalentFilter(forms.Form):
    """Of the boxes and of the list under them: who, and where."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    unit = UnitField(label=_("Unit"), required=False, closed=True, max_length=200)
    tahun = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kotak = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def chip_words(self, name: str, value: str) -> str:
        return str(self.cleaned_data.get(name) or value)

    @property
    def narrowed(self) -> dict[str, str]:
        """For `talent_people`; a unit that is not found narrows nothing and says so."""
        self.is_valid()
        unit = self.cleaned_data.get("unit")
        return {"path": unit.path if unit else "", "name": self.cleaned_data.get("q", "")}


class TalentForm(forms.Form):
    potential = forms.ChoiceField(label=_("Potensi"), choices=Potential, widget=RadioCards)
    reason = _text(_("Dasar penilaian potensi"))


class ChainStartForm(forms.Form):
    starts_on = DateField(label=_("Tanggal mulai"), initial=today)


class FindingForm(forms.Form):
    recovered = forms.ChoiceField(
        label=_("Hasil sesudah enam bulan"),
        choices=[(YES, _("Kinerja membaik")), (NO, _("Belum membaik, dilanjutkan uji kompetensi"))],
        widget=RadioCards,
    )
    finding = _text(_("Uraian"))


class TestForm(forms.Form):
    test_on = DateField(label=_("Tanggal uji kompetensi"))
    test_result = _text(_("Hasil uji kompetensi"), required=False)


class DecisionForm(forms.Form):
    decision = _text(_("Keputusan pejabat yang berwenang"))
    decree_number = forms.CharField(label=_("Nomor keputusan"), max_length=120)
