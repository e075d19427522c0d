"""Who acts for whom, and a person's own working days."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kepegawaian.calendars.models import WeekPattern
from kepegawaian.employees.models.people import Employee
from kepegawaian.lib.models import Base, Dated, DatedQuerySet


class Delegation(Base, Dated):
    """`delegate` decides in the name of `principal` for a period, by a written order."""

    principal = models.ForeignKey(
        Employee, models.PROTECT, related_name="delegations_given", verbose_name=_("pemberi wewenang")
    )
    delegate = models.ForeignKey(
        Employee, models.PROTECT, related_name="delegations_held", verbose_name=_("penerima wewenang")
    )
    decree_number = models.CharField(_("nomor surat perintah"), max_length=120)
    decree_date = models.DateField(_("tanggal surat perintah"), null=True, blank=True)
    ended_at = models.DateTimeField(_("diakhiri pada"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("pelimpahan wewenang")
        verbose_name_plural = _("pelimpahan wewenang")
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="delegation_has_an_end"),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} -> {self.delegate_id}"


class PersonPattern(Base, WeekPattern):
    """A work pattern of one person; it overrides that of the unit."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="patterns", verbose_name=_("pegawai"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pola kerja pegawai")
        verbose_name_plural = _("pola kerja pegawai")
        ordering = ["employee", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "valid_from"], name="one_person_pattern_a_date")
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind}"


class DutyDay(Base):
    """A rostered duty, on its start date. `on_collective_leave`: ordered to work on a *cuti bersama* day."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="duty_days", verbose_name=_("pegawai"))
    date = models.DateField(_("tanggal"))
    on_collective_leave = models.BooleanField(_("pada cuti bersama"), default=False)
    order_number = models.CharField(_("nomor surat perintah"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("hari dinas")
        verbose_name_plural = _("hari dinas")
        constraints = [models.UniqueConstraint(fields=["employee", "date"], name="one_duty_a_day")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.date}"
