"""People whose years before go-live are entered or not: a list of 25 out of 100,000."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import Titled
from kepegawaian.lib.prepared import Prepared, Slots
from leave.models import OpeningYear
from leave.standing import ENTITLED


@dataclass(frozen=True, slots=True)
class Line(Titled):
    """`_COLUMNS`, in their order."""

    pk: uuid.UUID
    nip: str
    unit: str | None
    entered: bool
    name: str
    title_front: str
    title_back: str


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


def lines_of(keys: list[uuid.UUID], years: Collection[int]) -> list[Line]:
    """In any order; one statement."""
    return [Line(*row) for row in _LINES.all(people=keys, years=list(years))]
