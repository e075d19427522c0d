"""*Konversi Predikat Kinerja ke Angka Kredit*, *Akumulasi Angka Kredit*, *Penetapan Angka Kredit*
(PerBKN 3/2023; reference section 11). Only here are numbers rounded, as the office has set it."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.enums import ApprovalState, CreditKind, Jenjang, Predikat
from evaluations.models import CreditApproval, CreditEntry, current_setting
from evaluations.papers import people
from evaluations.rules import credits as rules
from evaluations.selectors.credits import (
    CreditStanding,
    approval_of,
    has_conversion,
    post_on,
    standing_of,
)
from evaluations.selectors.line import part_now
from kepegawaian.employees.enums import RankScheme
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import parse_golongan
from kepegawaian.lib.dates import today
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
    """Post, *jenjang* and rank are those of the months it converts, whatever the person is by now. Recorded is the
    signature under the evaluation: the amount follows from it."""
    evaluation = entry.evaluation
    signed = evaluation.signed_at if evaluation else None
    assessor = people.person(evaluation.assessor if evaluation else None)
    recorded = _("Evaluasi ditandatangani secara elektronik")
    return {
        **people.base(_("Konversi predikat kinerja ke angka kredit"), at=signed),
        "facts": _facts(entry.employee, _block_then(entry), entry.jenjang),
        "signatures": [people.signature(_("Pejabat penilai kinerja"), assessor, signed, recorded)],
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
    return {
        **_sum_head(standing, _("Akumulasi angka kredit")),
        "rows": [_line(row) for row in rows],
        "total": number(_accumulated(rows).printed),
    }


def pak_data(employee: Employee) -> dict[str, Any]:
    """Old total, what conversions and degrees add, and what is needed for the next step. Parts and total are sums
    of printed lines and agree with the *akumulasi*; what is needed is reckoned by the exact total."""
    standing = standing_of(employee)
    kept = [row for row in standing.counted if not _taken_back(row)]
    sums = {kind: _accumulated(row for row in kept if row.kind == kind).printed for kind in CreditKind}
    total = _accumulated(kept)
    parts = (
        (_("Angka kredit integrasi"), sums[CreditKind.INTEGRASI]),
        (_("Angka kredit hasil konversi predikat kinerja"), sums[CreditKind.CONVERSION]),
        (_("Angka kredit dari peningkatan pendidikan"), sums[CreditKind.EDUCATION]),
    )
    return {
        **_sum_head(standing, _("Penetapan angka kredit")),
        "parts": [[label, number(value)] for label, value in parts],
        "total": number(total.printed),
        "exact": factor(total.exact) if shown(total.exact) != number(total.printed) else "",
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


def established(employee: Employee) -> CreditApproval | None:
    """Who approved the sum as it stands in the portal; None: it is a draft."""
    found = approval_of(employee)
    approved = found is not None and found.state == ApprovalState.APPROVED
    return found if approved and has_conversion(employee) else None


def _sum_head(standing: CreditStanding, title: str) -> dict[str, Any]:
    """The assessor establishes it (reference 11); on a draft stands who would."""
    employee, span = standing.employee, standing.span
    jenjang = span.jenjang if span and span.jenjang else ""
    approval, part = established(employee), part_now(employee)
    assessor = approval.approver if approval else part.assessor if part else None
    block = people.person(assessor, position=approval.capacity if approval else "")
    at = approval.decided_at if approval else None
    signature = people.signature(_("Pejabat penilai kinerja"), block, at, _("Ditetapkan secara elektronik"))
    return {
        **people.base(title, at=at),
        "as_of": long_day(timezone.localdate(at) if at else today()),
        "facts": _facts(employee, people.person(employee), jenjang),
        "signatures": [{**signature, "position": block["position"]}],
    }


def _block_then(entry: CreditEntry) -> people.Block:
    held = post_on(entry.employee, entry.last)
    position, unit = (held.position.name, str(held.unit)) if held else ("", "")
    block = people.person(entry.employee, position=position, unit=unit)
    rank = parse_golongan(entry.golongan, RankScheme.PNS)
    return {**block, "rank": str(rank or entry.golongan)}


def _facts(employee: Employee, block: Mapping[str, str], jenjang: str) -> list[list[str]]:
    born = ", ".join(part for part in (employee.birth_place, long_day(employee.birth_date)) if part)
    return people.pairs(
        [
            (_("Nama"), block["name"]),
            (_("NIP"), block["nip"]),
            (_("Tempat, tanggal lahir"), born),
            (_("Jenis kelamin"), str(employee.get_sex_display())),
            (_("Pangkat, golongan ruang"), block["rank"]),
            (_("Jabatan"), block["position"]),
            (_("Jenjang"), str(Jenjang(jenjang).label) if jenjang else ""),
            (_("Unit kerja"), block["unit"]),
        ]
    )


def _accumulated(rows: Iterable[CreditEntry]) -> rules.Accumulation:
    return rules.accumulate((row.value for row in rows), rounding=rounding())
