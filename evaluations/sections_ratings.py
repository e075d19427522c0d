"""The sections of progress, feedback, evaluations and objections on the page of one's performance."""

from collections import Counter
from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from evaluations.enums import PlanState
from evaluations.models import FeedbackInvitation, Indicator, Participant, Period, Progress
from evaluations.permissions.common import is_assessor, is_person
from evaluations.sections import Facts, Reads, Section, register_section
from evaluations.selectors import person_year
from evaluations.selectors.periods import begun, worked_in
from evaluations.selectors.readers import Reader
from kepegawaian.lib.prepared import Slots


def progress_reads(reader: Reader, slot: Slots) -> Reads:
    origins = Indicator.objects.filter(result__plan=slot("plan")).order_by()
    filled = Progress.objects.filter(participant=slot("participant"))
    return {
        "periods": Period.objects.filter(cycle=slot("cycle")).order_by("start", "number"),
        "indicators": origins.values_list("origin", flat=True),
        "filled": filled.values_list("indicator", "period_id"),
    }


def progress(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """How many indicators have words, period by period."""
    plan = participant.plan
    if plan is None or plan.state != PlanState.AGREED:
        return None
    indicators = set(facts["indicators"])
    filled = Counter(period for indicator, period in facts["filled"] if indicator in indicators)
    return {
        "participant": participant,
        "rows": [(period, filled[period.pk]) for period in begun(worked_in(facts["periods"]))],
        "total": len(indicators),
        "own": is_person(request.user, participant.employee),
    }


def feedback_reads(reader: Reader, slot: Slots) -> Reads:
    """How many wait for words of the reader himself."""
    if not reader.own:
        return {}
    waiting = FeedbackInvitation.objects.filter(given=False, declined=False, period__feedback_closed_at=None)
    mine = waiting.filter(giver=slot("employee"), period__cycle=slot("cycle"))
    counted = mine.order_by().values("giver").annotate(n=Count("pk"))
    return {"waiting": counted.values_list("n", flat=True)}


def feedback(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    own = is_person(request.user, participant.employee)
    return {"participant": participant, "own": own, "waiting": sum(facts.get("waiting", ()))}


def evaluation_reads(reader: Reader, slot: Slots) -> Reads:
    return {person_year.EVALUATIONS: person_year.evaluations(reader, slot)}


def evaluations(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """Every period's evaluation, the newest first; those replaced too: the original stays visible."""
    rows = person_year.of_year(facts[person_year.EVALUATIONS], participant)
    found = sorted(rows, key=lambda row: (row.period.end, row.period.number, row.pk), reverse=True)
    assesses = bool(is_assessor(request.user, participant))
    return {"rows": found, "assesses": assesses, "participant": participant} if found else None


def register() -> None:
    for code, template, context, reads, order in (
        ("progress", "evaluations/execution/_section_progress.html", progress, progress_reads, 20),
        ("feedback", "evaluations/execution/_section_feedback.html", feedback, feedback_reads, 30),
        ("evaluations", "evaluations/ratings/_section.html", evaluations, evaluation_reads, 40),
    ):
        register_section(Section(code, template, context, reads, order))
