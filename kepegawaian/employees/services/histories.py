"""The verbs of dated rows: rank and position by decree, an end, a correction that keeps the wrong row visible."""

import datetime
import uuid
from typing import Any, TypeVar

from django.db import models
from django.db.transaction import atomic
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.employees import permissions, rules
from kepegawaian.employees.enums import HoldingKind, PositionKind
from kepegawaian.employees.models import Delegation, Employee, Position, PositionHolding, RankHolding
from kepegawaian.employees.registry import HolderChange, holder_changed
from kepegawaian.employees.services.current import refresh_current
from kepegawaian.employees.services.guards import DAY, check_period, constraints_in_words, lock, refuse
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.ui.formatting import long_day
from kepegawaian.units.models import Unit

Row = TypeVar("Row", RankHolding, PositionHolding)
_VERB = {RankHolding: "rank", PositionHolding: "position"}


def _begin(employee: Employee, actor: User | None) -> Employee:
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    return employee


def _siblings(row: Row) -> "models.QuerySet[Row]":
    """The standing rows of the same line of history: ranks, or definitive positions."""
    rows: Any = type(row)._default_manager.filter(employee_id=row.employee_id, superseded_at=None)
    if isinstance(row, PositionHolding):
        rows = rows.filter(kind=HoldingKind.DEFINITIVE)
    return rows  # type: ignore[no-any-return]


def _chained(row: RankHolding | PositionHolding) -> bool:
    """Ranks and definitive positions follow one another; Plt and Plh stand beside them."""
    return not isinstance(row, PositionHolding) or row.kind == HoldingKind.DEFINITIVE


def _make_room(row: Row) -> Row | None:
    """End the row before the day before, and let this one end before the next; the row that was ended."""
    rows = _siblings(row).exclude(pk=row.pk)
    if rows.filter(valid_from=row.valid_from).exists():
        raise refuse(_("Sudah ada riwayat dengan TMT itu. Perbaiki riwayat tersebut."), "valid_from")
    following = rows.filter(valid_from__gt=row.valid_from).order_by("valid_from").first()
    if following is not None:
        last = following.valid_from - DAY
        row.valid_to = min(row.valid_to or last, last)
    before = rows.filter(valid_from__lt=row.valid_from).order_by("valid_from").last()
    if before is not None and (before.valid_to is None or before.valid_to >= row.valid_from):
        before.valid_to = row.valid_from - DAY
        before.save(update_fields=["valid_to"])
        return before
    return None


def _change(*rows: RankHolding | PositionHolding | None) -> HolderChange:
    positions = [row for row in rows if isinstance(row, PositionHolding)]
    units = frozenset(row.heads_id for row in positions if row.heads_id is not None)
    return HolderChange(units, frozenset(row.employee_id for row in positions))


def _finish(row: RankHolding | PositionHolding, *others: RankHolding | PositionHolding | None) -> None:
    refresh_current([row.employee_id])
    holder_changed(_change(row, *others))


# --- Rank -----------------------------------------------------------------------------------------
@atomic
def add_rank(
    *,
    employee: Employee,
    golongan: str,
    valid_from: datetime.date,
    scheme: str = "",
    mk_years: int = 0,
    mk_months: int = 0,
    decree_number: str = "",
    decree_date: datetime.date | None = None,
    signer: str = "",
    actor: User | None = None,
) -> RankHolding:
    """A *pangkat/golongan* from its TMT on, given by name ("III/a", "IX") or code; it ends the one before."""
    employee = _begin(employee, actor)
    parsed = rules.parse_golongan(golongan, scheme or rules.scheme_of(employee.status))
    if parsed is None:
        raise refuse(_("Golongan ini tidak dikenal."), "golongan")
    row = RankHolding(
        employee=employee,
        scheme=parsed.scheme,
        golongan=parsed.name,
        order=parsed.code,
        mk_years=mk_years,
        mk_months=mk_months,
        valid_from=valid_from,
        decree_number=decree_number,
        decree_date=decree_date,
        signer=signer,
    )
    _make_room(row)
    with constraints_in_words(RankHolding, "valid_from"):
        row.save(force_insert=True)
    data = {"golongan": row.golongan, "valid_from": valid_from, "decree": decree_number, "row": row.pk}
    record("employees.rank_added", employee, actor=actor, data=data)
    _finish(row)
    return row


# --- Position -------------------------------------------------------------------------------------
def position_named(name: str, kind: str, *, eselon: str = "", level: str = "") -> Position:
    """The shared post of that name and kind; made when there is none yet."""
    name = " ".join(name.split())
    found = Position.objects.filter(name=name, kind=kind, heads=None).order_by("id").first()
    return found or Position.objects.create(name=name, kind=kind, eselon=eselon, level=level)


