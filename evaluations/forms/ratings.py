"""Forms of assessing, of a unit's result and of objections. That they can be read is all they see to."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from evaluations.enums import OrgResult, Predikat, Rating, Value
from evaluations.forms.cycles import officials
from evaluations.models import Evaluation, PlanResult
from evaluations.rules.behaviour import guides_on
from evaluations.services.objections import Ruling
from evaluations.services.ratings import Assessment, Remark
from kepegawaian.employees.fields import PersonField
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.forms import RadioCards, Textarea, target
from kepegawaian.units.fields import SuggestInput

ROWS = {"rows": 2}
RESULT_HINTS: dict[str, Text] = {
    Rating.ABOVE: _("Sebagian besar atau semua hasil melampaui, tidak ada yang kurang."),
    Rating.EXPECTED: _("Hasil sebagaimana disepakati."),
    Rating.BELOW: _("Sebagian besar hasil, atau yang utama, tidak tercapai."),
}
BEHAVIOUR_HINTS: dict[str, Text] = {
    Rating.ABOVE: _("Terus-menerus menjadi teladan."),
    Rating.EXPECTED: _("Sesuai panduan perilaku."),
    Rating.BELOW: _("Panduan perilaku sering dilanggar."),
}
WRITTEN = ("results_rating", "results_reason", "behaviour_rating", "behaviour_reason", "recommendation")
NO_MARK = ("", _("Belum dinilai"))


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=2000, widget=Textarea(attrs={"rows": 3}))


def _rating(label: Any, hints: dict[str, Text], *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, choices=Rating.choices, widget=RadioCards(hints=hints)
    )


class AssessForm(forms.Form):
    """Everything of one evaluation. What must be there is the verb's to say, so that a draft can be saved."""

    results_rating = _rating(_("Rating hasil kerja"), RESULT_HINTS)
    results_reason = _reason(_("Alasan rating hasil kerja"))
    behaviour_rating = _rating(_("Rating perilaku kerja"), BEHAVIOUR_HINTS)
    behaviour_reason = _reason(_("Alasan rating perilaku"))
    recommendation = _reason(_("Catatan atau rekomendasi"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, results: Iterable[PlanResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = list(results)
        guides = guides_on().guides
        for result in self.results:
            self._add(f"result_{result.origin}", _("Umpan balik berdasarkan bukti dukung"))
        for value in Value:
            self._add(f"value_{value}", value.label, " · ".join(str(guide) for guide in guides[value]))

        self._draw_as_needed(True)

    def full_clean(self) -> None:
        """Drawn as needed, for an assessment; a draft may lack them, so the form itself does not insist."""
        self._draw_as_needed(False)
        super().full_clean()
        self._draw_as_needed(True)

    def _draw_as_needed(self, needed: bool) -> None:
        for name in WRITTEN[:4]:
            self.fields[name].required = needed

    def _add(self, name: str, label: Any, hint: str = "") -> None:
        self.fields[f"{name}_mark"] = forms.ChoiceField(
            label=_("Penilaian"), required=False, choices=[NO_MARK, *Rating.choices]
        )
        self.fields[f"{name}_text"] = forms.CharField(
            label=label, required=False, max_length=2000, help_text=hint, widget=Textarea(attrs=ROWS)
        )

    def of_result(self, origin: uuid.UUID) -> tuple[Any, Any]:
        return self[f"result_{origin}_mark"], self[f"result_{origin}_text"]

    @property
    def of_values(self) -> list[tuple[Any, Any]]:
        return [(self[f"value_{value}_mark"], self[f"value_{value}_text"]) for value in Value]

    def given(self) -> Assessment:
        said = self.cleaned_data

        def remark(name: str) -> Remark:
            return Remark(said[f"{name}_mark"], said[f"{name}_text"])

        return Assessment(
            **{name: said[name] for name in WRITTEN},
            results={one.origin: remark(f"result_{one.origin}") for one in self.results},
            values={value.value: remark(f"value_{value}") for value in Value},
        )

    def renewed(self, saved: Evaluation | None) -> list[tuple[Any, str, Any]]:
        """Fields in which another tab or device saved something else since this form was read: label, id, what is
        saved. The form stands on that version from now on, so that sending it again saves what was typed here."""
        known = initial_of(saved)
        if str(known["version"]) == self["version"].value():
            return []
        data: Any = self.data
        self.data = {**data.dict(), "version": known["version"]}
        return [
            (field.label, target(field), dict(getattr(field.field, "choices", ())).get(there, there))
            for field in self
            if (there := known.get(field.name, "")) != (field.value() or "") and field.name != "version"
        ]


def initial_of(evaluation: Evaluation | None) -> dict[str, Any]:
    """What was saved before; of an evaluation that was not begun only that, so that a second tab is noticed."""
    if evaluation is None:
        return {"version": 0}
    initial = {name: getattr(evaluation, name) for name in (*WRITTEN, "version")}
    for mark in evaluation.marks.all():
        initial |= {f"result_{mark.result}_mark": mark.mark, f"result_{mark.result}_text": mark.feedback}
    for note in evaluation.value_notes.all():
        initial |= {f"value_{note.value}_mark": note.mark, f"value_{note.value}_text": note.text}
    return initial


class OrganisationForm(forms.Form):
    result = forms.ChoiceField(label=_("Capaian organisasi"), choices=OrgResult.choices, widget=RadioCards())
    reason = forms.CharField(
        label=_("Dasar penetapan"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=_("Kemajuan rencana aksi atau capaian Perjanjian Kinerja yang menjadi dasar."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DistributionForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan pola distribusi"), max_length=2000, widget=Textarea(attrs={"rows": 3})
    )


class CalibrationFilter(forms.Form):
    """`?predikat=` narrows the list of people; "none" for those not rated yet."""

    NONE = "none"
    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    predikat = forms.ChoiceField(
        label=_("Predikat"),
        required=False,
        choices=[("", _("Semua")), *Predikat.choices, (NONE, _("Belum dinilai"))],
    )
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    periode = forms.CharField(required=False, widget=forms.HiddenInput)


class ObjectionForm(forms.Form):
    reasons = forms.CharField(label=_("Alasan keberatan"), max_length=4000, widget=Textarea(attrs={"rows": 5}))


class DeciderForm(forms.Form):
    """By HR, where nobody above the assessor can decide."""

    decider = PersonField(
        label=_("Pejabat yang memutus"),
        max_length=200,
        widget=SuggestInput(reverse_lazy("evaluations:assessor_suggest")),
        help_text=_("Ketik nama pejabat atau NIP lengkap, lalu pilih dari saran."),
    )
    reason = forms.CharField(label=_("Alasan penunjukan"), max_length=2000, widget=Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decider"]
        assert isinstance(field, PersonField)
        field.people = officials()


class StatementForm(forms.Form):
    """One's own side of an objection."""

    text = forms.CharField(label=_("Keterangan Anda"), max_length=4000, widget=Textarea(attrs={"rows": 4}))


class HearForm(forms.Form):
    employee = forms.CharField(label=_("Keterangan pegawai"), max_length=4000, widget=Textarea(attrs={"rows": 3}))
    assessor = forms.CharField(
        label=_("Keterangan pejabat penilai"), max_length=4000, widget=Textarea(attrs={"rows": 3})
    )


class RulingForm(forms.Form):
    """Both ratings as they shall be; leaving them as they are keeps the result."""

    results_rating = _rating(_("Rating hasil kerja"), RESULT_HINTS, required=True)
    behaviour_rating = _rating(_("Rating perilaku kerja"), BEHAVIOUR_HINTS, required=True)
    reason = forms.CharField(label=_("Alasan putusan"), max_length=4000, widget=Textarea(attrs={"rows": 4}))

    @property
    def chosen(self) -> tuple[Rating, Rating]:
        """Both ratings, for the matrix."""
        said = self.cleaned_data
        return Rating(said["results_rating"]), Rating(said["behaviour_rating"])

    def ruling(self) -> Ruling:
        said = self.cleaned_data
        return Ruling(said["results_rating"], said["behaviour_rating"], said["reason"])
