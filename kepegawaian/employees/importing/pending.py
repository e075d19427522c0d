"""Rows waiting to be written, by table: a batch of a thousand people costs a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models

from kepegawaian.accounts.models import User
from kepegawaian.audit.models import Event
from kepegawaian.employees.importing import bulk
from kepegawaian.employees.models import Employee, EmployeeNumber, PositionHolding, RankHolding

Model = type[models.Model]
# What ends makes room for what begins; accounts come before the people who point at them.
_BEFORE: tuple[Model, ...] = (EmployeeNumber, RankHolding, PositionHolding)
_PEOPLE: tuple[Model, ...] = (User, Employee)
_AFTER: tuple[Model, ...] = (EmployeeNumber, RankHolding, PositionHolding, Event)


class Pending:
    def __init__(self) -> None:
        self._inserts: dict[Model, list[models.Model]] = defaultdict(list)
        self._updates: dict[tuple[Model, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)

    def add(self, row: models.Model) -> None:
        self._inserts[type(row)].append(row)

    def change(self, model: Model, key: Any, **values: Any) -> None:
        """Set these columns of the row with this id."""
        self._updates[model, tuple(values)].append({"id": key, **values})

    def flush(self) -> None:
        self._update(_BEFORE)
        self._insert(_PEOPLE)
        self._update(_PEOPLE)
        self._insert(_AFTER)
        self.__init__()  # type: ignore[misc]

    def _update(self, tables: Sequence[Model]) -> None:
        for (model, columns), rows in self._updates.items():
            if model in tables:
                bulk.update(model, rows, columns)

    def _insert(self, tables: Sequence[Model]) -> None:
        for model in tables:
            bulk.insert(model, self._inserts[model])
