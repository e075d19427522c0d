"""Closed lists of public feedback, and the named sets built on them. Codes: reference 1.2 and 1.5."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepegawaian.lib.looks import Looks

_LOOK = {
    "baru": ("info", "inbox"),
    "verifikasi": ("wait", "clipboard-document-check"),
    "perlu_lengkapi": ("wait", "pause-circle"),
    "disposisi": ("wait", "paper-airplane"),
    "proses": ("wait", "clock"),
    "dijawab": ("info", "chat-bubble-left-right"),
    "selesai": ("success", "check-circle"),
    "dibuka_kembali": ("wait", "arrow-path"),
    "ditutup_tidak_lengkap": ("neutral", "minus-circle"),
    "ditolak": ("danger", "x-circle"),
    "duplikat": ("neutral", "document-duplicate"),
    "spam": ("danger", "no-symbol"),
    "diteruskan_luar": ("neutral", "arrow-top-right-on-square"),
    "dibatalkan": ("neutral", "arrow-uturn-left"),
}
"""Tone and icon of a state, the same in lists, mails and pages."""
_OUTCOMES = {
    "dikabulkan": ("success", "check-circle"),
    "sebagian": ("info", "minus-circle"),
    "ditolak": ("danger", "x-circle"),
    "tidak_dikuasai": ("neutral", "arrow-top-right-on-square"),
}
_AMENDMENTS = {
    "waiting": ("wait", "clock"),
    "accepted": ("success", "check-circle"),
    "refused": ("neutral", "x-circle"),
    "withdrawn": ("neutral", "arrow-uturn-left"),
}


class CaseKind(models.TextChoices):
    """The four kinds of reference 1.2, and the request under UU 14/2008 (6.2) that staff make of a report."""

    SUPERVISION = "berkadar", _("Pengaduan berkadar pengawasan")
    SERVICE = "tidak_berkadar", _("Pengaduan pelayanan")
    INFORMATION = "informasi", _("Permintaan informasi")
    ASPIRATION = "aspirasi", _("Aspirasi")
    REQUEST = "permohonan", _("Permintaan informasi publik")


FILED_KINDS = (CaseKind.SERVICE, CaseKind.SUPERVISION, CaseKind.INFORMATION, CaseKind.ASPIRATION)
"""What somebody files, an officer chooses, or a service suggests."""


class CaseState(Looks, models.TextChoices, looks=_LOOK):
    NEW = "baru", _("Diterima")
    VERIFYING = "verifikasi", _("Diverifikasi")
    INCOMPLETE = "perlu_lengkapi", _("Perlu dilengkapi")
    LAPSED = "ditutup_tidak_lengkap", _("Ditutup karena tidak dilengkapi")
    ASSIGNED = "disposisi", _("Diteruskan ke unit")
    IN_PROCESS = "proses", _("Sedang diproses")
    ANSWERED = "dijawab", _("Dijawab")
    CLOSED = "selesai", _("Selesai")
    REOPENED = "dibuka_kembali", _("Diminta dibuka kembali")
    REJECTED = "ditolak", _("Tidak dapat diterima")
    DUPLICATE = "duplikat", _("Digabung dengan laporan lain")
    SPAM = "spam", _("Bukan laporan")
    REFERRED = "diteruskan_luar", _("Diteruskan ke instansi lain")
    CANCELLED = "dibatalkan", _("Dibatalkan pelapor")


OPEN_STATES = (
    CaseState.NEW,
    CaseState.VERIFYING,
    CaseState.INCOMPLETE,
    CaseState.ASSIGNED,
    CaseState.IN_PROCESS,
    CaseState.ANSWERED,
    CaseState.REOPENED,
)
FINAL_STATES = tuple(state for state in CaseState if state not in OPEN_STATES)
WITH_ADMIN = (CaseState.NEW, CaseState.VERIFYING, CaseState.REOPENED)
"""States in which the complaint admin acts next."""
WITH_UNIT = (CaseState.ASSIGNED, CaseState.IN_PROCESS)


class Channel(models.TextChoices):
    WEB = "web", _("Situs")
    PHONE = "phone", _("Telepon")
    DESK = "desk", _("Loket")
    LETTER = "letter", _("Surat")
    OPEN311 = "open311", "Open311"


class Party(models.TextChoices):
    """On which side of the counter an act was done."""

    REPORTER = "reporter", _("Pelapor")
    ADMIN = "admin", _("Admin pengaduan")
    LIAISON = "liaison", _("Pejabat penghubung")
    LEADER = "leader", _("Pimpinan")
    SYSTEM = "system", _("Sistem")


class Phase(models.TextChoices):
    """What a clock measures (reference 1.3-1.5)."""

    VERIFY = "verify", _("Verifikasi")
    FIRST = "first", _("Jawaban pertama")
    FINAL = "final", _("Penyelesaian")
    COMPLETE = "complete", _("Kelengkapan dari pelapor")
    SILENCE = "silence", _("Tanggapan pelapor")
    OBJECTION = "objection", _("Tanggapan atas keberatan")
    EXTENSION = "extension", _("Perpanjangan")
    DISPUTE = "dispute", _("Pengajuan sengketa informasi")


OFFICE_PHASES = (Phase.VERIFY, Phase.FIRST, Phase.FINAL, Phase.OBJECTION)
"""What offices are reminded of and measured by. Three wait for the reporter; an extension lengthens a clock."""
LAST_PHASES = (Phase.FINAL, Phase.OBJECTION)
"""Whose end the reporter is told of, with the way to the Ombudsman."""


class Outcome(Looks, models.TextChoices, looks=_OUTCOMES):
    """What was decided on a request under UU 14/2008 (states of reference 6.2), and that it is not held here."""

    GRANTED = "dikabulkan", _("Dikabulkan seluruhnya")
    PARTLY = "sebagian", _("Dikabulkan sebagian")
    REFUSED = "ditolak", _("Ditolak")
    NOT_HELD = "tidak_dikuasai", _("Informasi tidak dikuasai")


REFUSALS = (Outcome.PARTLY, Outcome.REFUSED)
"""Wholly or in part, with a ground."""


class ObjectionGround(models.TextChoices):
    """UU 14/2008 Pasal 35(1), in its order (reference 6.2)."""

    EXEMPT = "dikecualikan", _("Ditolak karena dikecualikan")
    PERIODIC = "berkala", _("Informasi berkala tidak disediakan")
    SILENT = "tidak_ditanggapi", _("Tidak ditanggapi")
    OTHERWISE = "tidak_sesuai", _("Ditanggapi tidak sebagaimana diminta")
    UNMET = "tidak_dipenuhi", _("Tidak dipenuhi")
    FEE = "biaya", _("Biaya tidak wajar")
    LATE = "terlambat", _("Melewati waktu")


class Audience(models.TextChoices):
    """Who reads a message of a case."""

    PUBLIC = "public", _("Semua orang")
    REPORTER = "reporter", _("Pelapor dan petugas")
    INTERNAL = "internal", _("Petugas saja")


class AnswerState(models.TextChoices):
    DRAFT = "draft", _("Konsep")
    CHECKING = "checking", _("Menunggu pemeriksa kedua")
    RETURNED = "returned", _("Dikembalikan pemeriksa")
    PUBLISHED = "published", _("Terbit")
    DISCARDED = "discarded", _("Tidak dipakai")


class Undecided(models.TextChoices):
    WAITING = "waiting", _("Menunggu keputusan")
    GRANTED = "granted", _("Dikabulkan")
    REFUSED = "refused", _("Ditolak")


_WHISTLE_LOOK = {
    "diterima": ("info", "inbox"),
    "verifikasi": ("wait", "document-magnifying-glass"),
    "penelitian": ("wait", "document-magnifying-glass"),
    "pemeriksaan": ("wait", "document-magnifying-glass"),
    "selesai": ("success", "check-circle"),
    "ditolak": ("danger", "x-circle"),
}


class WhistleState(Looks, models.TextChoices, looks=_WHISTLE_LOOK):
    """Verifier -> researcher -> examiner, each able to reject (reference 1.9)."""

    RECEIVED = "diterima", _("Diterima")
    VERIFYING = "verifikasi", _("Diverifikasi")
    RESEARCH = "penelitian", _("Diteliti")
    EXAMINATION = "pemeriksaan", _("Diperiksa")
    CLOSED = "selesai", _("Selesai")
    REJECTED = "ditolak", _("Tidak memenuhi syarat")


class WhistleOutcome(models.TextChoices):
    """How an examination ended."""

    PROVEN = "terbukti", _("Terbukti")
    UNPROVEN = "tidak_terbukti", _("Tidak terbukti")
    REFERRED = "diteruskan", _("Diteruskan kepada yang berwenang")


class SurveyKind(models.TextChoices):
    SKM = "skm", _("Survei Kepuasan Masyarakat")
    SPKP = "spkp", _("Survei Persepsi Kualitas Pelayanan")
    SPAK = "spak", _("Survei Persepsi Anti Korupsi")
    STAFF = "staff", _("Survei pegawai")


_SURVEY_LOOK = {
    "draft": ("neutral", "pencil-square"),
    "open": ("wait", "lock-open"),
    "closed": ("info", "lock-closed"),
    "published": ("success", "megaphone"),
}


class SurveyState(Looks, models.TextChoices, looks=_SURVEY_LOOK):
    DRAFT = "draft", _("Disiapkan")
    OPEN = "open", _("Dibuka")
    CLOSED = "closed", _("Ditutup")
    PUBLISHED = "published", _("Diumumkan")


class TokenSource(models.TextChoices):
    COUNTER = "counter", _("QR di loket")
    LINK = "link", _("Tautan setelah laporan selesai")
    KIOSK = "kiosk", _("Layar di tempat")


class Horizon(models.TextChoices):
    """Of a follow-up plan (reference 4.1)."""

    SHORT = "short", _("Jangka pendek (kurang dari 12 bulan)")
    MEDIUM = "medium", _("Jangka menengah (12-24 bulan)")
    LONG = "long", _("Jangka panjang (lebih dari 24 bulan)")


_PROGRESS_LOOK = {
    "planned": ("neutral", "calendar"),
    "running": ("wait", "clock"),
    "done": ("success", "check-circle"),
    "dropped": ("neutral", "x-circle"),
}


class Progress(Looks, models.TextChoices, looks=_PROGRESS_LOOK):
    PLANNED = "planned", _("Direncanakan")
    RUNNING = "running", _("Berjalan")
    DONE = "done", _("Selesai")
    DROPPED = "dropped", _("Tidak dilanjutkan")


class ProcessKind(models.TextChoices):
    GENERAL = "general", _("Forum umum")
    FKP = "fkp", _("Forum Konsultasi Publik")
    MUSRENBANG = "musrenbang", _("Musrenbang")


class PhaseKind(models.TextChoices):
    INFORMATION = "information", _("Informasi")
    DIAGNOSIS = "diagnosis", _("Penggalian masalah")
    PROPOSALS = "proposals", _("Usulan")
    PRIORITISATION = "prioritisation", _("Penentuan prioritas")
    DECISION = "decision", _("Keputusan")
    EVALUATION = "evaluation", _("Evaluasi")
    MONITORING = "monitoring", _("Pemantauan")


class ProposalOrigin(models.TextChoices):
    CITIZEN = "citizen", _("Warga")
    GROUP = "group", _("Kelompok")
    OFFICE = "office", _("Perangkat daerah")
    MEETING = "meeting", _("Pertemuan")


class ProposalState(models.TextChoices):
    PENDING = "pending", _("Menunggu moderasi")
    OPEN = "open", _("Terbuka")
    MERGED = "merged", _("Digabung")
    WITHDRAWN = "withdrawn", _("Ditarik pengusul")
    HIDDEN = "hidden", _("Disembunyikan")


class Verdict(models.TextChoices):
    """Of an official answer to a proposal."""

    EVALUATING = "evaluating", _("Dikaji")
    ACCEPTED = "accepted", pgettext_lazy("outcome", "Diterima")
    PARTLY = "partly", _("Diterima sebagian")
    RESERVE = "reserve", _("Cadangan")
    REJECTED = "rejected", _("Tidak diterima")


TAKEN_UP = (Verdict.ACCEPTED, Verdict.PARTLY)


class AmendmentState(Looks, models.TextChoices, looks=_AMENDMENTS):
    WAITING = "waiting", _("Menunggu keputusan")
    ACCEPTED = "accepted", _("Diambil")
    REFUSED = "refused", _("Tidak diambil")
    WITHDRAWN = "withdrawn", _("Ditarik")


class FlagReason(models.TextChoices):
    SPAM = "spam", _("Iklan atau isi berulang")
    OFFENSIVE = "offensive", _("Menghina atau mengancam")
    MISPLACED = "misplaced", _("Tidak sesuai topik")


class CommentState(models.TextChoices):
    PENDING = "pending", _("Menunggu moderasi")
    SHOWN = "shown", _("Tampil")
    HIDDEN = "hidden", _("Disembunyikan")


class MeetingMode(models.TextChoices):
    IN_PERSON = "in_person", _("Tatap muka")
    ONLINE = "online", _("Daring")
    HYBRID = "hybrid", _("Tatap muka dan daring")


class NoticeLevel(models.TextChoices):
    NONE = "none", _("Tidak ada")
    DIGEST = "digest", _("Ringkasan harian")
    ALL = "all", _("Setiap kabar")
