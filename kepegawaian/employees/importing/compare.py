"""What a row of a staff file would change in the records: nothing is written here."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_noop as _

from kepegawaian.employees import rules
from kepegawaian.employees.enums import LegalState, PositionKind
from kepegawaian.employees.importing import naming
from kepegawaian.employees.importing.issues import Issue
from kepegawaian.employees.importing.layouts import Afterthought, Compared, Header, Parsed
from kepegawaian.employees.importing.records import Person, Records, account_email
from kepegawaian.employees.importing.structure import Known, Ref, UnitBook
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.employees.rules import Level
from kepegawaian.employees.services import EDITABLE
from kepegawaian.lib.dates import today
from kepegawaian.work.cells import words
from kepegawaian.work.verdicts import RowVerdict

GONE = frozenset({LegalState.ENDED, LegalState.RETIRED})
"""They have left: their posts are history and they get no account."""
FIELDS = ("siasn_id", *EDITABLE)
_DATES = frozenset(field.name for field in Employee._meta.fields if isinstance(field, models.DateField))
Difference = list[dict[str, Any]]


def plain(value: Any) -> Any:
    """A value of the records as the row keeps it: dates as ISO text, nothing as ""."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else value


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def typed(name: str, value: Any) -> Any:
    """A value of a row as the field of this name keeps it."""
    return day(value) if name in _DATES else value


def first_day(values: dict[str, Any]) -> datetime.date | None:
    """When service began, for rows that do not say since when a rank or post is held."""
    if stated := values.get("tmt_cpns") or values.get("contract_start"):
        return day(stated)
    parts = rules.parse_number(values["nip"])
    return (parts.tmt_cpns or datetime.date(parts.year, 1, 1)) if parts else None


def same_position(row: dict[str, Any], holding: PositionHolding) -> bool:
    position = holding.position
    return bool(row.get("code") and row["code"] == position.code) or words(row["name"]) == words(position.name)


