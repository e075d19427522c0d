"""Documents: the numbered one where it is issued, a watermarked draft where it is not, and having it made."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from evaluations.enums import EvaluationState, PlanState
from evaluations.models import Evaluation, Participant, Plan
from evaluations.papers import kinds
from evaluations.papers.kinds import PAPERS, Paper
from evaluations.permissions.common import is_person
from evaluations.sections import Facts, Reads
from evaluations.selectors import person_year
from evaluations.selectors.readers import Reader
from evaluations.services import papers
from evaluations.views.papers_drawn import PaperRow, drawn
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.ui.refusals import tells

SIGNED_PLANS = (PlanState.AGREED, PlanState.SUPERSEDED)


@require_safe
def paper(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """The issued document, else a draft drawn now and kept nowhere."""
    kind, subject = _found(request, code, pk)
    known = papers.issued(kind, pk)
    if known is not None:
        return redirect("documents:file", known.file_id)
    response = HttpResponse(papers.draft(kind, subject), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="draf-{code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@tells("evaluations:paper")
def issue(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """A worker makes it; the page of the job leads to the file."""
    kind, subject = _found(request, code, pk)
    job = papers.request(actor=request.user, paper=kind, subject=subject)
    return redirect("work:job", job.pk)


def _found(request: HttpRequest, code: str, pk: uuid.UUID) -> tuple[Paper, Any]:
    kind = PAPERS.get(code)
    subject = kind.find(request.user, pk) if kind is not None else None
    if kind is None or subject is None:
        raise Http404
    return kind, subject


def section_reads(reader: Reader, slot: Slots) -> Reads:
    plans = person_year.plans(slot)
    made = Evaluation.objects.filter(participant=slot("participant")).values("pk")
    papers_of_plans = papers.in_force(kinds.OF_PLAN, plans.order_by().values("pk"))
    return {
        person_year.PLANS: plans,
        person_year.EVALUATIONS: person_year.evaluations(reader, slot),
        "papers of plans": papers_of_plans.select_related(None),
        "papers of evaluations": papers.in_force(kinds.OF_EVALUATION, made).select_related(None),
    }


def section(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """The documents of a person's year, for his page."""
    own = is_person(request.user, participant.employee)
    plans = person_year.readable_plans(facts[person_year.PLANS], own=own)
    made = person_year.of_year(facts[person_year.EVALUATIONS], participant)
    evaluations = [row for row in made if row.plan_id is not None]
    if not plans and not evaluations:
        return None
    known = papers.by_subject([*facts["papers of plans"], *facts["papers of evaluations"]])
    rows = [
        PaperRow(kind, plan.pk, known.get((kind.kind, plan.pk)), plan.state in SIGNED_PLANS, _version(plan))
        for plan in plans
        for kind in kinds.OF_PLAN
    ]
    rows += [
        PaperRow(
            kind,
            row.pk,
            known.get((kind.kind, row.pk)),
            row.state == EvaluationState.FINAL,
            str(row.period),
        )
        for row in evaluations
        for kind in kinds.OF_EVALUATION
    ]
    return {"count": len(rows), "lines": drawn(request, rows)}


def _version(plan: Plan) -> str:
    return f"v{plan.number}" if plan.number > 1 else ""
