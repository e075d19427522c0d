"""How the trail calls what happens to leave."""

from django.utils.translation import gettext_lazy as _

from leave.workflow import Action

ACTIONS = {
    Action.SUBMIT: _("Mengajukan cuti"),
    Action.EDIT: _("Mengubah permohonan cuti"),
    Action.CHECK: _("Menyatakan permohonan cuti lengkap"),
    Action.RETURN: _("Mengembalikan permohonan cuti"),
    Action.OPINE: _("Memberi pertimbangan cuti"),
    Action.GRANT: _("Memberikan cuti"),
    Action.OFFER: _("Menawarkan perubahan cuti"),
    Action.POSTPONE: _("Menangguhkan cuti"),
    Action.REFUSE: _("Tidak menyetujui cuti"),
    Action.ACCEPT: _("Menerima perubahan cuti"),
    Action.DECLINE: _("Menolak perubahan cuti"),
    Action.WITHDRAW: _("Membatalkan cuti"),
    Action.RECALL: _("Memanggil kembali dari cuti"),
    Action.SHORTEN: _("Membatalkan sisa cuti"),
    Action.HAND_OVER: _("Memindahkan permohonan cuti ke pemegang lain"),
}
VERBS = {f"leave.{action}": label for action, label in ACTIONS.items()} | {
    "leave.credit_undone": _("Membatalkan tambahan cuti bersama"),
    "leave.credited": _("Menambahkan hari cuti bersama"),
    "leave.deciderrule_added": _("Menambah baris pejabat cuti"),
    "leave.deciderrule_changed": _("Mengubah baris pejabat cuti"),
    "leave.exported": _("Mengekspor daftar cuti"),
    "leave.leavesetting_added": _("Mengisi pengaturan cuti"),
    "leave.leavesetting_changed": _("Mengubah pengaturan cuti"),
    "leave.opening_entered": _("Mengisi saldo awal cuti"),
    "leave.schoolholiday_added": _("Mencatat libur sekolah"),
    "leave.schoolholiday_changed": _("Mengubah libur sekolah"),
    "leave.schoolholiday_removed": _("Menghapus libur sekolah"),
    "leave.unitleavesetting_added": _("Menambah pengaturan cuti unit"),
    "leave.unitleavesetting_changed": _("Mengubah pengaturan cuti unit"),
    "leave.year_closed": _("Menutup tahun cuti"),
}