class Comparer:
    """Compares batch after batch of one file and remembers what only shows across batches."""

    def __init__(self, header: Header, book: UnitBook) -> None:
        self.header = header
        self.book = book
        self.records: Records
        self._emails: dict[str, int] = {}
        self._old_numbers: dict[str, int] = {}
        self._subjects: dict[Any, list[int]] = defaultdict(list)
        self._claims: dict[str, list[tuple[int, uuid.UUID | None, str]]] = defaultdict(list)
        self._claimed_units: dict[str, Known] = {}
        self._leaving: set[uuid.UUID] = set()

    def compare(self, batch: Sequence[Parsed], *, lock: bool = False) -> list[Compared]:
        self.records = Records(batch, lock=lock)
        return [self._row(parsed) for parsed in batch]

    def issue(self, key: str, level: Level, message: str, value: str = "", **params: Any) -> Issue:
        return Issue(self.header.name(key) or key.upper(), level, message, value, params)

    # --- One row ----------------------------------------------------------------------------------
    def _row(self, parsed: Parsed) -> Compared:
        values = parsed.values
        person, problem = self._match(values)
        if problem is not None:
            return Compared(RowVerdict.REFUSED, issues=[problem])
        issues: list[Issue] = []
        self._subjects[person.employee.pk if person else values.get("siasn_id") or parsed.key].append(
            parsed.number
        )
        self._shared(parsed, person, issues)
        if person is None:
            self._new(parsed, issues)
            return Compared(RowVerdict.NEW, issues=issues)
        difference = self._facts(values, person)
        difference += self._rank(values, person, issues)
        if values.get("legal_state", person.employee.legal_state) not in GONE:
            difference += self._position(parsed, person, issues)
        elif problem := self._cannot_leave(values, person):
            return Compared(RowVerdict.REFUSED, issues=[problem])
        verdict = RowVerdict.CHANGED if difference else RowVerdict.UNCHANGED
        return Compared(verdict, difference, person.employee.pk, issues)

    def _match(self, values: dict[str, Any]) -> tuple[Person | None, Issue | None]:
        """The person by PNS ID, else by the NIP in force; two answers that contradict refuse the row."""
        nip, code = values["nip"], values.get("siasn_id", "")
        records = self.records
        by_code, by_nip = records.by_siasn.get(code), records.by_nip.get(nip)
        other_code = by_nip and records.people[by_nip].employee.siasn_id
        if by_nip and code and by_nip != by_code and (by_code or other_code):
            return None, self.issue(
                "siasn_id", Level.ERROR, _("NIP dan PNS ID ini milik dua pegawai berbeda."), nip
            )
        found = by_code or by_nip
        account = records.accounts.get(nip)
        if account and account[1] and account[1] != found:
            return None, self.issue("nip", Level.ERROR, _("NIP ini sudah dipakai akun pegawai lain."), nip)
        if nip in records.former and not by_nip:
            return None, self.issue(
                "nip", Level.ERROR, _("Nomor ini sudah tidak berlaku; pegawainya bernomor baru."), nip
            )
        return (records.people[found] if found else None), None

    def _shared(self, parsed: Parsed, person: Person | None, issues: list[Issue]) -> None:
        """NIK, old NIP and e-mail that somebody else has too."""
        values, own = parsed.values, person.employee.pk if person else None
        if old := values.get("old_nip"):
            row = self._old_numbers.setdefault(old, parsed.number)
            if row != parsed.number or self.records.number_owners.get(old, own) != own:
                issues.append(self.issue("old_nip", Level.WARNING, _("NIP lama ini milik pegawai lain."), old))
                del values["old_nip"]
        nik = values.get("nik")
        if nik and self.records.nik_owners.get(nik, set()) - {own}:
            issues.append(self.issue("nik", Level.WARNING, _("NIK ini juga tercatat pada pegawai lain."), nik))
        email = account_email(values)
        if email and (person is None or person.employee.user_id is None):
            row = self._emails.setdefault(email, parsed.number)
            if row != parsed.number or email in self.records.emails:
                message = _("Surel ini sudah dipakai akun lain; akun dibuat tanpa surel.")
                issues.append(self.issue("email", Level.WARNING, message, email))

    def _new(self, parsed: Parsed, issues: list[Issue]) -> None:
        values = parsed.values
        rank, gone = values.get("rank"), values.get("legal_state") in GONE
        if rank is None:
            issues.append(self.issue("rank_name", Level.WARNING, _("Golongan kosong.")))
        elif "tmt" not in rank:
            issues.append(
                self.issue("rank_tmt", Level.WARNING, _("TMT golongan kosong; dipakai awal masa kerja."))
            )
        if gone:
            return
        unit = self._unit(values, issues)
        if unit is None:
            message = _("Unit kerja kosong; pegawai disimpan tanpa unit dan jabatan.")
            issues.append(self.issue("unit", Level.WARNING, message))
            return
        if "position" not in values:
            issues.append(self.issue("position", Level.WARNING, _("Jabatan kosong; jabatan dicatat menyusul.")))
        elif "position_tmt" not in values:
            issues.append(
                self.issue("position_tmt", Level.WARNING, _("TMT jabatan kosong; dipakai awal masa kerja."))
            )
        self._claim(parsed, unit, None)

    # --- Parts of the difference ------------------------------------------------------------------
    def _facts(self, values: dict[str, Any], person: Person) -> Difference:
        employee = person.employee
        found = [
            {"field": name, "old": old, "new": values[name]}
            for name in FIELDS
            if name in values and values[name] != (old := plain(getattr(employee, name)))
        ]
        if values["nip"] != person.nip:
            found.insert(0, {"field": "nip", "old": person.nip, "new": values["nip"]})
        old_nip = values.get("old_nip")
        if old_nip and old_nip not in {number.value for number in person.numbers}:
            found.append({"field": "old_nip", "old": "", "new": old_nip})
        return found

    def _rank(self, values: dict[str, Any], person: Person, issues: list[Issue]) -> Difference:
        rank = values.get("rank")
        if rank is None:
            return []
        current = person.ranks[-1] if person.ranks else None
        if current is None:
            return [{"field": "golongan", "old": "", "new": rank["golongan"]}]
        same = (current.scheme, current.golongan) == (rank["scheme"], rank["golongan"])
        tmt = day(rank.get("tmt"))
        previous = person.ranks[-2] if len(person.ranks) > 1 else None
        if not same and tmt is None:
            message = _("TMT golongan kosong; perubahan golongan tidak disimpan.")
        elif tmt and tmt < current.valid_from and (not same or (previous and tmt <= previous.valid_from)):
            message = _("Golongan di berkas lebih lama daripada yang tercatat; tidak disimpan.")
        else:
            return _listed(
                ("golongan", current.golongan, rank["golongan"]),
                ("rank_tmt", plain(current.valid_from), rank.get("tmt", plain(current.valid_from))),
                ("mk_years", current.mk_years, rank.get("mk_years", current.mk_years)),
                ("mk_months", current.mk_months, rank.get("mk_months", current.mk_months)),
            )
        issues.append(self.issue("rank_tmt", Level.WARNING, message, rank["golongan"]))
        return []

    def _position(self, parsed: Parsed, person: Person, issues: list[Issue]) -> Difference:
        values = parsed.values
        row = values.get("position")
        current = person.positions[-1] if person.positions else None
        unit = self._unit(values, issues)
        if current is None:
            if unit is None or row is None:
                return []
            self._claim(parsed, unit, person)
            return [
                {"field": "position", "old": "", "new": row["name"]},
                {"field": "unit", "old": "", "new": unit[0].name},
            ]
        tmt = values.get("position_tmt")
        found = _listed(
            ("position", current.position.name, _kept(row is None or same_position(row, current), current, row)),
            (
                "unit",
                current.unit.name,
                current.unit.name if unit is None or _is(unit[1], current) else unit[0].name,
            ),
            ("position_tmt", plain(current.valid_from), tmt or plain(current.valid_from)),
        )
        if unit is not None and not _is(unit[1], current) and unit[0].name == current.unit.name:
            # Another unit that happens to have the same name.
            found.append({"field": "unit", "old": current.unit.code or "", "new": unit[0].code})
        if not found:
            return []
        if message := _position_doubt(found, day(tmt), person):
            issues.append(self.issue("position_tmt", Level.WARNING, message, row["name"] if row else ""))
            return []
        self._leaving.add(person.employee.pk)
        self._claim(parsed, unit or (Ref(name=current.unit.name), None), person)
        return found

    def _unit(self, values: dict[str, Any], issues: list[Issue]) -> tuple[Ref, Known | None] | None:
        said = values.get("unit")
        if not said:
            return None
        ref = Ref.of(said)
        known = self.book.find(ref)
        if known is None and not ref.name:
            message = _("Unit ini belum dikenal dan namanya tidak ada di berkas.")
            issues.append(self.issue("unit_code", Level.WARNING, message, ref.code))
            return None
        if known is not None and known.closed:
            issues.append(self.issue("unit", Level.WARNING, _("Unit ini sudah ditutup di portal."), ref.name))
        return (Ref(ref.code, known.name, ref.parent_code, ref.parent) if known else ref), known

    def _cannot_leave(self, values: dict[str, Any], person: Person) -> Issue | None:
        """Service ends yesterday at the latest; what begins later must be mended first."""
        if person.employee.legal_state in GONE:
            return None
        rows = [*person.ranks, *person.positions]
        if any(row.valid_from >= today() for row in rows):
            message = _("Ada riwayat yang mulai hari ini atau sesudahnya. Perbaiki lebih dahulu.")
            return self.issue("legal_state", Level.ERROR, message, values["legal_state"])
        return None

    # --- Across rows ------------------------------------------------------------------------------
    def _claim(self, parsed: Parsed, unit: tuple[Ref, Known | None], person: Person | None) -> None:
        if not heads_unit(parsed.values.get("position"), unit[0].name):
            return
        ref, known = unit
        key = str(known.id) if known else ref.key
        if known:
            self._claimed_units[key] = known
        self._claims[key].append((parsed.number, person.employee.pk if person else None, ref.name))

    def afterthoughts(self, refused: set[int]) -> Iterable[Afterthought]:
        for numbers in self._subjects.values():
            standing = [number for number in numbers if number not in refused]
            for number in standing[1:]:
                message = _("Pegawai ini juga ada di baris %(row)d.")
                refused.add(number)
                yield Afterthought(number, self.issue("nip", Level.ERROR, message, row=standing[0]))
        yield from self._second_heads(refused)

    def _second_heads(self, refused: set[int]) -> Iterable[Afterthought]:
        sitting = sitting_heads([known.id for known in self._claimed_units.values()])
        for key, claims in self._claims.items():
            standing = [claim for claim in claims if claim[0] not in refused]
            known = self._claimed_units.get(key)
            head = sitting.get(known.id) if known else None
            if head is not None and head.employee_id in self._leaving:
                head = None
            for index, (number, employee, name) in enumerate(standing):
                if head is not None and head.employee_id != employee:
                    message = _("Unit ini masih dipimpin %(name)s; pegawai ini tidak dicatat sebagai pimpinannya.")
                    params: dict[str, Any] = {"name": head.employee.full_name}
                elif index:
                    message = _("Unit ini sudah dipimpin menurut baris %(row)d; yang pertama yang dicatat.")
                    params = {"row": standing[0][0]}
                else:
                    continue
                yield Afterthought(number, self.issue("position", Level.WARNING, message, name, **params))


