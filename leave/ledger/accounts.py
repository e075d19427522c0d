"""The account row of a person: every verb that moves leave locks it first."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from kepegawaian.employees.models import Employee
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.prepared import Prepared
from leave.ledger.book import Book, load, unwritten
from leave.ledger.years import open_through, recompute
from leave.models import LeaveAccount, LeaveSetting

_ACCOUNT: Prepared[LeaveAccount] = Prepared(
    lambda slot: LeaveAccount.objects.filter(employee=slot("employee")),
)
_LOCKED: Prepared[LeaveAccount] = Prepared(
    lambda slot: LeaveAccount.objects.select_for_update().filter(employee=slot("employee"))
)


def locked_account(employee: Employee) -> LeaveAccount:
    """The account of the person, made if need be, locked until the transaction ends."""
    account = _LOCKED.first(employee=employee.pk)
    if account is None:
        LeaveAccount.objects.bulk_create([LeaveAccount(employee=employee)], ignore_conflicts=True)
        account = LeaveAccount.objects.select_for_update().get(employee=employee)
    account.employee = employee  # so that `employee.leave_account` is this locked row
    return account


def locked_accounts(people: Iterable[Employee]) -> list[LeaveAccount]:
    """Accounts of many people, missing ones made, locked in one order."""
    keys = {employee.pk for employee in people}
    known = set(LeaveAccount.objects.filter(employee__in=keys).values_list("employee_id", flat=True))
    missing = [LeaveAccount(employee_id=key) for key in keys - known]
    LeaveAccount.objects.bulk_create(missing, ignore_conflicts=True)
    return list(LeaveAccount.objects.filter(employee__in=keys).order_by("pk").select_for_update())


def mark_opened(books: Iterable[Book]) -> None:
    """`opened_through` and `confirmed` of many accounts, one statement for each pair of values."""
    changed: dict[tuple[int, bool], list[Any]] = {}
    for book in books:
        if book.opened_since_load:
            values = (book.account.opened_through, book.account.confirmed)
            changed.setdefault(values, []).append(book.account.pk)
    for (year, confirmed), keys in changed.items():
        LeaveAccount.objects.filter(pk__in=keys).update(opened_through=year, confirmed=confirmed)


def known_account(employee: Employee) -> LeaveAccount:
    """For reading: the account, or an unsaved one that a plan can be made on."""
    return _ACCOUNT.first(employee=employee.pk) or LeaveAccount(employee=employee)


def open_book(
    account: LeaveAccount,
    years: Iterable[int],
    *,
    employee: Employee,
    setting: LeaveSetting,
    today: datetime.date,
    actor: object = None,
) -> Book:
    """The book with every year up to the last of `years` planned. Nothing is written."""
    book = load(account, employee=employee, setting=setting, today=today)
    book.actor = actor
    open_through(book, max(years, default=today.year), today=today)
    return book


def settle(book: Book, touched: Iterable[int], *, today: datetime.date) -> None:
    """Plan what follows in later years when days of closed years changed."""
    since = min(touched, default=today.year) + 1
    if since <= book.account.opened_through:
        recompute(book, since, today=today)


def to_insert(book: Book) -> list[Model]:
    """The rows a verb has to insert for what it planned; the account is brought up to date here."""
    if book.opened_since_load:
        LeaveAccount.objects.filter(pk=book.account.pk).update(
            opened_through=book.account.opened_through, confirmed=book.account.confirmed
        )
    return unwritten(book)


def save(book: Book) -> None:
    insert_together(to_insert(book))
