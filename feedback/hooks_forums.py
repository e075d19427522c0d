"""What forums add to the core: menu, messages, papers, the words of the trail."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback import forum_minutes, notifications_forums, permissions_forums
from feedback.services.forums_meetings import MINUTES_JOB
from kepegawaian.audit.registry import register_verbs
from kepegawaian.documents.services import register_document_kind, register_file_guard
from kepegawaian.lib.ui import shell
from kepegawaian.notifications.base import Category, register_category
from kepegawaian.work.jobs import register_job

VERBS = {
    "feedback.citizen_joined": _("Mendaftar sebagai warga"),
    "feedback.nik_verified": _("Memeriksa NIK warga"),
    "feedback.person_revoked": _("Menghentikan keikutsertaan warga"),
    "feedback.person_restored": _("Mengizinkan warga ikut serta lagi"),
    "feedback.forum_created": _("Menyiapkan forum"),
    "feedback.forum_changed": _("Mengubah forum"),
    "feedback.forum_phases": _("Mengubah tahap forum"),
    "feedback.forum_published": _("Menerbitkan forum"),
    "feedback.proposed": _("Mengirim usulan"),
    "feedback.proposal_changed": _("Mengubah usulan"),
    "feedback.amendment_suggested": _("Mengusulkan perubahan usulan"),
    "feedback.amendment_decided": _("Memutuskan usul perubahan"),
    "feedback.amendment_withdrawn": _("Menarik usul perubahan"),
    "feedback.proposal_file_removed": _("Menghapus lampiran usulan"),
    "feedback.meeting_files_added": _("Menambah berkas pertemuan"),
    "feedback.meeting_file_removed": _("Menghapus berkas pertemuan"),
    "feedback.meeting_file_restored": _("Mengembalikan berkas pertemuan"),
    "feedback.proposal_withdrawn": _("Menarik usulan"),
    "feedback.proposal_merged": _("Menggabung usulan"),
    "feedback.proposal_noted": _("Menulis catatan kantor atas usulan"),
    "feedback.answer_drafted": _("Menyiapkan jawaban usulan"),
    "feedback.answered": _("Menerbitkan jawaban usulan"),
    "feedback.commented": _("Berkomentar di forum"),
    "feedback.flagged": _("Melaporkan tulisan"),
    "feedback.moderated": _("Memoderasi tulisan"),
    "feedback.let_pass": _("Meloloskan tulisan"),
    "feedback.appealed": _("Mengajukan keberatan atas moderasi"),
    "feedback.appeal_decided": _("Memutuskan keberatan atas moderasi"),
    "feedback.meeting_saved": _("Menyimpan pertemuan"),
    "feedback.meeting_cancelled": _("Membatalkan pertemuan"),
    "feedback.meeting_registered": _("Mendaftar pertemuan"),
    "feedback.meeting_given_up": _("Membatalkan pendaftaran pertemuan"),
    "feedback.meeting_walked_in": _("Mencatat peserta di tempat"),
    "feedback.meeting_attended": _("Mencatat kehadiran"),
    "feedback.meeting_delegates": _("Menetapkan utusan"),
    "feedback.minutes_saved": _("Menyimpan notulen"),
    "feedback.meeting_closed": _("Menutup pertemuan"),
    "feedback.poll_opened": _("Membuka jajak pendapat"),
    "feedback.poll_closed": _("Menutup jajak pendapat"),
    "feedback.result_saved": _("Menyimpan hasil forum"),
    "feedback.result_progress": _("Melaporkan kemajuan hasil"),
    "feedback.results_imported": _("Mengimpor hasil forum"),
}


def _organises(request: HttpRequest) -> bool:
    return bool(permissions_forums.can_organise_anywhere(request.user))


def register() -> None:
    register_category(
        Category(
            notifications_forums.CATEGORY,
            _("Forum"),
            _("Forum yang Anda ikuti dan jawaban atas tulisan Anda."),
        )
    )
    register_verbs(VERBS)
    register_document_kind(forum_minutes.KIND, _("Berita acara pertemuan"))
    register_file_guard("feedback.meeting", permissions_forums.may_read_meeting_file)
    register_job(
        MINUTES_JOB,
        forum_minutes.write_minutes,
        label=_("Berita acara"),
    )
    entries = (
        shell.MenuEntry(
            shell.PUBLIC,
            _("Forum"),
            "feedback:forums",
            "chat-bubble-left-right",
            visible=shell.everyone,
            order=40,
            hint=_("Usulan, dukungan, dan pertemuan warga."),
        ),
        shell.MenuEntry(
            shell.PUBLIC,
            _("Forum saya"),
            "feedback:forum_mine",
            "user-circle",
            order=45,
            hint=_("Usulan, tiket, dan forum yang Anda ikuti."),
        ),
        shell.MenuEntry(
            shell.OFFICE,
            _("Kelola forum"),
            "feedback:forum_desk",
            "megaphone",
            visible=_organises,
            order=130,
            hint=_("Forum unit Anda: tahap, jawaban, pertemuan, hasil."),
        ),
        shell.MenuEntry(
            shell.OFFICE,
            _("Moderasi forum"),
            "feedback:forum_queue",
            "flag",
            visible=_organises,
            order=131,
            hint=_("Tulisan yang menunggu diperiksa dan keberatan."),
        ),
    )
    for entry in entries:
        shell.register(entry)
