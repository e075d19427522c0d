"""The verbs over people. Each is one transaction: ask, lock, write, record, tell who acts for what changed."""

from kepegawaian.employees.services.current import refresh_below, refresh_current
from kepegawaian.employees.services.days import cancel_duty, end_pattern, order_duty, set_pattern, set_roster
from kepegawaian.employees.services.heads import delegate, end_delegation, end_head, name_head
from kepegawaian.employees.services.histories import (
    add_position,
    add_rank,
    correct,
    due_changes,
    end_holding,
    head_position,
    position_named,
    withdraw,
)
from kepegawaian.employees.services.people import (
    EDITABLE,
    RESTRICTED,
    change_facts,
    change_number,
    create_employee,
    end_service,
    reveal,
)
from kepegawaian.employees.services.performance import note_performance

__all__ = [
    "EDITABLE",
    "RESTRICTED",
    "add_position",
    "add_rank",
    "cancel_duty",
    "change_facts",
    "change_number",
    "correct",
    "create_employee",
    "delegate",
    "due_changes",
    "end_delegation",
    "end_head",
    "end_holding",
    "end_pattern",
    "end_service",
    "head_position",
    "name_head",
    "note_performance",
    "order_duty",
    "position_named",
    "refresh_below",
    "refresh_current",
    "reveal",
    "set_pattern",
    "set_roster",
    "withdraw",
]
