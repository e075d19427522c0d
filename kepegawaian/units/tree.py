"""Reading the tree: as it stands on a date, a branch at a time, and units by what people type."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from kepegawaian.lib.exceptions import Text
from kepegawaian.units import registry
from kepegawaian.units.models import Unit, UnitPeriod

SEPARATOR = " · "
SUGGESTED = 12


@dataclass(slots=True)
class Node:
    """A unit as it was on a date. `children` is None while its branch is not shown."""

    id: uuid.UUID
    name: str
    parent_id: uuid.UUID | None
    has_children: bool
    closed: bool = False
    head: Text = ""
    children: list["Node"] | None = field(default=None)


def branches(parents: Collection[uuid.UUID | None], on: datetime.date, *, closed: bool = False) -> list[Node]:
    """The units directly below `parents` (None: the top) on the date, with their heads, in two statements."""
    rows = _on(on).filter(_below(parents))
    nodes = [
        Node(row.unit_id, row.name, row.parent_id, row.has_children)
        for row in rows.annotate(has_children=Exists(_on(on).filter(parent=OuterRef("unit"))))
        .select_related("unit")
        .order_by("unit__path")
    ]
    if closed:
        nodes += _closed(parents, on)
    heads = registry.heads_of([node.id for node in nodes if not node.closed], on)
    for node in nodes:
        node.head = heads.get(node.id, "")
    return nodes


def _on(on: datetime.date) -> QuerySet[UnitPeriod]:
    return UnitPeriod.objects.in_force(on)


def _below(parents: Collection[uuid.UUID | None]) -> Q:
    below = Q(parent__in=[parent for parent in parents if parent is not None])
    return below | Q(parent=None) if None in parents else below


def _closed(parents: Collection[uuid.UUID | None], on: datetime.date) -> list[Node]:
    """Units closed by the date, below the parent they had last."""
    last = UnitPeriod.objects.filter(unit__closed_on__lte=on).order_by("unit", "-valid_from").distinct("unit")
    rows = UnitPeriod.objects.filter(_below(parents), pk__in=last.values("pk"))
    inner = UnitPeriod.objects.filter(parent=OuterRef("unit"))
    return [
        Node(row.unit_id, row.name, row.parent_id, row.has_children, closed=True)
        for row in rows.annotate(has_children=Exists(inner)).order_by("name")
    ]


def shown(on: datetime.date, *, opened: Unit | None = None, closed: bool = False) -> list[Node]:
    """The top with its first level, and the branches down to `opened`."""
    nodes = branches([None], on, closed=closed)
    expand = {nodes[0].id} if len(nodes) == 1 else set()
    if opened is not None:
        expand |= set(_line(opened, on))
    if expand:
        _hang(nodes, branches(expand, on, closed=closed), expand)
    return nodes


def _line(unit: Unit, on: datetime.date) -> list[uuid.UUID]:
    """The unit and all above it as they stood on the date."""
    parents = dict(_on(on).values_list("unit_id", "parent_id"))
    line, at = [unit.pk], parents.get(unit.pk)
    while at is not None and at not in line:
        line.append(at)
        at = parents.get(at)
    return line


def _hang(roots: list[Node], below: Iterable[Node], expand: set[uuid.UUID]) -> None:
    below = list(below)
    by_parent: dict[uuid.UUID | None, list[Node]] = {}
    for node in below:
        by_parent.setdefault(node.parent_id, []).append(node)
    for node in [*roots, *below]:
        if node.id in expand:
            node.children = by_parent.get(node.id, [])


# --- Units by words -------------------------------------------------------------------------------
def labelled(units: Collection[Unit]) -> list[tuple[Unit, str]]:
    """Each unit with the words that tell it from others: "Bidang Mutasi · Badan Kepegawaian"."""
    parents = {unit.path[: -Unit.steplen] for unit in units} - {""}
    names = dict(Unit.objects.filter(path__in=parents).values_list("path", "name"))
    return [(unit, _label(unit.name, names.get(unit.path[: -Unit.steplen], ""))) for unit in units]


def _label(name: str, parent: str) -> str:
    return f"{name}{SEPARATOR}{parent}" if parent else name


def suggestions(text: str, *, on: datetime.date | None = None) -> list[str]:
    """What to offer for what was typed so far."""
    text = " ".join(text.split())
    if not text:
        return []
    found = Unit.objects.open(on).filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    return [label for _, label in labelled(list(found.order_by("depth", "path")[:SUGGESTED]))]


def find(text: str) -> list[Unit]:
    """The units that the words may mean: one when they are clear, several when they are not."""
    text = " ".join(text.split())
    by_code = list(Unit.objects.filter(code=text))
    if by_code:
        return by_code
    named = list(Unit.objects.filter(name__iexact=text)[:SUGGESTED])
    if not named and SEPARATOR in text:
        head = text.rsplit(SEPARATOR, 1)[0]
        candidates = Unit.objects.filter(name__iexact=head)
        named = [unit for unit, label in labelled(list(candidates)) if label.lower() == text.lower()]
    return named or list(Unit.objects.filter(name__icontains=text).order_by("depth", "path")[:SUGGESTED])
