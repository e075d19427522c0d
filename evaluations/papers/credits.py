"""*Konversi Predikat Kinerja ke Angka Kredit*, *Akumulasi Angka Kredit*, *Penetapan Angka Kredit*
(PerBKN 3/2023; reference section 11). Only here are numbers rounded, as the office has set it."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluations.enums import CreditKind, Jenjang, Predikat
from evaluations.models import CreditEntry, Evaluation, current_setting
from evaluations.papers import people
from evaluations.rules import credits as rules
from evaluations.selectors.credits import CreditStanding, standing_of
from kepegawaian.employees.models import Employee
from kepegawaian.lib.ui.formatting import long_day, number


def load_entry(pk: Any) -> CreditEntry:
    related = ("employee__current_unit", "evaluation__assessor__current_unit", "evaluation__period")
    return CreditEntry.objects.select_related(*related).get(pk=pk)


def load_employee(pk: Any) -> Employee:
    return Employee.objects.select_related("current_unit", "user").get(pk=pk)


def rounding() -> str:
    """A mode of `decimal`."""
    return ROUND_DOWN if current_setting().credit_down else ROUND_HALF_UP


def shown(value: Decimal) -> str:
    """As a document prints it."""
    return number(rules.printed(value, rounding=rounding()))


def factor(value: Decimal | None) -> str:
    """A percent or a coefficient without trailing zeros."""
    return number(f"{value.normalize():f}") if value is not None else ""


def conversion_data(entry: CreditEntry) -> dict[str, Any]:
    return {
        **_head(entry.employee, _("Konversi predikat kinerja ke angka kredit"), entry.evaluation),
        "period": people.days_text(entry.first, entry.last),
        "row": [
            str(Predikat(entry.predikat).label),
            f"{factor(entry.percent)}%",
            factor(entry.coefficient),
            f"{entry.months}/12",
            shown(entry.value),
        ],
    }


def accumulation_data(employee: Employee) -> dict[str, Any]:
    standing = standing_of(employee)
    rows = _standing_conversions(standing)
    values = [row.value for row in rows]
    return {
        **_head(employee, _("Akumulasi angka kredit"), _last_evaluation(rows)),
        "rows": [_line(row) for row in rows],
        "total": number(rules.accumulate(values, rounding=rounding()).printed),
    }


def pak_data(employee: Employee) -> dict[str, Any]:
    """Old total, what conversions and degrees add, and what is needed for the next step."""
    standing = standing_of(employee)
    rows = _standing_conversions(standing)
    kept = [row for row in standing.counted if not _taken_back(row)]
    sums = {kind: _sum(row.value for row in kept if row.kind == kind) for kind in CreditKind}
    parts = (
        (_("Angka kredit integrasi"), sums[CreditKind.INTEGRASI]),
        (_("Angka kredit hasil konversi predikat kinerja"), sums[CreditKind.CONVERSION]),
        (_("Angka kredit dari peningkatan pendidikan"), sums[CreditKind.EDUCATION]),
    )
    return {
        **_head(employee, _("Penetapan angka kredit"), _last_evaluation(rows)),
        "parts": [[label, shown(value)] for label, value in parts],
        "total": shown(standing.total),
        "gaps": [_gap(label, gap) for label, gap in _gaps(standing) if gap is not None],
        "problem": str(standing.problem),
    }


def _gaps(standing: CreditStanding) -> list[tuple[str, rules.Gap | None]]:
    return [(_("Kenaikan pangkat ke"), standing.rank), (_("Kenaikan jenjang ke"), standing.jenjang)]


def _gap(label: str, gap: rules.Gap) -> list[str]:
    surplus = gap.total - gap.needed
    verdict = _("kelebihan %(n)s") if gap.met else _("kekurangan %(n)s")
    return [f"{label} {gap.target}", shown(gap.needed), verdict % {"n": shown(abs(surplus))}]


def _standing_conversions(standing: CreditStanding) -> list[CreditEntry]:
    rows = [row for row in standing.counted if row.kind == CreditKind.CONVERSION and not _taken_back(row)]
    return sorted(rows, key=lambda row: row.first)


def _taken_back(row: CreditEntry) -> bool:
    return row.kind == CreditKind.CORRECTION or hasattr(row, "reversed_by")


def _line(row: CreditEntry) -> list[str]:
    return [
        str(row.first.year),
        people.days_text(row.first, row.last),
        str(Predikat(row.predikat).label),
        f"{factor(row.percent)}%",
        factor(row.coefficient),
        shown(row.value),
    ]


def _head(employee: Employee, title: str, evaluation: Evaluation | None) -> dict[str, Any]:
    assessor = people.person(evaluation.assessor if evaluation else None)
    signed = evaluation.signed_at if evaluation else None
    block = people.person(employee)
    born = ", ".join(part for part in (employee.birth_place, long_day(employee.birth_date)) if part)
    span = standing_of(employee).span
    jenjang = str(Jenjang(span.jenjang).label) if span and span.jenjang else ""
    return {
        **people.base(title, at=signed),
        "facts": people.pairs(
            [
                (_("Nama"), block["name"]),
                (_("NIP"), block["nip"]),
                (_("Tempat, tanggal lahir"), born),
                (_("Jenis kelamin"), str(employee.get_sex_display())),
                (_("Pangkat, golongan ruang"), block["rank"]),
                (_("Jabatan"), block["position"]),
                (_("Jenjang"), jenjang),
                (_("Unit kerja"), block["unit"]),
            ]
        ),
        "signatures": [
            people.signature(_("Pejabat penilai kinerja"), assessor, signed, _("Disetujui secara elektronik"))
        ],
    }


def _last_evaluation(rows: list[CreditEntry]) -> Evaluation | None:
    last = rows[-1].evaluation_id if rows else None
    if last is None:
        return None
    return Evaluation.objects.select_related("assessor__current_unit").filter(pk=last).first()


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
