"""The list of those who watch over requests: 25 of half a million, whatever their scope."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from kepegawaian.employees.rules import Titled
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui.pages import CAP, capped, in_order
from leave.models import LeaveRequest

Narrow = Callable[[QuerySet[LeaveRequest]], QuerySet[LeaveRequest]]


@dataclass(frozen=True, slots=True)
class Line(Titled):
    """A request in the list: `_COLUMNS`, in their order. It waits in one step at most."""

    pk: uuid.UUID
    state: str
    start: datetime.date
    end: datetime.date
    charged_days: int
    nip: str
    unit: str | None
    waits_since: datetime.datetime | None
    holder: str | None
    name: str
    title_front: str
    title_back: str


_COLUMNS = (
    *("pk", "state", "start", "end", "charged_days", "employee__current_nip", "employee__current_unit__name"),
    *("waits__opened_at", "waits__holder__name"),
    *("employee__name", "employee__title_front", "employee__title_back"),
)


def _shown(slot: Slots) -> QuerySet[LeaveRequest, Any]:
    waits = FilteredRelation("steps", condition=Q(steps__closed_at=None))
    rows = LeaveRequest.objects.filter(pk__in=slot.any("keys", "uuid")).order_by()
    return rows.alias(waits=waits).values_list(*_COLUMNS)


_LINES: Prepared[Any] = Prepared(_shown)


class OfficeList:
    """`narrow`: what the filters leave of each part. `order`: fields, the last of which tells any two apart."""

    def __init__(self, user: Any, narrow: Narrow, order: Sequence[str]) -> None:
        self.order = order
        self.parts = [narrow(part).order_by() for part in LeaveRequest.objects.of_others_seen_by(user)]

    def lines(self, first: int, last: int) -> list[Line]:
        """Sorted by keys alone; what the lines show is read for them."""
        keys = self._keys(first, last)
        return in_order(keys, (Line(*row) for row in _LINES.all(keys=keys))) if keys else []

    def _keys(self, first: int, last: int) -> list[uuid.UUID]:
        """The first of the whole are among the first of each part."""
        names = {f"by{place}": F(field.lstrip("-")) for place, field in enumerate(self.order)}
        order = [f"-{name}" if field[0] == "-" else name for name, field in zip(names, self.order, strict=True)]
        sorted_parts = [part.annotate(**names).order_by(*order).values_list(*names, "pk") for part in self.parts]
        if len(sorted_parts) == 1:
            return [row[-1] for row in sorted_parts[0][first:last]]
        tops = [part[:last] for part in sorted_parts]
        return [row[-1] for row in tops[0].union(*tops[1:]).order_by(*order)[first:last]]

    def size(self) -> int:
        """Up to the cap of lists and one."""
        if len(self.parts) == 1:
            return capped(self.parts[0])
        tops = [part.values("pk")[: CAP + 1] for part in self.parts]
        return min(tops[0].union(*tops[1:]).count(), CAP + 1)
