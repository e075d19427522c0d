"""A person who is new to the records: facts, number, account, rank and post from one row."""

from kepegawaian.employees.importing.compare import FIELDS, GONE, day, first_day, typed
from kepegawaian.employees.importing.layouts import Parsed
from kepegawaian.employees.importing.records import Records
from kepegawaian.employees.importing.structure import Ref
from kepegawaian.employees.importing.writer import Writer
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today


def enter(writer: Writer, parsed: Parsed, records: Records) -> Employee:
    # What the sheet does not say its number tells.
    values = {**parsed.values.get("derived", {}), **parsed.values}
    employee = Employee(**{name: typed(name, values[name]) for name in FIELDS if name in values})
    gone = employee.legal_state in GONE
    if not gone:
        employee.user_id = writer.account(employee, values, records)
    writer.pending.add(employee)
    start = first_day(values) or today()
    writer.number(employee, values["nip"], start)
    writer.old_number(employee, values.get("old_nip"))
    rank = values.get("rank", {})
    if rank:
        writer.rank(employee, rank, day(rank.get("tmt")) or start)
    unit = writer.book.find(Ref.of(values["unit"])) if "unit" in values else None
    if unit is not None and not gone:
        tmt = day(values.get("position_tmt") or rank.get("tmt")) or start
        writer.hold(employee, values.get("position"), unit, tmt)
    data = {"row": parsed.number, "status": employee.status, "fields": sorted(values)}
    writer.tell("employees.created", employee, data)
    return employee
