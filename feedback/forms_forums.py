"""Forms of citizens in forums: account, proposals, comments, flags, objections, seats."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from feedback.enums import FlagReason, NoticeLevel, Verdict
from feedback.forms_reports import StagingForm, files_field
from feedback.models import Meeting, Process, Proposal, ProposalFile
from feedback.services import staging
from feedback.services.cases.filing import MAX_FILES
from kepegawaian.accounts.forms import FirstPasswordForm
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.ui.forms import RadioCards, Textarea

LONG = Textarea({"rows": 8})
SHORT = Textarea({"rows": 4})


class SignUpForm(forms.Form):
    name = forms.CharField(
        label=_("Nama"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Tampil di samping usulan dan komentar Anda."),
    )
    email = forms.EmailField(
        label=_("Surel"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Tidak pernah ditampilkan. Kami mengirim tautan untuk memastikannya."),
    )
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class CitizenPasswordForm(FirstPasswordForm):
    """Twice the password, by the house's rules; the e-mail is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]

    def clean_email(self) -> str:
        return ""


class ProposalForm(StagingForm):
    title = forms.CharField(
        label=_("Judul usulan"), max_length=150, help_text=_("Satu kalimat: apa yang diusulkan.")
    )
    text = forms.CharField(
        label=_("Isi usulan"),
        max_length=5000,
        widget=LONG,
        help_text=_(
            "Apa masalahnya, siapa yang terbantu. Jangan menulis NIK, nomor telepon, atau alamat pribadi."
        ),
    )
    location = forms.CharField(label=_("Lokasi"), max_length=300, required=False)
    volume = forms.CharField(
        label=_("Volume dan satuan"), max_length=80, required=False, help_text=_("Misalnya 200 meter, 3 unit.")
    )
    group_name = forms.CharField(
        label=_("Atas nama kelompok"),
        max_length=150,
        required=False,
        help_text=_("Kosongkan bila Anda mengusulkan sendiri."),
    )
    files = files_field(  # type: ignore[assignment]
        format_lazy(
            _("Foto, denah, atau surat, paling banyak {files} berkas. Dibaca semua orang; lokasi foto dihapus."),
            files=MAX_FILES,
        )
    )

    @property
    def uploads(self) -> tuple[StoredFile, ...]:
        """Without the names that they had: a name may say who made a file."""
        return staging.named(self.stored, nameless=True)


class EditProposalForm(ProposalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    dropped = forms.ModelMultipleChoiceField(
        ProposalFile.objects.none(),
        label=_("Hapus lampiran"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["group_name"]
        there = proposal.files.filter(removed_at=None)
        numbers = {row.pk: number for number, row in enumerate(there, start=1)}
        dropped: Any = self.fields["dropped"]
        dropped.queryset = there
        dropped.label_from_instance = lambda row: _("Lampiran %(number)d") % {"number": numbers[row.pk]}
        if not numbers:
            del self.fields["dropped"]


class AmendmentForm(forms.Form):
    """The whole wording, changed where it should be better."""

    title = forms.CharField(label=_("Judul usulan"), max_length=150)
    text = forms.CharField(label=_("Isi usulan"), max_length=5000, widget=LONG)
    location = forms.CharField(label=_("Lokasi"), max_length=300, required=False)
    volume = forms.CharField(label=_("Volume dan satuan"), max_length=80, required=False)
    why = forms.CharField(label=_("Mengapa lebih baik begini?"), max_length=300, widget=SHORT)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecideAmendmentForm(forms.Form):
    reason = forms.CharField(
        label=_("Pertimbangan"),
        max_length=300,
        required=False,
        widget=SHORT,
        help_text=_("Wajib bila tidak diambil. Dibaca pengusul perubahan."),
    )


class RemoveFileForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=SHORT)


class OfficialProposalForm(ProposalForm):
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=_("Dari pertemuan"),
        required=False,
        empty_label=_("Bukan dari pertemuan"),
    )

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = process.meetings.all()  # type: ignore[attr-defined]
        self.fields["group_name"].label = _("Perangkat daerah atau pengusul")  # type: ignore[assignment]
        self.fields["group_name"].help_text = _("Kosong: penyelenggara forum.")  # type: ignore[assignment]


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Komentar"), max_length=2000, widget=SHORT)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


class FlagForm(forms.Form):
    reason = forms.ChoiceField(label=_("Apa yang salah?"), choices=FlagReason.choices, widget=RadioCards)
    text = forms.CharField(label=_("Penjelasan"), max_length=300, required=False, widget=SHORT)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Mengapa tulisan Anda patut tampil?"),
        max_length=1000,
        widget=SHORT,
        help_text=_("Dibaca oleh moderator lain daripada yang memutuskan."),
    )


class FollowForm(forms.Form):
    level = forms.ChoiceField(label=_("Kabar dari forum ini"), choices=NoticeLevel.choices)


class SeatForm(forms.Form):
    """A seat at a meeting, also for somebody who stands at the door."""

    name = forms.CharField(label=_("Nama"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    address = forms.CharField(
        label=_("Alamat"),
        max_length=200,
        required=False,
        help_text=_("Untuk daftar hadir pada berita acara. Tidak diumumkan."),
    )
    element = forms.CharField(
        label=_("Unsur"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"list": "unsur"}),
        help_text=_("Misalnya pengguna layanan, akademisi, RT/RW, dunia usaha."),
    )


class DoorForm(SeatForm):
    """Somebody who came unannounced. `key`: of the row that will tell of him, so that a second click finds it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid7)


class ProposalFilter(forms.Form):
    """Search and order of the proposals of a forum."""

    SORTS = [("baru", _("Terbaru")), ("dukungan", _("Dukungan terbanyak")), ("nomor", _("Nomor"))]
    q = forms.CharField(
        label=_("Cari usulan"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    jawaban = forms.ChoiceField(label=_("Jawaban"), required=False)
    urut = forms.ChoiceField(label=_("Urutkan"), required=False, choices=[("", _("Terbaru")), *SORTS[1:]])

    def __init__(self, *args: Any, counts: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [("", _("Semua")), ("belum", _("Belum dijawab")), *Verdict.choices]
        self.fields["jawaban"].choices = answers  # type: ignore[attr-defined]
        if not counts:
            kept = [choice for choice in self.fields["urut"].choices if choice[0] != "dukungan"]  # type: ignore[attr-defined]
            self.fields["urut"].choices = kept  # type: ignore[attr-defined]


def wording(proposal: Proposal) -> dict[str, Any]:
    """What the form of an author's change begins with."""
    return {
        **{name: getattr(proposal, name) for name in ("title", "text", "location", "volume")},
        "version": proposal.version,
    }


# --- Polls ----------------------------------------------------------------------------------------
class BallotForm(forms.Form):
    """One of the answers of a poll; what is sent is looked up by the view."""

    option = forms.ChoiceField(label=_("Pilih satu jawaban"), widget=forms.RadioSelect)

    def __init__(self, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["option"].choices = choices  # type: ignore[attr-defined]
