"""Forums that governments hold by rule, ready to copy: stages, settings and agenda (reference 5.1 and 5.2)."""

from dataclasses import dataclass, field
from typing import Any

from feedback.enums import PhaseKind, ProcessKind
from feedback.rules.forums import PhaseDraft

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Template:
    kind: ProcessKind
    title: str
    summary: str
    goal: str
    audience: str
    source: str
    phases: tuple[PhaseDraft, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    agenda: tuple[str, ...] = ()


GENERAL = Template(
    kind=ProcessKind.GENERAL,
    title="",
    summary="",
    goal="",
    audience="Seluruh warga.",
    source="",
    phases=(
        PhaseDraft(PhaseKind.PROPOSALS, "Usulan", "Sampaikan usulan Anda.", 0, 14),
        PhaseDraft(PhaseKind.PRIORITISATION, "Dukungan", "Dukung usulan yang menurut Anda terpenting.", 14, 14),
        PhaseDraft(PhaseKind.DECISION, "Jawaban pemerintah", "Setiap usulan dijawab dengan alasannya.", 28, 14),
    ),
)

FKP = Template(
    kind=ProcessKind.FKP,
    title="Forum Konsultasi Publik",
    summary="Dialog antara penyelenggara pelayanan dan masyarakat tentang kebijakan dan standar pelayanan.",
    goal="Kesepakatan tentang perbaikan pelayanan, dengan penanggung jawab dan batas waktunya.",
    audience="Pengguna layanan, ahli dan akademisi, tokoh masyarakat, dunia usaha, media, organisasi masyarakat.",
    source="PermenPANRB 16/2017",
    phases=(
        PhaseDraft(
            PhaseKind.INFORMATION, "Persiapan", "Tim, topik, bahan, dan undangan diumumkan di sini.", 0, 14
        ),
        PhaseDraft(PhaseKind.PROPOSALS, "Masukan masyarakat", "Sampaikan masukan Anda atas bahan forum.", 14, 14),
        PhaseDraft(PhaseKind.DECISION, "Pertemuan", "Pemaparan, diskusi, kesepakatan, dan berita acara.", 28, 7),
        PhaseDraft(PhaseKind.EVALUATION, "Laporan dan pengumuman", "Berita acara dan jawaban diumumkan.", 35, 14),
        PhaseDraft(
            PhaseKind.MONITORING,
            "Pemantauan",
            "Pelaksanaan kesepakatan dilaporkan di sini.",
            49,
            DAYS_OF_A_YEAR - 49,
        ),
    ),
    settings={"pre_moderation": False, "supports_each": 5},
    agenda=(
        "Pembukaan",
        "Pemaparan rancangan standar pelayanan",
        "Diskusi dan tanggapan",
        "Kesepakatan",
        "Penandatanganan berita acara",
    ),
)

MUSRENBANG = Template(
    kind=ProcessKind.MUSRENBANG,
    title="Musrenbang",
    summary="Musyawarah perencanaan pembangunan: usulan warga untuk rencana kerja pemerintah daerah.",
    goal="Daftar usulan yang disepakati, cadangan, dan yang belum dapat diterima beserta alasannya.",
    audience="Warga di wilayah ini.",
    source="UU 25/2004; Permendagri 86/2017",
    phases=(
        PhaseDraft(PhaseKind.PROPOSALS, "Usulan warga", "Sampaikan usulan pembangunan di wilayah Anda.", 0, 21),
        PhaseDraft(
            PhaseKind.DIAGNOSIS,
            "Penelaahan",
            "Usulan yang sama digabung. Perangkat daerah menilai kelayakan dan biaya.",
            21,
            14,
        ),
        PhaseDraft(
            PhaseKind.PRIORITISATION, "Dukungan warga", "Dukung usulan yang Anda anggap terpenting.", 35, 14
        ),
        PhaseDraft(
            PhaseKind.DECISION,
            "Musyawarah",
            "Pertemuan memutuskan, dengan alasan bila urutannya berubah.",
            49,
            7,
        ),
        PhaseDraft(
            PhaseKind.EVALUATION, "Berita acara", "Berita acara dan jawaban atas setiap usulan diumumkan.", 56, 14
        ),
        PhaseDraft(
            PhaseKind.MONITORING,
            "Pemantauan",
            "Kemajuan usulan yang diterima dilaporkan di sini.",
            70,
            DAYS_OF_A_YEAR,
        ),
    ),
    settings={"counts_hidden": True, "supports_each": 3, "proposals_each": 3},
    agenda=(
        "Pembukaan",
        "Laporan hasil musrenbang sebelumnya",
        "Pembahasan usulan menurut urutan dukungan",
        "Penetapan usulan yang diterima dan cadangan",
        "Pemilihan utusan ke tingkat berikutnya",
        "Penandatanganan berita acara",
    ),
)

TEMPLATES: dict[str, Template] = {template.kind.value: template for template in (GENERAL, FKP, MUSRENBANG)}
