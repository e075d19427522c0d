"""Private files, gap-free letter numbers, and documents that anybody can verify by their QR code."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit


def _upload_path(instance: "StoredFile", filename: str) -> str:
    key = uuid7() if instance.pk.version == 7 else uuid.uuid4()  # a random key: nobody may know when it came
    return f"files/{timezone.now():%Y/%m}/{key}"


class StoredFile(Base):
    """A private file of one object (`subject_type`, `subject_id`), whose app decides who may read it."""

    subject_type = models.CharField(_("jenis objek"), max_length=80)
    subject_id = models.UUIDField(_("objek"))
    file = models.FileField(_("berkas"), upload_to=_upload_path)
    name = models.CharField(_("nama berkas"), max_length=150)
    mime = models.CharField(_("jenis isi"), max_length=80)
    size = models.PositiveIntegerField(_("ukuran"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diunggah oleh")
    )
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)

    class Meta:
        verbose_name = _("berkas")
        verbose_name_plural = _("berkas")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name


class LetterCounter(Base):
    """The last number given per unit, kind and year; locked while a number is taken, so there are no gaps."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    kind = models.CharField(_("jenis surat"), max_length=40)
    year = models.PositiveSmallIntegerField(_("tahun"))
    last = models.PositiveIntegerField(_("nomor terakhir"), default=0)

    class Meta:
        verbose_name = _("penghitung nomor surat")
        verbose_name_plural = _("penghitung nomor surat")
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="one_letter_counter")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class IssuedDocument(Base):
    """A numbered PDF made by the portal. The QR holds a token; the page behind it says what is genuine."""

    subject_type = models.CharField(_("jenis objek"), max_length=80)
    subject_id = models.UUIDField(_("objek"))
    kind = models.CharField(_("jenis surat"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("tahun"))
    sequence = models.PositiveIntegerField(_("nomor urut"))
    number = models.CharField(_("nomor surat"), max_length=80)
    token = models.CharField(_("kode verifikasi"), max_length=43, unique=True)
    facts = models.JSONField(
        _("keterangan terbuka"), default=list, help_text=_("Yang boleh dibaca siapa pun yang memegang kode QR.")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, verbose_name=_("berkas"))
    issued_at = models.DateTimeField(_("diterbitkan"), default=timezone.now)
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    revoked_reason = models.CharField(_("alasan pencabutan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("surat terbit")
        verbose_name_plural = _("surat terbit")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="document_subject")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "sequence"], name="letter_number_once"),
        ]

    def __str__(self) -> str:
        return self.number
