from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "kepegawaian.documents"
    label = "documents"
    verbose_name = _("Dokumen")

    def ready(self) -> None:
        from kepegawaian.audit.registry import register_verbs

        register_verbs(
            {
                "documents.issued": _("Menerbitkan dokumen"),
                "documents.read": _("Membuka berkas"),
                "documents.revoked": _("Mencabut dokumen"),
                "documents.stored": _("Menyimpan berkas"),
            }
        )
