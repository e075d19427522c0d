"""The dated unit tree, who holds which role where, and numbers about units that cross features."""

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, OuterRef
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from kepegawaian.accounts.roles import Right, Role, roles_with
from kepegawaian.lib.dates import today
from kepegawaian.lib.models import Base, Dated, DatedQuerySet


class UnitKind(models.TextChoices):
    GOVERNMENT = "government", _("Pemerintah daerah")
    OFFICE = "office", _("Perangkat daerah")
    SECTION = "section", _("Bagian dari perangkat daerah")
    SERVICE = "service", _("Unit pelayanan (sekolah, puskesmas)")


class UnitFunction(models.TextChoices):
    """Units that a rule names by what they do, whatever a region calls them."""

    NONE = "", _("tidak ada")
    HEAD_OF_GOVERNMENT = "head_of_government", _("Kepala daerah (PPK)")
    SECRETARIAT = "secretariat", _("Sekretariat daerah (Sekda)")
    PERSONNEL = "personnel", _("Badan kepegawaian (BKPSDM)")


class UnitQuerySet(MP_NodeQuerySet):
    def open(self, on: Any = None) -> "UnitQuerySet":
        """On a day (a date, or the slot of one in a statement that is kept), else today."""
        on = on or today()
        return self.filter(models.Q(closed_on=None) | models.Q(closed_on__gt=on), opened_on__lte=on)

    def in_scope(self, user: Any, right: Right) -> "UnitQuerySet":
        """Units in which `user` holds `right`: the subtrees of the units of the roles that carry it."""
        scope = scope_paths(user, right)
        if scope is None:
            return self
        condition = models.Q(pk__in=[])
        for path in scope:
            condition |= models.Q(path__startswith=path)
        return self.filter(condition)


class UnitManager(MP_NodeManager):
    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(Base, MP_Node):
    """The tree as it stands today (materialised path). How it stood before is in `UnitPeriod`."""

    steplen = 5
    code = models.CharField(_("kode unor"), max_length=64, null=True, blank=True, unique=True)
    name = models.CharField(_("nama"), max_length=200)
    short_name = models.CharField(_("singkatan"), max_length=60, blank=True)
    kind = models.CharField(_("jenis"), max_length=12, choices=UnitKind, default=UnitKind.SECTION)
    function = models.CharField(
        _("fungsi"), max_length=24, choices=UnitFunction, default=UnitFunction.NONE, blank=True
    )
    timezone = models.CharField(
        _("zona waktu"),
        max_length=20,
        blank=True,
        choices=[("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")],
        help_text=_("Kosong: mengikuti unit induk."),
    )
    opened_on = models.DateField(_("dibuka"), default=datetime.date(2000, 1, 1))
    closed_on = models.DateField(_("ditutup"), null=True, blank=True)

    objects: ClassVar[Any] = UnitManager.from_queryset(UnitQuerySet)()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("unit")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(closed_on__gt=models.F("opened_on")),
                name="unit_closes_after_opening",
            ),
            models.UniqueConstraint(
                fields=["function"], condition=~models.Q(function=""), name="one_unit_per_function"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPeriod(Base, Dated):
    """The name and parent a unit had from a date on; closed units stay, so that history still resolves."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods")
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    decree = models.CharField(_("dasar"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "valid_from"]

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from})"


class RoleAssignment(Base, Dated):
    """`user` holds `role` in `unit` and all below it; without a unit: everywhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_assignments", verbose_name=_("orang")
    )
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="role_assignments", verbose_name=_("unit")
    )
    decree = models.CharField(_("dasar"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("penugasan peran")
        verbose_name_plural = _("penugasan peran")
        indexes = [models.Index(fields=["user", "role"], name="role_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit", "valid_from"], nulls_distinct=False, name="role_assigned_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Indicator(Base):
    """A number about a unit and a period that one feature writes and others read."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="indicators", verbose_name=_("unit"))
    key = models.CharField(_("angka"), max_length=60)
    period_start = models.DateField(_("awal periode"))
    period_end = models.DateField(_("akhir periode"))
    value = models.DecimalField(_("nilai"), max_digits=14, decimal_places=4)
    derivation = models.CharField(
        _("asal"), max_length=200, blank=True, help_text=_("Alamat halaman yang menjelaskan angka ini.")
    )
    recorded_at = models.DateTimeField(_("dicatat pada"), auto_now=True)

    class Meta:
        verbose_name = _("angka unit")
        verbose_name_plural = _("angka unit")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "key", "period_start", "period_end"], name="one_indicator_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.unit_id}"


def current_roles(user: Any) -> list[tuple[str, str | None]]:
    """(role, path of its unit or None) of a user today; asked once per request and kept on the user object."""
    cached: list[tuple[str, str | None]] | None = getattr(user, "_current_roles", None)
    if cached is None:
        rows = RoleAssignment.objects.in_force(today()).filter(user_id=user.pk)
        cached = list(rows.order_by("role").values_list("role", "unit__path"))
        user._current_roles = cached
    return cached


def roles_along(on: Any) -> ArraySubquery:
    """What `current_roles` gives, for the statement that loads the person of a request."""
    rows = RoleAssignment.objects.in_force(on).filter(user_id=OuterRef("pk")).order_by("role")
    pair = Func(
        "role", "unit__path", template="ARRAY[%(expressions)s]", output_field=ArrayField(models.TextField())
    )
    return ArraySubquery(rows.values(pair=pair))


def scope_paths(user: Any, right: Right) -> list[str] | None:
    """Paths of the subtrees in which `user` holds `right`; None means everywhere, [] nowhere."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    carrying = roles_with(right)
    paths = [path for role, path in current_roles(user) if role in carrying]
    return None if None in paths else [path for path in paths if path]


def within(path: str, paths: Iterable[str] | None) -> bool:
    """Whether a unit's `path` lies in one of the subtrees; `paths` as `scope_paths` gives them."""
    return paths is None or any(path.startswith(start) for start in paths)


def covers(user: Any, right: Right, path: str) -> bool:
    """Whether `user` holds `right` over the unit at `path`."""
    return within(path, scope_paths(user, right))


def has_right(user: Any, right: Right) -> bool:
    """Whether `user` holds `right` anywhere at all (menus); objects are checked by scope."""
    return scope_paths(user, right) != []


def reads_whole_trail(user: Any) -> bool:
    """Events belong to no unit, so only a right over the whole government opens them."""
    paths = scope_paths(user, Right.VIEW_AUDIT)
    return paths is None or any(len(path) == Unit.steplen for path in paths)
