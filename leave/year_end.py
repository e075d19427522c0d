"""The end of a leave year for everybody: what lapses, what is carried over (leave reference R2-R5).

A run goes through the people in batches, each with its own transaction and cursor. It plans differences, as
every verb does, so a run that is late, repeated, resumed or made on two hosts has one result.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kepegawaian.audit import services as audit
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, StateChanged, demand
from kepegawaian.work.jobs import JobRun, enqueue
from kepegawaian.work.models import Job
from leave import ledger, permissions
from leave.models import LeaveAccount, LeaveSetting, YearRun
from leave.rules.carry import CARRIED
from leave.standing import ENTITLED

JOB = "leave.year_end"
RECOMPUTE_JOB = "leave.recompute"
BATCH = 1000
_LOCK = 0x6C65_6176_6500
"""Key of the advisory lock, plus the year."""


@dataclass(slots=True)
class Tally:
    """What a run did or would do; kept as JSON between batches."""

    people: int = 0
    opened: int = 0
    unconfirmed: int = 0
    short: int = 0
    movements: int = 0
    carried: Counter[str] = field(default_factory=Counter)
    lapsed: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Tally":
        numbers = {name: stored.get(name, 0) for name in ("people", "opened", "unconfirmed", "short", "movements")}
        return cls(**numbers, carried=Counter(stored.get("carried", {})), lapsed=Counter(stored.get("lapsed", {})))

    def stored(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "opened": self.opened,
            "unconfirmed": self.unconfirmed,
            "short": self.short,
            "movements": self.movements,
            "carried": dict(self.carried),
            "lapsed": dict(self.lapsed),
        }

    def add(self, results: Sequence[ledger.YearResult]) -> None:
        self.opened += 1
        self.unconfirmed += not results[-1].confirmed
        for result in results:
            self.short += result.short
            self.carried.update(result.carried)
            self.lapsed.update(result.lapsed)


@dataclass(frozen=True, slots=True)
class PersonPreview:
    """What the end of `year` means for one person."""

    employee: Employee
    lapsed: int
    carried: dict[str, int]
    confirmed: bool


# --- Asking for it --------------------------------------------------------------------------------
def start_run(*, actor: Any, year: int, preview: bool = False) -> Job:
    """Queue the closing of `year`, or its preview, as a job with progress."""
    demand(permissions.can_manage(actor))
    refuse_year(year, preview=preview)
    return enqueue(JOB, owner=actor, arguments={"year": year, "preview": preview})


def may_see(user: Any, job: Job) -> bool:
    return bool(permissions.can_manage(user))


def run_job(run: JobRun) -> dict[str, Any]:
    year, preview = int(run.arguments["year"]), bool(run.arguments.get("preview"))
    return close_year(year, preview=preview, actor=run.job.owner, run=run)


def refuse_year(year: int, *, preview: bool = False) -> None:
    setting = ledger.current_setting()
    if year >= today().year + preview:
        sentence = _("Tahun %(year)s belum berakhir.") % {"year": year}
        raise RuleRefused([Problem(sentence, rule="year-end", field="year")])
    if year < setting.go_live_year - 1:
        sentence = _("Portal mencatat cuti sejak %(year)s.") % {"year": setting.go_live_year}
        raise RuleRefused([Problem(sentence, rule="year-end", field="year")])


def close_due_year() -> dict[str, Any] | None:
    """For the daily task: close last year unless that was finished; None when there was nothing to do."""
    year = today().year - 1
    if year < ledger.current_setting().go_live_year - 1:
        return None
    if YearRun.objects.filter(year=year, preview=False, finished_at__isnull=False).exists():
        return None
    try:
        return close_year(year)
    except StateChanged:
        return None


# --- Doing it -------------------------------------------------------------------------------------
def close_year(
    year: int,
    *,
    preview: bool = False,
    actor: Any = None,
    run: JobRun | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Close `year` and open the next one for everybody. Raises StateChanged while another host does it.

    A preview may also ask about the year that still runs: it counts as if it ended today.
    """
    refuse_year(year, preview=preview)
    with _only_here(year):
        cursor = run.cursor if run else {}
        row = _row(year, preview, actor, cursor)
        tally = Tally.of(cursor.get("tally", {}))
        setting = ledger.current_setting()
        total = people().count()
        last = uuid.UUID(cursor["last"]) if cursor.get("last") else None
        while batch := _batch(last):
            last = batch[-1].pk
            with transaction.atomic():
                _close_batch(batch, year + 1, setting, tally, preview=preview, actor=actor)
                if run is not None:
                    run.save_cursor({"run": str(row.pk), "last": str(last), "tally": tally.stored()})
            if run is not None:
                run.progress(tally.people, total, gettext_lazy("Menghitung saldo"))
            if progress is not None:
                progress(tally.people, total)
        return _finish(row, tally, actor)


def _as_of(year: int) -> datetime.date:
    """The day on which `year` is opened: today, or for a preview its first day."""
    return max(today(), datetime.date(year, 1, 1))


def people() -> Any:
    """Everybody in service who may have annual leave."""
    return Employee.objects.filter(legal_state__in=ACTIVE_STATES, status__in=ENTITLED)


def _batch(last: uuid.UUID | None) -> list[Employee]:
    rows = people().order_by("pk")
    return list((rows.filter(pk__gt=last) if last else rows)[:BATCH])


