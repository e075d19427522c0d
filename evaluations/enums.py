"""Closed lists of performance evaluation, with the codes that SIASN uses (performance reference 4-7, 9-13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepegawaian.lib.looks import Looks

_LOOK = {
    "draft": ("neutral", "pencil-square"),
    "submitted": ("wait", "clock"),
    "returned": ("wait", "arrow-uturn-left"),
    "agreed": ("success", "check-circle"),
    "superseded": ("neutral", "document-duplicate"),
    "open": ("wait", "clock"),
    "assessed": ("info", "clipboard-document-check"),
    "final": ("success", "check-circle"),
    "replaced": ("neutral", "document-duplicate"),
    "preparing": ("neutral", "pencil-square"),
    "opening": ("wait", "arrow-path"),
    "closed": ("neutral", "archive-box"),
    "improving": ("wait", "clock"),
    "tested": ("info", "clipboard-document-check"),
    "recovered": ("success", "check-circle"),
    "decided": ("neutral", "scale"),
    "proposed": ("wait", "clock"),
    "accepted": ("success", "check-circle"),
    "refused": ("danger", "x-circle"),
    "filed": ("wait", "inbox"),
    "heard": ("wait", "chat-bubble-left-right"),
    "kept": ("neutral", "minus-circle"),
    "changed": ("info", "arrow-path"),
    "withdrawn": ("neutral", "arrow-uturn-left"),
    "planned": ("neutral", "calendar"),
    "running": ("wait", "clock"),
    "finished": ("success", "check-circle"),
    "dropped": ("neutral", "x-circle"),
    "above": ("success", "star"),
    "expected": ("info", "check-circle"),
    "below": ("danger", "x-circle"),
    "istimewa": ("success", "star"),
    "sangat_baik": ("success", "star"),
    "baik": ("info", "check-circle"),
    "butuh_perbaikan": ("wait", "pause-circle"),
    "kurang": ("danger", "minus-circle"),
    "sangat_kurang": ("danger", "x-circle"),
}
"""Tone and icon of a status, the same in lists, mails and pages."""


_SPELLINGS = {
    "sangat_baik": ("sangat baik", "sb"),
    "baik": ("baik", "b"),
    "butuh_perbaikan": ("butuh perbaikan", "butuh perbaikan cukup", "cukup", "bp"),
    "kurang": ("kurang", "misconduct", "kurang misconduct", "k"),
    "sangat_kurang": ("sangat kurang", "sk"),
}


class Rating(Looks, models.TextChoices, looks=_LOOK):
    """Of results, and of behaviour (reference 7)."""

    ABOVE = "above", _("Di atas ekspektasi")
    EXPECTED = "expected", _("Sesuai ekspektasi")
    BELOW = "below", _("Di bawah ekspektasi")

    @property
    def code(self) -> int:
        """Of SIASN: `hasilKerjaNilai`, `perilakuKerjaNilai`."""
        return list(Rating).index(self) + 1


class Predikat(Looks, models.TextChoices, looks=_LOOK):
    """Best first. Circulars also write *Cukup* for *Butuh Perbaikan* and *Misconduct* for *Kurang*."""

    SANGAT_BAIK = "sangat_baik", _("Sangat baik")
    BAIK = "baik", _("Baik")
    BUTUH_PERBAIKAN = "butuh_perbaikan", _("Butuh perbaikan")
    KURANG = "kurang", _("Kurang/misconduct")
    SANGAT_KURANG = "sangat_kurang", _("Sangat kurang")

    @property
    def code(self) -> int:
        """Of SIASN: `kuadranKinerjaNilai`; 3 and 4 are inferred, not seen (reference 7)."""
        return list(Predikat).index(self) + 1

    @classmethod
    def named(cls, text: str) -> "Predikat | None":
        """Of a spelling met in sheets and letters ("labels vary", reference 7); None for an unknown one."""
        word = " ".join(text.replace("_", " ").replace("/", " ").lower().split())
        return next((predikat for predikat in cls if word in _SPELLINGS[predikat.value]), None)


CHART_ORDER = tuple(reversed(Predikat))
"""The x-axis of the distribution curve: SK, K, BP, B, SB (reference 9)."""


class OrgResult(Looks, models.TextChoices, looks=_LOOK):
    """*Capaian kinerja organisasi* of a unit, best first (reference 9)."""

    ISTIMEWA = "istimewa", _("Istimewa")
    BAIK = "baik", _("Baik")
    BUTUH_PERBAIKAN = "butuh_perbaikan", _("Butuh perbaikan")
    KURANG = "kurang", _("Kurang")
    SANGAT_KURANG = "sangat_kurang", _("Sangat kurang")


class Approach(models.TextChoices):
    QUANTITATIVE = "quantitative", _("Kuantitatif")
    QUALITATIVE = "qualitative", _("Kualitatif")


class ResultKind(models.TextChoices):
    MAIN = "main", _("Utama")
    ADDITIONAL = "additional", _("Tambahan")


class Aspect(models.TextChoices):
    KUANTITAS = "kuantitas", _("Kuantitas")
    KUALITAS = "kualitas", _("Kualitas")
    WAKTU = "waktu", _("Waktu")
    BIAYA = "biaya", _("Biaya")


class Perspective(models.TextChoices):
    """The list that an agency starts with and may change (reference 4)."""

    PENERIMA_LAYANAN = "penerima_layanan", _("Penerima layanan")
    PROSES_BISNIS = "proses_bisnis", _("Proses bisnis")
    PENGUATAN_INTERNAL = "penguatan_internal", _("Penguatan internal")
    ANGGARAN = "anggaran", _("Anggaran")


class Value(models.TextChoices):
    """The seven BerAKHLAK values; the guides of each are in `rules.behaviour`."""

    BERORIENTASI_PELAYANAN = "berorientasi_pelayanan", _("Berorientasi Pelayanan")
    AKUNTABEL = "akuntabel", _("Akuntabel")
    KOMPETEN = "kompeten", _("Kompeten")
    HARMONIS = "harmonis", _("Harmonis")
    LOYAL = "loyal", _("Loyal")
    ADAPTIF = "adaptif", _("Adaptif")
    KOLABORATIF = "kolaboratif", _("Kolaboratif")


class Appendix(models.TextChoices):
    """The three lists of the *Lampiran SKP*."""

    DUKUNGAN = "dukungan", _("Dukungan sumber daya")
    SKEMA = "skema", _("Skema pertanggungjawaban")
    KONSEKUENSI = "konsekuensi", _("Konsekuensi")


class PlanState(Looks, models.TextChoices, looks=_LOOK):
    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Menunggu persetujuan pejabat penilai")
    RETURNED = "returned", _("Dikembalikan untuk diperbaiki")
    AGREED = "agreed", _("Disepakati")
    SUPERSEDED = "superseded", _("Diganti versi baru")
    """By a newer version, or by the plan of the next position after a transfer."""


EDITABLE = (PlanState.DRAFT, PlanState.RETURNED)
"""States in which the employee writes."""
LIVE_PLANS = (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED)
"""In the making: not agreed yet."""


class EvaluationState(Looks, models.TextChoices, looks=_LOOK):
    OPEN = "open", _("Menunggu penilaian")
    ASSESSED = "assessed", _("Dinilai, belum ditandatangani")
    FINAL = "final", _("Final")
    REPLACED = "replaced", _("Diganti putusan keberatan")


UNSIGNED = (EvaluationState.OPEN, EvaluationState.ASSESSED)
"""What waits for the assessor."""


class PeriodKind(models.TextChoices):
    MONTH = "month", _("Bulanan")
    QUARTER = "quarter", _("Triwulanan")
    YEAR = "year", _("Tahunan")

    @property
    def code(self) -> int | None:
        """Of SIASN: `periodikId`; a whole year has none."""
        return {"month": 1, "quarter": 2}.get(self.value)

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3}.get(self.value, 12)


class FeedbackRelation(models.TextChoices):
    """Of the giver to the person."""

    SUPERIOR = "superior", _("Atasan")
    PEER = "peer", _("Rekan kerja")
    SUBORDINATE = "subordinate", _("Bawahan")
    TEAM_LEAD = "team_lead", _("Ketua tim kerja")
    SELF = "self", _("Diri sendiri")


NAMED_RELATIONS = (FeedbackRelation.SUPERIOR, FeedbackRelation.SELF)
"""One person each: there is no crowd to hide in, so these are always given by name."""


class ObjectionState(Looks, models.TextChoices, looks=_LOOK):
    FILED = "filed", _("Diajukan")
    HEARD = "heard", _("Kedua pihak didengar")
    KEPT = "kept", _("Hasil tetap")
    CHANGED = "changed", _("Hasil diubah")
    WITHDRAWN = "withdrawn", _("Dicabut pegawai")


OPEN_OBJECTIONS = (ObjectionState.FILED, ObjectionState.HEARD)


class CoachingKind(models.TextChoices):
    """Reference 12, forms B.1.8 and B.1.9."""

    BIMBINGAN = "bimbingan", _("Bimbingan kinerja")
    KONSELING = "konseling", _("Konseling kinerja")


class CoachingState(Looks, models.TextChoices, looks=_LOOK):
    PLANNED = "planned", _("Direncanakan")
    RUNNING = "running", _("Berjalan")
    FINISHED = "finished", _("Selesai")
    DROPPED = "dropped", _("Tidak dilanjutkan")


class CreditKind(models.TextChoices):
    """What a row of the *angka kredit* ledger stands for (reference 11)."""

    CONVERSION = "conversion", _("Konversi predikat kinerja")
    INTEGRASI = "integrasi", _("AK integrasi")
    EDUCATION = "education", _("Tambahan pendidikan")
    CORRECTION = "correction", _("Koreksi")


class ApprovalState(models.TextChoices):
    """Of a sum of *angka kredit*, between being asked for and being out of date."""

    WAITING = "waiting", _("Menunggu penetapan")
    APPROVED = "approved", _("Ditetapkan")
    RETURNED = "returned", _("Dikembalikan")
    SUPERSEDED = "superseded", _("Tidak berlaku lagi")


class Jenjang(models.TextChoices):
    """Of functional posts; skill first, then expertise, lowest first."""

    PEMULA = "pemula", _("Pemula")
    TERAMPIL = "terampil", _("Terampil")
    MAHIR = "mahir", _("Mahir")
    PENYELIA = "penyelia", _("Penyelia")
    AHLI_PERTAMA = "ahli_pertama", _("Ahli pertama")
    AHLI_MUDA = "ahli_muda", _("Ahli muda")
    AHLI_MADYA = "ahli_madya", _("Ahli madya")
    AHLI_UTAMA = "ahli_utama", _("Ahli utama")


class FollowUp(models.TextChoices):
    """What reference 12 names as consequences; each is a recommendation until a person records it."""

    TALENT_POOL = "talent_pool", _("Prioritas kelompok rencana suksesi")
    DEVELOPMENT = "development", _("Prioritas pengembangan kompetensi")
    ALLOWANCE = "allowance", _("Prioritas penghargaan dan tunjangan")
    PROMOTION = "promotion", _("Prioritas kenaikan pangkat dan jabatan")
    BIMBINGAN = "bimbingan", _("Bimbingan kinerja")
    KONSELING = "konseling", _("Konseling kinerja")
    COMPETENCY_CHECK = "competency_check", _("Evaluasi kompetensi setelah pembinaan")
    IMPROVEMENT = "improvement", _("Kesempatan memperbaiki kinerja selama enam bulan")
    CONTRACT = "contract", _("Bahan pertimbangan perpanjangan perjanjian kerja")
    FULL_TIME = "full_time", _("Bahan pertimbangan pengangkatan menjadi PPPK penuh waktu")


class CycleState(Looks, models.TextChoices, looks=_LOOK):
    PREPARING = "preparing", _("Disiapkan")
    OPENING = "opening", _("Sedang dibuka")
    OPEN = "open", _("Berjalan")
    CLOSED = "closed", _("Ditutup")


class DeadlineKind(models.TextChoices):
    """Of the cycle's own calendar (reference 2): whose turn it is until when."""

    PLAN_SUBMIT = "plan_submit", _("SKP diajukan pegawai")
    PLAN_AGREE = "plan_agree", _("SKP disepakati pejabat penilai")
    PROGRESS = "progress", _("Realisasi dan bukti dukung diisi")
    FEEDBACK = "feedback", _("Umpan balik diberikan")
    ORGANISATION = "organisation", _("Capaian organisasi ditetapkan")
    ASSESS = "assess", _("Evaluasi ditandatangani pejabat penilai")
    READ = "read", _("Hasil evaluasi dibaca pegawai")
    """Only reminded: the days for an objection run from receipt, not from here."""


class AssessorSource(models.TextChoices):
    PROPOSED = "proposed", _("Garis atasan")
    EMPLOYEE = "employee", _("Diperbaiki pegawai")
    HR = "hr", _("Diperbaiki pengelola kepegawaian")


class Potential(models.TextChoices):
    LOW = "low", _("Rendah")
    MEDIUM = "medium", _("Sedang")
    HIGH = "high", _("Tinggi")


class ChainState(Looks, models.TextChoices, looks=_LOOK):
    """Of the six months to improve (PP 30/2019 Ps 57-58)."""

    IMPROVING = "improving", _("Masa perbaikan")
    TESTED = "tested", _("Uji kompetensi")
    RECOVERED = "recovered", _("Kinerja membaik")
    DECIDED = "decided", _("Diputus pejabat berwenang")


class RecommendationKind(models.TextChoices):
    TRAINING = "training", _("Pelatihan")
    AWARD = "award", _("Penghargaan")


class RecommendationState(Looks, models.TextChoices, looks=_LOOK):
    PROPOSED = "proposed", _("Diusulkan")
    ACCEPTED = "accepted", pgettext_lazy("outcome", "Diterima")
    REFUSED = "refused", _("Tidak diterima")