def heads_unit(position: dict[str, Any] | None, unit: str) -> bool:
    return bool(position and position["kind"] == PositionKind.STRUCTURAL and naming.heads(position["name"], unit))


def sitting_heads(units: Iterable[uuid.UUID]) -> dict[uuid.UUID, PositionHolding]:
    """Definitive heads whose term has no end yet or one to come."""
    rows = PositionHolding.objects.standing().filter(heads_id__in=list(units), kind="definitive")
    rows = rows.exclude(valid_to__lt=today()).select_related("employee").order_by("valid_from")
    return {row.heads_id: row for row in rows}


def _listed(*fields: tuple[str, Any, Any]) -> Difference:
    return [{"field": name, "old": old, "new": new} for name, old, new in fields if old != new]


def _kept(same: bool, current: PositionHolding, row: dict[str, Any] | None) -> str:
    return current.position.name if same or row is None else row["name"]


def _is(known: Known | None, current: PositionHolding) -> bool:
    return known is not None and known.id == current.unit_id


def _position_doubt(found: Difference, tmt: datetime.date | None, person: Person) -> str:
    """Why a change of post is not believed: no TMT, or one before what is recorded."""
    current = person.positions[-1]
    previous = person.positions[-2] if len(person.positions) > 1 else None
    other_post = any(entry["field"] != "position_tmt" for entry in found)
    if tmt is None:
        return _("TMT jabatan kosong; perubahan jabatan tidak disimpan.")
    if tmt < current.valid_from and (other_post or (previous and tmt <= previous.valid_from)):
        return _("Jabatan di berkas lebih lama daripada yang tercatat; tidak disimpan.")
    return ""
