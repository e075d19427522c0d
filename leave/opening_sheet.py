"""The years before go-live from a sheet: one line a person and year, by the import pages of employees."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.importing.issues import Issue, msgid
from kepegawaian.employees.importing.layouts import Column, Compared, Layout, Parsed, Row
from kepegawaian.employees.models import Employee, EmployeeNumber
from kepegawaian.employees.models.imports import RowVerdict
from kepegawaian.employees.rules import Level
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.work import cells
from leave import ledger, rules
from leave.models import OpeningYear
from leave.services.opening import OpeningEntry, opening_years, write_openings
from leave.standing import law_for

NUMBERS = ("left", "postponed")
NOT_ONESELF = Denied(_("Lembar ini memuat NIP Anda sendiri; saldo awal Anda diisi oleh petugas lain."))


class OpeningSheet(Layout):
    name = "leave_opening"
    label = _("Saldo awal cuti tahunan")
    right = Right.MANAGE_LEAVE
    columns = (
        Column("nip", ("NIP", "NIP BARU", "NI PPPK"), required=True),
        Column("name", ("NAMA",), stored=False),
        Column("year", ("TAHUN", "TAHUN HAK"), required=True),
        Column("left", ("SISA", "SISA CUTI", "SISA HAK"), required=True),
        Column("postponed", ("DITANGGUHKAN",)),
        Column("unused", ("TIDAK DIPAKAI", "TIDAK DIPAKAI SAMA SEKALI", "UTUH")),
        Column("source", ("DASAR", "KETERANGAN")),
    )
    fields = {"left": _("sisa"), "postponed": _("ditangguhkan"), "unused": _("tidak dipakai sama sekali")}
    shown = ("nip", "year")

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.setting = ledger.current_setting()
        self.people: dict[str, Employee] = {}
        self.actor: Any = None
        self.source: Any = None

    def parse(self, row: Row) -> Parsed:
        nip = "".join(cells.text_of(row.cell("nip")).split()).lstrip("'")
        if not nip:
            row.add("nip", Level.ERROR, gettext_noop("NIP kosong."))
        years = opening_years(self.setting)
        year = row.take("year", cells.whole(row.cell("year"), lowest=min(years), highest=max(years)), Level.ERROR)
        numbers = {key: row.take(key, cells.whole(row.cell(key), highest=24), Level.ERROR) or 0 for key in NUMBERS}
        if year is None and not any(issue.level == Level.ERROR for issue in row.issues):
            row.add("year", Level.ERROR, gettext_noop("Tahun kosong."))
        unused = bool(row.take("unused", cells.yes_no(row.cell("unused")), Level.ERROR))
        values = {
            "nip": nip,
            "year": year,
            **numbers,
            "unused": unused,
            "source": cells.text_of(row.cell("source")),
        }
        return Parsed(row.number, self.key_of(values), values, row.issues)

    def key_of(self, values: Mapping[str, Any]) -> str:
        return f"{values['nip']} {values['year']}"

    def compare(self, batch: Sequence[Parsed]) -> list[Compared]:
        self._find_people({parsed.values["nip"] for parsed in batch})
        found = [person.pk for person in self.people.values()]
        rows = OpeningYear.objects.filter(account__employee__in=found, superseded_at=None)
        if self.saving:
            ledger.locked_accounts(self.people.values())
        known = {(row.account.employee_id, row.year): row for row in rows.select_related("account")}
        return [self._compared(parsed, known) for parsed in batch]

    def _find_people(self, numbers: set[str]) -> None:
        people = Employee.objects.filter(numbers__value__in=numbers, numbers__valid_to=None).distinct()
        by_number = people.values_list("numbers__value", "pk")
        by_id = people.in_bulk()
        self.people = {number: by_id[key] for number, key in by_number if number in numbers}

    def _compared(self, parsed: Parsed, known: Mapping[tuple[uuid.UUID, int], OpeningYear]) -> Compared:
        employee = self.people.get(parsed.values["nip"])
        if employee is None:
            return self._refused(parsed, "nip", gettext_noop("NIP ini tidak dikenal."))
        entry = _entry(parsed.values)
        law = law_for(employee, datetime.date(self.setting.go_live_year, 1, 1))
        given = rules.OpeningYear(entry.year, entry.left, entry.postponed, entry.unused)
        refusals = rules.check_opening(given, law)
        if refusals:
            sentence = refusals[0].sentence
            params = {name: str(value) for name, value in sentence.params.items()}
            return self._refused(parsed, refusals[0].field, msgid(sentence.template), employee, params)
        return self._difference(entry, known.get((employee.pk, entry.year)), employee)

    def _difference(self, entry: OpeningEntry, row: OpeningYear | None, employee: Employee) -> Compared:
        names = (*NUMBERS, "unused")
        if row is None:
            verdict = RowVerdict.NEW
        else:
            verdict = RowVerdict.UNCHANGED if OpeningEntry.of(row) == entry else RowVerdict.CHANGED
        changes = [
            {"field": name, "old": getattr(row, name, None), "new": getattr(entry, name)}
            for name in names
            if row is None or getattr(row, name) != getattr(entry, name)
        ]
        return Compared(verdict, changes, employee.pk)

    def _refused(
        self,
        parsed: Parsed,
        column: str,
        message: str,
        employee: Employee | None = None,
        params: dict[str, Any] | None = None,
    ) -> Compared:
        issue = Issue(
            self.header.name(column) or column,
            Level.ERROR,
            message,
            str(parsed.values.get(column, "")),
            params or {},
        )
        return Compared(RowVerdict.REFUSED, [], employee.pk if employee else None, [issue])

    def prepare(self, values: Any, *, actor: Any, source: Any) -> None:
        super().prepare(values, actor=actor, source=source)
        self.actor, self.source = actor, source
        numbers = {said["nip"] for said in values}
        if actor and EmployeeNumber.objects.filter(employee__user=actor, value__in=numbers).exists():
            raise PermissionRefused(NOT_ONESELF)

    def apply(self, batch: Sequence[tuple[Parsed, Compared]]) -> None:
        entries: dict[uuid.UUID, list[OpeningEntry]] = {}
        for parsed, _compared in batch:
            employee = self.people[parsed.values["nip"]]
            entries.setdefault(employee.pk, []).append(_entry(parsed.values))
        chosen = {person.pk: person for person in self.people.values() if person.pk in entries}
        write_openings(entries, people=chosen, actor=self.actor, source=f"impor {self.source.pk}")


def _entry(values: Mapping[str, Any]) -> OpeningEntry:
    return OpeningEntry(values["year"], values["left"], values["postponed"], values["unused"])
