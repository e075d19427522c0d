"""Forms of the organisers: forum and phases, moderation, answers, meetings and minutes, results, people."""

from typing import Any

from django import forms
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext_lazy as _

from feedback.enums import ProcessKind, Progress, ProposalState, Verdict
from feedback.forms_reports import StagingForm, files_field
from feedback.models import Meeting, MeetingPoint, Moderation, Process, ProcessPhase, Proposal, Result
from feedback.rules.forum_templates import TEMPLATES
from feedback.rules.forums import LONGEST_OPTION
from feedback.services import staging
from feedback.services.cases.filing import MAX_FILES
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea, needed_when_said
from kepegawaian.units.fields import UnitField

LONG = Textarea({"rows": 8})
SHORT = Textarea({"rows": 3})
REMOVABLE: Any = {"can_delete": True, "can_delete_extra": False}
"""Rows of a formset: what is written there can be removed, an empty row is just left empty."""


class MomentField(forms.DateTimeField):
    """Date and time from the browser's own picker, in the portal's time zone."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M")


class AddressField(forms.SlugField):
    """The last part of a page's address. What is typed is brought into form: "Musren Uji" becomes musren-uji."""

    def to_python(self, value: Any) -> str:
        return slugify(super().to_python(value) or "")


SLUG_LENGTH = 80


