"""The verbs on accounts. Each asks the permission again, writes in one transaction and leaves an event."""

from kepegawaian.accounts.services.activation import (
    activate,
    find_activation,
    issue_activation_code,
    issue_activation_codes,
    send_activation_link,
)
from kepegawaian.accounts.services.identity import connect_identity, find_by_identity
from kepegawaian.accounts.services.passwords import change_password, send_password_reset
from kepegawaian.accounts.services.people import (
    build_for_employee,
    create_for_employee,
    deactivate,
    lift_lock,
    reactivate,
    record_email,
    reset_second_factor,
)
from kepegawaian.accounts.services.sessions import end_all_sessions, end_everything, end_sessions_of
from kepegawaian.accounts.services.tokens import create_token, revoke_token, touch_token

__all__ = [
    "activate",
    "build_for_employee",
    "change_password",
    "connect_identity",
    "create_for_employee",
    "create_token",
    "deactivate",
    "end_all_sessions",
    "end_everything",
    "end_sessions_of",
    "find_activation",
    "find_by_identity",
    "issue_activation_code",
    "issue_activation_codes",
    "lift_lock",
    "reactivate",
    "record_email",
    "reset_second_factor",
    "revoke_token",
    "send_activation_link",
    "send_password_reset",
    "touch_token",
]
