"""Dated rows with their decree: rank and position. A correction keeps the wrong row, marked as superseded."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import HoldingKind, RankScheme
from kepegawaian.employees.models.people import Employee
from kepegawaian.employees.models.positions import Position
from kepegawaian.employees.rules import golongan
from kepegawaian.lib.models import Base, Dated, DatedQuerySet
from kepegawaian.units.models import Unit


class Period(Func):
    """`valid_from`..`valid_to`, both inclusive, as a daterange."""

    function = "DATERANGE"
    output_field = DateRangeField()


PERIOD = Period("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class Decreed(Dated):
    decree_number = models.CharField(_("nomor SK"), max_length=120, blank=True)
    decree_date = models.DateField(_("tanggal SK"), null=True, blank=True)
    signer = models.CharField(_("penanda tangan"), max_length=150, blank=True)
    superseded_at = models.DateTimeField(null=True, editable=False)
    superseded_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True


class HistoryQuerySet(DatedQuerySet):
    def standing(self) -> "HistoryQuerySet":
        """Without rows that a correction has superseded."""
        return self.filter(superseded_at=None)


class RankHolding(Base, Decreed):
    """*Pangkat/golongan* from its TMT on. `order` sorts by code, never by text (records reference section 3)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="ranks")
    scheme = models.CharField(max_length=4, choices=RankScheme)
    golongan = models.CharField(_("golongan"), max_length=6)
    order = models.PositiveSmallIntegerField()
    mk_years = models.PositiveSmallIntegerField(_("masa kerja (tahun)"), default=0)
    mk_months = models.PositiveSmallIntegerField(_("masa kerja (bulan)"), default=0)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            ExclusionConstraint(
                name="one_rank_at_a_time",
                expressions=[(F("employee"), RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.golongan} {self.valid_from}"

    @property
    def words(self) -> str:
        """ "Penata Muda (III/a)"; a PPPK's golongan has no pangkat."""
        known = golongan(self.scheme, self.order)
        return str(known) if known else self.golongan


class PositionHolding(Base, Decreed):
    """A person in a post of a unit. `heads` is set when the post heads that unit (definitive, Plt or Plh)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="holdings")
    position = models.ForeignKey(Position, models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=10, choices=HoldingKind, default=HoldingKind.DEFINITIVE)
    heads = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="head_holdings")

    objects = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            ExclusionConstraint(
                name="one_definitive_position_at_a_time",
                expressions=[(F("employee"), RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None, kind=HoldingKind.DEFINITIVE),
                violation_error_message=_("Pegawai ini sudah memegang jabatan definitif pada masa itu."),
            ),
            ExclusionConstraint(
                name="one_head_of_a_kind_at_a_time",
                expressions=[
                    (F("heads"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None, heads__isnull=False),
                violation_error_message=_("Unit ini sudah mempunyai kepala pada masa itu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.valid_from}"
