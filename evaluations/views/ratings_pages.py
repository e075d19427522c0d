"""What the page of assessing one person shows, asked for when the template wants it, each at most once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.enums import DeadlineKind, EvaluationState, OrgResult, PlanState, Predikat, Rating
from evaluations.models import BehaviourExpectation, Evaluation, OrganisationResult, Participant, Period
from evaluations.models.cycles import Posting, current_setting
from evaluations.models.ratings import EvaluationStep
from evaluations.permissions.ratings import can_explain
from evaluations.rules import distribution, matrix
from evaluations.selectors import ratings as selectors
from evaluations.selectors.duties import Duty
from evaluations.selectors.execution import Part, newest_numbers, numbers_along, progress_of
from evaluations.selectors.feedback import Shown, feedback_shown
from evaluations.selectors.periods import due_rows, parts_of
from evaluations.workflow import Action
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.together import read_together
from kepegawaian.lib.ui.formatting import typed
from kepegawaian.lib.ui.parts import Bar, Bars, Step

REASONS: dict[str, Text] = {
    "results_reason": _("Alasan rating hasil kerja"),
    "behaviour_reason": _("Alasan rating perilaku"),
}
SAYS_NOTHING = _("Alasan ini hanya mengulang ratingnya. Sebutkan kejadian atau buktinya.")
ACTIONS: dict[str, Text] = {
    Action.ASSESS: _("Dinilai"),
    Action.REOPEN: _("Dibuka kembali"),
    Action.SIGN: _("Ditandatangani"),
    Action.RECEIVE: _("Dibaca pegawai"),
    Action.HAND_OVER: _("Berpindah ke pejabat penilai baru"),
    Action.REPLACE: _("Diganti putusan keberatan"),
}


def steps_of(evaluation: Evaluation) -> QuerySet[EvaluationStep]:
    """Without the statements about an objection, which stand on its page."""
    rows = EvaluationStep.objects.filter(evaluation=evaluation).exclude(action=Action.STATE)
    return rows.select_related("actor").order_by("id")


def timeline(steps: Iterable[EvaluationStep]) -> list[Step]:
    return [_step(step) for step in steps]


def _step(step: EvaluationStep) -> Step:
    name = step.actor.name if step.actor else str(_("Portal"))
    who = f"{name}, {step.capacity}" if step.capacity else name
    calm = step.action in (Action.HAND_OVER, Action.REOPEN, Action.REPLACE)
    return Step(
        ACTIONS.get(step.action, step.action),
        "done",
        who=who,
        when=step.at,
        note=typed(step.note),
        tone="info" if calm else "success",
        icon="arrow-path" if calm else "check-circle",
    )


@dataclass(frozen=True)
class UnitPattern:
    """What the unit's own result asks of the ratings, and how those of its people lie that were signed so far, by
    whomever (PermenPANRB 6/2022 Ps 24-25: the unit's result first, its pattern next, the people last; the shares
    of SE MenPANRB 3/2023 are of the staff assessed in the unit, reference 9)."""

    period: Period
    result: OrgResult | None
    signed: Counter[Predikat]
    people: int

    @property
    def guides(self) -> tuple[Any, ...]:
        return distribution.guides(self.result, on=self.period.end) if self.result else ()

    @property
    def chart(self) -> Bars:
        rows = [Bar(bar.predikat.label, bar.count) for bar in distribution.bars(self.signed)]
        return Bars(_("Yang sudah ditandatangani di unit ini"), rows)

    def warnings(self, further: Predikat) -> list[distribution.PatternWarning]:
        """Where the unit leaves the pattern once `further` is signed as well. None of few people, of whom shares
        say nothing."""
        if self.result is None:
            return []
        counts, tiny = self.signed + Counter([further]), current_setting().tiny_unit
        found = distribution.check(self.result, counts, people=self.people, tiny_unit=tiny, on=self.period.end)
        return [warning for warning in found if warning.needs_reason]


class AssessPage:
    def __init__(self, user: Any, participant: Participant, period: Period, duty: Duty) -> None:
        self.user, self.participant, self.period, self.duty = user, participant, period, duty
        self.plan = duty.plan

    @cached_property
    def evaluation(self) -> Evaluation | None:
        found = selectors.counting_evaluation(self.participant, self.period)
        if found is not None:
            found.participant, found.period = self.participant, self.period
        return found

    @property
    def post(self) -> Posting | Participant:
        """Unit and position of the period: of the former post where the person has left it since."""
        former = self.plan is not None and self.plan.pk != self.participant.plan_id
        return self.plan.posting if former and self.plan is not None else self.participant

    @property
    def path(self) -> str:
        return self.post.unit.path if self.post.unit is not None else self.participant.path

    @property
    def state(self) -> EvaluationState:
        return EvaluationState(self.evaluation.state) if self.evaluation else EvaluationState.OPEN

    @property
    def writes(self) -> bool:
        return self.state in (EvaluationState.OPEN, EvaluationState.ASSESSED) and self.plan is not None

    @cached_property
    def periods(self) -> list[Period]:
        return parts_of(self.period)

    @cached_property
    def parts(self) -> list[Part]:
        return progress_of(self.participant, self.plan, self.periods) if self.plan else []

    @property
    def results(self) -> list[Any]:
        return [part.result for part in self.parts]

    @cached_property
    def shown(self) -> Shown:
        return feedback_shown(self.participant, self.periods)

    @cached_property
    def _beside(self) -> dict[str, list[Any]]:
        """What stands around the form; one statement."""
        team = selectors.team_in(self.user, self.period).filter(plan__state=PlanState.AGREED)
        expected = BehaviourExpectation.objects.filter(plan=self.plan)
        asked: dict[str, QuerySet[Any]] = {
            "due": due_rows([self.period], DeadlineKind.ASSESS),
            "team": team.order_by("employee__name", "id").values_list("pk", flat=True),
            "plans": selectors.earlier_plans(self.participant, self.plan),
            "evaluations": selectors.earlier_evaluations(self.participant, self.period),
            "expectations": expected if self.plan else BehaviourExpectation.objects.none(),
            "numbers": numbers_along(self.participant),
            "unit": OrganisationResult.objects.filter(unit=self.post.unit_id, period=self.period).values_list(
                "result", flat=True
            ),
            "signed": selectors.signed_in(self.path, self.period),
            "people": selectors.people_of(self.path, self.period)
            .order_by()
            .values_list("cycle")
            .annotate(n=Count("pk")),
        }
        return dict(zip(asked, read_together(*asked.values()), strict=True))

    @property
    def expectations(self) -> list[Any]:
        return self._beside["expectations"]

    @property
    def numbers(self) -> list[Any]:
        return newest_numbers(self._beside["numbers"])

    @cached_property
    def unit_pattern(self) -> UnitPattern:
        result = next((OrgResult(found) for found in self._beside["unit"]), None)
        signed = Counter({Predikat(name): number for name, number in self._beside["signed"]})
        return UnitPattern(self.period, result, signed, sum(number for _cycle, number in self._beside["people"]))

    @property
    def pattern_warnings(self) -> list[distribution.PatternWarning]:
        rated = predikat_of(self.evaluation) if self.evaluation else None
        return self.unit_pattern.warnings(rated) if rated else []

    @property
    def may_explain(self) -> bool:
        """Write down why the pattern of the unit differs; on the page of the pattern."""
        unit = self.post.unit
        return unit is not None and bool(can_explain(self.user, unit, self.period))

    @cached_property
    def suggested_results(self) -> Any:
        """A unit head's results are the unit's; for others the marks of single results."""
        head = selectors.suggest_head(self.participant, self.period)
        return head or selectors.suggest_results(self.evaluation, self.results)

    @cached_property
    def suggested_behaviour(self) -> Any:
        return selectors.suggest_behaviour(self.evaluation)

    @cached_property
    def warnings(self) -> list[selectors.Warned]:
        return selectors.copied_texts(self.evaluation, REASONS, SAYS_NOTHING)

    @property
    def earlier_plans(self) -> list[Any]:
        return self._beside["plans"]

    @property
    def earlier_evaluations(self) -> list[Evaluation]:
        return self._beside["evaluations"]

    @property
    def derivation(self) -> Any:
        return derivation_of(self.evaluation) if self.evaluation else None

    @property
    def due(self) -> Any:
        return next((day for _period, day in self._beside["due"]), None)

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < today()

    @cached_property
    def neighbours(self) -> tuple[str, str]:
        """Addresses of the previous and the next of the team whose plan is agreed, by name; empty at the ends."""
        keys = self._beside["team"]
        if self.participant.pk not in keys:
            return "", ""
        place = keys.index(self.participant.pk)
        before = keys[place - 1] if place else None
        after = keys[place + 1] if place + 1 < len(keys) else None
        return self._url(before), self._url(after)

    def _url(self, pk: Any) -> str:
        return reverse("evaluations:assess", args=[pk, self.period.pk]) if pk else ""


def derivation_of(evaluation: Evaluation) -> Any:
    """How the two ratings gave the *predikat*; None where it is not rated."""
    if not evaluation.predikat:
        return None
    ratings = Rating(evaluation.results_rating), Rating(evaluation.behaviour_rating)
    return matrix.derive(*ratings, on=evaluation.period.end)


def predikat_of(evaluation: Evaluation) -> Predikat | None:
    return Predikat(evaluation.predikat) if evaluation.predikat else None
