"""*Penetapan predikat organisasi* with the distribution of a unit, and its curve for every form that shows it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluations.enums import OrgResult, PeriodKind, Predikat
from evaluations.models import Evaluation, OrganisationResult, Period
from evaluations.papers import people
from evaluations.rules import distribution
from evaluations.selectors.policy import current_policy
from evaluations.selectors.ratings import people_of, signed_in
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import long_day, number

STEP = 5
"""Characters of a path per level of the tree."""


def load(pk: Any) -> OrganisationResult:
    return OrganisationResult.objects.select_related("unit", "period__cycle", "set_by").get(pk=pk)


def along(path: str, period: Period) -> "QuerySet[OrganisationResult]":
    """Results of the unit at that path and of those above it."""
    prefixes = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    return OrganisationResult.objects.filter(unit__path__in=prefixes, period=period)


def organisation_of(evaluation: Evaluation) -> OrganisationResult | None:
    """Of the unit where it was earned, else of the nearest one above that has a result."""
    unit = evaluation.post.unit
    rows = along(unit.path if unit is not None else evaluation.participant.path, evaluation.period)
    return rows.select_related("unit", "period__cycle").order_by("-unit__depth").first()


def counts_of(result: OrganisationResult) -> dict[Predikat, int]:
    """Final ratings of the people of the unit and below it."""
    return {Predikat(name): count for name, count in signed_in(result.unit.path, result.period)}


def curve_of(result: OrganisationResult) -> list[dict[str, Any]]:
    """The bars from SK to SB with their numbers; `width` in percent of the largest."""
    rows = distribution.bars(counts_of(result))
    most = max((row.count for row in rows), default=0)
    return [
        {
            "label": str(row.predikat.label),
            "count": row.count,
            "share": f"{number(row.share)}%",
            "height": round(100 * row.count / most) if most else 0,
        }
        for row in rows
    ]


def distribution_data(result: OrganisationResult) -> dict[str, Any]:
    counts = counts_of(result)
    org = OrgResult(result.result)
    size, tiny = people_of(result.unit.path, result.period).count(), current_policy().tiny_unit
    warnings = distribution.check(org, counts, people=size, tiny_unit=tiny, on=result.period.end)
    leader = Employee.objects.select_related("current_unit").filter(user=result.set_by_id).first()
    block = people.person(leader)
    what = _("Penetapan predikat kinerja periodik organisasi dan pola distribusi")
    yearly = _("Penetapan predikat kinerja tahunan organisasi dan pola distribusi")
    return {
        **people.base(yearly if result.period.kind == PeriodKind.YEAR else what, at=result.set_at),
        "unit": str(result.unit),
        "period": people.period_text(result.period),
        "organisation": str(org.label),
        "reason": result.reason,
        "guides": [str(one) for one in distribution.guides(org, on=result.period.end)],
        "curve": curve_of(result),
        "counted": long_day(today()),
        "total": sum(counts.values()),
        "warnings": [str(one.message) for one in warnings],
        "distribution_reason": result.distribution_reason,
        "signatures": [people.signature(_("Pimpinan"), block, result.set_at, _("Ditetapkan secara elektronik"))],
    }
