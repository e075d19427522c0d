"""How the trail calls what happens to accounts."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "accounts.activated": _("Mengaktifkan akun"),
    "accounts.activation_code_issued": _("Membuat kode aktivasi"),
    "accounts.admin_mark": _("Mengubah izin membuka admin"),
    "accounts.created": _("Membuat akun"),
    "accounts.deactivated": _("Menonaktifkan akun"),
    "accounts.email_changed": _("Mengganti surel akun"),
    "accounts.email_recorded": _("Mencatat surel dari data kepegawaian"),
    "accounts.email_removed": _("Menghapus surel akun"),
    "accounts.email_withdrawn": _("Melepas surel yang dikonfirmasi orang lain"),
    "accounts.identity_linked": _("Menautkan akun SSO"),
    "accounts.identity_unlinked": _("Melepas akun SSO"),
    "accounts.lock_lifted": _("Membuka kunci masuk"),
    "accounts.password_changed": _("Mengganti kata sandi"),
    "accounts.reactivated": _("Mengaktifkan kembali akun"),
    "accounts.recovery_codes_renewed": _("Membuat kode pemulihan baru"),
    "accounts.second_factor_added": _("Memasang verifikasi dua langkah"),
    "accounts.second_factor_removed": _("Melepas verifikasi dua langkah"),
    "accounts.second_factor_reset": _("Menyetel ulang verifikasi dua langkah"),
    "accounts.sessions_ended": _("Mengakhiri sesi"),
    "accounts.signed_in": _("Masuk"),
    "accounts.signed_out": _("Keluar"),
    "accounts.token_created": _("Membuat token akses"),
    "accounts.token_revoked": _("Mencabut token akses"),
}
