"""The days of one request in the ledger: reserved, taken, freed, given back, postponed (R10, R4)."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from leave import rules
from leave.enums import MovementKind
from leave.ledger.book import Book, rule_key
from leave.ledger.years import follow_first_year
from leave.models import Bucket, LeaveRequest, RequestDay


def reserve(
    book: Book, request: LeaveRequest, charges: Iterable[rules.Charge], *, on: datetime.date, offer: bool = False
) -> list[RequestDay]:
    """Reserve the charged days; the rows telling which day has which bucket are the caller's to save."""
    rows = []
    for charge in charges:
        bucket = book.find(charge.bucket)
        if bucket is None:
            raise LookupError(f"no bucket {charge.bucket} in the book of account {book.account.pk}")
        rows.append(RequestDay(request=request, date=charge.day, bucket=bucket, offer=offer))
    _post(book, request, rows, MovementKind.RESERVE, on)
    follow_first_year(book)
    return rows


def free(book: Book, request: LeaveRequest, days: Iterable[RequestDay], *, on: datetime.date) -> None:
    """Give reserved days back. A day that both the old and the offered dates hold was reserved once."""
    _post(book, request, _once(days), MovementKind.RELEASE, on)
    follow_first_year(book)


def take(
    book: Book,
    request: LeaveRequest,
    reserved: Iterable[RequestDay],
    taken: Iterable[RequestDay],
    *,
    on: datetime.date,
) -> None:
    """Granted: what was reserved is released, what is granted is taken; the two may differ after a change."""
    _post(book, request, _once(reserved), MovementKind.RELEASE, on)
    _post(book, request, taken, MovementKind.TAKE, on)
    follow_first_year(book)


def give_back(book: Book, request: LeaveRequest, days: Iterable[RequestDay], *, on: datetime.date) -> None:
    """Granted days that are not used after all."""
    _post(book, request, days, MovementKind.RETURN, on)
    follow_first_year(book)


def postpone(book: Book, request: LeaveRequest, days: Iterable[RequestDay], *, on: datetime.date) -> int:
    """Own days go over to the next year in full, days of other buckets are only freed (R4); how many go over."""
    days = _once(days)
    _post(book, request, days, MovementKind.RELEASE, on)
    own = [day for day in days if _bucket(book, day).kind == rules.BucketKind.O]
    _post(book, request, own, MovementKind.POSTPONE, on, rules.Rule.R4)
    follow_first_year(book)
    return len(own)


def charges_of(book: Book, days: Iterable[RequestDay]) -> list[rules.Charge]:
    return [rules.Charge(day.date, rule_key(_bucket(book, day))) for day in _once(days)]


def _bucket(book: Book, day: RequestDay) -> Bucket:
    return next(bucket for bucket in book.buckets if bucket.pk == day.bucket_id)


def _once(days: Iterable[RequestDay]) -> Sequence[RequestDay]:
    return list({day.date: day for day in days}.values())


def _post(
    book: Book,
    request: LeaveRequest,
    days: Iterable[RequestDay],
    kind: MovementKind,
    on: datetime.date,
    rule: rules.Rule = rules.Rule.R10,
) -> None:
    counts = Counter(day.bucket_id for day in days)
    for bucket in book.buckets:
        if counts[bucket.pk]:
            book.post(bucket, kind, counts[bucket.pk], on=on, rule=rule, request=request)
