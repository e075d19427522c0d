"""Reads around the SKP: what may be intervened, what may be copied, what a page of a plan needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from evaluations.enums import Approach, PlanState, ResultKind
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    Indicator,
    Participant,
    Plan,
    PlanComment,
    PlanResult,
    PlanTemplate,
)
from evaluations.rules.policy import DEFAULT
from evaluations.rules.texts import activity_hint, copied
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.together import Together, attach

SHOWN_TO_TEAM = (PlanState.AGREED, PlanState.SUBMITTED, PlanState.RETURNED)


def superior_results(participant: Participant) -> list[PlanResult]:
    """Main results of the assessor's own plan of the year: of the agreed one, else of the submitted one."""
    return results_in_force(participant.assessor_id, participant.cycle_id)


_SHOWN: Prepared[PlanResult] = Prepared(lambda slot: results_shown(slot("employee"), slot("cycle")))


def results_in_force(employee_id: Any, cycle_id: Any) -> list[PlanResult]:
    """None of nobody."""
    return of_best_plan(_SHOWN.all(employee=employee_id, cycle=cycle_id))


def indicators_in_force(employee_id: Any, cycle_id: Any) -> list[Indicator]:
    """Of the results in force, in their order: the columns of the matrix of roles and results (reference 4)."""
    results = results_shown(employee_id, cycle_id).order_by().values("pk")
    rows = Indicator.objects.filter(result__in=results).select_related("result__plan")
    rows = rows.order_by("result__plan__state", "-result__plan_id", "result__number", "number")
    best = next((row.result.plan_id for row in rows), None)
    return [row for row in rows if row.result.plan_id == best]


def results_shown(employee_id: Any, cycle_id: Any) -> QuerySet[PlanResult]:
    """`of_best_plan` chooses among them."""
    rows = PlanResult.objects.filter(
        plan__participant__employee_id=employee_id,
        plan__participant__cycle_id=cycle_id,
        plan__state__in=(PlanState.AGREED, PlanState.SUBMITTED),
        kind=ResultKind.MAIN,
    )
    return rows.select_related("plan").order_by("plan__state", "-plan_id", "number")


def of_best_plan(rows: list[PlanResult]) -> list[PlanResult]:
    best = next((row.plan_id for row in rows), None)
    return [row for row in rows if row.plan_id == best]


# --- What a new plan may begin with -----------------------------------------------------------------
def earlier_plans(employee: Employee) -> list[Plan]:
    """Own plans, the newest first: of this year's earlier posts, and of earlier years."""
    rows = Plan.objects.filter(participant__employee=employee).exclude(state=PlanState.DRAFT)
    rows = rows.select_related("participant__cycle", "posting")
    return list(rows.order_by("-participant__cycle__year", "-posting__number", "-number")[:12])


def usable_templates(participant: Participant) -> QuerySet[PlanTemplate]:
    """Shared by colleagues of the same office, those for the same post first."""
    prefixes = [participant.path[:length] for length in range(5, len(participant.path) + 1, 5)]
    rows = PlanTemplate.objects.filter(Q(path__in=prefixes) | Q(path=""), withdrawn_at=None)
    return rows.select_related("shared_by").order_by("title", "id")


# --- Last year's texts, for hints -------------------------------------------------------------------
def texts_of_last_year(participant: Participant) -> list[tuple[str, str]]:
    """(text, text) of the results that the person agreed on for the year before."""
    rows = PlanResult.objects.filter(
        plan__participant__employee_id=participant.employee_id,
        plan__participant__cycle__year=participant.cycle.year - 1,
        plan__state=PlanState.AGREED,
    )
    return [(text, text) for text in rows.values_list("text", flat=True)]


# --- A plan with its lines --------------------------------------------------------------------------
RELATED = (
    "participant__cycle",
    "participant__employee__user",
    "participant__assessor__user",
    "participant__unit",
    "posting__unit",
)


