"""Closed lists of leave: types, request states, outcomes, and the named sets built on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.looks import Looks

_LOOK = {
    "draft": ("neutral", "pencil-square"),
    "submitted": ("wait", "clock"),
    "opined": ("wait", "clock"),
    "offered": ("info", "arrow-path"),
    "granted": ("success", "check-circle"),
    "running": ("success", "sun"),
    "finished": ("neutral", "check"),
    "approved": ("success", "check-circle"),
    "changed": ("info", "arrow-path"),
    "postponed": ("wait", "pause-circle"),
    "refused": ("danger", "x-circle"),
    "withdrawn": ("neutral", "arrow-uturn-left"),
}
"""Tone and icon of a status, the same in lists, mails and pages."""


class FirstYearGround(models.TextChoices):
    """`leave.rules.FirstYearGround` in words."""

    FAMILY = "family", _("Ibu, bapak, suami/istri, anak, atau mertua sakit keras atau meninggal dunia")
    ESTATE = "estate", _("Mengurus hak-hak keluarga tersebut yang meninggal dunia")
    FIRST_MARRIAGE = "first_marriage", _("Pernikahan pertama")


class LeaveType(models.TextChoices):
    CT = "CT", _("Cuti tahunan")
    CB = "CB", _("Cuti besar")
    CS = "CS", _("Cuti sakit")
    CM = "CM", _("Cuti melahirkan")
    CAP = "CAP", _("Cuti karena alasan penting")
    CBER = "CBER", _("Cuti bersama")
    CLTN = "CLTN", _("Cuti di luar tanggungan negara")


class RequestState(Looks, models.TextChoices, looks=_LOOK):
    """Running and finished are derived from the dates of a granted request."""

    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Menunggu pertimbangan atasan")
    OPINED = "opined", _("Menunggu keputusan")
    OFFERED = "offered", _("Perubahan ditawarkan")
    GRANTED = "granted", _("Diberikan")
    POSTPONED = "postponed", _("Ditangguhkan")
    REFUSED = "refused", _("Tidak disetujui")
    WITHDRAWN = "withdrawn", _("Dibatalkan pemohon")


class LeavePhase(Looks, models.TextChoices, looks=_LOOK):
    """What a granted request is on a day; told from its dates, never stored."""

    AHEAD = "granted", _("Diberikan")
    RUNNING = "running", _("Sedang cuti")
    FINISHED = "finished", _("Selesai")


WAITING = (RequestState.SUBMITTED, RequestState.OPINED, RequestState.OFFERED)
LIVE = (*WAITING, RequestState.GRANTED)
FINAL = (RequestState.POSTPONED, RequestState.REFUSED, RequestState.WITHDRAWN)


class Outcome(Looks, models.TextChoices, looks=_LOOK):
    """The four boxes of blocks VII and VIII of the official form."""

    APPROVED = "approved", _("Disetujui")
    CHANGED = "changed", _("Perubahan")
    POSTPONED = "postponed", _("Ditangguhkan")
    REFUSED = "refused", _("Tidak disetujui")


class StepKind(models.TextChoices):
    CHECK = "check", _("Pemeriksaan kelengkapan")
    OPINION = "opinion", _("Pertimbangan atasan langsung (VII)")
    DECISION = "decision", _("Keputusan pejabat yang berwenang (VIII)")
    RESPONSE = "response", _("Jawaban pegawai atas perubahan")


class MovementKind(models.TextChoices):
    """What a ledger row does to its bucket; the database adds the rows up."""

    OPENING = "opening", _("Saldo awal")
    GRANT = "grant", _("Hak tahunan")
    CARRY = "carry", _("Pindahan dari tahun lalu")
    CREDIT = "credit", _("Tambahan karena bekerja pada cuti bersama")
    RESERVE = "reserve", _("Dipesan oleh permohonan")
    RELEASE = "release", _("Pesanan dilepas")
    TAKE = "take", _("Dipakai")
    RETURN = "return", _("Dikembalikan")
    POSTPONE = "postpone", _("Ditangguhkan ke tahun berikutnya")
    LAPSE = "lapse", _("Hangus")
    CORRECTION = "correction", _("Koreksi")


class DeciderKind(models.TextChoices):
    """To whom a row of the decider table points (leave reference section 7)."""

    SUPERIOR = "superior", _("Atasan langsung")
    OFFICE_HEAD = "office_head", _("Kepala perangkat daerah")
    PERSONNEL_HEAD = "personnel_head", _("Kepala BKPSDM")
    SECRETARY = "secretary", _("Sekretaris daerah")
    PPK = "ppk", _("Kepala daerah (PPK)")


class RankClass(models.TextChoices):
    """Classes of employees that the decider table tells apart (leave reference section 7)."""

    STAFF = "staff", _("Staf, JF sampai III/d, pengawas")
    ADMINISTRATOR = "administrator", _("Administrator, JF madya")
    OFFICE_HEAD = "office_head", _("Kepala perangkat daerah, staf ahli, asisten, camat")
    SECRETARY = "secretary", _("Sekretaris daerah")
    SERVICE_STAFF = "service_staff", _("Pegawai sekolah atau puskesmas")
    PPPK = "pppk", "PPPK"
