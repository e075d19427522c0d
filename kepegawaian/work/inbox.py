"""What waits for one person, for all features in one query; and acting on several at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Func, IntegerField, OuterRef, QuerySet

from kepegawaian.lib.ids import as_uuid
from kepegawaian.work.models import WorkItem
from kepegawaian.work.registry import BulkAction, BulkResult, ItemKind, kind_of

CAP = 99
AT_MOST = 100
"""Items of one bulk action: each is a verb of its own, and the person waits for all of them."""


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: ItemKind
    count: int


def waiting(user: Any, kind: str = "") -> QuerySet[WorkItem]:
    items = WorkItem.objects.waiting_for(user).order_by("due_on", "id")
    return items.filter(kind=kind) if kind else items


def kinds_waiting(user: Any) -> list[KindCount]:
    rows = WorkItem.objects.waiting_for(user).order_by().values_list("kind").annotate(n=Count("id"))
    counts = [KindCount(kind_of(kind), n) for kind, n in rows]
    return sorted(counts, key=lambda count: str(count.kind.label))


def waiting_count(user: Any) -> int:
    """How many wait, counted no further than one past `CAP`."""
    return WorkItem.objects.waiting_for(user).order_by()[: CAP + 1].count()


def count_along(on: Any) -> Func:
    """What `waiting_count` gives, for the statement that loads the person of a request."""
    items = WorkItem.objects.waiting_for(OuterRef("pk")).order_by()[: CAP + 1]
    return Func(ArraySubquery(items.values("pk")), function="cardinality", output_field=IntegerField())


def chosen_items(user: Any, kind: str, ids: Iterable[str]) -> list[WorkItem]:
    """Those of the ticked rows that (still) wait for this person; rows that closed meanwhile are left out."""
    keys = [key for text in ids if (key := as_uuid(text))]
    return list(waiting(user, kind).filter(pk__in=keys)[:AT_MOST])


def run_bulk(
    *, actor: Any, action: BulkAction, items: Sequence[WorkItem], data: Mapping[str, Any]
) -> list[tuple[WorkItem, BulkResult]]:
    """Let the feature do it for each subject, and say what became of every item."""
    results = {result.subject_id: result for result in action.handler(actor, [i.subject_id for i in items], data)}
    return [(item, results[item.subject_id]) for item in items if item.subject_id in results]
