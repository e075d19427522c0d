"""Forms of the SKP: one per line, each with the mark of the content that its writer saw."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.enums import Approach, Aspect, ResultKind, Value
from evaluations.models import Plan
from kepegawaian.lib.ui.forms import PlainSelect, RadioCards, Textarea, needed_when_said

NOTHING = ("", _("Pilih…"))


def _text(label: Any, *, most: int = 1000, rows: int = 2, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=most, widget=Textarea({"rows": rows, "maxlength": most})
    )


class LineForm(forms.Form):
    """Nothing is required while it is typed; what is missing is said beside the line and asked on submission."""

    use_required_attribute = False
    wanted: tuple[str, ...] = ()
    """Not called optional, though a draft is saved without."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed_when_said(*(self.fields[name] for name in self.wanted))


class ResultForm(LineForm):
    wanted: tuple[str, ...] = ("text",)
    text = _text(_("Rencana hasil kerja"))
    intervenes = forms.CharField(label=_("Hasil kerja atasan yang diintervensi"), required=False)
    intervened_text = _text(_("Hasil kerja atasan, bila belum ada dalam daftar"))
    assigned_by = forms.CharField(label=_("Pemberi tugas"), required=False, max_length=200)
    perspective = forms.CharField(label=_("Perspektif"), required=False, max_length=80)

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        kind: str,
        above: list[tuple[str, str]],
        perspectives: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        unused = {"intervenes", "intervened_text"} if plan.leader_form else {"perspective"}
        if not plan.leader_form and kind == ResultKind.MAIN:
            unused.add("assigned_by")
        if not above:
            unused.add("intervenes")
        for name in unused:
            self.fields.pop(name, None)
        if "intervenes" in self.fields:
            self.fields["intervenes"].widget = PlainSelect(choices=[("", _("Belum dikaitkan")), *above])
        if "perspective" in self.fields:
            words = [(word, word) for word in perspectives]
            self.fields["perspective"].widget = PlainSelect(choices=[NOTHING, *words])


class IndicatorForm(LineForm):
    wanted = ("text", "target")
    text = _text(_("Indikator kinerja individu"))
    aspect = forms.ChoiceField(
        label=_("Aspek"), required=False, choices=[NOTHING, *Aspect.choices], widget=PlainSelect
    )
    target = forms.CharField(label=_("Target dan satuannya"), required=False, max_length=300)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan.approach == Approach.QUALITATIVE:
            del self.fields["aspect"], self.fields["target"]
            self.fields["text"].label = _("Ukuran keberhasilan dengan targetnya")
        elif plan.leader_form:
            del self.fields["aspect"]


class NewResultForm(ResultForm):
    """With its first indicator, so that one press adds what a result needs."""

    wanted = ("text", "indicator", "target")
    indicator = _text(_("Indikator pertama"))
    target = forms.CharField(label=_("Target dan satuannya"), required=False, max_length=300)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        if plan.approach == Approach.QUALITATIVE:
            del self.fields["target"]


class ParagraphForm(LineForm):
    """A special expectation, or an appendix with one item a line."""

    text = _text("", most=4000)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class StartForm(forms.Form):
    """What a draft begins with."""

    source = forms.ChoiceField(label=_("Mulai dari"), widget=RadioCards)
    approach = forms.ChoiceField(
        label=_("Pendekatan"),
        choices=Approach.choices,
        initial=Approach.QUANTITATIVE,
        widget=RadioCards(
            hints={
                Approach.QUANTITATIVE: _("Indikator dan target terpisah, dengan satuannya."),
                Approach.QUALITATIVE: _("Satu uraian: ukuran keberhasilan dengan target di dalamnya."),
            }
        ),
    )

    def __init__(self, *args: Any, sources: list[tuple[str, str]], fixed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.initial = sources, sources[0][0]
        if fixed:
            del self.fields["approach"]


class AnswerForm(forms.Form):
    """The assessor's: agree, or return with what should change."""

    AGREE, RETURN = "agree", "return"
    outcome = forms.ChoiceField(
        label=_("Jawaban Anda"),
        choices=[(AGREE, _("Sepakati")), (RETURN, _("Kembalikan"))],
        widget=RadioCards(
            hints={
                AGREE: _("SKP berlaku dan isinya terkunci."),
                RETURN: _("Pegawai memperbaiki lalu mengajukan lagi."),
            }
        ),
    )
    note = _text(_("Yang perlu diperbaiki"), rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("outcome") == self.RETURN and not values.get("note", "").strip():
            self.add_error("note", _("Tuliskan apa yang perlu diperbaiki."))
        return values


class ExpectationsForm(forms.Form):
    """Special expectations of the leader, one for each of the seven values."""

    def __init__(self, *args: Any, known: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value in Value:
            self.fields[value.value] = _text(value.label, rows=1)
            self.fields[value.value].initial = known.get(value.value, "")

    def changed(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.fields if name in self.changed_data}


class ReasonForm(forms.Form):
    reason = _text(_("Alasan perubahan"), rows=3, required=True)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ShareForm(forms.Form):
    title = forms.CharField(
        label=_("Judul"), max_length=150, help_text=_("Misalnya jabatan dan bidangnya, agar rekan mengenalinya.")
    )


class CommentForm(forms.Form):
    line = forms.ChoiceField(label=_("Tentang"), required=False, widget=PlainSelect)
    text = _text(_("Tanggapan"), most=2000, rows=3, required=True)
    asks_change = forms.BooleanField(label=_("Saya meminta bagian ini diubah"), required=False)

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("SKP secara keseluruhan")), *lines]