class AddressedForm(forms.Form):
    """An address that was left empty is made of the title."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("slug") and "slug" not in self.errors and data.get("title"):
            data["slug"] = slugify(data["title"])[:SLUG_LENGTH].strip("-")
            if not data["slug"]:
                self.add_error("slug", _("Tulis alamatnya: judul ini tidak memuat huruf Latin."))
        return data


# --- Forum ----------------------------------------------------------------------------------------
class NewProcessForm(AddressedForm):
    kind = forms.ChoiceField(
        label=_("Jenis forum"),
        choices=ProcessKind.choices,
        widget=RadioCards(
            hints={
                kind: " · ".join([phase.title for phase in template.phases] + [template.source]).rstrip(" ·")
                for kind, template in TEMPLATES.items()
            }
        ),
    )
    unit = UnitField(label=_("Penyelenggara"))
    title = forms.CharField(label=_("Judul"), max_length=150)
    slug = AddressField(
        label=_("Alamat"),
        max_length=SLUG_LENGTH,
        required=False,
        help_text=_("Huruf kecil, angka, dan tanda hubung: /forum/alamat-ini/. Kosong: dibuat dari judul."),
    )
    summary = forms.CharField(label=_("Ringkasan"), max_length=300, widget=SHORT)
    starts_on = DateField(label=_("Mulai"))


class CopyProcessForm(AddressedForm):
    title = forms.CharField(label=_("Judul"), max_length=150)
    slug = AddressField(
        label=_("Alamat"), max_length=SLUG_LENGTH, required=False, help_text=_("Kosong: dibuat dari judul.")
    )
    starts_on = DateField(label=_("Mulai"), help_text=_("Semua tahap bergeser mengikuti tanggal ini."))


class ProcessForm(forms.ModelForm):
    starts_on = DateField(label=_("Mulai"))
    ends_on = DateField(label=_("Sampai"))
    area = UnitField(label=_("Wilayah peserta"), required=False)

    class Meta:
        model = Process
        fields = (
            *("title", "summary", "text", "goal", "audience", "area", "starts_on", "ends_on", "voters"),
            *("proposals_each", "edit_minutes", "supports_each", "supports_wanted", "counts_hidden"),
            *("tie_rule", "pre_moderation", "slow_seconds"),
        )
        widgets = {"summary": SHORT, "text": LONG}


class PhaseForm(forms.ModelForm):
    starts_on = DateField(label=_("Mulai"))
    ends_on = DateField(label=_("Sampai"))

    class Meta:
        model = ProcessPhase
        fields = ("kind", "title", "text", "starts_on", "ends_on", "proposals", "supports", "comments")
        widgets = {"text": SHORT}


class KeptRows(forms.BaseFormSet):
    """Rows left empty are no rows, a row ticked for removal goes, and one that is sent again unchanged stays."""

    def kept(self) -> list[forms.Form]:
        initial = self.initial_form_count()
        return [
            form
            for number, form in enumerate(self.forms)
            if form.cleaned_data
            and not form.cleaned_data.get("DELETE")
            and (number < initial or form.has_changed())
        ]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"} for form in self.kept()
        ]


PhaseFormSet = forms.formset_factory(PhaseForm, formset=KeptRows, extra=2, max_num=20, **REMOVABLE)


# --- Proposals ------------------------------------------------------------------------------------
class ModerationForm(forms.Form):
    SHOW, HIDE = "show", "hide"
    outcome = forms.ChoiceField(
        label=_("Keputusan"),
        choices=[(SHOW, _("Tampilkan")), (HIDE, _("Sembunyikan"))],
        widget=RadioCards(
            hints={
                SHOW: _("Laporan warga atas tulisan ini dianggap selesai."),
                HIDE: _("Penulis diberi tahu alasannya dan boleh mengajukan keberatan."),
            }
        ),
    )
    reason = forms.ChoiceField(label=_("Alasan"), choices=Moderation.Reason.choices)
    explanation = forms.CharField(
        label=_("Penjelasan untuk penulis"),
        max_length=500,
        required=False,
        widget=SHORT,
        help_text=_("Wajib bila disembunyikan."),
    )


class DecideAppealForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Keputusan"),
        choices=[("granted", _("Kabulkan: tampilkan kembali")), ("refused", _("Tolak: tetap disembunyikan"))],
        widget=RadioCards,
    )
    decision = forms.CharField(label=_("Pertimbangan"), max_length=500, widget=SHORT)


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Keputusan"),
        choices=Verdict.choices,
        widget=RadioCards(
            hints={
                Verdict.EVALUATING: _("Jawaban sementara; keputusan menyusul satu kali."),
                Verdict.RESERVE: _("Dikerjakan bila ada anggaran tersisa."),
            }
        ),
    )
    reason = forms.CharField(label=_("Alasan"), max_length=4000, widget=LONG)
    cost = forms.DecimalField(
        label=_("Biaya (Rp)"), max_digits=16, decimal_places=2, min_value=0, required=False, localize=False
    )
    period = forms.CharField(label=_("Waktu pelaksanaan"), max_length=120, required=False)
    private_note = forms.CharField(label=_("Catatan internal"), max_length=2000, required=False, widget=SHORT)


class NoteForm(forms.ModelForm):
    class Meta:
        model = Proposal
        fields = ("feasible", "office_note", "estimate")
        widgets = {"office_note": SHORT}


class MergeForm(forms.Form):
    main = forms.ModelChoiceField(
        Proposal.objects.none(), label=_("Gabungkan ke usulan"), help_text=_("Kedua nomor tetap berlaku.")
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Proposal.objects.filter(process=proposal.process_id, state=ProposalState.OPEN)
        self.fields["main"].queryset = others.exclude(pk=proposal.pk)  # type: ignore[attr-defined]
        self.fields["main"].label_from_instance = named  # type: ignore[attr-defined]


def named(proposal: Proposal) -> str:
    return f"{proposal.number}. {proposal.title}"


# --- Meetings -------------------------------------------------------------------------------------
class MeetingForm(forms.ModelForm):
    starts_at = MomentField(label=_("Waktu mulai"))
    ends_at = MomentField(label=_("Waktu selesai"))
    link = forms.URLField(label=_("Tautan daring"), max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Meeting
        fields = (
            *("title", "text", "mode", "starts_at", "ends_at", "address", "hints", "link"),
            *("registration", "seats"),
        )
        widgets = {"text": SHORT}


class AgendaForm(forms.Form):
    title = forms.CharField(label=_("Acara"), max_length=200)
    minutes = forms.IntegerField(label=_("Lama (menit)"), min_value=1, max_value=1440, required=False)
    speaker = forms.CharField(label=_("Pembicara"), max_length=150, required=False)


AgendaFormSet = forms.formset_factory(AgendaForm, formset=KeptRows, extra=3, max_num=40, **REMOVABLE)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=SHORT)


class PollForm(forms.Form):
    question = forms.CharField(label=_("Pertanyaan jajak pendapat"), max_length=300)
    options = forms.CharField(
        label=_("Pilihan jawaban"),
        max_length=1000,
        widget=SHORT,
        help_text=_("Satu tiap baris, 2 sampai 6 baris."),
    )

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if any(len(line) > LONGEST_OPTION for line in lines):
            raise forms.ValidationError(
                _("Satu pilihan paling panjang %(most)d huruf.") % {"most": LONGEST_OPTION}
            )
        return lines


class MeetingFilesForm(StagingForm):
    files = files_field(  # type: ignore[assignment]
        format_lazy(
            _("Bahan atau foto: JPG, PNG, WEBP, atau PDF, {files} berkas sekali kirim. Lokasi foto dihapus."),
            files=MAX_FILES,
        )
    )
    title = forms.CharField(
        label=_("Keterangan"),
        max_length=150,
        required=False,
        help_text=_("Misalnya “Paparan standar pelayanan” atau “Foto diskusi”. Kosong: nama berkasnya."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].label = _("Berkas")  # type: ignore[assignment]
        needed_when_said(self.fields["files"])

    @property
    def uploads(self) -> tuple[StoredFile, ...]:
        return staging.named(self.stored, nameless=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode tiket"), max_length=20, widget=forms.TextInput({"autocapitalize": "characters"})
    )


class MinutesForm(forms.ModelForm):
    class Meta:
        model = Meeting
        fields = (
            *("opened_by", "chair", "minutes", "organisations", "attendees", "decided_by_vote"),
            "minutes_visible",
        )
        widgets = {"minutes": Textarea({"rows": 12}), "organisations": SHORT}


class PointForm(forms.ModelForm):
    owner_unit = UnitField(label=_("Penanggung jawab"), required=False)
    due_on = DateField(label=_("Paling lambat"), required=False)

    class Meta:
        model = MeetingPoint
        fields = ("text", "raised_by", "proposal", "verdict", "reason", "owner_unit", "due_on")
        widgets = {"text": SHORT, "reason": Textarea({"rows": 2})}

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["proposal"]
        chosen.label = _("Usulan")
        chosen.queryset = Proposal.objects.filter(process=process, state=ProposalState.OPEN)
        chosen.label_from_instance = named


class SignatoryForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=150)
    role = forms.CharField(label=_("Sebagai"), max_length=150)


PointFormSet = forms.formset_factory(PointForm, formset=KeptRows, extra=3, max_num=200, **REMOVABLE)
SignatoryFormSet = forms.formset_factory(SignatoryForm, formset=KeptRows, extra=2, max_num=20, **REMOVABLE)


# --- Results, people ------------------------------------------------------------------------------
class ResultForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=150)
    text = forms.CharField(label=_("Penjelasan"), max_length=4000, required=False, widget=SHORT)
    owner_unit = UnitField(label=_("Penanggung jawab"))
    due_on = DateField(label=_("Paling lambat"), required=False)
    parent = forms.ModelChoiceField(
        Result.objects.none(), label=_("Bagian dari hasil"), required=False, empty_label=_("Berdiri sendiri")
    )
    proposals = forms.ModelMultipleChoiceField(
        Proposal.objects.none(), label=_("Usulan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    meetings = forms.ModelMultipleChoiceField(
        Meeting.objects.none(), label=_("Pertemuan"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, process: Process, result: Result | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        top = process.results.filter(parent=None)
        fields["parent"].queryset = top.exclude(pk=result.pk) if result else top
        fields["proposals"].queryset = process.proposals.filter(state=ProposalState.OPEN)
        fields["proposals"].label_from_instance = named
        fields["meetings"].queryset = process.meetings.filter(cancelled_at=None)


class ProgressForm(forms.Form):
    percent = forms.IntegerField(label=_("Kemajuan (%)"), min_value=0, max_value=100)
    state = forms.ChoiceField(label=_("Keadaan"), choices=Progress.choices)
    text = forms.CharField(label=_("Apa yang sudah dilakukan"), max_length=2000, required=False, widget=SHORT)


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas CSV"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        help_text=_("Judul kolom dikenali sendiri, urutannya bebas."),
    )


class ConfirmSheetForm(forms.Form):
    """What the preview showed, on its way back."""

    seal = forms.CharField(widget=forms.HiddenInput)
    table = forms.CharField(widget=Textarea({"hidden": True}))


class NikForm(forms.Form):
    email = forms.EmailField(label=_("Surel akun warga"))
    nik = forms.CharField(
        label=_("NIK"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Dari KTP yang Anda lihat. Nomornya tidak disimpan."),
    )
    area = UnitField(label=_("Wilayah tinggal"), required=False)


class RevokeForm(forms.Form):
    email = forms.EmailField(label=_("Surel akun warga"))
    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=SHORT, required=False)
