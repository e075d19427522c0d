"""What is kept of services, limits and settings, in words of the trail."""

from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.registry import register_verbs

VERBS = {
    "feedback.service_added": _("Menambah layanan"),
    "feedback.service_changed": _("Mengubah layanan"),
    "feedback.servicehours_added": _("Menambah jam pelayanan"),
    "feedback.servicehours_changed": _("Mengubah jam pelayanan"),
    "feedback.servicehours_removed": _("Menghapus jam pelayanan"),
    "feedback.serviceattribute_added": _("Menambah isian layanan"),
    "feedback.serviceattribute_changed": _("Mengubah isian layanan"),
    "feedback.limitrule_added": _("Menambah batas waktu laporan"),
    "feedback.limitrule_changed": _("Mengubah batas waktu laporan"),
    "feedback.refusalground_added": _("Menambah dasar penolakan informasi"),
    "feedback.refusalground_changed": _("Mengubah dasar penolakan informasi"),
    "feedback.feedbacksetting_added": _("Mengisi pengaturan pengaduan"),
    "feedback.feedbacksetting_changed": _("Mengubah pengaturan pengaduan"),
}


def register() -> None:
    register_verbs(VERBS)
