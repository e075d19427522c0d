"""What every verb of performance evaluation does first and last: one transaction, locked rows, refusals in words.

Rows are locked in one order, so that two verbs never wait for each other: the participant, then the plan or the
evaluation. Every lock below takes the participant with it.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Participant, Plan
from evaluations.permissions.common import CLOSED_CYCLE, NOT_ONESELF
from evaluations.rules.sources import Citation
from kepegawaian.lib.exceptions import (
    ApplicationError,
    PermissionRefused,
    Problem,
    RuleRefused,
    StateChanged,
    Text,
)
from kepegawaian.lib.verbs import constraint_of, verb_of

M = TypeVar("M", bound=models.Model)

MANAGEMENT = "PermenPANRB 6/2022"
_FASTER = _("Keadaannya baru saja diubah orang lain. Muat ulang halaman.")
UNREAD = _("Isinya berubah sejak Anda membukanya. Baca lagi sebelum melanjutkan.")
_UNKNOWN = _("Pilihan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi.")
_CHANGED: dict[str, Text] = {
    "one_part_a_person_and_year": _("Pegawai ini sudah menjadi peserta tahun kinerja itu."),
    "one_open_posting_a_person": _FASTER,
    "one_posting_of_a_number": _FASTER,
    "one_assessor_at_a_time": _("Pejabat penilai pegawai ini baru saja diubah. Muat ulang halaman."),
    "one_plan_of_a_version": _("Versi SKP ini sudah dibuat. Muat ulang halaman."),
    "one_plan_in_the_making": _("SKP untuk jabatan ini sudah sedang disusun. Muat ulang halaman."),
    "one_agreed_plan_a_posting": _("SKP untuk jabatan ini sudah disepakati. Muat ulang halaman."),
    "one_progress_an_indicator": _FASTER,
    "one_evaluation_a_person_and_period": _("Evaluasi periode ini sudah ada. Muat ulang halaman."),
    "one_invitation_a_giver_and_period": _("Orang ini sudah diminta memberi umpan balik pada periode itu."),
    "one_result_a_unit_and_period": _("Capaian organisasi unit ini sudah ditetapkan. Muat ulang halaman."),
    "one_integration_a_jenjang": _("AK integrasi jenjang ini sudah dimasukkan. Muat ulang halaman."),
    "one_credit_approval_a_person": _FASTER,
    "one_conversion_an_evaluation": _("Evaluasi ini sudah dikonversi menjadi angka kredit."),
    "evaluations_cycle_year_key": _("Tahun kinerja ini sudah disiapkan."),
    "one_period_of_a_number": _FASTER,
    "one_deadline_of_a_kind": _FASTER,
    "one_reminder_of_a_moment": _("Pengingat ini sudah dikirim."),
    "evaluations_evaluationsetting_singleton_key": _("Pengaturan kinerja sudah ada; ubah yang ada."),
    "one_result_of_a_number": _FASTER,
    "one_result_of_an_origin": _("Hasil kerja ini sudah ada dalam SKP."),
    "one_indicator_of_a_number": _FASTER,
    "one_indicator_of_an_origin": _("Indikator ini sudah ada dalam SKP."),
    "one_expectation_a_value": _FASTER,
    "one_line_of_a_number": _FASTER,
    "one_mark_a_result": _FASTER,
    "one_note_a_value": _FASTER,
    "one_box_a_group": _FASTER,
    "one_box_a_person_and_year": _("Kotak talenta pegawai ini baru saja diubah. Muat ulang halaman."),
    "evaluations_creditentry_reverses_id_key": _("Angka kredit ini sudah dibatalkan."),
    "evaluations_coachingreview_coaching_id_key": _("Umpan balik atas pembinaan ini sudah diisi."),
    "evaluations_improvementchain_evaluation_id_key": _("Tindak lanjut atas evaluasi ini sudah dibuka."),
    "evaluations_objection_evaluation_id_key": _("Keberatan atas evaluasi ini sudah diajukan; cukup satu kali."),
    "evaluations_evaluation_replaces_id_key": _("Evaluasi ini sudah diganti putusan keberatan."),
}
"""Unique constraints: somebody was faster, or the page is old."""
_RULES: dict[str, tuple[Text, str]] = {
    "predikat_follows_the_matrix": (
        _("Predikat mengikuti matriks rating hasil kerja dan perilaku kerja."),
        MANAGEMENT,
    ),
    "no_rating_without_plan": (_("Penilaian memerlukan SKP yang sudah disepakati."), MANAGEMENT),
    "rating_has_reasons": (_("Tuliskan alasan kedua rating."), ""),
    "final_is_signed": (_("Evaluasi final memerlukan tanda tangan pejabat penilai."), MANAGEMENT),
    "agreed_plan_has_both": (_("SKP disepakati oleh pegawai dan pejabat penilainya."), MANAGEMENT),
    "new_version_has_reason": (_("Tuliskan alasan perubahan SKP."), ""),
    "result_serves_another": (_("Hasil kerja tidak mengintervensi dirinya sendiri."), ""),
    "changed_assessor_has_reason": (_("Tuliskan alasan perubahan pejabat penilai."), ""),
    "named_decider_has_reason": (_("Tuliskan alasan penunjukan; kedua pihak membacanya."), ""),
    "both_sides_were_heard": (_("Dengarkan pegawai dan pejabat penilai sebelum memutus."), "PP 30/2019 Pasal 59"),
    "other_credit_has_source": (_("Tuliskan dasar angka kredit ini."), ""),
    "evidence_is_file_or_link": (_("Bukti dukung berupa satu berkas atau satu tautan."), ""),
    "period_ends_after_start": (_("Periode berakhir sesudah dimulai."), ""),
    **{
        f"{what}_known": (_("Pilihan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi."), "")
        for what in (
            "cycle_state",
            "plan_state",
            "plan_approach",
            "evaluation_state",
            "objection_state",
            "org_result",
        )
    },
    "assessor_ends_after_beginning": (_("Masa seorang penilai berakhir sama dengan atau sesudah mulainya."), ""),
    "indicator_served_with_its_result": (_("Pilih dulu hasil kerja atasan, lalu indikatornya."), ""),
    "open_cycle_has_time": (_("Tahun kinerja yang dibuka mencatat waktu pembukaannya."), ""),
    "one_evaluation_setting": (_("Pengaturan kinerja hanya satu untuk seluruh pemerintah daerah."), ""),
    "conversion_is_derived": (
        _("Konversi memerlukan evaluasi, jumlah bulan, persentase, dan koefisiennya."),
        "PermenPANRB 1/2023",
    ),
    "decided_credits_say_by_whom": (_("Penetapan angka kredit mencatat siapa, kapan, dan atas mutasi apa."), ""),
    "progress_in_bounds": (_("Capaian paling banyak 999 persen."), ""),
    "anonymous_feedback_names_nobody": (_("Umpan balik tanpa nama tidak mencatat pemberi dan waktunya."), ""),
    "only_groups_are_anonymous": (
        _("Tanpa nama hanya umpan balik rekan, bawahan, dan ketua tim."),
        "",
    ),
    "box_of_nine": (_("Kotak talenta bernomor 1 sampai 9."), "PermenPANRB 3/2020"),
    "coaching_ends_after": (_("Tanggal selesai sama dengan atau sesudah tanggal mulai."), ""),
    "closed_coaching_has_outcome": (_("Tuliskan hasil pembinaan sebelum menutupnya."), ""),
    "competency_one_to_five": (_("Skor kompetensi antara 1 dan 5."), ""),
    "answered_recommendation_has_reason": (_("Tuliskan alasan jawaban atas usul ini."), ""),
}
"""Check constraints: the sentence, and the rule behind it where there is one."""
_GUARDS: tuple[tuple[str, Text], ...] = (
    ("no way from", _FASTER),
    ("a plan is locked once submitted", _("SKP ini sudah diajukan sehingga isinya terkunci. Tarik dahulu.")),
    ("a decided credit approval is frozen", _FASTER),
    ("a final evaluation is frozen", _("Evaluasi ini sudah ditandatangani dan tidak dapat diubah lagi.")),
)
"""What the triggers of migration 0002 say, and what a person reads."""


def in_words(error: Exception) -> Exception:
    """The refusal behind a constraint or a guard; the error itself where neither is known here."""
    name = constraint_of(error)
    if name in _CHANGED:
        return StateChanged(_CHANGED[name])
    if name in _RULES:
        message, article = _RULES[name]
        return RuleRefused([Problem(message, rule=name, article=article)])
    if name in ("nobody_assesses_himself", "nobody_approves_own_credits") or "nobody assesses himself" in str(
        error
    ):
        return PermissionRefused(NOT_ONESELF)
    return next((StateChanged(said) for guard, said in _GUARDS if guard in str(error)), error)


verb = verb_of(in_words)


def refused(message: Text, *, rule: str, citation: Citation | None = None, field: str = "") -> RuleRefused:
    """The error of a rule; `raise refused(...)`. `rule` names it for tests and the API. What is plain without a
    source ("sudah ada", "belum diisi") names none."""
    article, verified = (str(citation), citation.verified) if citation is not None else ("", True)
    return RuleRefused([Problem(message, rule=rule, article=article, field=field, verified=verified)])


def require_open(participant: Participant) -> None:
    """Once HR has closed the year nothing in it changes but objections. Deadlines close nothing."""
    if participant.cycle.closed_at is not None:
        raise PermissionRefused(CLOSED_CYCLE)


def locked_participant(participant: Participant) -> Participant:
    """Fresh from the database and locked, with employee, assessor and cycle."""
    rows = Participant.objects.select_related("employee__user", "assessor__user", "cycle", "unit")
    return _locked(rows, participant, ("self",))


def locked_plan(plan: Plan) -> Plan:
    """The plan and its participant, fresh and both locked, with employee, assessor, cycle and posting."""
    related = ("participant__employee__user", "participant__assessor__user", "participant__cycle", "posting")
    return _locked(Plan.objects.select_related(*related), plan, ("participant", "self"))


def locked_evaluation(evaluation: Evaluation) -> Evaluation:
    """The evaluation and its participant, fresh and both locked, with employee, assessor, cycle, period, plan."""
    related = (
        "participant__employee__user",
        "participant__assessor__user",
        "participant__cycle",
        "period",
        "plan",
    )
    return _locked(Evaluation.objects.select_related(*related), evaluation, ("participant", "self"))


def _locked(rows: models.QuerySet[M], row: M, of: tuple[str, ...]) -> M:
    rows = rows.filter(pk=row.pk)
    found = rows.select_for_update(of=of).first()
    if found is None:
        raise ApplicationError(_("Data ini tidak ditemukan."), status=404)
    joined = rows.query.select_related
    return rows.get() if isinstance(joined, dict) and _torn(found, joined) else found


def _torn(row: models.Model, joined: Mapping[str, Any]) -> bool:
    """Whether a joined row is missing. PostgreSQL gives a locked row as it is once the lock is had, but what is
    joined to it (the assessor, the unit) as it was before: after a change none of it fits any more."""
    for name, further in joined.items():
        there = getattr(row, name)
        if there is None and getattr(row, f"{name}_id") is not None:
            return True
        if there is not None and _torn(there, further):
            return True
    return False


def check_version(row: Any, version: int | None) -> None:
    """Nobody decides on what he did not see: `version` is that of the page or of the API body he read."""
    if version is not None and version != row.version:
        raise StateChanged(UNREAD)
