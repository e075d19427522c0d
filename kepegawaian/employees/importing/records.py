"""What the records say of the people in a batch of rows: a fixed number of statements, however many rows."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from kepegawaian.accounts.models import User
from kepegawaian.employees.enums import HoldingKind, NumberKind
from kepegawaian.employees.importing.layouts import Parsed
from kepegawaian.employees.models import Employee, EmployeeNumber, PositionHolding, RankHolding


@dataclass(slots=True)
class Person:
    """A person with the standing rows of his histories, oldest first."""

    employee: Employee
    numbers: list[EmployeeNumber] = field(default_factory=list)
    ranks: list[RankHolding] = field(default_factory=list)
    positions: list[PositionHolding] = field(default_factory=list)

    @property
    def nip(self) -> str:
        number = self.number
        return number.value if number else ""

    @property
    def number(self) -> EmployeeNumber | None:
        """The NIP or NI PPPK in force."""
        return next((n for n in self.numbers if n.valid_to is None and n.kind != NumberKind.OLD_NIP), None)


class Records:
    """`lock` holds the rows until the transaction ends, in the order of their keys."""

    def __init__(self, batch: Sequence[Parsed], *, lock: bool = False) -> None:
        nips = [parsed.key for parsed in batch]
        codes = [code for parsed in batch if (code := parsed.values.get("siasn_id"))]
        numbers = EmployeeNumber.objects.filter(value__in=nips).exclude(kind=NumberKind.OLD_NIP)
        self.by_nip: dict[str, uuid.UUID] = {}
        self.former: dict[str, uuid.UUID] = {}
        for value, person, valid_to in numbers.values_list("value", "employee_id", "valid_to"):
            (self.by_nip if valid_to is None else self.former)[value] = person
        ids = set(self.by_nip.values())
        people = Employee.objects.filter(Q(pk__in=ids) | Q(siasn_id__in=codes)).order_by("pk")
        if lock:
            people = people.select_for_update(of=("self",))
        self.people = {employee.pk: Person(employee) for employee in people}
        self.by_siasn = {p.employee.siasn_id: key for key, p in self.people.items() if p.employee.siasn_id}
        self._histories()
        self._elsewhere(batch, nips)

    def _histories(self) -> None:
        ids = list(self.people)
        for number in EmployeeNumber.objects.filter(employee_id__in=ids):
            self.people[number.employee_id].numbers.append(number)
        for rank in RankHolding.objects.standing().filter(employee_id__in=ids).order_by("valid_from"):
            self.people[rank.employee_id].ranks.append(rank)
        holdings = PositionHolding.objects.standing().filter(employee_id__in=ids, kind=HoldingKind.DEFINITIVE)
        for holding in holdings.select_related("position", "unit").order_by("valid_from"):
            self.people[holding.employee_id].positions.append(holding)

    def _elsewhere(self, batch: Sequence[Parsed], nips: Sequence[str]) -> None:
        """NIK, accounts and addresses of others that rows of this batch also name."""
        niks = [nik for parsed in batch if (nik := parsed.values.get("nik"))]
        self.nik_owners: dict[str, set[uuid.UUID]] = defaultdict(set)
        for nik, person in Employee.objects.filter(nik__in=niks).values_list("nik", "pk"):
            self.nik_owners[nik].add(person)
        old = [number for parsed in batch if (number := parsed.values.get("old_nip"))]
        held = EmployeeNumber.objects.filter(value__in=old, valid_to=None)
        self.number_owners = dict(held.values_list("value", "employee_id"))
        users = User.objects.filter(nip__in=nips).values_list("nip", "pk", "employee__pk")
        self.accounts = {nip: (user, person) for nip, user, person in users}
        emails = {email for parsed in batch if (email := account_email(parsed.values))}
        self.emails = dict(User.objects.filter(email__in=emails).values_list("email", "pk"))


def account_email(values: dict[str, str]) -> str:
    """The address a new account gets: the official one first, as accounts keep it."""
    return (values.get("email_gov") or values.get("email") or "").strip().lower()
