"""Lists in pages of 25 whose count is capped, so that a list of 100,000 costs what a list of 1,000 costs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest

SIZE = 25
CAP = 1000
DEEPEST = 400
NAME = "page"


@dataclass(frozen=True)
class Page:
    """One page of a list. `count` stops at the cap; `more` says that there is at least one more beyond."""

    items: list[Any]
    number: int
    size: int
    count: int
    capped: bool
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def paginate(
    queryset: QuerySet,
    request: HttpRequest,
    *,
    size: int = SIZE,
    cap: int = CAP,
    columns: Sequence[str] = (),
    shown: QuerySet | None = None,
    sorts_all: bool = False,
    name: str = NAME,
) -> Page:
    """The page asked for by `?page=` (`name` for a second list on the page), in two statements (one when it holds
    the whole list). With `columns` the items are plain lines of these, which are not read for counting.
    `shown`: rows of the same model with all that a line joins; the list is then sorted by its keys alone, and
    these are read for the few of the page.
    `sorts_all`: no index gives the order, so that the database has all rows in hand for it and counts them with
    the lines.

    Pages deeper than 10,000 rows are not served: whoever is there should search instead.
    """
    rows = queryset.values_list(*columns) if columns else queryset
    rows = rows.annotate(of_all=Window(Count("*"))) if sorts_all else rows

    def lines(first: int, last: int) -> list[Any]:
        if shown is None:
            return list(rows[first:last])
        return list(shown.filter(pk__in=queryset.values("pk")[first:last]).order_by(*queryset.query.order_by))

    def count(items: list[Any]) -> int:
        if items and sorts_all:
            return int(items[0][-1] if columns else items[0].of_all)
        return capped(queryset, cap)

    return paged(request, lines, count, size=size, cap=cap, name=name)


def capped(queryset: QuerySet, cap: int = CAP) -> int:
    """How many, up to the cap and one."""
    return queryset.order_by().values("pk")[: cap + 1].count()


def by_keys(found: QuerySet, request: HttpRequest, read: Callable[[list[Any]], Iterable[Any]]) -> Page:
    """A page of a list that is sorted by its keys alone. `read(keys)` gives the lines of these, in any order, each
    with its `pk`: with all columns the database would join everybody before it takes twenty-five."""

    def lines(first: int, last: int) -> list[Any]:
        keys = list(found.values_list("pk", flat=True)[first:last])
        return in_order(keys, read(keys)) if keys else []

    return paged(request, lines, lambda _items: capped(found))


def in_order(keys: Iterable[Any], lines: Iterable[Any]) -> list[Any]:
    """The lines in the order of their keys; what went away meanwhile is left out."""
    known = {line.pk: line for line in lines}
    return [known[key] for key in keys if key in known]


def paged(
    request: HttpRequest,
    lines: Callable[[int, int], list[Any]],
    count: Callable[[list[Any]], int],
    *,
    size: int = SIZE,
    cap: int = CAP,
    name: str = NAME,
) -> Page:
    """As `paginate`, for a list with statements of its own. `count` is asked only where the page does not tell by
    itself how many there are; it gets the items and goes no further than the cap and one."""
    asked = request.GET.get(name, "1")
    number = min(max(int(asked), 1), DEEPEST) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    offset = (number - 1) * size
    items = lines(offset, offset + size + 1)
    has_next, items = len(items) > size, items[:size]
    counted = offset + len(items) if not has_next and (items or number == 1) else count(items)
    return Page(items, number, size, min(counted, cap), counted > cap, has_next and number < DEEPEST)
