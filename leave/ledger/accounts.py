"""The account row of a person: every verb that moves leave locks it first."""

import datetime
from collections.abc import Iterable

from kepegawaian.employees.models import Employee
from leave.ledger.book import Book, flush, load
from leave.ledger.years import open_through, recompute
from leave.models import LeaveAccount, LeaveSetting


def locked_account(employee: Employee) -> LeaveAccount:
    """The account of the person, made if need be, locked until the transaction ends."""
    rows = LeaveAccount.objects.select_for_update().filter(employee=employee)
    account = rows.first()
    if account is None:
        LeaveAccount.objects.bulk_create([LeaveAccount(employee=employee)], ignore_conflicts=True)
        account = rows.get()
    return account


def known_account(employee: Employee) -> LeaveAccount:
    """For reading: the account, or an unsaved one that a plan can be made on."""
    return LeaveAccount.objects.filter(employee=employee).first() or LeaveAccount(employee=employee)


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
    """Plan what follows in later years when days of closed years changed; then write everything."""
    since = min(touched, default=today.year) + 1
    if since <= book.account.opened_through:
        recompute(book, since, today=today)
    save(book)


def save(book: Book) -> None:
    flush([book])
    if book.opened_since_load:
        LeaveAccount.objects.filter(pk=book.account.pk).update(
            opened_through=book.account.opened_through, confirmed=book.account.confirmed
        )
