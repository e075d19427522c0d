"""Positions behind the position columns: found by JABATAN ID or name, made when missing."""

import uuid
from collections.abc import Mapping
from typing import Any

from kepegawaian.employees.enums import PositionKind
from kepegawaian.employees.importing import naming
from kepegawaian.employees.importing.structure import Known
from kepegawaian.employees.models import Position
from kepegawaian.work.cells import words

NOT_YET = "Jabatan belum tercatat"
"""The post of people whose row names none; HR fills it in."""


class PositionBook:
    """All positions at hand. One that heads a unit belongs to that unit; others are shared by all."""

    def __init__(self, government: str) -> None:
        self.government = government
        self._by_code: dict[str, Position] = {}
        self._by_name: dict[tuple[str, str], Position] = {}
        self._heading: dict[uuid.UUID, Position] = {}
        for position in Position.objects.order_by("id"):
            self._note(position)

    def _note(self, position: Position) -> None:
        if position.code:
            self._by_code[position.code] = position
        if position.heads_id:
            self._heading[position.heads_id] = position
        else:
            self._by_name.setdefault((words(position.name), position.kind), position)

    def get(self, row: Mapping[str, Any] | None, unit: Known, *, heads: bool) -> Position:
        """The position of a row; `heads` says that it is the post of the head of `unit`."""
        name, kind, code = NOT_YET, PositionKind.EXECUTIVE.value, None
        if row is not None:
            name, kind, code = row["name"], row["kind"], row.get("code")
        if heads and (found := self._heading.get(unit.id)):
            return self._coded(found, code)
        if code and (found := self._by_code.get(code)):
            return self._leading(found, unit) if heads else found
        if not heads and (found := self._by_name.get((words(name), kind))):
            return self._coded(found, code)
        position = Position(
            name=name,
            kind=kind,
            code=code,
            level=naming.functional_level(name) if kind == PositionKind.FUNCTIONAL else "",
            heads_id=unit.id if heads else None,
        )
        if kind == PositionKind.STRUCTURAL:
            position.eselon = (row or {}).get("eselon") or naming.eselon(name, self.government)
        position.save(force_insert=True)
        self._note(position)
        return position

    def _coded(self, position: Position, code: str | None) -> Position:
        if code and not position.code and code not in self._by_code:
            position.code = code
            position.save(update_fields=["code"])
            self._by_code[code] = position
        return position

    def _leading(self, position: Position, unit: Known) -> Position:
        """A post that was shared until now turns out to head this unit."""
        if position.heads_id is None:
            position.heads_id = unit.id
            position.save(update_fields=["heads"])
            self._heading[unit.id] = position
        return position
