"""The append-only trail: who did what to which thing, and who read restricted data."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.models import Base


class Seal(Base):
    """A sealed batch. `digest` = sha256(previous digest + digests of the batch's events in id order)."""

    number = models.PositiveBigIntegerField(_("nomor"), unique=True)
    at = models.DateTimeField(_("waktu"), default=timezone.now)
    events = models.PositiveIntegerField(_("jumlah peristiwa"))
    digest = models.CharField(_("sidik"), max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = _("segel")
        verbose_name_plural = _("segel")

    def __str__(self) -> str:
        return f"#{self.number}"


class Event(Base):
    """One act. The digest covers the payload, so the payload may lawfully be erased and the chain still holds."""

    at = models.DateTimeField(_("waktu"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("pelaku")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("atas nama")
    )
    verb = models.CharField(_("tindakan"), max_length=80)
    subject_type = models.CharField(_("jenis objek"), max_length=80)
    subject_id = models.CharField(_("kunci objek"), max_length=40)
    data = models.JSONField(_("rincian"), null=True)
    erased_at = models.DateTimeField(_("rincian dihapus pada"), null=True)
    digest = models.CharField(_("sidik"), max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="sealed", verbose_name=_("segel"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("peristiwa")
        verbose_name_plural = _("peristiwa")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["verb", "id"], name="audit_verb"),
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["id"], condition=models.Q(seal=None), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"
