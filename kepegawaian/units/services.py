"""The verbs of the unit tree. Each keeps a dated row of name and parent, so that any date can be asked."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _
from treebeard.exceptions import InvalidMoveToDescendant

from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.lib.access import Answer
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, Problem, RuleRefused
from kepegawaian.units import permissions, registry
from kepegawaian.units.models import Unit, UnitKind, UnitPeriod

TREE_LOCK = 7_201_001
"""Key of the advisory lock that makes changes of the tree wait for each other."""
DAY = datetime.timedelta(days=1)
CHANGEABLE = ("short_name", "kind", "function", "timezone", "code")


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _require(answer: Answer) -> None:
    if not answer:
        raise PermissionRefused(answer)  # type: ignore[arg-type]


def _refuse(message: Any, field: str = "") -> RuleRefused:
    return RuleRefused([Problem(message, field=field)])


@transaction.atomic
def create_unit(
    *,
    name: str,
    parent: Unit | None = None,
    kind: str = UnitKind.SECTION,
    code: str | None = None,
    short_name: str = "",
    function: str = "",
    timezone: str = "",
    opened_on: datetime.date | None = None,
    decree: str = "",
    actor: User | None = None,
) -> Unit:
    """Add a unit below `parent` (None: at the top). Without an actor the system does it (import, seed)."""
    if actor is not None:
        _require(permissions.can_manage(actor, parent))
    _lock_tree()
    opened_on = opened_on or datetime.date(2000, 1, 1)
    if parent is not None and parent.closed_on and parent.closed_on <= opened_on:
        raise _refuse(_("Unit induk sudah ditutup."), "parent")
    _refuse_taken(None, code, function)
    unit = Unit(
        name=name,
        kind=kind,
        code=code or None,
        short_name=short_name,
        function=function,
        timezone=timezone,
        opened_on=opened_on,
    )
    if parent is not None:
        Unit.objects.add_child(parent, instance=unit)
    else:
        Unit.objects.add_root(instance=unit)
    UnitPeriod.objects.create(unit=unit, name=name, parent=parent, valid_from=opened_on, decree=decree)
    record(
        "units.created", unit, actor=actor, data={"name": name, "parent": parent and parent.pk, "decree": decree}
    )
    return unit


@transaction.atomic
def change_facts(*, unit: Unit, changes: Mapping[str, Any], actor: User | None = None) -> Unit:
    """Change what of a unit has no history (`CHANGEABLE`); the trail keeps the old values."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if actor is not None:
        _require(permissions.can_manage(actor, unit))
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    differing = {name: value for name, value in changes.items() if getattr(unit, name) != value}
    _refuse_taken(unit, differing.get("code"), differing.get("function", ""))
    before = {name: getattr(unit, name) for name in differing}
    for name, value in differing.items():
        setattr(unit, name, value)
    if differing:
        unit.save(update_fields=list(differing))
        data = {name: {"from": before[name], "to": value} for name, value in differing.items()}
        record("units.changed", unit, actor=actor, data=data)
    return unit


def _refuse_taken(unit: Unit | None, code: str | None, function: str) -> None:
    others = Unit.objects.exclude(pk=unit.pk) if unit else Unit.objects.all()
    if code and others.filter(code=code).exists():
        raise _refuse(_("Kode unor ini sudah dipakai unit lain."), "code")
    if function and others.filter(function=function).exists():
        raise _refuse(_("Fungsi ini sudah dipegang unit lain."), "function")


@transaction.atomic
def rename(*, unit: Unit, name: str, on: datetime.date, decree: str = "", actor: User | None = None) -> Unit:
    """Give the unit a new name from `on`; a date to come takes effect by the nightly task."""
    if actor is not None:
        _require(permissions.can_manage(actor, unit))
    _lock_tree()
    unit.refresh_from_db()
    before = unit.name
    _new_period(unit, on=on, decree=decree, name=name)
    _apply(unit, today())
    record("units.renamed", unit, actor=actor, data={"from": before, "to": name, "on": on, "decree": decree})
    return unit


@transaction.atomic
def move(*, unit: Unit, parent: Unit, on: datetime.date, decree: str = "", actor: User | None = None) -> Unit:
    """Put the unit and all below it under `parent` from `on`; a date to come takes effect by the nightly task."""
    if actor is not None:
        _require(permissions.can_manage(actor, unit))
        _require(permissions.can_manage(actor, parent))
    _lock_tree()
    unit.refresh_from_db()
    parent.refresh_from_db()
    if parent.pk == unit.pk or parent.path.startswith(unit.path):
        raise _refuse(_("Unit tidak dapat dipindahkan ke bawah dirinya sendiri."), "parent")
    if parent.closed_on and parent.closed_on <= on:
        raise _refuse(_("Unit induk sudah ditutup."), "parent")
    before = Unit.objects.get_parent(unit, update=True)
    _new_period(unit, on=on, decree=decree, parent=parent)
    _apply(unit, today())
    data = {"from": before and before.pk, "to": parent.pk, "on": on, "decree": decree}
    record("units.moved", unit, actor=actor, data=data)
    return unit


