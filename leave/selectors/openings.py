"""People whose years before go-live are entered or not: a list of 25 out of 100,000."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.prepared import Prepared, Slots
from leave.models import OpeningYear
from leave.standing import ENTITLED


@dataclass(frozen=True, slots=True)
class Line:
    """`_COLUMNS`, in their order."""

    pk: uuid.UUID
    nip: str
    unit: str | None
    entered: bool
    name: str
    title_front: str
    title_back: str

    @property
    def full_name(self) -> str:
        return full_name(self.name, self.title_front, self.title_back)


_COLUMNS = ("pk", "current_nip", "current_unit__name", "entered", "name", "title_front", "title_back")


def _entered(years: Any) -> Exists:
    """Whether any of the years is known of the person."""
    known = OpeningYear.objects.filter(account__employee=OuterRef("pk"), superseded_at=None, year__in=years)
    return Exists(known.order_by())


def people(user: Any, years: Collection[int]) -> QuerySet[Employee]:
    """Who has a right to annual leave, in the scope of `user`; to be narrowed by `entered`."""
    rows = Employee.objects.in_scope(user, Right.MANAGE_LEAVE)
    rows = rows.filter(legal_state__in=ACTIVE_STATES, status__in=ENTITLED)
    return rows.alias(entered=_entered(years)).order_by("name", "id")


def _shown(slot: Slots) -> QuerySet[Employee, Any]:
    rows = Employee.objects.filter(pk__in=slot.any("people", "uuid")).order_by()
    return rows.annotate(entered=_entered(slot.any("years", "int"))).values_list(*_COLUMNS)


_LINES: Prepared[Any] = Prepared(_shown)


def page_lines(found: QuerySet[Employee], years: Collection[int], first: int, last: int) -> list[Line]:
    """A part of `found` in its order; what the lines show is read for them alone."""
    keys = list(found.values_list("pk", flat=True)[first:last])
    rows = _LINES.all(people=keys, years=list(years)) if keys else ()
    lines = {row[0]: Line(*row) for row in rows}
    return [lines[key] for key in keys if key in lines]
