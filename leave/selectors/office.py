"""The list of those who watch over requests: 25 of half a million, whatever their scope."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, QuerySet

from kepegawaian.lib.ui.pages import CAP, capped
from leave.models import LeaveRequest

Narrow = Callable[[QuerySet[LeaveRequest]], QuerySet[LeaveRequest]]
_SHOWN = (
    *("state", "start", "end", "charged_days", "employee__name", "employee__title_front"),
    *("employee__title_back", "employee__current_nip", "employee__current_unit__name"),
)


class OfficeList:
    """`narrow`: what the filters leave of each part. `order`: fields, the last of which tells any two apart."""

    def __init__(self, user: Any, narrow: Narrow, order: Sequence[str]) -> None:
        self.order = order
        self.parts = [narrow(part).order_by() for part in LeaveRequest.objects.of_others_seen_by(user)]

    def lines(self, first: int, last: int) -> list[LeaveRequest]:
        """Sorted by keys alone; what the lines show is read for them."""
        keys = self._keys(first, last)
        rows = LeaveRequest.objects.filter(pk__in=keys).select_related("employee__current_unit").only(*_SHOWN)
        found = {filed.pk: filed for filed in rows}
        return [found[key] for key in keys if key in found]

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