def head_position(unit: Unit) -> Position:
    """The post that heads the unit; made when it is missing, named as local governments do."""
    kind = PositionKind.OFFICIAL if rules.is_elected(unit.name) else PositionKind.STRUCTURAL
    defaults = {"name": rules.head_title(unit.name), "kind": kind}
    return Position.objects.get_or_create(heads=unit, defaults=defaults)[0]


@atomic
def add_position(
    *,
    employee: Employee,
    position: Position,
    unit: Unit,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    kind: str = HoldingKind.DEFINITIVE,
    decree_number: str = "",
    decree_date: datetime.date | None = None,
    signer: str = "",
    actor: User | None = None,
) -> PositionHolding:
    """Put a person into a post of a unit. A definitive one ends the definitive one before; Plt and Plh do not.

    A post that heads a unit makes the person its head; somebody else who holds it must leave it first.
    """
    row = PositionHolding(
        employee=_begin(employee, actor),
        position=position,
        unit=unit,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        decree_number=decree_number,
        decree_date=decree_date,
        signer=signer,
    )
    return place(row, actor)


def place(row: PositionHolding, actor: User | None) -> PositionHolding:
    """Write a new holding of a locked person, for verbs that have asked for permission themselves."""
    if row.position.heads is not None:
        row.unit = row.heads = row.position.heads
    check_period(row.valid_from, row.valid_to)
    if row.unit.closed_on and row.unit.closed_on <= row.valid_from:
        raise refuse(_("Unit ini sudah ditutup pada tanggal itu."), "unit")
    ended = _make_room(row) if _chained(row) else None
    _refuse_second_head(row)
    with constraints_in_words(PositionHolding, "valid_from"):
        row.save(force_insert=True)
    data = {
        "position": row.position.name,
        "unit": row.unit_id,
        "kind": row.kind,
        "valid_from": row.valid_from,
        "decree": row.decree_number,
        "row": row.pk,
    }
    record("employees.position_added", row.employee, actor=actor, data=data)
    _finish(row, ended)
    return row


def _refuse_second_head(row: PositionHolding) -> None:
    """Say who sits there, before the database refuses without a name."""
    if row.heads_id is None:
        return
    others = PositionHolding.objects.standing().filter(heads=row.heads_id).exclude(employee=row.employee_id)
    others = others.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lte=row.valid_to)
    kinds = {row.kind, HoldingKind.DEFINITIVE} if row.kind == HoldingKind.PLT else {row.kind}
    sitting = others.filter(kind__in=kinds).select_related("employee").first()
    if sitting is None:
        return
    words = {"name": sitting.employee.full_name, "since": long_day(sitting.valid_from)}
    if sitting.kind != row.kind:
        text = _("%(name)s menjabat definitif sejak %(since)s. Plt. hanya untuk jabatan yang kosong; gunakan Plh.")
    else:
        text = _("%(name)s masih menjabat sejak %(since)s. Akhiri jabatannya lebih dahulu.")
    raise refuse(text % words, "employee", rule="one_head_of_a_kind_at_a_time")


# --- End, correct, withdraw -----------------------------------------------------------------------
@atomic
def end_holding(
    *, row: PositionHolding, on: datetime.date, reason: str = "", actor: User | None = None
) -> PositionHolding:
    """The last day in the post is `on`; the post is vacant from the next day."""
    _begin(row.employee, actor)
    return finish_on(row, on, reason, actor)


def finish_on(row: PositionHolding, on: datetime.date, reason: str, actor: User | None) -> PositionHolding:
    """End a holding of a locked person, for verbs that have asked for permission themselves."""
    row = _standing(row)
    check_period(row.valid_from, on, "on")
    if row.valid_to is not None and row.valid_to < on:
        raise refuse(_("Jabatan ini sudah berakhir sebelum tanggal itu."), "on")
    before, row.valid_to = row.valid_to, on
    row.save(update_fields=["valid_to"])
    data = {"row": row.pk, "from": before, "to": on, "reason": reason}
    record("employees.position_ended", row.employee, actor=actor, data=data)
    _finish(row)
    return row


