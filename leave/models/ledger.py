"""The append-only ledger of annual leave. Buckets are sums of movements, kept by the database itself."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.lib.models import Base
from leave.enums import MovementKind


class BucketKind(models.TextChoices):
    """In order of use: what lapses on 31 December goes first (leave reference R8)."""

    F = "F", _("Tahun pertama, alasan keluarga")
    P = "P", _("Hari ditangguhkan")
    C2 = "C2", _("Sisa dua tahun lalu")
    C1 = "C1", _("Sisa tahun lalu")
    X = "X", _("Tambahan cuti bersama")
    O = "O", _("Hak tahun berjalan")  # noqa: E741


class LeaveAccount(Base):
    """One row a person, locked by every verb that moves leave, so that those of one person queue up."""

    employee = models.OneToOneField(
        Employee, models.PROTECT, related_name="leave_account", verbose_name=_("pegawai")
    )
    opened_through = models.PositiveSmallIntegerField(
        _("dibuka sampai tahun"), default=0, help_text=_("Tahun terakhir yang hak dan pindahannya sudah dihitung.")
    )
    confirmed = models.BooleanField(_("saldo awal dipastikan"), default=False)

    class Meta:
        verbose_name = _("rekening cuti")
        verbose_name_plural = _("rekening cuti")

    def __str__(self) -> str:
        return f"{self.employee_id}"


class Bucket(Base):
    """A kind of days of one year and origin. The five sums are written by a trigger on `Movement` alone."""

    account = models.ForeignKey(
        LeaveAccount, models.PROTECT, related_name="buckets", verbose_name=_("rekening cuti")
    )
    year = models.PositiveSmallIntegerField(_("tahun"), help_text=_("Tahun pemakaian"))
    kind = models.CharField(_("asal"), max_length=2, choices=BucketKind)
    origin = models.PositiveSmallIntegerField(_("tahun asal"), help_text=_("Tahun asal"))
    usable_from = models.DateField(_("dapat dipakai mulai"))
    lapses_on = models.DateField(_("hangus sesudah"))
    granted = models.SmallIntegerField(_("hak"), default=0)
    reserved = models.SmallIntegerField(_("dipesan"), default=0)
    taken = models.SmallIntegerField(_("dipakai"), default=0)
    postponed = models.SmallIntegerField(_("ditangguhkan"), default=0)
    lapsed = models.SmallIntegerField(_("hangus"), default=0)

    class Meta:
        ordering = ["account", "year", "kind", "usable_from"]
        verbose_name = _("asal hari cuti")
        verbose_name_plural = _("asal hari cuti")
        constraints = [
            # Each missed *cuti bersama* day has a bucket of its own: it is usable from the day after it.
            models.UniqueConstraint(
                fields=["account", "year", "kind", "origin", "usable_from"], name="one_bucket"
            ),
            models.CheckConstraint(
                condition=Q(granted__gte=F("reserved") + F("taken") + F("postponed") + F("lapsed")),
                name="leave_balance_not_below_zero",
                violation_error_message=_("Sisa cuti tidak mencukupi."),
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, taken__gte=0, postponed__gte=0, lapsed__gte=0),
                name="bucket_sums_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.origin}"

    @property
    def left(self) -> int:
        return self.granted - self.reserved - self.taken - self.postponed - self.lapsed


class MovementQuerySet(models.QuerySet["Movement"]):
    def visible_to(self, user: Any) -> "MovementQuerySet":
        people = Employee.objects.filter(user_id=user.pk) | Employee.objects.in_scope(user, Right.VIEW_LEAVE)
        return self.filter(bucket__account__employee__in=people)


class Movement(Base):
    """One row of the ledger, never changed. `days` is signed; its column in the bucket follows from the kind."""

    bucket = models.ForeignKey(Bucket, models.PROTECT, related_name="movements", verbose_name=_("asal"))
    kind = models.CharField(_("jenis mutasi"), max_length=10, choices=MovementKind)
    days = models.SmallIntegerField(_("hari"))
    on = models.DateField(_("berlaku pada"))
    request = models.ForeignKey(
        "leave.LeaveRequest",
        models.PROTECT,
        null=True,
        related_name="movements",
        verbose_name=_("permohonan cuti"),
    )
    rule = models.CharField(_("aturan"), max_length=12, blank=True)
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    data = models.JSONField(_("rincian"), default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("dicatat"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = MovementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("mutasi cuti")
        verbose_name_plural = _("mutasi cuti")
        constraints = [models.CheckConstraint(condition=~Q(days=0), name="movement_moves")]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class OpeningYear(Base):
    """What a person brought along from a year before go-live (R-opening): entered by HR or imported."""

    account = models.ForeignKey(LeaveAccount, models.PROTECT, related_name="opening_years")
    year = models.PositiveSmallIntegerField(_("tahun"))
    left = models.PositiveSmallIntegerField(_("sisa hak tahun itu"))
    postponed = models.PositiveSmallIntegerField(_("ditangguhkan"), default=0)
    unused = models.BooleanField(_("sama sekali tidak dipakai"), default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(_("dasar"), max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "year"], condition=Q(superseded_at=None), name="one_opening_a_year"
            ),
            models.CheckConstraint(condition=Q(left__lte=24, postponed__lte=12), name="opening_within_law"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.year}"


class YearRun(Base):
    """A run of the year's end for `year` -> `year + 1`; running it again finds nothing left to do."""

    year = models.PositiveSmallIntegerField(_("tahun"))
    started_at = models.DateTimeField(_("dimulai"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dimulai oleh")
    )
    finished_at = models.DateTimeField(_("selesai"), null=True)
    preview = models.BooleanField(_("pratinjau"), default=False)
    counts = models.JSONField(_("jumlah"), default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("akhir tahun cuti")
        verbose_name_plural = _("akhir tahun cuti")

    def __str__(self) -> str:
        return f"{self.year}"
