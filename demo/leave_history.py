"""Years of granted leave for everybody, planned on the real ledger in memory and written by COPY."""

import datetime
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from demo import names
from demo.copying import Copier, Ids
from demo.government import Node
from demo.people import Person
from kepegawaian.calendars import rules as days
from kepegawaian.calendars.services import holidays_between
from kepegawaian.employees.models import Employee
from kepegawaian.units.models import UnitKind
from leave import rules
from leave.enums import MovementKind, RequestState, StepKind
from leave.ledger.book import Book
from leave.ledger.years import open_through
from leave.models import (
    Bucket,
    HeldPeriod,
    LeaveAccount,
    LeaveRequest,
    LeaveSetting,
    LeaveStep,
    Movement,
    OpeningYear,
    RequestDay,
    Transition,
)

ZONE = ZoneInfo("Asia/Makassar")
SETTLED_BEFORE = 30
"""History ends so many days ago; what comes after is filed through the portal's own verbs."""


@dataclass(frozen=True)
class Officers:
    superior: Person
    decider: Person


Lines = dict[tuple[uuid.UUID, bool], Officers]
"""By unit, and whether it is for its head or for the staff."""


class Calendar:
    """The working days of a year for each weekly pattern, computed once."""

    def __init__(self, first: int, last: int) -> None:
        self._days: dict[tuple[bool, int], list[datetime.date]] = {}
        holidays = list(holidays_between(datetime.date(first, 1, 1), datetime.date(last, 12, 31)).values())
        for year in range(first, last + 1):
            for six, pattern in ((False, days.FIVE_DAY), (True, days.SIX_DAY)):
                start = datetime.date(year, 1, 1)
                always = [days.PatternPeriod(start, None, pattern)]
                self._days[six, year] = days.working_days(
                    start, datetime.date(year, 12, 31), patterns=always, holidays=holidays
                )

    def of(self, node: Node, year: int) -> list[datetime.date]:
        return self._days[node.kind == UnitKind.SERVICE, year]


