"""What an officer of the protected channel may do with a report: one table of acts with form, verb and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback import forms_whistle as forms
from feedback.models import WhistleReport
from feedback.services import whistle as services
from feedback.workflow_whistle import OPEN_STATES, WhistleAction, fits

Text = str | Promise
A = WhistleAction


@dataclass(frozen=True, slots=True)
class WhistleAct:
    name: str
    label: Text
    icon: str
    verb: Callable[..., Any]
    told: Text
    form: type[forms.HandlingForm] = forms.ReasonForm
    action: WhistleAction | None = None
    """That of the table which has to fit; None: while the report is open, or at any time."""
    always: bool = False
    anybody: bool = False
    """Also for officers who do not hold the report."""
    danger: bool = False
    hint: Text = ""

    @property
    def at_once(self) -> bool:
        return self.form is forms.NothingForm

    def now(self, report: WhistleReport) -> bool:
        if self.action is not None:
            return fits(report.state, self.action)
        return self.always or report.state in OPEN_STATES

    def offered(self, report: WhistleReport, user: Any) -> bool:
        return self.now(report) and (self.anybody or report.officer_id == user.pk)


_ACTS = (
    WhistleAct("ambil", _("Ambil dan verifikasi"), "clipboard-document-check", services.take,
               _("Anda memegang laporan ini."), forms.NothingForm, A.TAKE, anybody=True),
    WhistleAct("teliti", _("Lanjutkan ke penelitian"), "document-magnifying-glass", services.admit,
               _("Laporan diteliti."), action=A.ADMIT,
               hint=_("Memuat siapa, apa, dan bukti awal.")),
    WhistleAct("periksa", _("Lanjutkan ke pemeriksaan"), "scale", services.examine,
               _("Laporan diperiksa."), action=A.EXAMINE),
    WhistleAct("putuskan", _("Putuskan atau teruskan"), "check-circle", services.close,
               _("Hasil dicatat; pelapor membacanya dengan PIN."), forms.CloseForm, A.CLOSE),
    WhistleAct("tolak", _("Tidak memenuhi syarat"), "x-circle", services.reject,
               _("Laporan ditutup; pelapor membaca alasannya dengan PIN."), forms.RejectForm, A.REJECT,
               danger=True),
    WhistleAct("buka-lagi", _("Buka kembali"), "arrow-path", services.reopen,
               _("Laporan kembali ke verifikasi."), action=A.REOPEN),
    WhistleAct("tulis", _("Tulis kepada pelapor"), "envelope", services.ask, _("Pesan disimpan di kotak pelapor."),
               forms.WordForm, always=True),
    WhistleAct("catat", _("Catatan petugas"), "chat-bubble-left-right", services.note, _("Catatan disimpan."),
               forms.NoteForm, always=True),
    WhistleAct("terlapor", _("Catat yang dilaporkan"), "user-minus", services.classify,
               _("Yang dilaporkan dicatat; ia dan unitnya tidak melihat laporan ini."), forms.ClassifyForm,
               hint=_("Tidak dapat ditarik. Menyangkut Anda sendiri? Laporan pindah kepada petugas lain.")),
    WhistleAct("ganti-petugas", _("Ganti petugas"), "user-plus", services.reassign, _("Petugas diganti."),
               forms.ReassignForm, anybody=True),
)  # fmt: skip
ACTS: Mapping[str, WhistleAct] = {act.name: act for act in _ACTS}
WORDS: Mapping[str, Text] = {
    A.FILE: _("Laporan diterima"),
    A.TAKE: _("Diambil untuk diverifikasi"),
    A.ADMIT: _("Lanjut ke penelitian"),
    A.EXAMINE: _("Lanjut ke pemeriksaan"),
    A.CLOSE: _("Diputuskan"),
    A.REJECT: _("Dinyatakan tidak memenuhi syarat"),
    A.REOPEN: _("Dibuka kembali"),
    A.CLASSIFY: _("Yang dilaporkan dicatat"),
    A.REASSIGN: _("Petugas diganti"),
}


def acts_for(report: WhistleReport, user: Any) -> list[WhistleAct]:
    return [act for act in _ACTS if act.offered(report, user)]
