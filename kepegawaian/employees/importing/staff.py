"""The two staff layouts: SIASN "Data Utama" and the local nominatif."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import AsnStatus, LegalState, Sex
from kepegawaian.employees.importing import columns
from kepegawaian.employees.importing.arrivals import enter
from kepegawaian.employees.importing.changes import alter
from kepegawaian.employees.importing.compare import FIELDS, Comparer
from kepegawaian.employees.importing.layouts import Afterthought, Compared, Layout, Parsed, Row
from kepegawaian.employees.importing.people import parse_person
from kepegawaian.employees.importing.structure import Ref, UnitBook
from kepegawaian.employees.importing.writer import Writer
from kepegawaian.employees.models import Employee
from kepegawaian.employees.services import RESTRICTED
from kepegawaian.work.verdicts import RowVerdict


class Staff(Layout):
    """People keyed by NIP and PNS ID. An empty cell says nothing: it never erases what is recorded."""

    fields = {
        **{field.name: field.verbose_name for field in Employee._meta.fields if field.name in FIELDS},
        "siasn_id": "PNS ID",
        "nip": "NIP",
        "old_nip": _("NIP lama"),
        "golongan": _("golongan"),
        "rank_tmt": _("TMT golongan"),
        "mk_years": _("masa kerja (tahun)"),
        "mk_months": _("masa kerja (bulan)"),
        "position": _("jabatan"),
        "position_tmt": _("TMT jabatan"),
        "unit": _("unit kerja"),
    }
    choices = {"sex": Sex, "status": AsnStatus, "legal_state": LegalState}
    restricted = frozenset(RESTRICTED)

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.book = UnitBook(self.planned)
        self.comparer = Comparer(self.header, self.book)
        self.writer: Writer

    def parse(self, row: Row) -> Parsed:
        parsed = parse_person(row, on=self.on)
        if "unit" in parsed.values:
            self.book.see(parsed.values["unit"])
        return parsed

    def compare(self, batch: Sequence[Parsed]) -> list[Compared]:
        return self.comparer.compare(batch, lock=self.saving)

    def afterthoughts(self) -> Iterable[Afterthought]:
        yield from super().afterthoughts()
        yield from self.comparer.afterthoughts(self.refused)

    def plan(self) -> dict[str, Any]:
        return {**self.book.plan(), "new_units": self.book.missing()}

    def prepare(self, values: Iterable[Mapping[str, Any]], *, actor: Any, source: Any) -> None:
        super().prepare(values, actor=actor, source=source)
        refs = {Ref.of(said["unit"]) for said in values if "unit" in said}
        for ref in sorted(refs, key=lambda ref: (ref.parent, ref.name, ref.key)):
            if ref.name or self.book.find(ref):
                self.book.make(ref)
        self.writer = Writer(source, actor, self.book)

    def apply(self, batch: Sequence[tuple[Parsed, Compared]]) -> None:
        records = self.comparer.records
        for parsed, compared in batch:
            if compared.verdict == RowVerdict.NEW:
                compared.subject = enter(self.writer, parsed, records).pk
            else:
                alter(self.writer, parsed, compared, records)
        self.writer.pending.flush()

    def finish(self) -> dict[str, Any]:
        return self.writer.finish()


class Siasn(Staff):
    name = "siasn"
    label = _("SIASN Data Utama")
    columns = columns.SIASN


class Nominatif(Staff):
    name = "nominatif"
    label = _("Nominatif atau DUK daerah")
    columns = columns.NOMINATIF