def with_lines(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """Of many plans: results with what they serve, indicators, expectations and appendix; four more statements."""
    results = PlanResult.objects.select_related("intervenes", "serves").prefetch_related(
        Prefetch("indicators", queryset=Indicator.objects.order_by("number"))
    )
    return rows.select_related(*RELATED).prefetch_related(
        Prefetch("results", queryset=results.order_by("number")), "expectations", "appendix"
    )


def line_reads(plan: Any) -> tuple[QuerySet[Any], ...]:
    """What `hang` wants."""
    return (
        PlanResult.objects.filter(plan=plan).select_related("intervenes", "serves").order_by("number"),
        Indicator.objects.filter(result__plan=plan).order_by("number"),
        BehaviourExpectation.objects.filter(plan=plan),
        AppendixLine.objects.filter(plan=plan),
    )


_LINES = Together(lambda slot: line_reads(slot("plan")))


def hang_lines(plan: Plan) -> None:
    """On a plan that came without; one statement."""
    hang(plan, *_LINES.all(plan=plan.pk))


def hang(
    plan: Plan, results: list[Any], indicators: list[Any], expectations: list[Any], appendix: list[Any]
) -> None:
    attach(results, "indicators", indicators)
    attach([plan], "results", results)
    attach([plan], "expectations", expectations)
    attach([plan], "appendix", appendix)


@dataclass(slots=True)
class Gaps:
    """What is missing before a plan can be submitted, and what could be better; the latter never blocks."""

    missing: list[tuple[str, Text]] = field(default_factory=list)
    """(id of the line or "", sentence)."""
    hints: dict[str, list[Text]] = field(default_factory=dict)

    def hint(self, row: Any, text: Text) -> None:
        self.hints.setdefault(str(row.pk), []).append(text)


def gaps_of(plan: Plan, *, last_year: Iterable[tuple[str, str]] = ()) -> Gaps:
    gaps, earlier = Gaps(), list(last_year)
    results = list(plan.results.all())
    if not any(row.kind == ResultKind.MAIN for row in results):
        gaps.missing.append(("", _("Tuliskan paling sedikit satu hasil kerja utama.")))
    for row in results:
        gaps.missing += [(str(row.pk), sentence) for sentence in _missing_in(row)]
        if hint := activity_hint(row.text):
            gaps.hint(row, str(hint))
        if found := copied(row.text, earlier):
            same = _("%(percent)s%% sama dengan SKP tahun lalu. Periksa apakah masih sesuai tahun ini.")
            gaps.hint(row, same % {"percent": found.percent})
        _hint_on_form(plan, row, gaps)
    return gaps


def _missing_in(row: PlanResult) -> list[Text]:
    indicators, found = list(row.indicators.all()), []
    if not row.text:
        found.append(_("Rencana hasil kerja ini belum diisi."))
    if len([one for one in indicators if one.text]) < DEFAULT.min_indicators:
        found.append(_("Hasil kerja ini memerlukan paling sedikit satu indikator."))
    elif not all(one.text for one in indicators):
        found.append(_("Isi atau hapus indikator yang kosong pada hasil kerja ini."))
    return list(found)


def _hint_on_form(plan: Plan, row: PlanResult, gaps: Gaps) -> None:
    if plan.leader_form:
        if not row.perspective:
            gaps.hint(row, _("Perspektifnya belum dipilih."))
    elif row.kind == ResultKind.MAIN and not row.intervenes_id and not row.intervened_text:
        gaps.hint(row, _("Belum dikaitkan dengan hasil kerja atasan; dapat dikaitkan kemudian."))
    if plan.approach == Approach.QUANTITATIVE:
        for one in row.indicators.all():
            if one.text and not one.target:
                gaps.hint(one, _("Target dengan satuannya belum diisi."))


# --- Dialogue ---------------------------------------------------------------------------------------
def comments_of(posting: Any) -> QuerySet[PlanComment]:
    """What was said about the plan of that post in all its versions, in order."""
    rows = PlanComment.objects.filter(plan__posting=posting).select_related("author", "settled_by")
    return rows.order_by("id")
