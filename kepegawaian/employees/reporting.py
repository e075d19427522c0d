"""Who acts for a post on a date, and who is whose superior (leave reference section 7).

The line of a person goes up the unit tree; between an office and the government stands the secretariat
(the Sekda is the superior of heads of offices). A post without an able holder is passed by. In one unit a
Plh (holder away) goes before the definitive head, a Plt (post vacant) comes last. Nobody is judged by
himself, nor by a post at or below the units he heads.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from kepegawaian.accounts.models import User
from kepegawaian.employees.enums import ACTIVE_STATES, HoldingKind
from kepegawaian.employees.models import Delegation, Employee, PositionHolding
from kepegawaian.lib.lookups import AnyOf
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.units.models import Unit, UnitKind

CAPACITY = {HoldingKind.DEFINITIVE: "", HoldingKind.PLT: "Plt.", HoldingKind.PLH: "Plh."}
_LINE_OF_PERSON = """
SELECT left(unit.path, step) FROM employees_positionholding holding
JOIN units_unit unit ON unit.id = holding.unit_id
CROSS JOIN generate_series(5, length(unit.path), 5) step
WHERE holding.employee_id = %s AND holding.kind = 'definitive' AND holding.superseded_at IS NULL
  AND holding.valid_from <= %s AND (holding.valid_to IS NULL OR holding.valid_to >= %s)
UNION ALL SELECT path FROM units_unit WHERE function = 'secretariat'
"""
"""Paths of the units above a person, and of the secretariat."""
_LINE_OF_UNIT = "SELECT unnest(%s::text[]) UNION ALL SELECT path FROM units_unit WHERE function = 'secretariat'"
_TURN = {HoldingKind.PLH: 0, HoldingKind.DEFINITIVE: 1, HoldingKind.PLT: 2}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who acts. `capacity` is "", "Plt.", "Plh.", "a.n." or "a.n. Plt."; `principal` is set for a delegate."""

    user: User
    employee: Employee
    capacity: str
    principal: Employee | None
    unit: Unit
    position: str

    @property
    def title(self) -> str:
        """As letters say it: "Plt. Kepala Dinas Kesehatan"."""
        return f"{self.capacity} {self.position}".strip()


def superior_of(employee: Employee, on: datetime.date) -> Holder | None:
    """The direct superior on the date, in two statements whatever the depth; None at the very top."""
    holdings = [holding for holding in _ABOVE_PERSON.all(employee=employee.pk, on=on) if holding.start is not None]
    return _first_able(holdings, holdings[0].start if holdings else "", on, employee.pk)


def head_of(unit: Unit, on: datetime.date, *, requester: Employee | None = None) -> Holder | None:
    """Who acts as head of the unit, or of the next unit above that has an able head.

    With a `requester` nobody comes out who is that person or below him.
    """
    holdings = _ABOVE_UNIT.all(paths=_prefixes(unit.path), on=on)
    return _first_able(holdings, unit.path, on, requester.pk if requester else None)


def sitting_head(unit: Unit, on: datetime.date) -> Holder | None:
    """Who acts as head of this very unit; None when the post is vacant."""
    return _first_able(_OF_UNIT.all(unit=unit.pk, on=on), unit.path, on, None)


def office_of(unit: Unit) -> Unit:
    """The office (*perangkat daerah*) the unit belongs to; above all offices: the unit itself."""
    if unit.kind == UnitKind.OFFICE:
        return unit
    offices = Unit.objects.filter(path__in=_prefixes(unit.path), kind=UnitKind.OFFICE)
    return offices.order_by("-depth").first() or unit


def unit_with(function: str) -> Unit | None:
    return _WITH_FUNCTION.first(function=function)


def _prefixes(path: str) -> list[str]:
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def _heads(on: Any) -> "QuerySet[Any]":
    """Holdings that head an open unit on the date; `delegates`: whether their holder has appointed somebody."""
    open_unit = Q(heads__closed_on=None) | Q(heads__closed_on__gt=on)
    holdings = PositionHolding.objects.standing().in_force(on).filter(open_unit, heads__isnull=False)
    appointed = Delegation.objects.in_force(on).filter(principal=OuterRef("employee"), ended_at=None)
    return holdings.annotate(delegates=Exists(appointed)).select_related("heads", "position", "employee__user")


