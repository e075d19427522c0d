"""The ledger of annual leave: buckets of days that only movements change (leave reference 2.1)."""

from leave.ledger.accounts import (
    known_account,
    locked_account,
    locked_accounts,
    mark_opened,
    open_book,
    save,
    settle,
    to_insert,
)
from leave.ledger.book import Book, as_rule, current_setting, flush, load, load_many, rule_key
from leave.ledger.days import charges_of, free, give_back, postpone, reserve, take
from leave.ledger.years import YearResult, carry_of, grant_first_year, open_through, recompute

__all__ = [
    "Book",
    "YearResult",
    "as_rule",
    "carry_of",
    "charges_of",
    "current_setting",
    "flush",
    "free",
    "give_back",
    "grant_first_year",
    "known_account",
    "load",
    "load_many",
    "locked_account",
    "locked_accounts",
    "mark_opened",
    "open_book",
    "open_through",
    "postpone",
    "recompute",
    "reserve",
    "rule_key",
    "save",
    "settle",
    "take",
    "to_insert",
]
