"""Progress, feedback, an evaluation that was read and an objection of `employee`, and more of each."""

import uuid

from django.utils import timezone

from evaluations.enums import EvaluationState, FeedbackRelation, ObjectionState, PlanState
from evaluations.models import (
    Evaluation,
    Evidence,
    Feedback,
    FeedbackInvitation,
    Objection,
    Participant,
    Plan,
    Progress,
)
from tests.evaluations.factories import make_evaluation, make_plan

OWN = (
    "progress",
    "progress_save",
    "progress_copy",
    "feedback_of",
    "feedback_ask",
    "feedback_give",
)
OF_EVALUATION = (
    "evaluation",
    "evaluation_sign",
    "evaluation_reopen",
    "evaluation_receive",
    "objection",
    "objection_file",
    "objection_withdraw",
    "objection_name",
    "objection_state",
    "objection_hear",
    "objection_decide",
)
API_OWN = ("progress", "progress-copy", "feedback", "feedback-ask")
API_EVALUATION = (
    "detail",
    "sign",
    "reopen",
    "receive",
    "object",
    "objection",
    "withdraw",
    "name-decider",
    "state",
    "hear",
    "decide",
)


def agreed(participant: Participant) -> Plan:
    """The plan that counts, whichever part made it."""
    found = participant.plans.filter(state=PlanState.AGREED).first()
    if found is None:
        found = participant.plans.first() or make_plan(participant)
    Participant.objects.filter(pk=participant.pk).update(plan=found)
    participant.plan = found
    return found


def objects(world) -> dict:
    me, gov, quarter = world.me, world.gov, world.quarter
    plan = agreed(me)
    indicator = plan.results.first().indicators.first().origin
    progress = _progress(me, quarter, indicator, gov.employee.user)
    link = Evidence.objects.create(progress=progress, url="https://contoh.test/laporan", label="Laporan")
    invitation = FeedbackInvitation.objects.create(
        participant=world.cycle.participants.get(employee=gov.colleague),
        period=quarter,
        relation=FeedbackRelation.PEER,
        giver=gov.employee,
    )
    row = make_evaluation(me, quarter, state=EvaluationState.FINAL)
    Evaluation.objects.filter(pk=row.pk).update(received_at=timezone.now())
    Objection.objects.create(
        evaluation=row,
        reasons="Dua laporan tidak dihitung",
        state=ObjectionState.FILED,
        decider=gov.office_head,
        last_day="2026-03-16",
        due_on="2026-03-16",
    )
    found = {f"evaluations:{name}": {"pk": me.pk} for name in OWN}
    found |= {f"evaluations:{name}": {"pk": row.pk} for name in OF_EVALUATION}
    found |= {f"evaluations_api:{name}": {"participant": me.pk} for name in API_OWN}
    found |= {f"evaluations_api:evaluation-{name}": {"pk": row.pk} for name in API_EVALUATION}
    colleague = world.cycle.participants.get(employee=gov.colleague)
    agreed(colleague)
    found["evaluations:assess"] = {"pk": colleague.pk, "period": quarter.pk}
    found["evaluations_api:assess"] = {"participant": colleague.pk, "period": quarter.pk}
    found["evaluations:evidence_add"] = {"pk": me.pk, "indicator": indicator}
    found["evaluations:evidence_remove"] = {"pk": link.pk}
    found["evaluations:feedback_decline"] = {"pk": invitation.pk}
    for name in ("organisation_set", "distribution"):
        found[f"evaluations:{name}"] = {"unit": gov.section.pk, "period": quarter.pk}
    return found


def _progress(me: Participant, period, indicator: uuid.UUID, user) -> Progress:
    row, _made = Progress.objects.get_or_create(
        participant=me,
        period=period,
        indicator=indicator,
        defaults={"text": "Tiga laporan selesai", "written_by": user},
    )
    return row


# --- More of everything -----------------------------------------------------------------------------
def grow_ratings(world, count: int) -> None:
    me = Participant.objects.get(employee=world.gov.employee, cycle__year=2026)
    quarter = me.cycle.periods.get(kind="quarter", number=1)
    progress = Progress.objects.filter(participant=me, period=quarter).first()
    Evidence.objects.bulk_create(
        Evidence(progress=progress, url=f"https://contoh.test/{number}", label=f"Bukti {number}")
        for number in range(count)
    )
    Feedback.objects.bulk_create(
        Feedback(
            participant=me,
            period=quarter,
            relation=FeedbackRelation.SUPERIOR,
            text=f"Laporan {number} rapi",
            giver=world.gov.section_head,
            given_at=timezone.now(),
        )
        for number in range(count)
    )
    others = Participant.objects.filter(cycle=me.cycle).exclude(pk=me.pk).order_by("pk")
    done = FeedbackInvitation.objects.filter(giver=world.gov.employee).values("participant")
    FeedbackInvitation.objects.bulk_create(
        FeedbackInvitation(
            participant=one, period=quarter, relation=FeedbackRelation.PEER, giver=world.gov.employee
        )
        for one in others.exclude(pk__in=done)[:count]
    )
    _grow_evaluations(world, me, quarter, count)


def _grow_evaluations(world, me: Participant, quarter, count: int) -> None:
    """Colleagues were assessed; each heads a unit below, so that leaders have many."""
    rated = Evaluation.objects.filter(period=quarter).values("participant")
    team = Participant.objects.filter(cycle=me.cycle, assessor=world.gov.section_head).exclude(pk__in=rated)
    for one in team[:count]:
        if not one.plans.exists():
            make_plan(one, results=1)
            make_evaluation(one, quarter, state=EvaluationState.ASSESSED)


GROWTH = (grow_ratings,)
