"""The unit tree behind the unit columns: root, office, unit. Known units are found, missing ones made on saving.

A unit is known by its UNOR ID, else by its name below its parent, else by its name where that is unique.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from kepegawaian.employees.importing import naming
from kepegawaian.units import services as units
from kepegawaian.units.models import Unit, UnitFunction, UnitKind
from kepegawaian.work.cells import words


@dataclass(frozen=True, slots=True)
class Ref:
    """A unit as a row names it. Without a parent it hangs at the top."""

    code: str = ""
    name: str = ""
    parent_code: str = ""
    parent: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Ref":
        return cls(*(values.get(key) or "" for key in ("code", "name", "parent_code", "parent")))

    @property
    def key(self) -> str:
        """What tells it from others in one file."""
        return self.code or f"{self.parent_code or words(self.parent)}/{words(self.name)}"

    @property
    def has_parent(self) -> bool:
        return bool(self.parent_code or self.parent)

    def as_list(self) -> list[str]:
        return [self.code, self.name, self.parent_code, self.parent]


@dataclass(frozen=True, slots=True)
class Known:
    id: uuid.UUID
    code: str
    name: str
    path: str
    closed: bool = False

    @property
    def above(self) -> str:
        return self.path[: -Unit.steplen]


class UnitBook:
    """All units at hand by code and by name, and what the file says of those that are missing."""

    def __init__(self, planned: Mapping[str, Any] | None = None) -> None:
        self._by_code: dict[str, Known] = {}
        self._by_place: dict[tuple[str, str], Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        self._refs: dict[str, Ref] = {}
        self.root: Known | None = None
        self.root_name = ""
        rows = Unit.objects.filter(Q(closed_on=None) | Q(code__isnull=False)).order_by("path")
        for key, code, name, path, closed_on in rows.values_list("pk", "code", "name", "path", "closed_on"):
            self._note(Known(key, code or "", name, path, closed_on is not None))
        for fields in (planned or {}).get("units", []):
            self._keep(Ref(*fields))
        self.root_name = (planned or {}).get("root", "")

    def _note(self, known: Known) -> None:
        if known.code:
            self._by_code[known.code] = known
        if not known.closed:
            # One government per database: the first unit at the top is its root.
            if not known.above and (self.root is None or self.root.id == known.id):
                self.root = known
            self._by_place[known.above, words(known.name)] = known
            named = self._by_name.setdefault(words(known.name), [])
            named[:] = [other for other in named if other.id != known.id] + [known]

    # --- What the file says -----------------------------------------------------------------------
    def see(self, values: Mapping[str, Any]) -> Ref:
        """Take note of the unit columns of a row."""
        self.root_name = self.root_name or values.get("root") or ""
        ref = Ref.of(values)
        self._keep(ref)
        return ref

    def _keep(self, ref: Ref) -> None:
        self._refs.setdefault(ref.key, ref)

    def plan(self) -> dict[str, Any]:
        return {"units": [ref.as_list() for ref in self._refs.values()], "root": self.root_name}

    def missing(self) -> int:
        """How many units saving would make, as far as rows name them as their own unit."""
        return sum(self.find(ref) is None for ref in self._refs.values())

    # --- Finding ----------------------------------------------------------------------------------
    def is_root(self, code: str, name: str) -> bool:
        root = self.root
        if root is not None and ((code and code == root.code) or (name and words(name) == words(root.name))):
            return True
        return bool(name) and words(name) in {words(self.root_name or settings.REGION_NAME)}

    def find(self, ref: Ref) -> Known | None:
        if known := self._by_code.get(ref.code):
            return known
        if self.is_root(ref.code, ref.name):
            return self.root
        known = self._by_names(ref)
        # A unit of the same name with another code is another unit.
        return None if known is not None and ref.code and known.code else known

    def _by_names(self, ref: Ref) -> Known | None:
        name = words(ref.name)
        if not ref.has_parent:
            named = self._by_name.get(name, [])
            top = self._by_place.get((self.root.path, name)) if self.root else None
            return named[0] if len(named) == 1 else top
        parent = self._parent(ref)
        return self._by_place.get((parent.path, name)) if parent else None

    def _parent(self, ref: Ref) -> Known | None:
        if self.is_root(ref.parent_code, ref.parent):
            return self.root
        known = self._by_code.get(ref.parent_code)
        return known or self._by_place.get((self.root.path if self.root else "", words(ref.parent)))

    # --- Making -----------------------------------------------------------------------------------
    def make(self, ref: Ref, *, above: tuple[str, ...] = ()) -> Known:
        """Find the unit or make it, and first what it hangs under; a circle in the file ends at the top."""
        root = self._make_root()
        if known := self.find(ref):
            return self._adopt(known, ref.code)
        parent = root
        if self.is_root(ref.parent_code, ref.parent):
            parent = root = self._adopt(root, ref.parent_code)
        elif ref.has_parent:
            up = self._said_of_parent(ref)
            if up.key not in above and up.key != ref.key:
                parent = self.make(up, above=(*above, ref.key))
        kind = naming.unit_kind(ref.name, below_root=parent.id == root.id)
        unit = units.create_unit(
            name=ref.name or ref.code,
            parent=Unit.objects.get(pk=parent.id),
            kind=kind,
            code=ref.code or None,
            function=_free(naming.unit_function(ref.name, kind)),
        )
        known = Known(unit.pk, unit.code or "", unit.name, unit.path)
        self._note(known)
        return known

    def _said_of_parent(self, ref: Ref) -> Ref:
        """What other rows say of this unit's parent; nothing said: it hangs at the top."""
        key = ref.parent_code or f"/{words(ref.parent)}"
        return self._refs.get(key) or Ref(ref.parent_code, ref.parent)

    def _make_root(self) -> Known:
        if self.root is None:
            unit = units.create_unit(
                name=self.root_name or settings.REGION_NAME,
                kind=UnitKind.GOVERNMENT,
                function=_free(UnitFunction.HEAD_OF_GOVERNMENT),
            )
            self._note(Known(unit.pk, "", unit.name, unit.path))
        assert self.root is not None
        return self.root

    def _adopt(self, known: Known, code: str) -> Known:
        """A unit that was entered by hand, or only known by name, gets the code of the file."""
        if not code or known.code or code in self._by_code:
            return known
        Unit.objects.filter(pk=known.id, code=None).update(code=code)
        coded = Known(known.id, code, known.name, known.path, known.closed)
        self._note(coded)
        return coded


def _free(function: UnitFunction) -> UnitFunction:
    """A function belongs to one unit: the one that has it keeps it."""
    taken = function and Unit.objects.filter(function=function).exists()
    return UnitFunction.NONE if taken else function