def _close_batch(
    batch: Sequence[Employee], year: int, setting: LeaveSetting, tally: Tally, *, preview: bool, actor: Any
) -> None:
    tally.people += len(batch)
    by_id = {employee.pk: employee for employee in batch}
    accounts = _accounts(by_id, year, preview=preview)
    books = ledger.load_many(accounts, people=by_id, setting=setting, today=today())
    for book in books:
        book.actor = actor
        results = ledger.open_through(book, year, today=_as_of(year))
        if results:
            tally.add(results)
        tally.movements += len(book.movements)
    if not preview:
        ledger.flush(books)
        ledger.mark_opened(books)


def _accounts(by_id: dict[uuid.UUID, Employee], year: int, *, preview: bool) -> list[LeaveAccount]:
    """Accounts that still have to be opened for `year`; for a preview those that are missing are not made."""
    if not preview:
        return [each for each in ledger.locked_accounts(by_id.values()) if each.opened_through < year]
    known = {each.employee_id: each for each in LeaveAccount.objects.filter(employee__in=list(by_id))}
    chosen = [known.get(key) or LeaveAccount(employee=person) for key, person in by_id.items()]
    return [each for each in chosen if each.opened_through < year]


# --- A setting changed ----------------------------------------------------------------------------
def recompute_everybody(run: JobRun) -> dict[str, Any]:
    """The reading of R5 or the go-live year was changed: this year's carry of everybody, by new movements."""
    setting, total = ledger.current_setting(), people().count()
    tally = Tally.of(run.cursor.get("tally", {}))
    last = uuid.UUID(run.cursor["last"]) if run.cursor.get("last") else None
    while batch := _batch(last):
        last = batch[-1].pk
        with transaction.atomic():
            _recompute_batch(batch, setting, tally, actor=run.job.owner)
            run.save_cursor({"last": str(last), "tally": tally.stored()})
        run.progress(tally.people, total, gettext_lazy("Menghitung saldo"))
    return tally.stored()


def _recompute_batch(batch: Sequence[Employee], setting: LeaveSetting, tally: Tally, *, actor: Any) -> None:
    tally.people += len(batch)
    by_id = {employee.pk: employee for employee in batch}
    on = today()
    accounts = [each for each in ledger.locked_accounts(by_id.values()) if each.opened_through]
    books = ledger.load_many(accounts, people=by_id, setting=setting, today=on)
    for book in books:
        book.actor = actor
        results = [*ledger.open_through(book, on.year, today=on), *ledger.recompute(book, on.year, today=on)]
        if results and book.movements:
            tally.add(results[-1:])
        tally.movements += len(book.movements)
    ledger.flush(books)
    ledger.mark_opened(books)


# --- One person -----------------------------------------------------------------------------------
def preview_people(year: int, employees: Sequence[Employee]) -> list[PersonPreview]:
    """For a page of people: what the end of `year` means for each. Nothing is written."""
    by_id = {employee.pk: employee for employee in employees}
    accounts = {account.employee_id: account for account in LeaveAccount.objects.filter(employee__in=list(by_id))}
    chosen = [accounts.get(key) or LeaveAccount(employee=person) for key, person in by_id.items()]
    books = ledger.load_many(chosen, people=by_id, setting=ledger.current_setting(), today=today())
    return [_person_preview(book, year) for book in books]


def _person_preview(book: ledger.Book, year: int) -> PersonPreview:
    """Years up to `year` are opened first, then its end is planned; a closed year shows what was done."""
    ledger.open_through(book, year, today=today())
    results = ledger.open_through(book, year + 1, today=_as_of(year + 1))
    if results:
        last = results[-1]
        return PersonPreview(book.employee, sum(last.lapsed.values()), last.carried, last.confirmed)
    carry = ledger.carry_of(book, year + 1)
    carried = {kind.value: carry.figure(kind).days for kind in CARRIED if carry.figure(kind).days}
    lapsed = sum(bucket.lapsed for bucket in book.buckets if bucket.year == year) - carry.c1.days - carry.c2.days
    return PersonPreview(book.employee, max(0, lapsed), carried, carry.confirmed)


def _row(year: int, preview: bool, actor: Any, cursor: dict[str, Any]) -> YearRun:
    resumed = YearRun.objects.filter(pk=cursor["run"]).first() if cursor.get("run") else None
    return resumed or YearRun.objects.create(year=year, preview=preview, started_by=actor)


def _finish(row: YearRun, tally: Tally, actor: Any) -> dict[str, Any]:
    counts = tally.stored()
    with transaction.atomic():
        row.finished_at, row.counts = timezone.now(), counts
        row.save(update_fields=["finished_at", "counts"])
        if not row.preview:
            audit.record("leave.year_closed", row, actor=actor, data={"year": row.year, **counts})
    return counts


class _only_here:  # noqa: N801 - used as a statement
    """One host at a time closes a year; the lock goes with its connection, however the process ends."""

    def __init__(self, year: int) -> None:
        self.key = _LOCK + year

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self.key])
            if not cursor.fetchone()[0]:
                raise StateChanged(_("Tutup tahun ini sedang dijalankan oleh proses lain."))

    def __exit__(self, *args: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [self.key])
