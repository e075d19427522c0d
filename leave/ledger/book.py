"""The leave account of one person in memory: read at once, planned on, and written in two statements.

A page that may not write plans on a book as a verb does, and simply does not flush it.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from kepegawaian.employees.models import Employee
from kepegawaian.lib.prepared import Prepared, Slots
from leave import rules
from leave.enums import LIVE, MovementKind
from leave.models import Bucket, LeaveAccount, LeaveRequest, LeaveSetting, Movement, OpeningYear, RequestDay
from leave.standing import own_right

YEARS_BACK = 2
"""A year's carry asks for the two years before it."""


def _buckets_since(slot: Slots) -> Any:
    rows = Bucket.objects.filter(account__in=slot.any("accounts", "uuid"), year__gte=slot("since"))
    return rows.order_by("account_id", "year", "kind", "usable_from")


_SETTING: Prepared[LeaveSetting] = Prepared(lambda slot: LeaveSetting.objects.all())
_BUCKETS: Prepared[Bucket] = Prepared(_buckets_since)


def current_setting() -> LeaveSetting:
    """The one row of settings; before anybody saved one, the defaults."""
    return _SETTING.first() or LeaveSetting()


def rule_key(bucket: Bucket) -> rules.BucketKey:
    """As the rules tell buckets apart. Credits of one year differ by the day from which they may be used."""
    kind = rules.BucketKind(bucket.kind)
    origin = bucket.usable_from.toordinal() if kind is rules.BucketKind.X else bucket.origin
    return rules.BucketKey(bucket.year, kind, origin)


def as_rule(bucket: Bucket) -> rules.Bucket:
    key = rule_key(bucket)
    return rules.Bucket(
        key.kind,
        key.origin,
        key.year,
        bucket.usable_from,
        bucket.lapses_on,
        granted=bucket.granted,
        taken=bucket.taken,
        reserved=bucket.reserved,
        postponed=bucket.postponed,
        lapsed=bucket.lapsed,
    )


@dataclass(slots=True)
class Book:
    account: LeaveAccount
    employee: Employee
    setting: LeaveSetting
    buckets: list[Bucket] = field(default_factory=list)
    openings: dict[int, OpeningYear] | None = None
    """What HR entered for the years before go-live; read when it is first asked for."""
    early: Counter[Any] = field(default_factory=Counter)
    """By bucket: days of a credit that were used in the year before the one at whose end it lapses."""
    actor: Any = None
    stored: tuple[int, bool] = (0, False)
    """`opened_through` and `confirmed` of the account as they stand in the database."""
    new_buckets: list[Bucket] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stored = (self.account.opened_through, self.account.confirmed)

    @property
    def opened_since_load(self) -> bool:
        return self.stored != (self.account.opened_through, self.account.confirmed)

    def rule_buckets(self) -> list[rules.Bucket]:
        return [as_rule(bucket) for bucket in self.buckets]

    def find(self, key: rules.BucketKey) -> Bucket | None:
        return next((bucket for bucket in self.buckets if rule_key(bucket) == key), None)

    def bucket(self, kind: str, year: int) -> Bucket | None:
        """The one bucket of a kind; not for credits, of which a year may have several."""
        return next((each for each in self.buckets if each.kind == kind and each.year == year), None)

    def add_bucket(self, like: rules.Bucket, origin: int) -> Bucket:
        bucket = Bucket(
            account=self.account,
            year=like.year,
            kind=like.kind.value,
            origin=origin,
            usable_from=like.usable_from,
            lapses_on=like.lapses_on,
        )
        self.buckets.append(bucket)
        self.new_buckets.append(bucket)
        return bucket

    def post(
        self,
        bucket: Bucket,
        kind: MovementKind,
        days: int,
        *,
        on: datetime.date,
        rule: rules.Rule,
        request: LeaveRequest | None = None,
        data: dict[str, Any] | None = None,
        note: str = "",
    ) -> None:
        """One movement, in memory; the database adds it to its bucket when the book is flushed."""
        if not days:
            return
        column, sign = rules.COLUMN_OF[kind.value]
        setattr(bucket, column, getattr(bucket, column) + sign * days)
        self.movements.append(
            Movement(
                bucket=bucket,
                kind=kind,
                days=days,
                on=on,
                rule=rule.value,
                request=request,
                data=data or {},
                note=note,
                created_by=self.actor,
            )
        )

    def taken_in(self, year: int) -> int:
        """Days of annual leave that fall in the year, from any bucket; reserved days count (R9, R10)."""
        total = 0
        for bucket in self.buckets:
            early = self.early[bucket.pk]
            if bucket.year == year:
                total += bucket.taken + bucket.reserved - early
            elif bucket.year == year + 1:
                total += early
        return total

    def facts(self, year: int) -> rules.Facts | None:
        """What is known of a year: from the ledger since go-live, before that what HR entered; else None."""
        if year >= self.setting.go_live_year:
            return rules.year_facts(year, self.rule_buckets(), taken=self.taken_in(year))
        opening = self.known_openings().get(year)
        if opening is not None:
            return rules.OpeningYear(year, opening.left, opening.postponed, opening.unused)
        own = self.own_right(year)
        return rules.YearFacts(year, own=0) if own is None or own.days == 0 else None

    def own_right(self, year: int) -> rules.OwnRight | None:
        """Own days of the year, less what was used in the first year of service."""
        used = sum(bucket.taken + bucket.reserved for bucket in self.buckets if bucket.kind == rules.BucketKind.F)
        return own_right(self.employee, year, first_year_taken=used)

    def known_openings(self) -> dict[int, OpeningYear]:
        if self.openings is None:
            rows = OpeningYear.objects.filter(account=self.account.pk, superseded_at=None)
            self.openings = {row.year: row for row in rows}
        return self.openings

    def facts_before(self, year: int) -> dict[int, rules.Facts]:
        known = {back: self.facts(back) for back in range(year - YEARS_BACK, year)}
        return {back: facts for back, facts in known.items() if facts is not None}


