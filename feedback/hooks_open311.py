"""What Open311 adds to the core: the words of the trail."""

from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.registry import register_verbs

VERBS = {
    "feedback.open311_issued": _("Menerbitkan kunci Open311"),
    "feedback.open311_replaced": _("Mengganti kunci Open311"),
    "feedback.open311_revoked": _("Mencabut kunci Open311"),
    "feedback.open311_changed": _("Mengubah klien Open311"),
}


def register() -> None:
    register_verbs(VERBS)
