"""A request for leave, the steps it passes, the days it charges, and the log of every transition."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import GistIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import own_id
from kepegawaian.lib.models import Base
from kepegawaian.units.models import scope_paths
from leave.enums import FirstYearGround, LeaveType, Outcome, RequestState, StepKind


def steps_of(user: Any) -> "models.QuerySet[Any, Any]":
    """The requests of which `user` holds or held a step."""
    rows = LeaveStep.objects.order_by()
    return (
        rows.filter(holder_id=user.pk)
        .values("request_id")
        .union(rows.filter(acted_by_id=user.pk).values("request_id"))
    )


class LeaveRequestQuerySet(models.QuerySet["LeaveRequest"]):
    def visible_to(self, user: Any) -> "LeaveRequestQuerySet":
        """One's own, those that hold or held a step of mine, and the scope of my role (never drafts of others)."""
        own, paths = Q(employee__user_id=user.pk), scope_paths(user, Right.VIEW_LEAVE)
        if paths is None:
            return self.filter(own | ~Q(state=RequestState.DRAFT))
        seen = Q(pk__in=steps_of(user))
        for path in paths:
            seen |= Q(employee__current_path__startswith=path)
        return self.filter(own | (~Q(state=RequestState.DRAFT) & seen))

    def of_others_seen_by(self, user: Any) -> "list[LeaveRequestQuerySet]":
        """`visible_to` without one's own, in parts that may overlap: each is found by an index, which a condition
        with OR between two tables is not (it took a second on half a million requests)."""
        rows = self.exclude(state=RequestState.DRAFT)
        if own := own_id(user):
            rows = rows.exclude(employee=own)
        paths = scope_paths(user, Right.VIEW_LEAVE)
        if paths is None:
            return [rows]
        below = (rows.filter(employee__current_path__startswith=path) for path in paths)
        return [rows.filter(pk__in=steps_of(user)), *below]

    def attachments_open_to(self, user: Any) -> "LeaveRequestQuerySet":
        """Requests whose attachments `user` may read: one's own, those of which one holds or held a step, and what
        one's office processes. Doctors' letters and the like are not for those who merely look on."""
        own = Q(employee__user_id=user.pk)
        held = Q(pk__in=steps_of(user))
        office = Q(pk__in=[])
        for right in (Right.CHECK_LEAVE, Right.MANAGE_LEAVE):
            office |= Q(employee__in=Employee.objects.in_scope(user, right))
        return self.filter(own | (~Q(state=RequestState.DRAFT) & (held | office)))


class LeaveRequest(Base):
    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="leave_requests", verbose_name=_("pegawai")
    )
    type = models.CharField(_("jenis cuti"), max_length=4, choices=LeaveType, default=LeaveType.CT)
    state = models.CharField(_("keadaan"), max_length=10, choices=RequestState, default=RequestState.DRAFT)
    start = models.DateField(_("mulai tanggal"))
    end = models.DateField(_("sampai tanggal"))
    offered_start = models.DateField(_("mulai yang ditawarkan"), null=True)
    offered_end = models.DateField(_("selesai yang ditawarkan"), null=True)
    not_before = models.DateField(_("tidak sebelum"), null=True)
    charged_days = models.PositiveSmallIntegerField(_("hari kerja"), default=0)
    reason = models.TextField(_("alasan cuti"), max_length=1000)
    address = models.CharField(_("alamat selama cuti"), max_length=300)
    phone = models.CharField(_("telepon selama cuti"), max_length=30)
    ground = models.CharField(
        _("alasan keluarga"),
        max_length=14,
        choices=FirstYearGround,
        blank=True,
        default="",
        help_text=_("Hanya PPPK yang belum genap satu tahun bekerja."),
    )
    stand_in = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pengganti")
    )
    abroad = models.BooleanField(_("ke luar negeri"), default=False)
    country = models.CharField(_("negara"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now)
    submitted_at = models.DateTimeField(_("diajukan"), null=True)
    decided_at = models.DateTimeField(_("diputus"), null=True)
    version = models.PositiveIntegerField(_("versi"), default=1)

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("permohonan cuti")
        verbose_name_plural = _("permohonan cuti")
        indexes = [
            models.Index(fields=["employee", "-id"], name="leave_of_employee"),
            models.Index(fields=["state", "-id"], name="leave_by_state"),
            models.Index(fields=["start", "end"], condition=Q(state="granted"), name="leave_granted_dates"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="leave_ends_after_start",
                violation_error_message=_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai."),
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="leave_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="leave_submitted_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_start__isnull=False, offered_end__isnull=False),
                name="leave_offer_has_dates",
            ),
            models.CheckConstraint(condition=Q(abroad=False) | ~Q(country=""), name="leave_abroad_names_country"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("employee")), name="leave_stand_in_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.start} {self.end}"


class HeldPeriod(Base):
    """Dates that a live request holds; an offer holds the old and the new ones. PostgreSQL refuses overlaps."""

    request = models.ForeignKey(LeaveRequest, models.CASCADE, related_name="held")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    period = DateRangeField()

    class Meta:
        indexes = [
            # Who of a few people is away, and who of everybody: neither may read what lies years back.
            models.Index("employee", RangeEndsWith("period"), name="held_by_person"),
            GistIndex(fields=["period"], name="held_by_date"),
        ]
        constraints = [
            ExclusionConstraint(
                name="no_overlapping_leave",
                expressions=[
                    (F("employee"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                    (F("request"), RangeOperators.NOT_EQUAL),
                ],
                violation_error_message=_("Anda sudah mempunyai cuti pada tanggal itu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}"


class RequestDay(Base):
    """A charged day of a request and the bucket it is charged to; `offer` marks days of offered dates."""

    request = models.ForeignKey(LeaveRequest, models.CASCADE, related_name="days")
    date = models.DateField()
    bucket = models.ForeignKey("leave.Bucket", models.PROTECT, related_name="+")
    offer = models.BooleanField(default=False)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["request", "date", "offer"], name="one_charge_a_day")]

    def __str__(self) -> str:
        return f"{self.date}"


class LeaveStep(Base):
    """One box of the official form, waiting for its holder. Closed steps are never changed."""

    request = models.ForeignKey(LeaveRequest, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("pemegang")
    )
    principal = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Pejabat yang atas namanya dilakukan."),
    )
    capacity = models.CharField(
        max_length=60, blank=True, help_text=_("Jabatan pemegang: definitif, Plt., Plh., a.n.")
    )
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    not_before = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["holder", "request"], name="step_holder"),
            models.Index(fields=["acted_by", "request"], name="step_actor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(closed_at=None), name="one_open_step_a_request"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(acted_by__isnull=False) | Q(outcome=""),
                name="closed_step_has_actor",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "approved"]) | ~Q(reason="") | Q(kind="response"),
                name="outcome_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class Transition(Base):
    """The log: who moved a request, on whose behalf, from where to where, why and when. Append-only."""

    request = models.ForeignKey(
        LeaveRequest, models.PROTECT, related_name="transitions", verbose_name=_("permohonan cuti")
    )
    action = models.CharField(_("tindakan"), max_length=20)
    from_state = models.CharField(_("keadaan semula"), max_length=10)
    to_state = models.CharField(_("keadaan baru"), max_length=10)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    on_behalf_of = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("atas nama")
    )
    reason = models.TextField(_("alasan"), blank=True)
    data = models.JSONField(_("rincian"), default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("riwayat permohonan cuti")
        verbose_name_plural = _("riwayat permohonan cuti")

    def __str__(self) -> str:
        return f"{self.action} {self.request_id}"