def _rank(holding: Any, start: str) -> tuple[bool, bool, int, int]:
    """Own line upwards, then the secretariat, then the government above it; in a unit by turn."""
    unit = holding.heads
    foreign = not start.startswith(unit.path)
    above_all = unit.kind == UnitKind.GOVERNMENT
    return (above_all, foreign, -unit.depth, _TURN[HoldingKind(holding.kind)])


def _above_person(slot: Slots) -> "QuerySet[Any]":
    """With `start`, the path of the person's own unit, on each row."""
    own = PositionHolding.objects.standing().in_force(slot("on"))
    own = own.filter(employee=slot("employee"), kind=HoldingKind.DEFINITIVE)
    line = RawSQL(_LINE_OF_PERSON, [slot("employee"), slot("on"), slot("on")])  # noqa: S611
    return (
        _heads(slot("on"))
        .filter(AnyOf(F("heads__path"), line))
        .annotate(start=Subquery(own.values("unit__path")[:1]))
    )


_ABOVE_PERSON: Prepared[Any] = Prepared(_above_person)
_ABOVE_UNIT: Prepared[Any] = Prepared(
    lambda slot: _heads(slot("on")).filter(AnyOf(F("heads__path"), RawSQL(_LINE_OF_UNIT, [slot("paths")])))  # noqa: S611
)
_OF_UNIT: Prepared[Any] = Prepared(lambda slot: _heads(slot("on")).filter(heads=slot("unit")))
_WITH_FUNCTION: Prepared[Unit] = Prepared(lambda slot: Unit.objects.filter(function=slot("function")))


def _first_able(holdings: list[Any], start: str, on: datetime.date, requester: uuid.UUID | None) -> Holder | None:
    holdings.sort(key=lambda holding: _rank(holding, start))
    first = next(_above(holdings, requester), None)
    if first is None:
        return None
    return _holder(first, _delegate_of(first.employee_id, on) if first.delegates else None, requester)


def _above(holdings: list[Any], requester: uuid.UUID | None) -> Iterator[Any]:
    """Able holders, starting above the highest unit that the requester heads himself."""
    own = [index for index, holding in enumerate(holdings) if holding.employee_id == requester]
    led = {holdings[index].heads_id for index in own}
    last = max((index for index, holding in enumerate(holdings) if holding.heads_id in led), default=-1)
    for holding in holdings[last + 1 :]:
        if _able(holding.employee):
            yield holding


def _able(employee: Employee) -> bool:
    """In active service and with a live account: anybody else could not act, so the post counts as vacant."""
    return employee.legal_state in ACTIVE_STATES and employee.user is not None and employee.user.is_active


def _delegations(slot: Slots) -> "QuerySet[Any]":
    rows = Delegation.objects.in_force(slot("on")).filter(principal=slot("principal"), ended_at=None)
    return rows.select_related("delegate__user").order_by("-valid_from", "-id")


_DELEGATIONS: Prepared[Any] = Prepared(_delegations)


def _delegate_of(principal: uuid.UUID, on: datetime.date) -> Employee | None:
    """The one appointed last who can act."""
    rows = _DELEGATIONS.all(principal=principal, on=on)
    return next((row.delegate for row in rows if _able(row.delegate)), None)


def _holder(holding: Any, delegate: Employee | None, requester: uuid.UUID | None) -> Holder:
    capacity = CAPACITY[HoldingKind(holding.kind)]
    actor, principal = holding.employee, None
    if delegate is not None and delegate.pk != requester:
        actor, principal = delegate, holding.employee
        capacity = f"a.n. {capacity}".strip()
    assert actor.user is not None
    return Holder(actor.user, actor, capacity, principal, holding.heads, holding.position.name)
