"""*Angka kredit* of functional officials: an append-only ledger (PermenPANRB 1/2023, PerBKN 3/2023)."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import ApprovalState, CreditKind, Jenjang, Predikat
from evaluations.models.cycles import Participant
from evaluations.models.ratings import Evaluation
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.lib.models import Base


def assessed_now(user: Any) -> models.QuerySet[Participant]:
    """The team, in years that HR has not closed: whose sums of points the user signs (reference 11)."""
    return Participant.objects.assessed_by(user).filter(cycle__closed_at=None)


class CreditEntryQuerySet(models.QuerySet["CreditEntry"]):
    def visible_to(self, user: Any) -> "CreditEntryQuerySet":
        scoped = Q(employee__in=Employee.objects.in_scope(user, Right.VIEW_PERFORMANCE))
        assessed = Q(employee__in=assessed_now(user).values("employee_id"))
        waiting = Q(employee__in=CreditApproval.objects.waiting_for(user).values("employee_id"))
        return self.filter(Q(employee__user_id=user.pk) | assessed | waiting | scoped)


class CreditAppointment(Base):
    """The *jenjang* of a functional official as HR entered it, where the name and level of the post do not say it.
    Never rewritten: of two rows of one date the later one holds."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="credit_appointments")
    jenjang = models.CharField(_("jenjang"), max_length=12, choices=Jenjang)
    since = models.DateField("TMT")
    source = models.CharField(_("dasar"), max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "id"]
        verbose_name = _("jenjang jabatan fungsional")
        verbose_name_plural = _("jenjang jabatan fungsional")

    def __str__(self) -> str:
        return f"{self.jenjang} {self.since}"


class CreditEntry(Base):
    """One movement. `value` keeps four places; only print rounds. A correction is a second entry that `reverses`
    the first; nothing is changed or deleted. `attempt` tells an entry from one that was taken back before."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="credits")
    kind = models.CharField(max_length=12, choices=CreditKind)
    jenjang = models.CharField(max_length=12, choices=Jenjang)
    golongan = models.CharField(max_length=6, blank=True)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="credits")
    predikat = models.CharField(max_length=16, choices=Predikat, blank=True)
    start = models.DateField(_("sejak"), null=True)
    end = models.DateField(_("sampai"), null=True)
    months = models.PositiveSmallIntegerField(null=True)
    percent = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    coefficient = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    value = models.DecimalField(_("angka kredit"), max_digits=10, decimal_places=4)
    source = models.CharField(_("dasar"), max_length=200, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CreditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("angka kredit")
        verbose_name_plural = _("angka kredit")
        indexes = [models.Index(fields=["employee", "id"], name="credit_of_employee")]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "start", "attempt"],
                condition=Q(kind=CreditKind.CONVERSION, reverses=None),
                name="one_conversion_an_evaluation",
            ),
            models.UniqueConstraint(
                fields=["employee", "jenjang", "attempt"],
                condition=Q(kind=CreditKind.INTEGRASI),
                name="one_integration_a_jenjang",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CreditKind.CONVERSION)
                | (
                    Q(
                        evaluation__isnull=False,
                        months__range=(1, 12),
                        percent__isnull=False,
                        coefficient__isnull=False,
                    )
                    & ~Q(predikat="")
                ),
                name="conversion_is_derived",
            ),
            models.CheckConstraint(
                condition=Q(kind=CreditKind.CONVERSION) | ~Q(source=""), name="other_credit_has_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.value}"

    @property
    def first(self) -> datetime.date:
        """The first day of what it counts for; the day of the entry where nothing else is known."""
        return self.start or timezone.localdate(self.at)

    @property
    def last(self) -> datetime.date:
        return self.end or timezone.localdate(self.at)


class CreditApprovalQuerySet(models.QuerySet["CreditApproval"]):
    def waiting_for(self, user: Any) -> "CreditApprovalQuerySet":
        return self.filter(approver__user_id=user.pk, state=ApprovalState.WAITING)


class CreditApproval(Base):
    """*Penetapan*: the assessor establishes the sum that *Akumulasi* and PAK print (PerBKN 3/2023; reference 11),
    as it stood with `entry`, its last movement. New points supersede it. Once decided never rewritten."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="credit_approvals")
    state = models.CharField(max_length=12, choices=ApprovalState, default=ApprovalState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    approver = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=120, blank=True)
    entry = models.ForeignKey(CreditEntry, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("alasan"), max_length=200, blank=True)

    objects = CreditApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("penetapan angka kredit")
        verbose_name_plural = _("penetapan angka kredit")
        constraints = [
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(state__in=[ApprovalState.WAITING, ApprovalState.APPROVED]),
                name="one_credit_approval_a_person",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("employee")), name="nobody_approves_own_credits"
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.WAITING)
                | Q(state=ApprovalState.RETURNED, approver__isnull=False, decided_at__isnull=False) & ~Q(reason="")
                | Q(
                    state__in=[ApprovalState.APPROVED, ApprovalState.SUPERSEDED],
                    approver__isnull=False,
                    decided_at__isnull=False,
                    entry__isnull=False,
                ),
                name="decided_credits_say_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.state}"
