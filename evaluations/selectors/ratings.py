"""What an assessor needs beside the form: suggestions that are never more, warnings about copied words, what an
earlier assessor found; and the pattern of a unit."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from evaluations.enums import UNSIGNED, EvaluationState, OrgResult, Rating, ResultKind, Value
from evaluations.models import (
    Evaluation,
    EvaluationStep,
    OrganisationResult,
    Participant,
    Period,
    Plan,
    PlanResult,
    Posting,
    ResultMark,
    ValueNote,
)
from evaluations.rules import behaviour, suggest, texts
from evaluations.rules.sources import Sentence, Suggestion
from evaluations.selectors.duties import able
from evaluations.workflow import Action
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.together import attach, read_together

RATED = (EvaluationState.ASSESSED, EvaluationState.FINAL)


# --- For the assessor -----------------------------------------------------------------------------
def suggest_results(evaluation: Evaluation | None, results: Iterable[PlanResult]) -> Suggestion[Rating] | None:
    """From the marks saved so far."""
    if evaluation is None:
        return None
    marks = {mark.result: mark.mark for mark in evaluation.marks.all()}
    rows = [
        suggest.ResultMark(ResultKind(one.kind), Rating(mark) if (mark := marks.get(one.origin)) else None)
        for one in results
    ]
    return suggest.suggest_results(rows)


def suggest_behaviour(evaluation: Evaluation | None) -> Suggestion[Rating] | None:
    if evaluation is None:
        return None
    marks = {Value(note.value): Rating(note.mark) for note in evaluation.value_notes.all() if note.mark}
    return behaviour.suggest(marks)


def suggest_head(participant: Participant, period: Period) -> Suggestion[Rating] | None:
    """For who heads a unit: the unit's own result (SE MenPANRB 3/2023)."""
    if participant.heads_id is None:
        return None
    row = OrganisationResult.objects.filter(unit_id=participant.heads_id, period=period).first()
    return suggest.suggest_unit_head(OrgResult(row.result)) if row else None


@dataclass(frozen=True, slots=True)
class Warned:
    """A hint about a text that was written. Nothing is refused because of it."""

    where: Text
    sentence: Sentence | Text
    whose: str = ""


def copied_texts(evaluation: Evaluation | None, labels: Mapping[str, Text], nothing: Text) -> list[Warned]:
    """Reasons that repeat those of another person in the period, or of this person in an earlier one; and reasons
    that only repeat the rating. `labels` and `nothing` are the page's words."""
    if evaluation is None:
        return []
    others = _others(evaluation)
    found = []
    for field, label in labels.items():
        text = getattr(evaluation, field)
        if not text.strip():
            continue
        if texts.says_nothing(text):
            found.append(Warned(label, nothing))
        copy = texts.copied(text, [(name, getattr(row, field)) for name, row in others])
        if copy:
            found.append(Warned(label, copy.sentence, copy.of))
    return found


def _others(evaluation: Evaluation) -> list[tuple[str, Evaluation]]:
    same_time = Evaluation.objects.filter(period=evaluation.period, assessor_id=evaluation.assessor_id)
    before = Evaluation.objects.filter(participant=evaluation.participant, period__end__lt=evaluation.period.end)
    rows = (same_time | before).exclude(pk=evaluation.pk)
    rows = rows.select_related("participant__employee", "period").order_by("-id")[:200]
    return [
        (str(row.period) if row.period_id != evaluation.period_id else row.participant.employee.full_name, row)
        for row in rows
    ]


def earlier_plans(participant: Participant, plan: Plan | None) -> QuerySet[Plan]:
    """Of the posts that the person held before in the year: the last assessor weighs them (reference 2)."""
    if plan is None:
        return Plan.objects.none()
    rows = participant.plans.exclude(posting=plan.posting_id).filter(agreed_at__isnull=False)
    return rows.select_related("posting", "assessor").order_by("posting__number")


def earlier_evaluations(participant: Participant, period: Period) -> QuerySet[Evaluation]:
    """Of the same year, signed, by whomever."""
    rows = Evaluation.objects.counting().filter(participant=participant, state=EvaluationState.FINAL)
    return rows.exclude(period=period).select_related("period", "assessor").order_by("period__start", "id")


def counting_evaluation(participant: Participant, period: Period) -> Evaluation | None:
    """With its marks and notes, in one statement."""
    counting = Evaluation.objects.counting().filter(participant=participant, period=period)
    found, marks, notes = read_together(
        counting.select_related("assessor", "plan").order_by("-id")[:1],
        ResultMark.objects.filter(evaluation__in=counting),
        ValueNote.objects.filter(evaluation__in=counting).order_by("id"),
    )
    attach(found, "marks", marks)
    attach(found, "value_notes", notes)
    return found[0] if found else None


def statements_of(evaluation: Evaluation) -> "QuerySet[EvaluationStep]":
    """What the parties of an objection wrote themselves, in their order."""
    rows = EvaluationStep.objects.filter(evaluation=evaluation, action=Action.STATE)
    return rows.select_related("actor").order_by("id")


def team_in(user: Any, period: Period) -> "QuerySet[Participant]":
    """Whom `user` rates in the period: the team, and who left it after that; not who joined it since then and
    waits for the former assessor."""
    waiting = Evaluation.objects.filter(period=period, state__in=UNSIGNED).order_by().values("participant")
    others = waiting.filter(able("assessor")).exclude(assessor__user_id=user.pk)
    team = Participant.objects.assessed_by(user).taking_part().filter(cycle_id=period.cycle_id).order_by()
    found = team.exclude(pk__in=others).values("pk").union(waiting.filter(assessor__user_id=user.pk))
    return Participant.objects.filter(pk__in=found)


# --- Units ----------------------------------------------------------------------------------------
def held_at(end: datetime.date, of: str = "") -> Q:
    """A posting that was in force on that day and has ended since, so that the participant's own columns tell of a
    later one. `of`: the way to the postings."""
    return Q(**{f"{of}valid_from__lte": end, f"{of}valid_to__gte": end})


def placed(path: str, period: Period) -> "QuerySet[Participant, Any]":
    """Keys of everybody whose post was in the unit or below it when the period ended, or while it runs. What was
    earned there counts there (reference 9), wherever the person has moved since."""
    moved = Posting.objects.filter(held_at(period.end)).order_by()
    here = Participant.objects.filter(cycle_id=period.cycle_id, path__startswith=path).exclude(
        pk__in=moved.values("participant")
    )
    return here.order_by().values("pk").union(moved.filter(unit__path__startswith=path).values("participant"))


def of_unit(path: str, period: Period) -> "QuerySet[Evaluation]":
    """Evaluations that count of everybody in the unit and below it."""
    return Evaluation.objects.counting().filter(period=period, participant__in=placed(path, period))


def by_predikat(rows: "QuerySet[Evaluation]") -> "QuerySet[Evaluation, Any]":
    """Among those rated: the *predikat* and how many people have it."""
    return rows.filter(state__in=RATED).order_by().values_list("predikat").annotate(n=Count("pk"))


def signed_in(path: str, period: Period) -> "QuerySet[Evaluation, Any]":
    """What was signed in the unit and below it: the *predikat* and how many people have it."""
    return by_predikat(of_unit(path, period).filter(state=EvaluationState.FINAL))


def people_of(path: str, period: Period) -> "QuerySet[Participant]":
    rows = Participant.objects.taking_part().filter(cycle_id=period.cycle_id)
    return rows.filter(pk__in=placed(path, period))
