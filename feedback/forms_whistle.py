"""The forms of the protected channel: the report, its follow-up, and what officers type."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from feedback.enums import WhistleOutcome, WhistleState
from feedback.forms_reports import SHORT, files_field
from feedback.models import WhistleReport
from feedback.models.whistle import WhistleReportQuerySet
from feedback.rules.personal import cleaned
from feedback.services.cases.filing import LONGEST, MAX_FILE_MB, MAX_FILES
from feedback.services.whistle import Accused, Whistle
from feedback.services.whistle.filing import MOST_ACCUSED
from feedback.workflow_whistle import OPEN_STATES
from kepegawaian.accounts.models import User
from kepegawaian.lib.ui.forms import RadioCards, Textarea
from kepegawaian.units.fields import UnitField
from kepegawaian.units.models import Unit

LONG = 4000
OFFICE_DEPTH = 2


def whistle_files() -> Any:
    return files_field(
        format_lazy(
            _("Paling banyak {files} berkas, masing-masing {size} MB: foto atau PDF. Lokasi foto, nama pembuat dan"
              " nama berkas dihapus. Jangan mengirim berkas yang hanya Anda miliki."),
            files=MAX_FILES, size=MAX_FILE_MB,
        )
    )  # fmt: skip


# --- The reporter ---------------------------------------------------------------------------------
class WhistleForm(forms.Form):
    """Whom, what, when, where, how, and first evidence; one page, nothing kept before it is sent."""

    what = forms.CharField(
        label=_("Apa yang terjadi?"),
        max_length=LONGEST,
        widget=Textarea({"rows": 8}),
        help_text=_("Perbuatan yang Anda ketahui. Jangan menulis apa pun yang menunjukkan siapa Anda."),
    )
    accused = forms.CharField(
        label=_("Siapa yang dilaporkan?"),
        required=False,
        max_length=2000,
        widget=SHORT,
        help_text=_("Satu orang tiap baris: nama, jabatan. Mereka tidak akan dapat membaca laporan ini."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Perangkat daerah yang dilaporkan"),
        required=False,
        empty_label=_("Tidak tahu, atau beberapa"),
        help_text=_("Petugas dari perangkat daerah ini tidak akan dapat membaca laporan."),
    )
    when = forms.CharField(label=_("Kapan?"), required=False, max_length=300)
    where = forms.CharField(label=_("Di mana?"), required=False, max_length=300)
    how = forms.CharField(label=_("Bagaimana caranya?"), required=False, max_length=LONG, widget=SHORT)
    evidence = forms.CharField(
        label=_("Bukti awal"),
        max_length=LONG,
        widget=SHORT,
        help_text=_("Apa buktinya, dan di mana dapat dilihat: surat, catatan, saksi, rekening."),
    )
    files = whistle_files()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.open().filter(depth__lte=OFFICE_DEPTH).order_by("name")
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]

    def clean_accused(self) -> tuple[Accused, ...]:
        lines = [line.strip() for line in self.cleaned_data["accused"].splitlines() if cleaned(line)]
        if len(lines) > MOST_ACCUSED:
            raise forms.ValidationError(_("Paling banyak %(limit)d orang.") % {"limit": MOST_ACCUSED})
        parts = (line.partition(",") for line in lines)
        return tuple(Accused(name.strip(), position.strip()) for name, _comma, position in parts)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "accused" in data and not data["accused"] and "unit" in data and data["unit"] is None:
            self.add_error("accused", _("Sebutkan siapa yang dilaporkan, atau perangkat daerahnya."))
        return data

    def whistle(self) -> Whistle:
        data = dict(self.cleaned_data)
        files: list[UploadedFile] = data.pop("files")
        return Whistle(files=tuple(files), **data)


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor laporan"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "short"}),
        help_text=_("Seperti pada tanda terima, misalnya WBS-2611-7K3QWX."),
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "short"}),
    )


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Pesan untuk petugas"), max_length=LONGEST, widget=SHORT)
    files = whistle_files()


# --- Officers -------------------------------------------------------------------------------------
class WhistleFilter(forms.Form):
    OPEN, ENDED = "berjalan", "berakhir"
    state = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[("", _("Masih berjalan")), (ENDED, _("Sudah berakhir")), *WhistleState.choices],
    )

    @property
    def chosen(self) -> str:
        """A state, `ENDED`, or "" for all that run."""
        return str(self.cleaned_data.get("state", "")) if self.is_valid() else ""

    @classmethod
    def of(cls, rows: WhistleReportQuerySet, chosen: str) -> WhistleReportQuerySet:
        if chosen in WhistleState.values:
            return rows.filter(state=chosen)
        return rows.exclude(state__in=OPEN_STATES) if chosen == cls.ENDED else rows.filter(state__in=OPEN_STATES)


class HandlingForm(forms.Form):
    """What an officer types for one act on `report`."""

    def __init__(self, report: WhistleReport, able: list[User], *args: Any, **kwargs: Any) -> None:
        self.report, self.able = report, able
        super().__init__(*args, **kwargs)


class NothingForm(HandlingForm):
    """An act of one click."""


class WordForm(HandlingForm):
    text = forms.CharField(
        label=_("Pesan bagi pelapor"),
        max_length=LONGEST,
        widget=SHORT,
        help_text=_("Dibaca dengan nomor dan PIN. Jangan menanyakan siapa pelapornya."),
    )


class NoteForm(HandlingForm):
    text = forms.CharField(
        label=_("Catatan"), max_length=LONGEST, widget=SHORT, help_text=_("Hanya petugas kanal ini yang membaca.")
    )


class ClassifyForm(HandlingForm):
    name = forms.CharField(label=_("Nama yang dilaporkan"), required=False, max_length=150)
    nip = forms.CharField(label=_("NIP"), required=False, max_length=30)
    position = forms.CharField(label=_("Jabatan"), required=False, max_length=150)
    unit = UnitField(label=_("Unit yang dilaporkan"), required=False)


class ReasonForm(HandlingForm):
    reason = forms.CharField(
        label=_("Alasan"), max_length=2000, widget=SHORT, help_text=_("Hanya petugas kanal ini yang membaca.")
    )


class RejectForm(ReasonForm):
    word = forms.CharField(
        label=_("Kabar bagi pelapor"), max_length=LONG, widget=SHORT, help_text=_("Dibaca dengan nomor dan PIN.")
    )


class CloseForm(RejectForm):
    outcome = forms.ChoiceField(label=_("Hasil"), choices=WhistleOutcome.choices, widget=RadioCards())
    agency = forms.CharField(
        label=_("Diteruskan kepada"),
        required=False,
        max_length=200,
        help_text=_("Hanya bila diteruskan, misalnya kejaksaan atau KPK."),
    )
    field_order = ("outcome", "agency", "reason", "word")


class ReassignForm(ReasonForm):
    officer = forms.ChoiceField(
        label=_("Petugas"), help_text=_("Hanya yang tidak disebut dan tidak dari unit yang dilaporkan.")
    )
    field_order = ("officer", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [user for user in self.able if user.pk != self.report.officer_id]
        self.fields["officer"].choices = [(str(user.pk), user.name) for user in people]  # type: ignore[attr-defined]

    def clean_officer(self) -> User:
        return next(user for user in self.able if str(user.pk) == self.cleaned_data["officer"])
