"""What people type about leave. The forms see that it can be read; whether it may be done is the verbs' to say."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from kepegawaian.calendars.models import Holiday
from kepegawaian.documents.files import SCANS, accept_attribute
from kepegawaian.employees.fields import PersonField
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea
from kepegawaian.units.fields import SuggestInput
from leave.colleagues import colleagues_of
from leave.enums import FirstYearGround, Outcome
from leave.ledger import current_setting
from leave.models import LeaveRequest
from leave.services import RequestData, Verdict
from leave.standing import first_year_of, law_for

PHONE = RegexValidator(r"^[0-9+() .\-/]{6,30}$", _("Tulis nomor telepon dengan angka, misalnya 0812 3456 7890."))
TEXT_ROWS = {"rows": 3}
GROUNDS = [("", _("Bukan alasan keluarga")), *FirstYearGround.choices]


def plausible(day: datetime.date | None) -> None:
    """Leave is filed for about now: years that nobody keeps a balance for are slips of the finger."""
    if day is not None and not -1 <= day.year - today().year <= 1:
        sentence = _("Isi tanggal antara awal tahun %(first)s dan akhir tahun %(last)s.")
        raise forms.ValidationError(sentence, params={"first": today().year - 1, "last": today().year + 1})


class RequestForm(forms.Form):
    """A request for annual leave. In the modes "preview" and "draft" only the dates must be there."""

    SUBMIT, DRAFT, PREVIEW = "submit", "draft", "preview"
    REQUIRED_TO_SUBMIT = ("reason", "address", "phone")

    start = DateField(label=_("Mulai tanggal"), validators=[plausible])
    end = DateField(label=_("Sampai tanggal"), validators=[plausible])
    reason = forms.CharField(label=_("Alasan cuti"), max_length=1000, widget=Textarea(attrs=TEXT_ROWS))
    address = forms.CharField(label=_("Alamat selama cuti"), max_length=300)
    phone = forms.CharField(
        label=_("Telepon selama cuti"),
        max_length=30,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("Agar kantor dapat menghubungi Anda bila mendesak."),
    )
    ground = forms.ChoiceField(label=_("Alasan keluarga"), required=False, choices=GROUNDS)
    stand_in = PersonField(
        label=_("Pengganti"),
        required=False,
        max_length=200,
        widget=SuggestInput(reverse_lazy("leave:colleagues"), {"hx-swap": "innerHTML"}),
        help_text=_("Rekan sekantor yang mengerjakan tugas Anda. Ketik nama atau NIP."),
    )
    abroad = forms.BooleanField(label=_("Cuti dijalankan di luar negeri"), required=False)
    country = forms.CharField(label=_("Negara tujuan"), required=False, max_length=80)
    attachment = forms.FileField(
        label=_("Lampiran"),
        required=False,
        widget=forms.FileInput(attrs={"accept": accept_attribute(SCANS)}),
        help_text=_("Tidak wajib. PDF atau foto, paling besar 5 MB."),
    )
    draft = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, employee: Employee, mode: str = SUBMIT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employee, self.mode = employee, mode
        self._offer_ground()
        if self.is_bound and self["stand_in"].data:  # finding the office costs a statement
            self.fields["stand_in"].people = colleagues_of(employee)  # type: ignore[attr-defined]

    def _offer_ground(self) -> None:
        """Only to a PPPK who has not served a year."""
        law = law_for(self.employee, today())
        period = first_year_of(self.employee, law)
        if period is None or not period.covers(today()):
            del self.fields["ground"]
            return
        words = _(
            "Belum genap satu tahun bekerja, PPPK dapat mengambil paling banyak %(days)s hari kerja untuk alasan "
            "ini. Hari yang dipakai mengurangi hak cuti tahunan Anda yang pertama."
        )
        self.fields["ground"].help_text = words % {"days": law.first_year_days}

    def full_clean(self) -> None:
        relaxed = () if self.mode == self.SUBMIT else self.REQUIRED_TO_SUBMIT
        for name in relaxed:
            self.fields[name].required = False
        super().full_clean()
        for name in relaxed:  # drawn again they are what the request will need
            self.fields[name].required = True

    @property
    def found(self) -> list[str]:
        """The colleagues to choose from where the typed name fits several."""
        options: list[str] = self.fields["stand_in"].widget.options
        return options

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            sentence = _("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")
            self.add_error("end", sentence)
        if values.get("abroad") and not values.get("country") and self.mode != self.PREVIEW:
            self.add_error("country", _("Sebutkan negara tujuan cuti ke luar negeri."))
        return values

    @property
    def has_dates(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("start") and self.cleaned_data.get("end"))

    def data_so_far(self) -> RequestData:
        """What could be read, also when other fields are wrong; ask `has_dates` first."""
        values = self.cleaned_data
        return RequestData(
            start=values["start"],
            end=values["end"],
            reason=values.get("reason", ""),
            address=values.get("address", ""),
            phone=values.get("phone", ""),
            stand_in=values.get("stand_in"),
            abroad=values.get("abroad", False),
            country=values.get("country", ""),
            ground=values.get("ground", ""),
        )

    @property
    def key(self) -> uuid.UUID | None:
        """The id that the draft has or will have; the page was given it before anything was saved."""
        key: uuid.UUID | None = self.cleaned_data.get("draft")
        return key


def initial_of(request: LeaveRequest) -> dict[str, Any]:
    names = ("start", "end", "reason", "address", "phone", "ground", "stand_in", "abroad", "country", "version")
    return {**{name: getattr(request, name) for name in names}, "draft": request.pk}


OUTCOME_HINTS: dict[str, Text] = {
    Outcome.APPROVED: _("Sesuai tanggal yang diminta."),
    Outcome.CHANGED: _("Tawarkan tanggal lain; pegawai yang menjawab."),
    Outcome.POSTPONED: _("Dinas mendesak; haknya pindah ke tahun depan."),
    Outcome.REFUSED: _("Tidak diberikan; harinya kembali ke saldo."),
}
ADVICE_HINTS: dict[str, Text] = {
    Outcome.APPROVED: _("Anjurkan sesuai permintaan."),
    Outcome.CHANGED: _("Anjurkan tanggal lain."),
    Outcome.POSTPONED: _("Anjurkan penangguhan; dinas mendesak."),
    Outcome.REFUSED: _("Anjurkan tidak diberikan."),
}


NO_DATE = {"required": _("Isi tanggal yang ditawarkan.")}


class VerdictForm(forms.Form):
    """Box VII or VIII: one of four outcomes, with what it needs. Unneeded fields are left unread."""

    outcome = forms.ChoiceField(label=_("Keputusan"), choices=Outcome, widget=RadioCards(hints=OUTCOME_HINTS))
    start = DateField(label=_("Mulai tanggal"), validators=[plausible], error_messages=NO_DATE)
    end = DateField(label=_("Sampai tanggal"), validators=[plausible], error_messages=NO_DATE)
    not_before = DateField(
        label=_("Tidak sebelum"),
        required=False,
        validators=[plausible],
        help_text=_("Paling cepat pegawai dapat mengajukan cuti ini lagi."),
    )
    reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=1000, widget=Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, advice: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if advice:
            self.fields["outcome"].label = _("Pertimbangan Anda")
            self.fields["outcome"].widget.hints = dict(ADVICE_HINTS)
        if version := self.initial.get("version"):
            self.fields["version"].initial = version

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        outcome = values.get("outcome")
        if outcome and outcome != Outcome.APPROVED and not values.get("reason"):
            self.add_error("reason", _("Tuliskan alasannya; pegawai berhak mengetahuinya."))
        return values

    def full_clean(self) -> None:
        """The dates belong to a change alone, and are drawn as what a change needs."""
        dates = [self.fields[name] for name in ("start", "end")]
        for field in dates:
            field.required = self.is_bound and self["outcome"].data == Outcome.CHANGED
        super().full_clean()
        for field in dates:
            field.required = True

    def verdict(self) -> Verdict:
        values = self.cleaned_data
        changed = values["outcome"] == Outcome.CHANGED
        postponed = values["outcome"] == Outcome.POSTPONED
        return Verdict(
            outcome=values["outcome"],
            reason=values["reason"],
            start=values["start"] if changed else None,
            end=values["end"] if changed else None,
            not_before=values["not_before"] if postponed else None,
        )


class CheckForm(forms.Form):
    """The completeness check by the personnel staff."""

    COMPLETE, RETURN = "complete", "return"
    result = forms.ChoiceField(
        label=_("Hasil pemeriksaan"),
        choices=[(COMPLETE, _("Lengkap, teruskan kepada atasan")), (RETURN, _("Kembalikan untuk dilengkapi"))],
        widget=RadioCards,
    )
    reason = forms.CharField(
        label=_("Yang harus dilengkapi"), required=False, max_length=1000, widget=Textarea(attrs=TEXT_ROWS)
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("result") == self.RETURN and not values.get("reason"):
            self.add_error("reason", _("Tuliskan apa yang harus dilengkapi."))
        return values


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan pembatalan"), required=False, max_length=1000, widget=Textarea(attrs=TEXT_ROWS)
    )


class RecallForm(forms.Form):
    """Why and from when somebody on leave is back at work."""

    SERVICE, OWN_WISH = "service", "own_wish"
    ground = forms.ChoiceField(
        label=_("Dasar"),
        choices=[(SERVICE, _("Kepentingan dinas mendesak")), (OWN_WISH, _("Permintaan pegawai sendiri"))],
        initial=SERVICE,
        widget=RadioCards(
            hints={
                SERVICE: _("Pegawai dipanggil kembali bekerja."),
                OWN_WISH: _("Pegawai meminta sisa cutinya dibatalkan."),
            }
        ),
    )
    back_on = DateField(label=_("Masuk kerja mulai"), help_text=_("Hari itu dan sesudahnya kembali ke saldo."))
    reason = forms.CharField(label=_("Alasan"), max_length=1000, widget=Textarea(attrs=TEXT_ROWS))


class BulkOpinionForm(forms.Form):
    """One opinion for all chosen requests. Whoever wants to advise against one opens it."""

    outcome = forms.ChoiceField(
        label=_("Pertimbangan"), choices=[(Outcome.APPROVED.value, Outcome.APPROVED.label)], initial="approved"
    )
    reason = forms.CharField(label=_("Catatan"), required=False, max_length=1000)


class OpeningForm(forms.Form):
    """What a person brought along from one year before go-live."""

    year = forms.TypedChoiceField(label=_("Tahun"), coerce=int)
    left = forms.IntegerField(
        label=_("Sisa hak tahun itu"),
        min_value=0,
        max_value=24,
        help_text=_("Hari kerja yang belum dipakai pada akhir tahun itu, tanpa yang ditangguhkan."),
    )
    postponed = forms.IntegerField(
        label=_("Ditangguhkan"), min_value=0, max_value=12, initial=0, help_text=_("Dengan keputusan pejabat.")
    )
    unused = forms.BooleanField(label=_("Tahun itu sama sekali tidak ada cuti yang dipakai"), required=False)
    source = forms.CharField(
        label=_("Dasar"), max_length=200, help_text=_("Misalnya kartu cuti atau berita acara rekonsiliasi.")
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class CollectiveForm(forms.Form):
    """A *cuti bersama* day on which somebody worked, and the order that sent him."""

    missed = forms.TypedChoiceField(label=_("Hari cuti bersama"), coerce=datetime.date.fromisoformat)
    order_number = forms.CharField(
        label=_("Nomor surat perintah"),
        max_length=120,
        help_text=_("Surat yang menugaskan pegawai bekerja pada hari itu."),
    )

    def __init__(self, *args: Any, days: Iterable[Holiday], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(day.date.isoformat(), f"{formatting.day(day.date)}: {day.name}") for day in days]
        self.fields["missed"].choices = [("", _("Pilih hari")), *options]  # type: ignore[attr-defined]


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=200, widget=Textarea({"rows": 2}))


class YearEndForm(forms.Form):
    """Which year to close or to look at."""

    year = forms.TypedChoiceField(label=_("Tahun"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = self._years()
        self.fields["year"].choices = [(year, str(year)) for year in self.years]  # type: ignore[attr-defined]

    @staticmethod
    def _years() -> list[int]:
        """The year that runs (a preview only) and those before it that the portal keeps, newest first."""
        first = min(current_setting().go_live_year - 1, today().year)
        return list(range(today().year, first - 1, -1))

    @staticmethod
    def default_year() -> int:
        return today().year

    def shown_year(self, asked: str | None) -> int:
        text = asked or ""
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else self.default_year()
        return year if year in self.years else self.default_year()