class Historian:
    def __init__(self, copier: Copier, new_id: Ids, rng: random.Random, today: datetime.date, years: int) -> None:
        self.copier, self.new_id, self.rng, self.today = copier, new_id, rng, today
        self.first = today.year - years + 1
        self.calendar = Calendar(self.first, today.year)
        self.setting = LeaveSetting(go_live_year=self.first)

    def write(self, people: list[Person], officers: Lines) -> None:
        self.setting.save()
        with _bulk_ledger():
            for person in people:
                if person.status != "official":
                    self._person(person, officers[_office_key(person)])
            self.copier.flush()

    def _person(self, person: Person, officers: Officers) -> None:
        employee = _in_memory(person)
        account = LeaveAccount(id=person.account_id, employee=employee)
        book = Book(account, employee, self.setting, openings=self._openings(person))
        for year in range(self.first, self.today.year + 1):
            open_through(book, year, today=datetime.date(year, 1, 1))
            self._year(person, book, year, officers)
        self._store(account, book)

    def _openings(self, person: Person) -> dict[int, OpeningYear]:
        """What HR entered for the two years before the ledger began; one in ten is still missing."""
        openings = {}
        if self.rng.random() < 0.9:
            for year in (self.first - 2, self.first - 1):
                unused = self.rng.random() < 0.15
                left = 12 if unused else self.rng.choice((0, 0, 0, 2, 4, 6, 8))
                openings[year] = OpeningYear(
                    id=self.new_id(), account_id=person.account_id, year=year, left=left, unused=unused
                )
        return openings

    def _year(self, person: Person, book: Book, year: int, officers: Officers) -> None:
        working = self.calendar.of(person.node, year)
        limit = self.today - datetime.timedelta(days=SETTLED_BEFORE)
        position = self.rng.randint(0, 40)
        for _round in range(self.rng.choice((0, 1, 2, 2, 3, 4))):
            position += self.rng.randint(8, 60)
            wanted = working[position : position + self.rng.choice((1, 2, 2, 3, 5, 8))]
            position += len(wanted)
            if wanted and wanted[-1] < limit:
                self._leave(person, book, wanted, officers)

    def _leave(self, person: Person, book: Book, wanted: list[datetime.date], officers: Officers) -> None:
        allocation = rules.allocate(wanted, book.rule_buckets())
        if not allocation.complete:
            return
        submitted = _moment(wanted[0] - datetime.timedelta(days=self.rng.randint(9, 30)), 9)
        decided = submitted + datetime.timedelta(days=self.rng.randint(1, 4), hours=self.rng.randint(1, 5))
        request = LeaveRequest(
            id=self.new_id(),
            employee_id=person.id,
            state=RequestState.GRANTED,
            start=wanted[0],
            end=wanted[-1],
            charged_days=len(wanted),
            reason=self.rng.choice(names.REASONS),
            address="Jl. Contoh No. 1",
            phone="081200000000",
            created_at=submitted,
            submitted_at=submitted,
            decided_at=decided,
        )
        self._copy(request)
        for charge in allocation.charges:
            bucket = book.find(charge.bucket)
            self.copier.add(
                RequestDay,
                id=self.new_id(),
                request_id=request.id,
                date=charge.day,
                bucket_id=bucket and bucket.id,
            )
        self._move(book, allocation, request, submitted, decided)
        held = DateRange(request.start, request.end, "[]")
        self.copier.add(HeldPeriod, id=self.new_id(), request_id=request.id, employee_id=person.id, period=held)
        self._steps(request, officers, submitted, decided)

    def _move(
        self,
        book: Book,
        allocation: rules.Allocation,
        request: LeaveRequest,
        submitted: datetime.datetime,
        decided: datetime.datetime,
    ) -> None:
        for key, count in allocation.by_bucket().items():
            bucket = book.find(key)
            if bucket is None:
                raise LookupError(f"no bucket {key}")
            for kind, at in (
                (MovementKind.RESERVE, submitted),
                (MovementKind.RELEASE, decided),
                (MovementKind.TAKE, decided),
            ):
                book.post(bucket, kind, count, on=at.date(), rule=rules.Rule.R10, request=request)
                book.movements[-1].created_at = at

    def _steps(
        self, request: LeaveRequest, officers: Officers, submitted: datetime.datetime, decided: datetime.datetime
    ) -> None:
        opined = submitted + (decided - submitted) / 2
        acts = (
            (StepKind.OPINION, officers.superior, submitted, opined, "opine", "submitted", "opined"),
            (StepKind.DECISION, officers.decider, opined, decided, "grant", "opined", "granted"),
        )
        self._log(request, "submit", "draft", "submitted", None, submitted)
        for kind, officer, since, until, action, before, after in acts:
            self.copier.add(
                LeaveStep,
                id=self.new_id(),
                request_id=request.id,
                kind=kind,
                holder_id=officer.user_id,
                principal_id=officer.id,
                capacity=officer.post[:60],
                opened_at=since,
                closed_at=until,
                acted_by_id=officer.user_id,
                outcome="approved",
            )
            self._log(request, action, before, after, officer, until)

    def _log(
        self,
        request: LeaveRequest,
        action: str,
        before: str,
        after: str,
        officer: Person | None,
        at: datetime.datetime,
    ) -> None:
        self.copier.add(
            Transition,
            id=self.new_id(),
            request_id=request.id,
            action=action,
            from_state=before,
            to_state=after,
            actor_id=officer.user_id if officer else None,
            at=at,
        )

    def _copy(self, row: LeaveRequest | Bucket | Movement | LeaveAccount | OpeningYear) -> None:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        self.copier.add(type(row), **values)

    def _store(self, account: LeaveAccount, book: Book) -> None:
        self._copy(account)
        for opening in (book.openings or {}).values():
            self._copy(opening)
        for bucket in book.buckets:
            self._copy(bucket)
        for movement in book.movements:
            movement.id = self.new_id()
            movement.bucket_id = movement.bucket.id
            self._copy(movement)


class _bulk_ledger:  # noqa: N801 - used as a statement
    """While many rows are copied the sums come along with the buckets; afterwards the trigger keeps them again."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE leave_movement DISABLE TRIGGER leave_movement_apply")

    def __exit__(self, *args: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("ALTER TABLE leave_movement ENABLE TRIGGER leave_movement_apply")


def _in_memory(person: Person) -> Employee:
    pppk = person.status == "pppk"
    return Employee(
        id=person.id,
        status=person.status,
        tmt_cpns=None if pppk else person.service_start,
        contract_start=person.service_start if pppk else None,
        contract_end=person.contract_end,
        current_position=person.post,
        current_position_kind="functional" if person.post.startswith("Guru") else "executive",
    )


def _moment(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def _office_key(person: Person) -> tuple[uuid.UUID, bool]:
    return person.node.id, person.heads


def officers_of(people: list[Person]) -> Lines:
    """Superior and deciding officer per unit, climbing over vacant posts."""
    heads = {person.node.id: person for person in people if person.heads}

    def climb(node: Node | None) -> Iterator[Person]:
        while node is not None:
            if node.id in heads:
                yield heads[node.id]
            node = node.parent

    found: Lines = {}
    for person in people:
        node = person.node
        above = list(climb(node.parent if person.heads else node))
        if above:
            office = [head for head in above if head.node.kind == UnitKind.OFFICE] or above
            found[_office_key(person)] = Officers(above[0], office[0])
    return found
