"""What the personnel office brings into the ledger for the years before go-live."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kepegawaian.audit import services as audit
from kepegawaian.audit.models import Event
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from leave import ledger, permissions, rules
from leave.models import LeaveAccount, LeaveSetting, OpeningYear
from leave.services.guards import verb
from leave.standing import law_for

YEARS_BEFORE = 2
"""Only the two years before go-live have a say in what is carried over."""


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """What a person brings along from a year: days left, days postponed, or the whole year unused."""

    year: int
    left: int
    postponed: int = 0
    unused: bool = False

    @classmethod
    def of(cls, row: OpeningYear) -> "OpeningEntry":
        return cls(row.year, row.left, row.postponed, row.unused)


def opening_years(setting: LeaveSetting) -> list[int]:
    return [setting.go_live_year - back for back in range(1, YEARS_BEFORE + 1)]


@verb
def enter_opening(*, actor: Any, employee: Employee, entries: Sequence[OpeningEntry], source: str = "") -> None:
    """Enter or correct the years before go-live of one person; the same again changes nothing.

    A wrong entry stays, marked as superseded, and the years since are computed anew by new movements.
    """
    demand(permissions.can_enter_opening(actor, employee))
    refuse_entries(employee, entries, ledger.current_setting())
    write_openings({employee.pk: list(entries)}, people={employee.pk: employee}, actor=actor, source=source)


def write_openings(
    entries: Mapping[uuid.UUID, Sequence[OpeningEntry]],
    *,
    people: Mapping[uuid.UUID, Employee],
    actor: Any,
    source: str,
) -> int:
    """Checked entries of many people, in a number of statements that does not grow; how many people changed."""
    accounts = {account.employee_id: account for account in ledger.locked_accounts(people.values())}
    rows = OpeningYear.objects.filter(account__in=list(accounts.values()), superseded_at=None)
    known = {(row.account_id, row.year): row for row in rows}
    new, old, events, touched = [], [], [], []
    for key, given in entries.items():
        account = accounts[key]
        changed = [entry for entry in given if _differs(known.get((account.pk, entry.year)), entry)]
        old += [row.pk for entry in changed if (row := known.get((account.pk, entry.year)))]
        new += [_opening_row(account, entry, actor, source) for entry in changed]
        if changed:
            years = {entry.year: [entry.left, entry.postponed, entry.unused] for entry in changed}
            data = {"years": years, "source": source}
            events.append(audit.build("leave.opening_entered", account, actor=actor, data=data))
            touched.append(account)
    OpeningYear.objects.filter(pk__in=old).update(superseded_at=timezone.now())
    OpeningYear.objects.bulk_create(new)
    Event.objects.bulk_create(events)
    _recompute(touched, people, actor)
    return len(touched)


def _differs(row: OpeningYear | None, entry: OpeningEntry) -> bool:
    return row is None or OpeningEntry.of(row) != entry


def _opening_row(account: LeaveAccount, entry: OpeningEntry, actor: Any, source: str) -> OpeningYear:
    return OpeningYear(
        account=account,
        year=entry.year,
        left=entry.left,
        postponed=entry.postponed,
        unused=entry.unused,
        entered_by=actor,
        source=source[:200],
    )


def _recompute(accounts: Sequence[LeaveAccount], people: Mapping[uuid.UUID, Employee], actor: Any) -> None:
    on, setting = today(), ledger.current_setting()
    books = ledger.load_many(accounts, people=people, setting=setting, today=on)
    for book in books:
        book.actor = actor
        ledger.open_through(book, on.year, today=on)
        ledger.recompute(book, setting.go_live_year, today=on)
    ledger.flush(books)
    ledger.mark_opened(books)


def refuse_entries(employee: Employee, entries: Iterable[OpeningEntry], setting: LeaveSetting) -> None:
    """Raises RuleRefused for a year that plays no part or that cannot be true."""
    problems: list[Problem] = []
    allowed = opening_years(setting)
    for entry in entries:
        if entry.year not in allowed:
            sentence = _("Saldo awal hanya untuk tahun %(years)s.") % {"years": ", ".join(map(str, allowed))}
            problems.append(Problem(sentence, rule=rules.Rule.OPENING.value, field="year"))
            continue
        law = law_for(employee, datetime.date(setting.go_live_year, 1, 1))
        given = rules.OpeningYear(entry.year, entry.left, entry.postponed, entry.unused)
        problems += [refusal.problem for refusal in rules.check_opening(given, law)]
    if problems:
        raise RuleRefused(problems)
