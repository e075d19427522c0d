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

    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    file = models.FileField(upload_to=_upload_path)
    name = models.CharField(_("nama berkas"), max_length=150)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name


class LetterCounter(Base):
    """The last number given per unit, kind and year; locked while a number is taken, so there are no gaps."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="one_letter_counter")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class IssuedDocument(Base):
    """A numbered PDF made by the portal. The QR holds a token; the page behind it says what is genuine."""

    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=80)
    token = models.CharField(max_length=43, unique=True)
    facts = models.JSONField(default=list, help_text=_("Yang boleh dibaca siapa pun yang memegang kode QR."))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="document_subject")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "sequence"], name="letter_number_once"),
        ]

    def __str__(self) -> str:
        return self.number
