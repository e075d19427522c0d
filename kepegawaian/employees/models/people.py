"""The person. What changes over time is a dated row elsewhere; the `current_*` columns only mirror those rows."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.enums import (
    ACTIVE_STATES,
    AsnStatus,
    HoldingKind,
    LegalState,
    NumberKind,
    RankScheme,
    Sex,
)
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.dates import today
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit, scope_paths


def _trigrams(expression: OpClass, name: str) -> GinIndex:
    """Without PostgreSQL's list of rows not yet in the index: each search after an import would read all of it."""
    return GinIndex(expression, name=name, fastupdate=False)


def headed_paths(user: Any) -> list[str]:
    """Paths of the units that `user` heads today (definitive, Plt or Plh); kept on the user object."""
    cached: list[str] | None = getattr(user, "_headed_paths", None)
    if cached is None:
        cached = list(_headed(today(), head_holdings__employee__user_id=user.pk))
        user._headed_paths = cached
    return cached


def own_id(user: Any) -> uuid.UUID | None:
    """The key of the person that `user` is, None for who is no employee; kept on the user object.

    Statements that take it need not join people, whose many indexes the database weighs for each plan.
    """
    return _own(user)[0]


def own_unit_id(user: Any) -> uuid.UUID | None:
    """The key of the unit that this person belongs to; likewise."""
    return _own(user)[1]


def _own(user: Any) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    if not hasattr(user, "_own_id"):
        found = Employee.objects.filter(user_id=user.pk).order_by().values_list("pk", "current_unit_id").first()
        user._own_id, user._own_unit_id = found or (None, None)
    return user._own_id, user._own_unit_id


def along() -> dict[str, Callable[[Any], Any]]:
    """What these give, for the statement that loads the person of a request (`accounts.registry.bring_along`)."""
    return {
        "_own_id": lambda on: F("employee__pk"),
        "_own_unit_id": lambda on: F("employee__current_unit_id"),
        "_headed_paths": lambda on: ArraySubquery(_headed(on, head_holdings__employee=OuterRef("employee__pk"))),
    }


def _headed(on: Any, **by: Any) -> models.QuerySet:
    units = Unit.objects.filter(
        Q(head_holdings__valid_to=None) | Q(head_holdings__valid_to__gte=on),
        head_holdings__valid_from__lte=on,
        head_holdings__superseded_at=None,
        **by,
    )
    return units.values_list("path", flat=True).distinct()


def _in_force(relation: str, on: datetime.date) -> Q:
    """Rows of a dated history that no correction superseded and that hold on the date."""
    begun = Q(**{f"{relation}__superseded_at": None, f"{relation}__valid_from__lte": on})
    return begun & (Q(**{f"{relation}__valid_to": None}) | Q(**{f"{relation}__valid_to__gte": on}))


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def active(self) -> "EmployeeQuerySet":
        return self.filter(legal_state__in=ACTIVE_STATES)

    def as_of(self, on: datetime.date) -> "EmployeeQuerySet":
        """With what held on the date: `golongan_then`, `rank_order_then`, `position_then`, `unit_then` (an id)."""
        return self.annotate(
            rank_then=FilteredRelation("ranks", condition=_in_force("ranks", on)),
            holding_then=FilteredRelation(
                "holdings", condition=_in_force("holdings", on) & Q(holdings__kind=HoldingKind.DEFINITIVE)
            ),
        ).annotate(
            golongan_then=F("rank_then__golongan"),
            rank_order_then=F("rank_then__order"),
            position_then=F("holding_then__position__name"),
            unit_then=F("holding_then__unit_id"),
        )

    def in_scope(self, user: Any, right: Right) -> "EmployeeQuerySet":
        """People of the units in which `user` holds `right`."""
        paths = scope_paths(user, right)
        if paths is None:
            return self
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(current_path__startswith=path)
        return self.filter(condition)

    def visible_to(self, user: Any) -> "EmployeeQuerySet":
        """Oneself, everybody below the units one heads, and the scope of one's roles."""
        paths = scope_paths(user, Right.VIEW_RECORDS)
        if paths is None:
            return self
        condition = Q(user_id=user.pk)
        for path in {*paths, *headed_paths(user)}:
            condition |= Q(current_path__startswith=path)
        return self.filter(condition)


