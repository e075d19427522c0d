"""Meetings of a forum: agenda, registration, minutes, attendance, and what was agreed (*berita acara*)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import MeetingMode, Progress, Verdict
from feedback.models.forums import Process, Proposal
from kepegawaian.documents.models import IssuedDocument, StoredFile
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit


class Meeting(Base):
    """Closed with its minutes; from then on the database refuses changes of what was minuted."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="meetings", verbose_name=_("forum"))
    title = models.CharField(_("judul"), max_length=150)
    text = models.TextField(_("penjelasan"), max_length=2000, blank=True)
    mode = models.CharField(_("cara"), max_length=10, choices=MeetingMode, default=MeetingMode.IN_PERSON)
    address = models.CharField(_("alamat"), max_length=300, blank=True)
    hints = models.CharField(_("petunjuk tempat"), max_length=300, blank=True)
    link = models.URLField(_("tautan daring"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    registration = models.BooleanField(_("dengan pendaftaran"), default=True)
    seats = models.PositiveIntegerField(
        _("jumlah kursi"), null=True, blank=True, help_text=_("Kosong: tidak dibatasi.")
    )
    cancelled_at = models.DateTimeField(_("dibatalkan pada"), null=True, editable=False)
    cancel_reason = models.CharField(_("alasan pembatalan"), max_length=300, blank=True, editable=False)
    opened_by = models.CharField(_("dibuka oleh"), max_length=150, blank=True)
    chair = models.CharField(_("pimpinan pertemuan"), max_length=150, blank=True)
    minutes = models.TextField(_("notulen"), max_length=20000, blank=True)
    organisations = models.TextField(_("organisasi yang hadir"), max_length=2000, blank=True)
    attendees = models.PositiveIntegerField(_("jumlah hadir"), null=True, blank=True)
    decided_by_vote = models.BooleanField(_("diputuskan dengan pemungutan suara"), default=False)
    minutes_visible = models.BooleanField(_("notulen diumumkan"), default=True)
    closed_at = models.DateTimeField(_("ditutup pada"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ditutup oleh"),
    )
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("berita acara")
    )
    public_copy = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Tanpa nama peserta."),
        verbose_name=_("salinan publik"),
    )
    sequence = models.PositiveIntegerField(_("urutan perubahan"), default=0, editable=False)
    changed_at = models.DateTimeField(_("diubah pada"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("pertemuan")
        verbose_name_plural = _("pertemuan")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("Waktu selesai harus sesudah waktu mulai."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | (~Q(minutes="") & Q(attendees__isnull=False)),
                name="closed_meeting_has_minutes",
                violation_error_message=_("Isi notulen dan jumlah hadir sebelum menutup pertemuan."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancel_reason=""), name="cancelled_meeting_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(Base):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("urutan"))
    title = models.CharField(_("acara"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("lama (menit)"), null=True, blank=True)
    speaker = models.CharField(_("pembicara"), max_length=150, blank=True)

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once")]

    def __str__(self) -> str:
        return self.title


class MeetingFile(Base):
    """Material or a picture, for whoever sees the meeting, made anew without traces of its maker. Taken away, the
    row stays, and may come back."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="files")
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField(_("keterangan"), max_length=150, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["meeting", "id"]
        verbose_name = _("berkas pertemuan")
        verbose_name_plural = _("berkas pertemuan")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="meeting_file_removed_by",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.stored.name


class Registration(Base):
    """A seat, or a place in the queue for one. The QR holds the code; only its digest is kept.

    Somebody who comes unannounced is registered at the door (`walked_in`).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="registrations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("nama"), max_length=150)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    element = models.CharField(_("unsur"), max_length=80, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    waiting = models.BooleanField(default=False)
    walked_in = models.BooleanField(default=False)
    delegate = models.BooleanField(_("utusan ke tingkat berikutnya"), default=False)
    registered_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["meeting", "registered_at"]
        verbose_name = _("pendaftaran pertemuan")
        verbose_name_plural = _("pendaftaran pertemuan")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(cancelled_at=None, user__isnull=False),
                name="one_seat_a_person",
            ),
            models.CheckConstraint(
                condition=Q(attended_at=None) | Q(cancelled_at=None), name="cancelled_seat_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingPoint(Base):
    """A point raised and what was agreed about it; for a proposal also the meeting's decision. `overtakes`,
    written at the close: the numbers of the proposals that rank above this accepted one and were not accepted."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="points")
    order = models.PositiveSmallIntegerField(_("urutan"))
    raised_by = models.CharField(_("disampaikan oleh"), max_length=150, blank=True)
    text = models.TextField(_("pokok bahasan"), max_length=2000)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="points")
    verdict = models.CharField(_("kesepakatan"), max_length=10, choices=Verdict, blank=True)
    reason = models.TextField(_("alasan"), max_length=1000, blank=True)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("penanggung jawab")
    )
    due_on = models.DateField(_("paling lambat"), null=True, blank=True)
    state = models.CharField(_("keadaan"), max_length=8, choices=Progress, default=Progress.PLANNED)
    overtakes = ArrayField(models.PositiveIntegerField(), default=list, editable=False)

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="point_order_once"),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.REJECTED, Verdict.PARTLY, Verdict.RESERVE]) | ~Q(reason=""),
                name="point_not_accepted_has_reason",
                violation_error_message=_("Tuliskan alasan untuk usulan yang tidak diterima seluruhnya."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Signatory(Base):
    """Who signs the minutes: the provider's side and the public's."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="signatories")
    order = models.PositiveSmallIntegerField(_("urutan"))
    name = models.CharField(_("nama"), max_length=150)
    role = models.CharField(_("sebagai"), max_length=150)

    class Meta:
        ordering = ["meeting", "order"]

    def __str__(self) -> str:
        return self.name
