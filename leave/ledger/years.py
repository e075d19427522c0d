"""Opening and closing years on a book: own days, what is carried over, what lapses (leave reference 2.1).

Everything here plans the difference between what the rules say and what was posted. Planning again after
flushing finds nothing, so a late, a repeated and a parallel run have one result.
"""

import datetime
from dataclasses import dataclass, field, replace

from leave import rules
from leave.enums import MovementKind
from leave.ledger.book import Book
from leave.models import Bucket, LeaveRequest
from leave.rules.carry import CARRIED
from leave.standing import contract_of, law_for


@dataclass(slots=True)
class YearResult:
    """What opening `year` did, for previews and counts. Days by kind of bucket."""

    year: int
    carried: dict[str, int] = field(default_factory=dict)
    lapsed: dict[str, int] = field(default_factory=dict)
    own: int = 0
    short: int = 0
    """Days of carry that a later fact takes away although they were used already."""
    confirmed: bool = True


def carry_of(book: Book, year: int) -> rules.Carry:
    """P, C2 and C1 of the year with their derivation, from what is known now."""
    return rules.carry_into(
        year,
        book.facts_before(year),
        mode=rules.CarryMode(book.setting.carry_n2_mode),
        law=law_for(book.employee, datetime.date(year, 1, 1)),
        contract=contract_of(book.employee),
    )


def first_year(book: Book) -> int:
    """The first year that the ledger keeps for this person."""
    return max(book.setting.go_live_year, book.account.opened_through + 1)


def open_through(book: Book, year: int, *, today: datetime.date) -> list[YearResult]:
    """Plan every year not opened yet. Of a year that has not begun only the own days are known."""
    results = []
    for each in range(first_year(book), year + 1):
        if each <= today.year:
            results.append(_open(book, each))
            book.account.opened_through = each
            book.account.confirmed = results[-1].confirmed
        else:
            _own_days(book, each)
    return results


def recompute(book: Book, year: int, *, today: datetime.date) -> list[YearResult]:
    """Plan what changes in `year` and all begun years after it, because a fact of an earlier year changed."""
    results = []
    last = min(book.account.opened_through, today.year)
    for each in range(max(year, book.setting.go_live_year), last + 1):
        results.append(_open(book, each))
        if each == last:
            book.account.confirmed = results[-1].confirmed
    return results


def _open(book: Book, year: int) -> YearResult:
    result = YearResult(year)
    carry = carry_of(book, year)
    _lapse(book, year - 1, carry, result)
    _carry(book, carry, result)
    result.own = _own_days(book, year)
    result.confirmed = carry.confirmed
    return result


def grant_first_year(book: Book, like: rules.Bucket, *, source: LeaveRequest | None, on: datetime.date) -> None:
    """The days that a family reason gives before a year's service, once. `source`: the request they came with."""
    if book.bucket(like.kind, like.year) is None:
        bucket = book.add_bucket(like, origin=like.origin)
        book.post(bucket, MovementKind.GRANT, like.granted, on=on, rule=rules.Rule.FIRST_YEAR, request=source)


def follow_first_year(book: Book) -> None:
    """Days used before a year's service reduce the first right, also one that was granted already."""
    for bucket in [each for each in book.buckets if each.kind == rules.BucketKind.F]:
        year = (bucket.lapses_on + datetime.timedelta(days=1)).year
        if book.bucket(rules.BucketKind.O, year):
            _own_days(book, year)


def _own_days(book: Book, year: int) -> int:
    """The own days of the year; a changed record of service gives a correction (R1)."""
    own = book.own_right(year)
    bucket = book.bucket(rules.BucketKind.O, year)
    if own is None:
        return 0
    if bucket is None:
        if own.days:
            new = rules.new_bucket(rules.BucketKind.O, year, year, 0, own.usable_from)
            bucket = book.add_bucket(new, origin=year)
            book.post(bucket, MovementKind.GRANT, own.days, on=bucket.usable_from, rule=rules.Rule.R1)
        return own.days
    change = max(own.days - bucket.granted, -bucket.left)
    book.post(bucket, MovementKind.CORRECTION, change, on=bucket.usable_from, rule=rules.Rule.R1)
    return own.days


_LAPSES_BY = {rules.BucketKind.P: rules.Rule.R4, rules.BucketKind.F: rules.Rule.FIRST_YEAR}


def _lapse(book: Book, year: int, carry: rules.Carry, result: YearResult) -> None:
    """Empty what ends with `year`: part of it goes on as carry, the rest lapses."""
    end = datetime.date(year, 12, 31)
    goes_on = {rules.BucketKind.O: carry.c1.days, rules.BucketKind.C1: carry.c2.days}
    for bucket in book.buckets:
        left = bucket.left
        if bucket.lapses_on > end or left <= 0:
            continue
        kind = rules.BucketKind(bucket.kind)
        carried = min(left, goes_on.get(kind, 0)) if bucket.year == year else 0
        rule = _LAPSES_BY.get(kind, rules.Rule.R2)
        data = {"carried": carried, "lapsed": left - carried}
        book.post(bucket, MovementKind.LAPSE, left, on=end, rule=rule, data=data)
        if left > carried:
            result.lapsed[kind.value] = result.lapsed.get(kind.value, 0) + left - carried


def _carry(book: Book, carry: rules.Carry, result: YearResult) -> None:
    start = datetime.date(carry.year, 1, 1)
    for kind in CARRIED:
        if carry.figure(kind).days:
            result.carried[kind.value] = carry.figure(kind).days
    # A day that lapsed unused can still be taken out of the carry: it is given back and corrected away.
    posted = [replace(each, lapsed=0) for each in book.rule_buckets() if each.year == carry.year]
    for change in rules.carry_changes(posted, carry):
        result.short += change.short
        bucket = book.bucket(change.kind, carry.year)
        if bucket is None:
            new = rules.new_bucket(change.kind, carry.year, change.origin, 0)
            bucket = book.add_bucket(new, origin=change.origin)
            known = change.origin >= book.setting.go_live_year
            posting = MovementKind.CARRY if known else MovementKind.OPENING
        else:
            posting = MovementKind.CORRECTION
            _unlapse(book, bucket, -change.days - bucket.left)
        book.post(bucket, posting, change.days, on=start, rule=carry.figure(change.kind).steps[-1].rule)


def _unlapse(book: Book, bucket: Bucket, days: int) -> None:
    if days > 0:
        book.post(bucket, MovementKind.LAPSE, -days, on=bucket.lapses_on, rule=rules.Rule.R2)