def _new_period(unit: Unit, *, on: datetime.date, decree: str, **changes: Any) -> UnitPeriod:
    """End the period in force the day before `on` and write the next one with the changes."""
    last = UnitPeriod.objects.select_for_update(of=("self",)).filter(unit=unit).order_by("valid_from").last()
    if unit.closed_on and unit.closed_on <= on:
        raise _refuse(_("Unit ini sudah ditutup."), "on")
    values = {"name": unit.name, "parent": Unit.objects.get_parent(unit, update=True)}
    if last is not None:
        if last.valid_from > on:
            raise _refuse(_("Sudah ada perubahan unit ini yang berlaku sesudah tanggal itu."), "on")
        values = {"name": last.name, "parent": last.parent}
        if last.valid_from == on:
            last.name, last.parent = changes.get("name", last.name), changes.get("parent", last.parent)
            last.decree = decree or last.decree
            last.save()
            return last
        last.valid_to = on - DAY
        last.save(update_fields=["valid_to"])
    return UnitPeriod.objects.create(unit=unit, valid_from=on, decree=decree, **{**values, **changes})


def _apply(unit: Unit, on: datetime.date) -> bool:
    """Make the tree say what the period in force on `on` says; whether anything changed."""
    period = UnitPeriod.objects.in_force(on).filter(unit=unit).select_related("parent").first()
    if period is None:
        return False
    current = Unit.objects.get_parent(unit, update=True)
    moved = period.parent is not None and (current is None or period.parent.pk != current.pk)
    if not moved and period.name == unit.name:
        return False
    if period.name != unit.name:
        unit.name = period.name
        unit.save(update_fields=["name"])
    if moved:
        _hang(unit, period.parent)
    registry.tree_changed(unit.path)
    return True


def _hang(unit: Unit, parent: Unit) -> None:
    try:
        Unit.objects.move(unit, parent, "last-child")
    except InvalidMoveToDescendant as error:
        raise _refuse(_("Unit tidak dapat dipindahkan ke bawah dirinya sendiri."), "parent") from error
    unit.refresh_from_db()


@transaction.atomic
def close(*, unit: Unit, on: datetime.date, decree: str = "", actor: User | None = None) -> Unit:
    """The unit no longer exists from `on`. It stays in the tree, so that history still resolves."""
    if actor is not None:
        _require(permissions.can_manage(actor, unit))
    _lock_tree()
    unit.refresh_from_db()
    if unit.closed_on:
        raise ApplicationError(_("Unit ini sudah ditutup."))
    if on <= unit.opened_on:
        raise _refuse(_("Tanggal tutup harus sesudah tanggal dibuka."), "on")
    problems = registry.close_problems(unit, on)
    open_below = Unit.objects.open(on).filter(path__startswith=unit.path).exclude(pk=unit.pk).count()
    if open_below:
        message = _("Masih ada %(n)s unit di bawahnya. Pindahkan atau tutup lebih dahulu.") % {"n": open_below}
        problems.insert(0, Problem(message))
    if problems:
        raise RuleRefused(problems)
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    UnitPeriod.objects.filter(unit=unit, valid_to=None).update(valid_to=on - DAY)
    registry.tree_changed(unit.path)
    record("units.closed", unit, actor=actor, data={"on": on, "decree": decree})
    return unit


@transaction.atomic
def reopen(*, unit: Unit, on: datetime.date, decree: str = "", actor: User | None = None) -> Unit:
    """Take a closing back from `on` (a closing by mistake: the closing date itself)."""
    if actor is not None:
        _require(permissions.can_manage(actor, unit))
    _lock_tree()
    unit.refresh_from_db()
    if not unit.closed_on:
        raise ApplicationError(_("Unit ini tidak ditutup."))
    if on < unit.closed_on:
        raise _refuse(_("Tanggal dibuka kembali tidak boleh sebelum tanggal ditutup."), "on")
    parent = Unit.objects.get_parent(unit, update=True)
    if parent is not None and parent.closed_on and parent.closed_on <= on:
        raise _refuse(_("Unit induk sudah ditutup."), "parent")
    closed_on, unit.closed_on = unit.closed_on, None
    unit.save(update_fields=["closed_on"])
    UnitPeriod.objects.create(unit=unit, name=unit.name, parent=parent, valid_from=on, decree=decree)
    registry.tree_changed(unit.path)
    record("units.reopened", unit, actor=actor, data={"closed_on": closed_on, "on": on, "decree": decree})
    return unit


@transaction.atomic
def apply_due(on: datetime.date | None = None) -> int:
    """Bring names and parents that begin by `on` into the tree; how many units changed. Safe to run twice."""
    on = on or today()
    _lock_tree()
    hangs_under = Substr("unit__path", 1, Length("unit__path") - Unit.steplen)
    late = UnitPeriod.objects.in_force(on).filter(
        ~Q(name=F("unit__name")) | Q(parent__isnull=False) & ~Q(parent__path=hangs_under)
    )
    # Parents first: a move changes the paths of what lies below.
    return sum(_apply(unit, on) for unit in Unit.objects.filter(pk__in=late.values("unit")).order_by("depth"))
