"""People and their dated histories."""

from kepegawaian.employees.models.delegations import Delegation, DutyDay, PersonPattern
from kepegawaian.employees.models.histories import PositionHolding, RankHolding
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.employees.models.people import Employee, EmployeeNumber
from kepegawaian.employees.models.performance import PerformanceNote
from kepegawaian.employees.models.positions import Position

__all__ = [
    "Delegation",
    "DutyDay",
    "Employee",
    "EmployeeNumber",
    "ImportBatch",
    "ImportRow",
    "PerformanceNote",
    "PersonPattern",
    "Position",
    "PositionHolding",
    "RankHolding",
]