def load(account: LeaveAccount, *, employee: Employee, setting: LeaveSetting, today: datetime.date) -> Book:
    return load_many([account], people={employee.pk: employee}, setting=setting, today=today)[0]


def load_many(
    accounts: Sequence[LeaveAccount],
    *,
    people: Mapping[Any, Employee],
    setting: LeaveSetting,
    today: datetime.date,
) -> list[Book]:
    """Books of many accounts, in at most three statements. Accounts that are not saved yet have nothing."""
    books = {account.pk: Book(account, people[account.employee_id], setting) for account in accounts}
    for book in books.values():
        if book.account._state.adding:
            book.openings = {}
    saved = [account for account in accounts if not account._state.adding]
    if not saved:
        return list(books.values())
    oldest = min((account.opened_through or today.year) for account in saved)
    since = min(oldest, today.year) - YEARS_BACK
    for bucket in _BUCKETS.all(accounts=[account.pk for account in saved], since=since):
        books[bucket.account_id].buckets.append(bucket)
    if len(books) > 1 and since < setting.go_live_year:
        _read_openings(books)
    _count_early_credits(books.values())
    return list(books.values())


def _read_openings(books: dict[Any, Book]) -> None:
    found: dict[Any, dict[int, OpeningYear]] = {key: {} for key in books}
    for opening in OpeningYear.objects.filter(account__in=list(books), superseded_at=None):
        found[opening.account_id][opening.year] = opening
    for key, book in books.items():
        book.openings = found[key]


def _count_early_credits(books: Iterable[Book]) -> None:
    """A credit of the last days of a year may be used in that year and in the next one: which days were it?"""
    spanning = {
        bucket.pk: book
        for book in books
        for bucket in book.buckets
        if bucket.usable_from.year < bucket.year and bucket.taken + bucket.reserved
    }
    if not spanning:
        return
    used = RequestDay.objects.filter(Q(request__state__in=LIVE), bucket__in=list(spanning))
    for bucket_id, date, year in used.values_list("bucket_id", "date", "bucket__year").distinct():
        if date.year < year:
            spanning[bucket_id].early[bucket_id] += 1


def unwritten(book: Book) -> list[Model]:
    """What was planned on the book, as rows to insert; the book has none of it planned any more."""
    rows: list[Model] = [*(_empty(bucket) for bucket in book.new_buckets), *book.movements]
    book.new_buckets.clear()
    book.movements.clear()
    return rows


def flush(books: Iterable[Book]) -> int:
    """Write what was planned, two statements for any number of books; how many movements."""
    rows = [row for book in books for row in unwritten(book)]
    buckets = [row for row in rows if isinstance(row, Bucket)]
    movements = [row for row in rows if isinstance(row, Movement)]
    Bucket.objects.bulk_create(buckets, batch_size=5000)
    Movement.objects.bulk_create(movements, batch_size=5000)
    return len(movements)


def _empty(bucket: Bucket) -> Bucket:
    """As it is inserted: with sums of zero, for the trigger on movements alone fills them."""
    return Bucket(
        id=bucket.pk,
        account_id=bucket.account_id,
        year=bucket.year,
        kind=bucket.kind,
        origin=bucket.origin,
        usable_from=bucket.usable_from,
        lapses_on=bucket.lapses_on,
    )
