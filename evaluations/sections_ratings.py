"""The sections of progress, feedback, evaluations and objections on the page of one's performance."""

from collections import Counter
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.enums import UNSIGNED, CycleState, PeriodKind, PlanState
from evaluations.models import FeedbackInvitation, Indicator, Participant, Period, Progress
from evaluations.permissions.common import is_person
from evaluations.sections import Facts, Reads, Section, register_section
from evaluations.selectors import person_year
from evaluations.selectors.periods import begun, worked_in
from evaluations.selectors.readers import Reader
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.templatetags.ui import badge, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould

_PROGRESS = Mould("evaluations/execution/_section_line.html")
_EVALUATION = Mould("evaluations/ratings/_section_line.html")


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
    url = address("evaluations:progress", participant.pk)
    lines = _PROGRESS.each(
        {
            "url": f"{url}?periode={period.pk}",
            "period": str(period),
            "filled": filled[period.pk],
            "total": len(indicators),
        }
        for period in begun(worked_in(facts["periods"]))
    )
    own, closed = is_person(request.user, participant.employee), participant.cycle.state == CycleState.CLOSED
    return {"url": url, "lines": lines, "own": own and not closed}


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
    """The year's evaluation and those of its periods, the newest first; those replaced too: the original stays
    visible."""
    rows = person_year.of_year(facts[person_year.EVALUATIONS], participant)
    found = sorted(rows, key=_newest, reverse=True)
    own, user = is_person(request.user, participant.employee), request.user
    return {"lines": _EVALUATION.each(_words(row, user, own) for row in found)} if found else None


def _newest(row: Any) -> tuple[Any, ...]:
    return row.period.end, row.period.kind == PeriodKind.YEAR, row.period.number, row.pk


def _words(row: Any, user: Any, own: bool) -> dict[str, Any]:
    objection, unread = getattr(row, "objection", None), own and person_year.is_unread(row)
    assesses = row.status in UNSIGNED and row.by == user.pk
    return {
        "url": address("evaluations:evaluation", row.pk),
        "period": str(row.period),
        "state": status(row.status),
        "unread": badge(_("Belum Anda baca"), tone="wait", icon="bell") if unread else "",
        "predikat": row.get_predikat_display(),
        "objection": objection.get_state_display() if objection else "",
        "objection_url": address("evaluations:objection", row.pk) if objection else "",
        "assess": reverse("evaluations:assess", args=[row.participant_id, row.period_id]) if assesses else "",
    }


def register() -> None:
    for code, template, context, reads, order in (
        ("progress", "evaluations/execution/_section_progress.html", progress, progress_reads, 20),
        ("feedback", "evaluations/execution/_section_feedback.html", feedback, feedback_reads, 30),
        ("evaluations", "evaluations/ratings/_section.html", evaluations, evaluation_reads, 40),
    ):
        register_section(Section(code, template, context, reads, order))
