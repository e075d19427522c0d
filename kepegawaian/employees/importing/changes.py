"""A person of the records whose row says something else. A later row ends the one before; a correction keeps the
wrong one, marked as superseded. The exclusion constraints of the tables stand behind all of it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from kepegawaian.accounts import services as accounts
from kepegawaian.accounts.models import User
from kepegawaian.employees.importing.compare import FIELDS, GONE, day, first_day, same_position, typed
from kepegawaian.employees.importing.layouts import Compared, Parsed
from kepegawaian.employees.importing.records import Person, Records
from kepegawaian.employees.importing.structure import Known, Ref
from kepegawaian.employees.importing.writer import DAY, Writer
from kepegawaian.employees.models import Employee, EmployeeNumber, PositionHolding, RankHolding
from kepegawaian.lib.dates import today

RANK = frozenset({"golongan", "rank_tmt", "mk_years", "mk_months"})
POST = frozenset({"position", "unit", "position_tmt"})


def alter(writer: Writer, parsed: Parsed, compared: Compared, records: Records) -> None:
    person, values = records.people[compared.subject], parsed.values
    employee, fields = person.employee, {entry["field"] for entry in compared.difference}
    _standing(writer, person, values, fields, records)
    _facts(writer, employee, values, fields)
    if "nip" in fields:
        _renumber(writer, person, values)
    if "old_nip" in fields:
        writer.old_number(employee, values["old_nip"])
    if fields & {"nip", "name"} and employee.user_id:
        writer.pending.change(User, employee.user_id, nip=values["nip"], name=employee.name)
    if fields & RANK:
        _rank(writer, person, values["rank"])
    if fields & POST:
        _post(writer, person, values)
    if fields & {*POST, "legal_state"}:
        writer.moved.add(employee.pk)
    said = {entry["field"]: {"from": entry["old"], "to": entry["new"]} for entry in compared.difference}
    writer.tell("employees.changed", employee, {"row": parsed.number, **said})


def _facts(writer: Writer, employee: Employee, values: dict[str, Any], fields: set[str]) -> None:
    facts = [name for name in FIELDS if name in fields]
    for name in facts:
        setattr(employee, name, typed(name, values[name]))
    if facts:
        writer.pending.change(Employee, employee.pk, **{name: getattr(employee, name) for name in FIELDS})


def _standing(writer: Writer, person: Person, values: dict[str, Any], fields: set[str], records: Records) -> None:
    """Leaving ends ranks, posts and the sign-in, by the verb for it; coming back opens the sign-in again."""
    employee = person.employee
    new = values.get("legal_state", employee.legal_state)
    if "legal_state" in fields and new in GONE and employee.legal_state not in GONE:
        fields.discard("legal_state")
        writer.leaving.append((employee.pk, new))
    elif new not in GONE and employee.user_id is None:
        employee.user_id = writer.account(employee, values, records)
        writer.pending.change(Employee, employee.pk, user_id=employee.user_id)
    elif "legal_state" in fields and employee.legal_state in GONE and employee.user is not None:
        accounts.reactivate(user=employee.user, actor=None)


def _renumber(writer: Writer, person: Person, values: dict[str, Any]) -> None:
    old, start = person.number, first_day(values)
    if start is None or (old is not None and old.valid_from is not None and start <= old.valid_from):
        start = today()
    if old is not None:
        writer.pending.change(EmployeeNumber, old.pk, valid_to=start - DAY)
    writer.number(person.employee, values["nip"], start)


def _rank(writer: Writer, person: Person, said: dict[str, Any]) -> None:
    current = person.ranks[-1] if person.ranks else None
    if current is None:
        writer.rank(person.employee, said, day(said.get("tmt")) or today())
        return
    kept = {"mk_years": current.mk_years, "mk_months": current.mk_months}
    row = writer.rank(person.employee, {**kept, **said}, day(said.get("tmt")) or current.valid_from)
    same = (current.scheme, current.golongan) == (row.scheme, row.golongan)
    _follow(writer, row, person.ranks, corrects=same or row.valid_from <= current.valid_from)


def _post(writer: Writer, person: Person, values: dict[str, Any]) -> None:
    current = person.positions[-1] if person.positions else None
    said, unit = values.get("position"), values.get("unit")
    known = writer.book.find(Ref.of(unit)) if unit else None
    tmt = day(values.get("position_tmt"))
    if current is None:
        assert known is not None
        writer.hold(person.employee, said, known, tmt or first_day(values) or today())
        return
    if known is None:
        known = Known(current.unit_id, current.unit.code or "", current.unit.name, current.unit.path)
    stays = said is None or same_position(said, current)
    if stays:
        post = current.position
        said = {"code": post.code, "name": post.name, "kind": post.kind, "eselon": post.eselon}
    row = writer.hold(person.employee, said, known, tmt or current.valid_from)
    if current.heads_id is not None:
        writer.units.add(current.heads_id)
        if stays and known.id == current.unit_id:
            row.heads_id, row.position = current.heads_id, current.position
    _follow(writer, row, person.positions, corrects=row.valid_from <= current.valid_from)


def _follow(
    writer: Writer,
    row: RankHolding | PositionHolding,
    earlier: Sequence[RankHolding] | Sequence[PositionHolding],
    *,
    corrects: bool,
) -> None:
    """Let `row` come after the latest one, or stand in its place; what stood there gives way."""
    current, last = earlier[-1], row.valid_from - DAY
    if not corrects:
        if current.valid_to is None or current.valid_to > last:
            _end(writer, current, last)
        return
    row.valid_to = current.valid_to
    reason = f"Impor {writer.source.name}"[:200]
    writer.pending.change(type(current), current.pk, superseded_at=timezone.now(), superseded_reason=reason)
    previous = earlier[-2] if len(earlier) > 1 else None
    if previous is not None and _touches(previous.valid_to, current.valid_from, last):
        _end(writer, previous, last)


def _touches(ends: datetime.date | None, begins: datetime.date, last: datetime.date) -> bool:
    """Whether the row before would overlap the corrected one, or had ended only because the wrong one began."""
    return ends is None or ends > last or ends == begins - DAY


def _end(writer: Writer, row: RankHolding | PositionHolding, last: datetime.date) -> None:
    writer.pending.change(type(row), row.pk, valid_to=last)
