"""Holidays, *cuti bersama* and the work patterns of units. A person's own pattern is a row in `employees`."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.models import Base, Dated, DatedQuerySet
from kepegawaian.units.models import Unit


class HolidayKind(models.TextChoices):
    NATIONAL = "national", _("Libur nasional")
    COLLECTIVE = "collective", _("Cuti bersama")
    REGIONAL = "regional", _("Libur daerah")


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def in_force(self) -> "HolidayQuerySet":
        return self.filter(removed=False)


class Holiday(Base):
    """A day off. Seeded from a public package, decided by HR: `confirmed` says whether a decree was seen.

    `seeded_date` is the date the package gave; a row that HR moved or removed keeps it, so that seeding again
    does not bring the old one back.
    """

    date = models.DateField(_("tanggal"))
    kind = models.CharField(_("jenis"), max_length=10, choices=HolidayKind)
    name_id = models.CharField(_("nama (Indonesia)"), max_length=150)
    name_en = models.CharField(_("nama (Inggris)"), max_length=150)
    confirmed = models.BooleanField(_("sudah ada dasar hukum"), default=False)
    source = models.CharField(_("dasar"), max_length=200, blank=True)
    seeded_date = models.DateField(_("tanggal semula"), null=True, editable=False)
    removed = models.BooleanField(_("dihapus"), default=False, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diubah oleh")
    )
    changed_at = models.DateTimeField(_("diubah pada"), auto_now=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["date", "kind"]
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        constraints = [
            models.UniqueConstraint(
                fields=["date", "kind"],
                condition=models.Q(removed=False),
                name="one_holiday_of_a_kind_a_day",
                violation_error_message=_("Sudah ada hari libur jenis ini pada tanggal tersebut."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name_id}"

    @property
    def name(self) -> str:
        """In the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_id


class PatternKind(models.TextChoices):
    FIVE_DAY = "five_day", _("5 hari kerja (Senin-Jumat)")
    SIX_DAY = "six_day", _("6 hari kerja (Senin-Sabtu)")
    SHIFT = "shift", _("Bergilir menurut jadwal tugas")
    OTHER = "other", _("Hari kerja lain")


LAST_WEEKDAY = 6


class WeekPattern(Dated):
    kind = models.CharField(_("pola kerja"), max_length=10, choices=PatternKind, default=PatternKind.FIVE_DAY)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("hari kerja (0 = Senin)")
    )
    decree = models.CharField(_("dasar"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.kind == PatternKind.OTHER and not self.weekdays:
            raise ValidationError({"weekdays": _("Pilih sedikitnya satu hari kerja.")})
        if any(day > LAST_WEEKDAY for day in self.weekdays):
            raise ValidationError({"weekdays": _("Hari kerja bernomor 0 (Senin) sampai 6 (Minggu).")})
        if self.valid_to and self.valid_from and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("Tanggal selesai tidak boleh sebelum tanggal mulai.")})


class UnitPattern(Base, WeekPattern):
    """The work pattern of a unit and everything below it that has none of its own."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patterns", verbose_name=_("unit"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "valid_from"]
        verbose_name = _("pola kerja unit")
        verbose_name_plural = _("pola kerja unit")
        constraints = [models.UniqueConstraint(fields=["unit", "valid_from"], name="one_unit_pattern_a_date")]

    def __str__(self) -> str:
        return self.get_kind_display()
