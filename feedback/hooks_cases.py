"""What cases add to the core: kinds of work items, words of the trail, the guard of files, messages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import CaseKind, CaseState
from feedback.workflow import Action
from kepegawaian.audit.registry import register_verbs
from kepegawaian.documents.services import register_file_guard
from kepegawaian.notifications.base import Category, register_category
from kepegawaian.work.registry import ItemKind, register_kind

CASE_TYPE = "feedback.case"
ITEMS = (
    ("feedback.review", _("Kiriman tanpa bukti kerja"), "shield-exclamation"),
    ("feedback.verify", _("Verifikasi laporan warga"), "clipboard-document-check"),
    ("feedback.accept", _("Laporan warga untuk unit Anda"), "inbox"),
    ("feedback.answer", _("Jawaban laporan warga"), "chat-bubble-left-right"),
    ("feedback.check", _("Pemeriksaan jawaban"), "eye"),
    ("feedback.reopened", _("Permintaan membuka kembali"), "arrow-path"),
    ("feedback.contest", _("Laporan gabungan yang disebut berbeda"), "document-duplicate"),
    ("feedback.appeal", _("Keberatan atas moderasi"), "scale"),
    ("feedback.photo", _("Foto yang akan terbit"), "eye"),
)
VERBS = {
    Action.FILE: _("Menerima laporan"),
    Action.OPEN: _("Membuka verifikasi"),
    Action.ASK: _("Meminta kelengkapan"),
    Action.COMPLETE: _("Melengkapi laporan"),
    Action.LAPSE: _("Menutup karena tidak dilengkapi"),
    Action.ASSIGN: _("Meneruskan ke unit"),
    Action.REFER: _("Meneruskan ke instansi lain"),
    Action.REJECT: _("Menolak laporan"),
    Action.MERGE: _("Menggabung laporan"),
    Action.SPAM: _("Menandai bukan laporan"),
    Action.RETURN: _("Mengembalikan karena salah unit"),
    Action.ACCEPT: _("Menerima penugasan"),
    Action.REROUTE: _("Mengalihkan ke unit lain"),
    Action.ANSWER: _("Menerbitkan jawaban"),
    Action.OBJECT: _("Menyatakan belum terjawab"),
    Action.CLOSE: _("Menerima jawaban"),
    Action.SILENCE: _("Menutup karena tidak ada tanggapan"),
    Action.REOPEN: _("Meminta dibuka kembali"),
    Action.RESUME: _("Melanjutkan laporan"),
    Action.KEEP_CLOSED: _("Menolak membuka kembali"),
    Action.CANCEL: _("Membatalkan laporan"),
    Action.UNDO: _("Membatalkan keputusan"),
    Action.MESSAGE: _("Menulis pesan"),
    Action.REASSIGN: _("Mengganti petugas"),
    Action.CLASSIFY: _("Mengubah penggolongan"),
    Action.CONVERT: _("Mengubah laporan menjadi permintaan informasi publik, atau kembali"),
    Action.EXTEND: _("Memperpanjang batas permintaan informasi publik"),
    Action.OBJECT_LATE: _("Mengajukan keberatan karena tidak dijawab"),
    Action.DISPUTE: _("Mencatat sengketa ke Komisi Informasi"),
    Action.REDACT: _("Menyunting yang terbit"),
    Action.SPLIT: _("Memisah laporan"),
    Action.RELEASE: _("Memutus permintaan identitas"),
    Action.ESCALATE: _("Menaikkan laporan yang terlambat"),
    Action.HIDE: _("Menyembunyikan pesan"),
    Action.RESTORE: _("Menampilkan kembali pesan"),
    Action.APPEAL: _("Mengajukan keberatan atas laporan"),
    Action.APPEAL_DONE: _("Memutus keberatan atas laporan"),
    Action.WITHDRAW: _("Menarik catatan yang dilaporkan"),
    Action.OFFER_FILE: _("Mengusulkan foto untuk terbit"),
    Action.KEEP_FILE: _("Menolak menerbitkan foto"),
    Action.SHOW_FILE: _("Menerbitkan foto"),
    Action.HIDE_FILE: _("Menarik foto dari umum"),
    Action.RATE: _("Memberi nilai"),
    Action.CONTEST: _("Menyatakan laporan berbeda dari yang utama"),
    Action.KEEP_JOINED: _("Mempertahankan penggabungan"),
}


def item_line(context: Mapping[str, Any]) -> str:
    """What stands under the number in the inbox: "Pengaduan pelayanan · Diteruskan ke unit"."""
    return f"{CaseKind(context['kind']).label} · {CaseState(context['state']).label}"


def register() -> None:
    register_category(
        Category(notifications.CATEGORY, _("Laporan warga"), _("Laporan Anda, dan laporan yang menunggu Anda."))
    )
    for kind, label, icon in ITEMS:
        register_kind(ItemKind(kind, label, icon, line=item_line))
    register_file_guard(CASE_TYPE, permissions.can_read_file)
    register_verbs({f"feedback.{action}": label for action, label in VERBS.items()})
