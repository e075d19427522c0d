"""Writes compared rows, and settles at the end what concerns all of them: heads of units, mirrors, powers."""

import datetime
import uuid
from typing import Any

from kepegawaian.accounts import services as accounts
from kepegawaian.accounts.models import User
from kepegawaian.audit.services import build
from kepegawaian.employees import rules
from kepegawaian.employees.enums import HoldingKind, NumberKind
from kepegawaian.employees.importing import bulk
from kepegawaian.employees.importing.compare import heads_unit
from kepegawaian.employees.importing.pending import Pending
from kepegawaian.employees.importing.posts import PositionBook
from kepegawaian.employees.importing.records import Records, account_email
from kepegawaian.employees.importing.structure import Known, UnitBook
from kepegawaian.employees.models import Employee, EmployeeNumber, PositionHolding, RankHolding
from kepegawaian.employees.models.imports import ImportBatch
from kepegawaian.employees.registry import HolderChange, holder_changed
from kepegawaian.employees.services import end_service, refresh_current
from kepegawaian.lib.dates import today

DAY = datetime.timedelta(days=1)
MANY = 1000
"""From so many people on the planner's old knowledge of the tables would cost more than asking anew."""


class Writer:
    """One saving of one file. `arrivals` and `changes` say what to write, this class how."""

    def __init__(self, source: ImportBatch, actor: User | None, book: UnitBook) -> None:
        self.source, self.actor, self.book = source, actor, book
        self.posts = PositionBook(book.root.name if book.root else "")
        self.pending = Pending()
        self.touched: set[uuid.UUID] = set()
        self.moved: set[uuid.UUID] = set()
        self.units: set[uuid.UUID] = set()
        self.leaving: list[tuple[uuid.UUID, str]] = []
        self.accounts_made = 0
        self._claims: list[tuple[PositionHolding, uuid.UUID]] = []
        self._emails: set[str] = set()

    # --- Building blocks --------------------------------------------------------------------------
    def tell(self, verb: str, employee: Employee, data: dict[str, Any]) -> None:
        self.touched.add(employee.pk)
        self.pending.add(build(verb, employee, actor=self.actor, data={"import": self.source.pk, **data}))

    def account(self, employee: Employee, values: dict[str, Any], records: Records) -> uuid.UUID:
        """The sign-in that already has this number, else a new one without a password."""
        if known := records.accounts.get(values["nip"]):
            return known[0]
        email = account_email(values)
        if email in records.emails or email in self._emails:
            email = ""
        self._emails.add(email)
        user = accounts.build_for_employee(nip=values["nip"], name=employee.name, email=email)
        self.pending.add(user)
        self.pending.add(build("accounts.created", user, actor=self.actor, data={"import": self.source.pk}))
        self.accounts_made += 1
        return user.pk

    def number(self, employee: Employee, nip: str, start: datetime.date | None) -> None:
        kind = NumberKind.NI_PPPK if employee.status in rules.PPPK_STATUSES else NumberKind.NIP
        self.pending.add(EmployeeNumber(employee_id=employee.pk, kind=kind, value=nip, valid_from=start))

    def old_number(self, employee: Employee, value: str | None) -> None:
        if value:
            self.pending.add(EmployeeNumber(employee_id=employee.pk, kind=NumberKind.OLD_NIP, value=value))

    def rank(self, employee: Employee, said: dict[str, Any], tmt: datetime.date) -> RankHolding:
        row = RankHolding(
            employee_id=employee.pk,
            scheme=said["scheme"],
            golongan=said["golongan"],
            order=said["order"],
            mk_years=said.get("mk_years", 0),
            mk_months=said.get("mk_months", 0),
            valid_from=tmt,
        )
        self.pending.add(row)
        return row

    def hold(
        self, employee: Employee, said: dict[str, Any] | None, unit: Known, tmt: datetime.date
    ) -> PositionHolding:
        heads = heads_unit(said, unit.name)
        position = self.posts.get(said, unit, heads=heads)
        row = PositionHolding(employee_id=employee.pk, position=position, unit_id=unit.id, valid_from=tmt)
        self.pending.add(row)
        if heads:
            # Who gets the unit is settled at the end, when everybody who leaves has left.
            self._claims.append((row, unit.id))
        return row

    # --- The end ----------------------------------------------------------------------------------
    def finish(self) -> dict[str, Any]:
        self._end_services()
        self._settle_heads()
        if len(self.touched) > MANY:
            bulk.analyze(Employee, EmployeeNumber, RankHolding, PositionHolding)
        refresh_current(self.touched)
        holder_changed(HolderChange(frozenset(self.units), frozenset(self.moved)))
        return {"accounts": self.accounts_made, "heads": len(self._claims)}

    def _end_services(self) -> None:
        for key, state in self.leaving:
            employee = Employee.objects.get(pk=key)
            end_service(employee=employee, on=today() - DAY, legal_state=state, actor=None)

    def _settle_heads(self) -> None:
        """The first who claims a unit heads it, unless somebody still does in that time."""
        units = [unit for _row, unit in self._claims]
        rows = PositionHolding.objects.standing().filter(heads_id__in=units, kind=HoldingKind.DEFINITIVE)
        terms: dict[uuid.UUID, list[tuple[datetime.date, datetime.date | None]]] = {}
        for unit, start, end in rows.values_list("heads_id", "valid_from", "valid_to"):
            terms.setdefault(unit, []).append((start, end))
        for row, unit in self._claims:
            taken = terms.setdefault(unit, [])
            if row.heads_id is None and not any(_overlap(term, (row.valid_from, row.valid_to)) for term in taken):
                taken.append((row.valid_from, row.valid_to))
                self.pending.change(PositionHolding, row.pk, heads_id=unit)
                self.units.add(unit)
        self.pending.flush()


Term = tuple[datetime.date, datetime.date | None]


def _overlap(one: Term, other: Term) -> bool:
    return (one[1] is None or one[1] >= other[0]) and (other[1] is None or other[1] >= one[0])
