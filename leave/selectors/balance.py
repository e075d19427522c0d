"""A balance that explains itself: buckets, the movements behind them, and the steps that gave each figure.

Reading never writes: a year that nobody has opened yet is planned in memory and shown as it will be.
"""

import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui.formatting import long_day
from leave import ledger, rules
from leave.enums import MovementKind
from leave.ledger import Book
from leave.models import Bucket, LeaveAccount, LeaveRequest, LeaveSetting, Movement
from leave.models.ledger import BucketKind
from leave.standing import law_for

_SHOWN = (
    *("bucket_id", "request_id", "kind", "days", "on", "rule", "data", "note"),
    *("request__state", "request__start", "request__end"),
)


def _of_buckets(slot: Slots) -> Any:
    rows = Movement.objects.filter(bucket__in=slot.any("buckets", "uuid"))
    return rows.select_related("request").only(*_SHOWN).order_by("id")


_OF_BUCKETS: Prepared[Movement] = Prepared(_of_buckets)


@dataclass(frozen=True, slots=True)
class BucketFigure:
    """A bucket on a date, with the steps that gave its `granted`."""

    kind: str
    label: str
    origin: int
    granted: int
    taken: int
    reserved: int
    postponed: int
    lapsed: int
    usable_from: datetime.date
    lapses_on: datetime.date
    steps: tuple[rules.Step, ...] = ()

    @property
    def left(self) -> int:
        return self.granted - self.taken - self.reserved - self.postponed - self.lapsed

    def body(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "origin": self.origin,
            "granted": self.granted,
            "taken": self.taken,
            "reserved": self.reserved,
            "left": self.left,
            "lapses_on": self.lapses_on,
        }


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One row of the ledger: what it did to the balance (`effect`) and what was left after it (`balance`).

    `id` is None for what a year that nobody has opened yet will begin with.
    """

    id: Any
    on: datetime.date
    kind: str
    label: str
    bucket: str
    origin: int
    days: int
    effect: int
    balance: int
    rule: str
    article: str
    verified: bool
    request_id: Any
    text: str

    def body(self) -> dict[str, Any]:
        names = ("id", "on", "kind", "bucket", "origin", "days", "effect", "balance", "rule", "article")
        more = {"verified": self.verified, "text": self.text, "request": self.request_id}
        return {name: getattr(self, name) for name in names} | more


@dataclass(slots=True)
class Balance:
    year: int
    on: datetime.date
    confirmed: bool
    mode: str
    buckets: list[BucketFigure] = field(default_factory=list)
    coming: list[BucketFigure] = field(default_factory=list)
    """Of this year, but not to be used yet on the date asked."""
    movements: list[MovementLine] = field(default_factory=list)
    requests: dict[Any, LeaveRequest] = field(default_factory=dict)
    """Those that moved something, by their key."""

    @property
    def left(self) -> int:
        return sum(bucket.left for bucket in self.buckets)

    @property
    def lapsing(self) -> list[BucketFigure]:
        """What is left and ends with the year without going on to the next one."""
        return [bucket for bucket in self.buckets if bucket.left and bucket.kind != rules.BucketKind.O]

    def of(self, kind: str) -> int:
        """Days left of a kind: the rows N-2, N-1 and N of the official form."""
        return sum(bucket.left for bucket in self.buckets if bucket.kind == kind)

    def body(self) -> dict[str, Any]:
        """As the API gives it (design, leave bodies)."""
        return {
            "year": self.year,
            "on": self.on,
            "confirmed": self.confirmed,
            "buckets": [bucket.body() for bucket in self.buckets],
            "left": self.left,
            "movements": [line.body() for line in self.movements],
        }


def balance_of(
    employee: Employee,
    *,
    year: int | None = None,
    on: datetime.date | None = None,
    account: LeaveAccount | None = None,
    setting: LeaveSetting | None = None,
) -> Balance:
    """The balance of a year as it stands on a date; without a date: today, or the nearest day of that year.

    `account` and `setting` from a caller that has just read them; otherwise they are asked for.
    """
    year = year or (on or today()).year
    on = on or min(max(today(), datetime.date(year, 1, 1)), datetime.date(year, 12, 31))
    account = account or ledger.known_account(employee)
    setting = setting or ledger.current_setting()
    book = ledger.open_book(account, [year, today().year], employee=employee, setting=setting, today=today())
    return balance_in(book, year, on)


def balance_in(book: Book, year: int, on: datetime.date) -> Balance:
    buckets = [bucket for bucket in book.buckets if _of_year(bucket, year)]
    movements = [movement for movement in _movements(book, buckets) if movement.on <= on]
    kept = book.setting.go_live_year <= year <= today().year
    carry = ledger.carry_of(book, year) if kept else None
    confirmed = carry.confirmed if carry else year < book.setting.go_live_year and year <= today().year
    balance = Balance(year, on, confirmed, book.setting.carry_n2_mode)
    derivation = _derivation(book, year, carry)
    for bucket in sorted(buckets, key=lambda each: rules.order_of_use(ledger.as_rule(each))):
        sums = _sums(bucket, movements)
        figure = _figure(bucket, sums, derivation.get(bucket.kind, ()))
        if bucket.usable_from > on:
            balance.coming.append(_figure(bucket, _all_sums(bucket), derivation.get(bucket.kind, ())))
        elif bucket.lapses_on >= on:
            balance.buckets.append(figure)
    balance.requests = {movement.request_id: movement.request for movement in movements if movement.request}
    shown = {(figure.kind, figure.origin, figure.usable_from) for figure in balance.buckets}
    balance.movements = list(
        _lines(
            book,
            [m for m in movements if (m.bucket.kind, m.bucket.origin, m.bucket.usable_from) in shown],
        )
    )
    return balance


def _of_year(bucket: Bucket, year: int) -> bool:
    return bucket.usable_from.year <= year <= bucket.year


def _movements(book: Book, buckets: Iterable[Bucket]) -> list[Movement]:
    """Written ones and, in a year not opened yet, the planned ones."""
    by_id = {bucket.pk: bucket for bucket in buckets}
    rows = _OF_BUCKETS.all(buckets=list(by_id)) if by_id else []
    rows += [movement for movement in book.movements if movement.bucket_id in by_id]
    for row in rows:
        row.bucket = by_id[row.bucket_id]
    return rows


def _sums(bucket: Bucket, movements: Iterable[Movement]) -> dict[str, int]:
    sums = dict.fromkeys(("granted", "taken", "reserved", "postponed", "lapsed"), 0)
    for movement in movements:
        if movement.bucket_id == bucket.pk:
            column, sign = rules.COLUMN_OF[movement.kind]
            sums[column] += sign * movement.days
    return sums


def _all_sums(bucket: Bucket) -> dict[str, int]:
    names = ("granted", "taken", "reserved", "postponed", "lapsed")
    return {name: getattr(bucket, name) for name in names}


def _figure(bucket: Bucket, sums: dict[str, int], steps: tuple[rules.Step, ...]) -> BucketFigure:
    return BucketFigure(
        kind=bucket.kind,
        label=str(BucketKind(bucket.kind).label),
        origin=bucket.origin,
        usable_from=bucket.usable_from,
        lapses_on=bucket.lapses_on,
        steps=steps,
        **sums,
    )


def _derivation(book: Book, year: int, carry: rules.Carry | None) -> dict[str, tuple[rules.Step, ...]]:
    """Steps by kind of bucket, each with rule and article, from what is known now."""
    steps: dict[str, tuple[rules.Step, ...]] = {}
    own = book.own_right(year)
    if own is not None:
        steps[rules.BucketKind.O] = own.figure.steps
    early = next((bucket for bucket in book.buckets if bucket.kind == rules.BucketKind.F), None)
    if early is not None:
        steps[rules.BucketKind.F] = rules.first_year_steps(law_for(book.employee, early.usable_from))
    if carry is not None:
        for kind in (rules.BucketKind.P, rules.BucketKind.C2, rules.BucketKind.C1):
            steps[kind] = carry.figure(kind).steps
    return steps


def _lines(book: Book, movements: Iterable[Movement]) -> Iterable[MovementLine]:
    law = law_for(book.employee, today())
    articles: dict[str, tuple[str, bool]] = {"": ("", True)}
    running = 0
    for movement in movements:
        effect = rules.effect(movement.kind, movement.days)
        running += effect
        if movement.rule not in articles:
            cited = law.cite(rules.Rule(movement.rule))
            articles[movement.rule] = str(cited), cited.verified
        article, verified = articles[movement.rule]
        yield MovementLine(
            id=None if movement._state.adding else movement.pk,
            on=movement.on,
            kind=movement.kind,
            label=_label(movement.kind, get_language()),
            bucket=movement.bucket.kind,
            origin=movement.bucket.origin,
            days=movement.days,
            effect=effect,
            balance=running,
            rule=movement.rule,
            article=article,
            verified=verified,
            request_id=movement.request_id,
            text=explain(movement),
        )


@functools.cache
def _label(kind: str, language: str | None) -> str:
    """The name of a kind of movement, looked up once a language."""
    return str(MovementKind(kind).label)


def explain(movement: Movement) -> str:
    """The row in words, in the reader's language."""
    label = _label(movement.kind, get_language())
    origin = movement.bucket.origin
    if movement.request_id is not None and movement.request is not None:
        words = _("%(what)s: cuti %(start)s sampai %(end)s")
        start, end = long_day(movement.request.start), long_day(movement.request.end)
        return words % {"what": label, "start": start, "end": end}
    if movement.kind == MovementKind.LAPSE and movement.data:
        words = _("Akhir tahun: %(carried)s hari dipindahkan, %(lapsed)s hari hangus")
        return words % {"carried": movement.data.get("carried", 0), "lapsed": movement.data.get("lapsed", 0)}
    if movement.kind in (MovementKind.CARRY, MovementKind.OPENING):
        return _("%(what)s, hak tahun %(year)s") % {"what": label, "year": origin}
    if movement.kind == MovementKind.GRANT:
        return _("Hak cuti tahunan %(year)s") % {"year": origin}
    return f"{label}. {movement.note}".strip(". ") if movement.note else label
