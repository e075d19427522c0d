"""The sections of progress, feedback, evaluations and objections on the page of one's performance."""

from typing import Any

from django.http import HttpRequest

from evaluations.enums import PlanState
from evaluations.models import Evaluation, FeedbackInvitation, Participant, Progress
from evaluations.permissions.common import is_assessor, is_person
from evaluations.sections import Section, register_section
from evaluations.selectors.periods import begun, working_periods
from evaluations.services.execution import indicators_of


def progress(request: HttpRequest, participant: Participant) -> dict[str, Any] | None:
    """How many indicators have words, period by period."""
    plan = participant.plan
    if plan is None or plan.state != PlanState.AGREED:
        return None
    periods = begun(working_periods(participant.cycle))
    origins = indicators_of(plan)
    rows = Progress.objects.filter(participant=participant, indicator__in=origins)
    filled: dict[Any, int] = {}
    for key in rows.values_list("period_id", flat=True):
        filled[key] = filled.get(key, 0) + 1
    return {
        "participant": participant,
        "rows": [(period, filled.get(period.pk, 0)) for period in periods],
        "total": len(origins),
        "own": is_person(request.user, participant.employee),
    }


def feedback(request: HttpRequest, participant: Participant) -> dict[str, Any] | None:
    own = is_person(request.user, participant.employee)
    waiting = FeedbackInvitation.objects.filter(given=False, declined=False, period__feedback_closed_at=None)
    mine = waiting.filter(giver=participant.employee, participant__cycle=participant.cycle_id)
    return {"participant": participant, "own": own, "waiting": mine.count() if own else 0}


def evaluations(request: HttpRequest, participant: Participant) -> dict[str, Any] | None:
    """Every period's evaluation, the newest first; those replaced too: the original stays visible."""
    rows = Evaluation.objects.visible_to(request.user).filter(participant=participant)
    found = list(rows.select_related("period", "objection").order_by("-period__end", "-period__number", "-id"))
    assesses = bool(is_assessor(request.user, participant))
    return {"rows": found, "assesses": assesses, "participant": participant} if found else None


def register() -> None:
    register_section(Section("progress", "evaluations/execution/_section_progress.html", progress, order=20))
    register_section(Section("feedback", "evaluations/execution/_section_feedback.html", feedback, order=30))
    register_section(Section("evaluations", "evaluations/ratings/_section.html", evaluations, order=40))