class Employee(Base):
    """Written only by the verbs of `employees.services`. `current_*` is rebuilt by `refresh_current`."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="employee", verbose_name=_("akun")
    )
    siasn_id = models.CharField(_("kunci SIASN"), max_length=64, null=True, blank=True, unique=True)
    name = models.CharField(_("nama"), max_length=150)
    title_front = models.CharField(_("gelar depan"), max_length=40, blank=True)
    title_back = models.CharField(_("gelar belakang"), max_length=60, blank=True)
    birth_place = models.CharField(_("tempat lahir"), max_length=100, blank=True)
    birth_date = models.DateField(_("tanggal lahir"), null=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True)
    religion = models.CharField(_("agama"), max_length=30, blank=True)
    marital_status = models.CharField(_("status kawin"), max_length=30, blank=True)
    nik = models.CharField("NIK", max_length=16, blank=True)
    npwp = models.CharField("NPWP", max_length=20, blank=True)
    bpjs = models.CharField("BPJS", max_length=20, blank=True)
    phone = models.CharField(_("nomor HP"), max_length=30, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    email_gov = models.EmailField(_("surel dinas"), blank=True)
    address = models.TextField(_("alamat"), blank=True)
    status = models.CharField(_("status ASN"), max_length=10, choices=AsnStatus)
    legal_state = models.CharField(
        _("kedudukan hukum"), max_length=16, choices=LegalState, default=LegalState.ACTIVE
    )
    tmt_cpns = models.DateField("TMT CPNS", null=True, blank=True)
    tmt_pns = models.DateField("TMT PNS", null=True, blank=True)
    sk_cpns = models.CharField(_("nomor SK CPNS"), max_length=80, blank=True)
    sk_cpns_date = models.DateField(_("tanggal SK CPNS"), null=True, blank=True)
    sk_pns = models.CharField(_("nomor SK PNS"), max_length=80, blank=True)
    sk_pns_date = models.DateField(_("tanggal SK PNS"), null=True, blank=True)
    contract_start = models.DateField(_("awal perjanjian kerja"), null=True, blank=True)
    contract_end = models.DateField(_("akhir perjanjian kerja"), null=True, blank=True)
    education_level = models.CharField(_("tingkat pendidikan"), max_length=40, blank=True)
    education = models.CharField(_("pendidikan"), max_length=120, blank=True)
    education_year = models.PositiveSmallIntegerField(_("tahun lulus"), null=True, blank=True)
    school = models.CharField(_("nama sekolah"), max_length=150, blank=True)

    current_nip = models.CharField(_("NIP"), max_length=18, blank=True, editable=False)
    current_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, editable=False, related_name="people", verbose_name=_("unit sekarang")
    )
    current_path = models.CharField(_("letak unit sekarang"), max_length=255, blank=True, editable=False)
    current_position = models.CharField(_("jabatan"), max_length=200, blank=True, editable=False)
    current_position_kind = models.CharField(
        _("jenis jabatan sekarang"), max_length=12, blank=True, editable=False
    )
    current_scheme = models.CharField(
        _("tangga pangkat sekarang"), max_length=4, choices=RankScheme, blank=True, editable=False
    )
    current_golongan = models.CharField(_("golongan"), max_length=6, blank=True, editable=False)
    current_rank_order = models.PositiveSmallIntegerField(_("urutan pangkat sekarang"), default=0, editable=False)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("pegawai")
        verbose_name_plural = _("pegawai")
        indexes = [
            models.Index(fields=["name", "id"], name="employee_name"),
            models.Index(fields=["current_nip", "id"], name="employee_nip"),
            models.Index(
                OpClass("current_path", name="text_pattern_ops"), "name", "id", name="employee_path_name"
            ),
            _trigrams(OpClass(Upper("name"), name="gin_trgm_ops"), "employee_name_trgm"),
            _trigrams(OpClass(Upper("current_position"), name="gin_trgm_ops"), "employee_position_trgm"),
            _trigrams(OpClass("current_nip", name="gin_trgm_ops"), "employee_nip_trgm"),
            # One per column that the staff list sorts by, so that a page costs 25 rows of the index.
            models.Index(fields=["-current_rank_order", "name", "id"], name="employee_rank"),
            models.Index(fields=["current_path", "name", "id"], name="employee_unit_sort"),
            models.Index(fields=["current_position", "name", "id"], name="employee_position_sort"),
            # And one per filter that may leave few rows of many.
            models.Index(fields=["status", "name", "id"], name="employee_status"),
            models.Index(fields=["legal_state", "name", "id"], name="employee_state"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def state(self) -> LegalState:
        return LegalState(self.legal_state)

    @property
    def full_name(self) -> str:
        """The name with titles before and after, as letters print it."""
        return full_name(self.name, self.title_front, self.title_back)


class EmployeeNumber(Base):
    """A NIP, NI PPPK or old NIP with the time it was in force; the person is keyed on `Employee.id`."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="numbers")
    kind = models.CharField(max_length=8, choices=NumberKind)
    value = models.CharField(max_length=18)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["value"],
                condition=Q(valid_to=None),
                name="number_in_force_once",
                violation_error_message=_("NIP ini sudah dipakai pegawai lain."),
            ),
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(valid_to=None) & ~Q(kind=NumberKind.OLD_NIP),
                name="one_number_in_force_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.value
