"""The people behind a number of the monitor: a list of 25 out of 100,000, narrowed by how far they are."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EDITABLE, DeadlineKind, EvaluationState, PlanState
from evaluations.models import Participant
from evaluations.selectors.monitor import MOVED, Look, within

_UNSIGNED = Q(rated=None) | Q(
    rated__state__in=[
        one for one in EvaluationState if one not in (EvaluationState.FINAL, EvaluationState.REPLACED)
    ]
)
"""Not as "not final": that asks for the evaluations of each person a second time."""
WHAT: dict[str, tuple[str | Promise, Q]] = {
    "without_assessor": (_("Tanpa pejabat penilai"), Q(assessor=None)),
    "without_plan": (_("Tanpa SKP"), Q(plan=None)),
    "drafting": (_("SKP sedang disusun"), Q(plan__state__in=EDITABLE)),
    "submitted": (_("SKP menunggu persetujuan"), Q(plan__state=PlanState.SUBMITTED)),
    "agreed": (_("SKP disepakati"), Q(plan__state=PlanState.AGREED)),
    "to_rate": (_("Belum final"), _UNSIGNED),
    "assessed": (_("Dinilai, belum ditandatangani"), Q(rated__state=EvaluationState.ASSESSED)),
    "final": (_("Evaluasi final"), Q(rated__state=EvaluationState.FINAL)),
}
LATE, EXCUSED, LEFT = "late", "excused", "left"
OUTSIDE: dict[str, tuple[str | Promise, Q]] = {
    EXCUSED: (_("Tidak wajib ikut"), ~Q(excused_reason="")),
    LEFT: (_("Berhenti ikut"), Q(left_on__isnull=False)),
}


def people(look: Look, paths: Collection[str] | None, what: str = "") -> QuerySet[Participant]:
    """Who is excused or left only when asked. The evaluation of the period is joined where `what` is about it."""
    rows = with_rated(Participant.objects.filter(within(paths), cycle=look.cycle), look.period)
    if what in OUTSIDE:
        return rows.filter(OUTSIDE[what][1])
    rows = rows.filter(excused_reason="", left_on=None)
    if what == LATE:
        return rows.filter(_late(look))
    return rows.filter(WHAT[what][1]) if what in WHAT else rows


def with_results(rows: QuerySet[Participant]) -> QuerySet[Participant]:
    """Of `people`: with `rated_state`, `rated_predikat`, `rated_late` of the period."""
    if rows.query.is_empty():  # of a year or a filter that does not exist: no evaluation to join
        return rows
    return rows.annotate(
        rated_state=F("rated__state"), rated_predikat=F("rated__predikat"), rated_late=F("rated__late")
    )


def with_rated(rows: QuerySet[Participant], period: Any) -> QuerySet[Participant]:
    """With `rated`, the evaluation of the period that counts, to be joined where it is asked for."""
    of_period = Q(evaluations__period=period) & ~Q(evaluations__state=EvaluationState.REPLACED)
    return rows.alias(rated=FilteredRelation("evaluations", condition=of_period))


def _late(look: Look) -> Q:
    condition = Q(plan__late=True) | Q(rated__late=True)
    if look.is_over(DeadlineKind.PLAN_AGREE):
        condition |= (~Q(plan__state=PlanState.AGREED) | Q(plan=None)) & Q(~MOVED)
    if look.rating_is_over:
        condition |= _UNSIGNED
    return condition
