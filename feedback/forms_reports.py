"""The citizens' forms: file a report in one page, follow it, write back, look for published ones."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseKind, ObjectionGround
from feedback.rules.personal import cleaned
from feedback.services import catalogue, defence, staging
from feedback.services.cases import Contact, Filing
from feedback.services.cases.filing import LONGEST, MAX_FILE_MB, MAX_FILES
from feedback.validators import read_point
from kepegawaian.documents.files import accept_attribute
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import RuleRefused
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea, TypeAhead, needed_when_said

SHORT = Textarea({"rows": 4})
KIND_HINTS: dict[str, Any] = {
    CaseKind.SERVICE: _("Pelayanan lambat, keliru, atau tidak diberikan."),
    CaseKind.SUPERVISION: _("Dugaan pungutan, penyalahgunaan wewenang, atau pelanggaran disiplin."),
    CaseKind.INFORMATION: _("Anda bertanya tentang layanan atau kebijakan."),
    CaseKind.ASPIRATION: _("Saran, harapan, atau pujian."),
}
KINDS = [(kind, CaseKind(kind).label) for kind in KIND_HINTS]


# --- Files that survive a step --------------------------------------------------------------------
class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several uploads at once; what they are is judged where they are kept."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [upload for upload in data or [] if upload]


def files_field(help_text: Any) -> FilesField:
    widget = FilesInput({"accept": accept_attribute(), "data-shrink": ""})
    return FilesField(label=_("Berkas pendukung"), required=False, widget=widget, help_text=help_text)


class StagingForm(forms.Form):
    """A form whose uploads are kept from the first time they arrive, whatever else is wrong with it."""

    def __init__(self, *args: Any, key: str, network: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key, self.network = key, network
        self.stored: list[StoredFile] = []
        self.kept_token = ""

    def keep_files(self) -> bool:
        """Keep what was uploaded; False when a file was refused, which is said beside the field."""
        dropped = set(self._all("drop"))
        kept = staging.staged(self.data.get("kept", ""), key=self.key)
        rows = [row for row in kept if str(row.pk) not in dropped]
        uploads = [upload for upload in self.files.getlist("files") if upload]
        good = True
        if uploads and not defence.may_stage(self.network, len(uploads)):
            uploads, good = [], False
            self._refuse(_("Terlalu banyak berkas sedang dikirim. Kirim dahulu tanpa berkas, susulkan nanti."))
        for upload in uploads:
            try:
                rows = staging.add(rows, upload)
            except RuleRefused as error:
                good = False
                self._refuse(f"{upload.name}: {error.message}")
        self.stored = rows
        self.kept_token = staging.token_of(rows, key=self.key)
        return good

    def _all(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    def _refuse(self, text: Any) -> None:
        self.errors  # noqa: B018  # cleans the form, where nothing has yet
        self.add_error("files", text)


# --- Filing ---------------------------------------------------------------------------------------
class ReportForm(StagingForm):
    """One page. `about` is typed and resolved to `choice`, which the list fills directly."""

    kind = forms.ChoiceField(
        label=_("Apa yang ingin Anda sampaikan?"),
        choices=KINDS,
        initial=CaseKind.SERVICE,
        widget=RadioCards(hints=KIND_HINTS),
    )
    about = forms.CharField(
        label=_("Layanan atau unit yang dimaksud"),
        required=False,
        max_length=200,
        widget=TypeAhead(suggestions="layanan-unit"),
        help_text=_("Ketik sebagian namanya. Bila tidak tahu, kosongkan: petugas yang menentukan."),
    )
    choice = forms.ChoiceField(label=_("Yang mana yang Anda maksud?"), required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Ceritakan"),
        widget=Textarea({"rows": 8}),
        help_text=_("Apa yang terjadi, kapan, di mana. Jangan menulis NIK, nomor telepon, atau alamat pribadi."),
    )
    place = forms.CharField(
        label=_("Tempat kejadian"),
        required=False,
        max_length=300,
        help_text=_("Misalnya nama jalan, kantor, atau loket."),
    )
    point = forms.CharField(
        label=_("Titik di peta"),
        required=False,
        max_length=500,
        help_text=_("Tempel koordinat atau tautan dari aplikasi peta, misalnya -7.2575, 112.7521."),
    )
    files = files_field(  # type: ignore[assignment]
        format_lazy(
            _("Paling banyak {files} berkas JPG, PNG, WEBP, atau PDF, tiap berkas {size} MB. Lokasi foto hilang."),
            files=MAX_FILES,
            size=MAX_FILE_MB,
        )
    )
    anonymous = forms.BooleanField(
        label=_("Anonim"),
        required=False,
        help_text=_("Petugas tidak melihat siapa Anda; Anda tetap dapat mengikuti laporan dengan PIN."),
    )
    secret = forms.BooleanField(
        label=_("Rahasia"),
        required=False,
        help_text=_("Isi laporan tidak diterbitkan; hanya Anda dan petugas yang menanganinya yang dapat membaca."),
    )
    name = forms.CharField(
        label=_("Nama"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Boleh dikosongkan bila Anda memilih Anonim. Tidak pernah diterbitkan."),
    )
    email = forms.EmailField(
        label=_("Surel"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Untuk tanda terima dan kabar. Tidak pernah diterbitkan."),
    )
    phone = forms.CharField(
        label=_("Telepon"),
        required=False,
        max_length=30,
        widget=forms.TelInput({"autocomplete": "tel"}),
        help_text=_("Hanya bila petugas perlu menghubungi Anda."),
    )

    def __init__(self, *args: Any, signed_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signed_in = signed_in
        self.chosen: catalogue.About | None = None
        self.found: list[catalogue.About] = []
        for name in ("name", "email", "phone") if signed_in else ():
            del self.fields[name]
        needed_when_said(self.fields["choice"], *(() if signed_in else (self.fields["name"],)))
        if self.is_bound:
            self._look_up()
        choices = [(row.value, row.label) for row in self.found]
        unknown = [("?", _("Tidak ada di daftar ini; petugas yang menentukan"))] if choices else []
        self.fields["choice"].choices = [*choices, *unknown]  # type: ignore[attr-defined]

    def _look_up(self) -> None:
        """A choice of the list holds while the words stay the same; other words look anew."""
        words = self.data.get("about", "").strip()
        chosen = catalogue.about(self.data.get("choice", ""))
        same = words == self.data.get("looked", "").strip()
        if chosen is not None and (same or words == chosen.label):
            self.found, self.chosen = [chosen], chosen
            return
        if not same and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["choice"] = ""
            self.data = data
        self.found = catalogue.candidates(words) if words else []
        self.chosen = catalogue.named(words, self.found)

    @property
    def undecided(self) -> bool:
        """Words were typed that fit several, or nothing, and nobody said which."""
        return self.is_bound and bool(self.data.get("about", "").strip()) and self.chosen is None

    def clean_choice(self) -> str:
        value: str = self.data.get("choice", "")
        if self.chosen is not None:
            return self.chosen.value
        if self.undecided and self.found and value != "?":
            raise forms.ValidationError(_("Pilih salah satu, atau pilih yang terakhir."))
        return ""

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        length = len(cleaned(text))
        if not length:
            raise forms.ValidationError(_("Tuliskan isi laporan."))
        if length > LONGEST:
            raise forms.ValidationError(
                _("Isi laporan %(length)d huruf; paling panjang %(limit)d. Pendekkan %(over)d huruf.")
                % {"length": length, "limit": LONGEST, "over": length - LONGEST}
            )
        return text

    def clean_point(self) -> Any:
        text = self.cleaned_data["point"].strip()
        return read_point(text) if text else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.signed_in and not data.get("anonymous") and not data.get("name", "").strip():
            self.add_error("name", _("Tulis nama Anda, atau centang Anonim."))
        return data

    def filing(self, *, language: str) -> Filing:
        """After `is_valid` and `keep_files`."""
        data = self.cleaned_data
        point, chosen = data["point"], self.chosen or catalogue.About()
        return Filing(
            text=data["text"],
            kind=data["kind"],
            service=chosen.service,
            unit=chosen.unit,
            anonymous=data["anonymous"],
            secret=data["secret"],
            place=data["place"] if chosen.value or not data["about"] else self._place_and_words(),
            lat=point.lat if point else None,
            long=point.long if point else None,
            contact=Contact(data.get("name", ""), data.get("email", ""), data.get("phone", "")),
            files=staging.named(self.stored, nameless=data["anonymous"]),
            language=language,
        )

    def _place_and_words(self) -> str:
        """What was typed and named no service or unit helps the officer who has to find it."""
        data = self.cleaned_data
        return " · ".join(part for part in (data["place"], data["about"]) if part)[:300]


# --- Following ------------------------------------------------------------------------------------
class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor laporan"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "short"}),
        help_text=_("Seperti pada tanda terima, misalnya PGD-2611-7K3QWX."),
    )
    pin = forms.CharField(
        label=_("PIN"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "short"}),
        help_text=_("Untuk membuka laporan Anda sendiri. Tanpa PIN hanya terlihat yang diterbitkan."),
    )


class LinkForm(forms.Form):
    number = forms.CharField(label=_("Nomor laporan"), max_length=60, widget=forms.TextInput({"class": "short"}))
    email = forms.EmailField(
        label=_("Surel yang Anda tulis di laporan"), widget=forms.EmailInput({"autocomplete": "email"})
    )


class WriteForm(StagingForm):
    """A word of the reporter, with files: a reply, what was asked for, or why the answer is not enough."""

    text = forms.CharField(label=_("Pesan"), max_length=LONGEST, widget=SHORT)
    files = files_field(  # type: ignore[assignment]
        format_lazy(_("Paling banyak {files} berkas. Lokasi foto dihapus."), files=MAX_FILES)
    )
    public = forms.BooleanField(
        label=_("Boleh dibaca semua orang"),
        required=False,
        help_text=_("Data pribadi disamarkan lebih dahulu."),
    )

    def __init__(self, *args: Any, case_is_public: bool = False, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not case_is_public:
            del self.fields["public"]
        if label:
            self.fields["text"].label = label

    @property
    def uploads(self) -> tuple[StoredFile, ...]:
        return staging.named(self.stored, nameless=True)


class ObjectionForm(WriteForm):
    """To the superior of the PPID, with a ground of UU 14/2008 Pasal 35."""

    text = forms.CharField(label=_("Keberatan Anda kepada atasan PPID"), max_length=LONGEST, widget=SHORT)
    ground = forms.ChoiceField(
        label=_("Alasan keberatan (UU 14/2008 Pasal 35)"), choices=[("", _("Pilih")), *ObjectionGround.choices]
    )
    field_order = ("ground", "text", "files", "public")


class DisputeForm(forms.Form):
    on = DateField(label=_("Diajukan ke Komisi Informasi pada"))
    number = forms.CharField(
        label=_("Nomor register"), required=False, max_length=100, help_text=_("Bila sudah ada.")
    )


class EmptyForm(forms.Form):
    """A verb of one click."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=LONGEST, widget=SHORT)


class ContestForm(forms.Form):
    reason = forms.CharField(label=_("Apa yang berbeda?"), max_length=LONGEST, widget=SHORT)


class AppealForm(forms.Form):
    """`moderation`: what it is against, given by the page."""

    moderation = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Mengapa Anda keberatan?"), max_length=1000, widget=SHORT)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=1000, widget=SHORT)


class RateForm(forms.Form):
    SCORES = [
        (5, _("5 · sangat puas")),
        (4, _("4 · puas")),
        (3, _("3 · cukup")),
        (2, _("2 · kurang puas")),
        (1, _("1 · tidak puas")),
    ]
    score = forms.TypedChoiceField(
        label=_("Seberapa puas Anda dengan penanganannya?"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Apa yang perlu diperbaiki?"), required=False, max_length=1000, widget=SHORT)
