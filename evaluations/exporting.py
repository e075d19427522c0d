"""Results as SIASN wants them uploaded: `skp22` for years, `kinerjaPeriodik` for months and quarters (reference
section 14). Only results in force: after an objection the changed one."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EvaluationState, PeriodKind, Predikat, Rating
from evaluations.models import Evaluation
from evaluations.permissions.follow_up import can_export
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.units.models import scope_paths
from kepegawaian.work.sheets import Column, SheetExport

SUBJECT = "evaluations.evaluation"
ASN, NOT_ASN = "ASN", "NON ASN"
"""`statusPenilai`: words of SIASN, not of the page."""


def _assessor(value: Callable[[Employee], str]) -> Callable[[Evaluation], str]:
    def cell(row: Evaluation) -> str:
        return value(row.assessor) if row.assessor is not None else ""

    return cell


def _assessor_status(row: Evaluation) -> str:
    if row.assessor is None:
        return ""
    return NOT_ASN if row.assessor.status == AsnStatus.OFFICIAL else ASN


def _assessor_number(assessor: Employee) -> str:
    """Optional for a political head (reference 4)."""
    return assessor.current_nip if assessor.current_nip.isdecimal() else ""


_RESULT: list[Column] = [
    ("pnsDinilaiId", lambda row: row.participant.employee.siasn_id or ""),
    ("nip", lambda row: row.participant.employee.current_nip),
    ("nama", lambda row: row.participant.employee.full_name),
    ("tahun", lambda row: row.period.cycle.year),
    ("hasilKinerjaNilai", lambda row: Rating(row.results_rating).code),
    ("perilakuKerjaNilai", lambda row: Rating(row.behaviour_rating).code),
    ("kuadranKinerjaNilai", lambda row: Predikat(row.predikat).code),
    ("penilaiNama", _assessor(lambda assessor: assessor.full_name)),
    ("penilaiNipNrp", _assessor(_assessor_number)),
    ("penilaiGolongan", _assessor(lambda assessor: assessor.current_golongan)),
    ("penilaiJabatanNama", lambda row: row.capacity or _assessor(lambda one: one.current_position)(row)),
    ("penilaiUnorNama", _assessor(lambda assessor: str(assessor.current_unit or ""))),
    ("statusPenilai", _assessor_status),
]
_PERIOD: list[Column] = [
    ("periodikId", lambda row: PeriodKind(row.period.kind).code or ""),
    ("bulanMulaiPenilaian", lambda row: row.period.start.month),
    ("bulanSelesaiPenilaian", lambda row: row.period.end.month),
    ("tahunMulaiPenilaian", lambda row: row.period.start.year),
    ("tahunSelesaiPenilaian", lambda row: row.period.end.year),
    # Ids of SIASN's own table of coefficients are not known here: HR picks them there.
    ("koefisienId", lambda row: ""),
]


def in_scope(user: Any) -> QuerySet[Evaluation]:
    """Results in force of the people whose performance the user manages."""
    rows = Evaluation.objects.filter(state=EvaluationState.FINAL)
    paths = scope_paths(user, Right.MANAGE_PERFORMANCE)
    if paths is not None:
        found = rows.none()
        for path in paths:
            found = found | rows.filter(participant__path__startswith=path)
        rows = found
    related = ("participant__employee", "period__cycle", "assessor__current_unit")
    return rows.select_related(*related).order_by("participant__path", "participant_id", "period__start", "id")


def _asked(query: str, user: Any) -> QuerySet[Evaluation]:
    """The year is asked of the person too: by its periods alone PostgreSQL walks through results of all years."""
    year = QueryDict(query).get("tahun", "") or ""
    if not (year.isdecimal() and len(year) == 4):
        return in_scope(user).none()
    return in_scope(user).filter(period__cycle__year=int(year), participant__cycle__year=int(year))


def years(query: str, user: Any) -> QuerySet[Evaluation]:
    return _asked(query, user).filter(period__kind=PeriodKind.YEAR)


def periods(query: str, user: Any) -> QuerySet[Evaluation]:
    return _asked(query, user).exclude(period__kind=PeriodKind.YEAR)


SKP22 = SheetExport(
    job="evaluations.skp22",
    verb="evaluations.exported_years",
    subject=SUBJECT,
    stem="skp22",
    title="skp22",
    columns=_RESULT,
    selection=years,
    may=can_export,
    uploaded=True,
)
PERIODIC = SheetExport(
    job="evaluations.kinerja_periodik",
    verb="evaluations.exported_periods",
    subject=SUBJECT,
    stem="kinerjaPeriodik",
    title="kinerjaPeriodik",
    columns=[*_RESULT, *_PERIOD],
    selection=periods,
    may=can_export,
    uploaded=True,
)
EXPORTS = {"skp22": SKP22, "periodik": PERIODIC}
LABELS = {"skp22": _("Hasil tahunan (skp22)"), "periodik": _("Hasil periodik (kinerjaPeriodik)")}