@atomic
def correct(*, row: Row, changes: dict[str, Any], reason: str, actor: User | None = None) -> Row:
    """Replace a wrong row by a right one. The wrong one stays, marked as superseded with the reason."""
    employee = _begin(row.employee, actor)
    old = _standing(row)
    if not reason.strip():
        raise refuse(_("Tuliskan alasan perbaikan."), "reason")
    new = type(old)(**{field.attname: getattr(old, field.attname) for field in old._meta.concrete_fields})
    new.pk = uuid7()
    new.superseded_at, new.superseded_reason = None, ""
    for name, value in changes.items():
        setattr(new, name, value)
    if isinstance(new, PositionHolding):
        new.heads = new.position.heads
        new.unit = new.position.heads or new.unit
    _supersede(old, reason)
    if _chained(new):
        _fit(old, new)
    check_period(new.valid_from, new.valid_to)
    if isinstance(new, PositionHolding):
        _refuse_second_head(new)
    with constraints_in_words(type(new), "valid_from"):
        new.save(force_insert=True)
    _record_correction(employee, old, new, reason, actor)
    _finish(new, old)
    return new


def _standing(row: Row) -> Row:
    fresh: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.superseded_at is not None:
        raise refuse(_("Riwayat ini sudah diperbaiki orang lain."))
    return fresh


def _supersede(row: RankHolding | PositionHolding, reason: str) -> None:
    row.superseded_at, row.superseded_reason = timezone.now(), reason.strip()[:200]
    row.save(update_fields=["superseded_at", "superseded_reason"])


def _fit(old: Row, new: Row) -> None:
    """Keep neighbours that touched the old row touching the new one, and refuse to jump over them."""
    rows = _siblings(new)
    before = rows.filter(valid_from__lt=old.valid_from).order_by("valid_from").last()
    after = rows.filter(valid_from__gt=old.valid_from).order_by("valid_from").first()
    if before is not None and new.valid_from <= before.valid_from:
        raise refuse(_("TMT mendahului riwayat sebelumnya."), "valid_from")
    if after is not None and new.valid_from >= after.valid_from:
        raise refuse(_("TMT melewati riwayat sesudahnya."), "valid_from")
    touched = before is not None and before.valid_to == old.valid_from - DAY
    overlaps = before is not None and before.valid_to is not None and before.valid_to >= new.valid_from
    if before is not None and (touched or overlaps):
        before.valid_to = new.valid_from - DAY
        before.save(update_fields=["valid_to"])
    if after is not None:
        last = after.valid_from - DAY
        new.valid_to = min(new.valid_to or last, last)


def _record_correction(
    employee: Employee,
    old: RankHolding | PositionHolding,
    new: RankHolding | PositionHolding,
    reason: str,
    actor: User | None,
) -> None:
    names = [
        field.attname for field in old._meta.concrete_fields if not field.attname.startswith(("id", "supers"))
    ]
    differing = {
        name: {"from": getattr(old, name), "to": getattr(new, name)}
        for name in names
        if getattr(old, name) != getattr(new, name)
    }
    data: dict[str, Any] = {"row": old.pk, "by": new.pk, "reason": reason, "changes": differing}
    record(f"employees.{_VERB[type(old)]}_corrected", employee, actor=actor, data=data)


@atomic
def withdraw(*, row: Row, reason: str, actor: User | None = None) -> Row:
    """Take a row back that should not exist; the row before it holds on where this one had ended it."""
    employee = _begin(row.employee, actor)
    old = _standing(row)
    if not reason.strip():
        raise refuse(_("Tuliskan alasan perbaikan."), "reason")
    _supersede(old, reason)
    before = None
    if _chained(old):
        before = _siblings(old).filter(valid_to=old.valid_from - DAY).first()
    if before is not None:
        before.valid_to = old.valid_to
        with constraints_in_words(type(old)):
            before.save(update_fields=["valid_to"])
    data = {"row": old.pk, "reason": reason}
    record(f"employees.{_VERB[type(old)]}_withdrawn", employee, actor=actor, data=data)
    _finish(old, before)
    return old


def due_changes(since: datetime.date, on: datetime.date) -> HolderChange:
    """Whose powers began in (since, on] or ended in [since, on): what a date alone changed overnight."""
    begun = models.Q(valid_from__gt=since, valid_from__lte=on)
    ended = models.Q(valid_to__gte=since, valid_to__lt=on)
    units: set[uuid.UUID] = set()
    people: set[uuid.UUID] = set()
    rows = PositionHolding.objects.standing().filter(begun | ended).values_list("heads_id", "employee_id")
    for heads, person in rows:
        people.add(person)
        if heads is not None:
            units.add(heads)
    handed_on = Delegation.objects.filter(begun | ended, ended_at=None).values_list("principal_id", "delegate_id")
    for pair in handed_on:
        people.update(pair)
    return HolderChange(frozenset(units), frozenset(people))
